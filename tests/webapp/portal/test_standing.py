"""While no step of a case waits for anybody, its page says what goes on instead; and officials find the other case."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from engine.database import Engine
from tests.bpmn_xml import extension, message, zeebe
from tests.clock import FrozenClock
from tests.engine.commands.house import House, process
from tests.engine.commands.meeting_house import put_on, wait
from tests.webapp.portal.resident import texts

SignIn = Callable[[str], FlaskClient]
STANDING = "//*[@class='standing-word']"


@pytest.fixture
def house(platform: Engine, clock: FrozenClock) -> House:
    """Acts that have no page."""
    return House(platform, clock)


def standing(sign_in: SignIn, case: UUID) -> str:
    """What the page says first to resident-1, who filed the case."""
    return "".join(texts(sign_in("resident-1").get(f"/follow/case/{case}").text, STANDING))


def caller(house: House, **facts: str) -> UUID:
    """A case of resident-1 that waits for a case that it has called."""
    house.deploy(process("child", numberPrefix="ZX", **facts).user_task("b").end())
    house.deploy(process().node("callActivity", "call", extension(zeebe("calledElement", processId="child"))).end())
    case = house.start(by="resident-1")
    house.drain()
    return case


def test_a_case_on_an_agenda_waits_for_the_decision(house: House, sign_in: SignIn) -> None:
    drawing = wait(put_on(process(), meeting="street_weekly_meeting")).user_task().end()
    house.deploy(drawing.root(message("m", "会议决定", "=议程编号")))
    case = house.start(by="resident-1")
    assert "平台正在处理，请稍后再看。" in standing(sign_in, case)
    house.drain()
    assert "已列入市中街道“街道周例会”的议程，等待会议决定。" in standing(sign_in, case)


def test_a_case_that_was_withdrawn_is_being_stopped(house: House, sign_in: SignIn) -> None:
    drawing = wait(put_on(process(), meeting="street_weekly_meeting")).service("leave", "leave_agenda").end()
    house.deploy(drawing.root(message("m", "撤回诉求", "=编号")))
    case = house.start(by="resident-1")
    house.drain()
    house.correlate("撤回诉求", house.case(case).business_key)
    assert "已经撤回，正在停止办理。" in standing(sign_in, case)


def test_the_case_that_was_called_is_named(house: House, sign_in: SignIn) -> None:
    case = caller(house)
    assert "正在金星社区一组办理“流程”。" in standing(sign_in, case)


def test_officials_find_the_case_that_called_and_the_one_that_was_called(house: House, sign_in: SignIn) -> None:
    case = caller(house)
    (called,) = house.children(case)
    browser = sign_in("jinxing-clerk")
    above, below = (browser.get(f"/cases/{each}").text for each in (case, called.id))
    assert texts(above, f"//section[@aria-labelledby='related-title']//a[@href='/cases/{called.id}']")
    assert texts(below, f"//section[@aria-labelledby='related-title']//a[@href='/cases/{case}']")
    assert "由本事项转去" in above
    assert "由它转来" in below


def test_a_confidential_case_that_was_called_is_not_named_to_others(house: House, sign_in: SignIn) -> None:
    case = caller(house, confidential="true")
    page = sign_in("jinxing-secretary").get(f"/cases/{case}").text
    assert "关联事项" not in page

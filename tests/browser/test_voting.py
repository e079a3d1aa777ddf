"""A deputy votes on a telephone, also without JavaScript; results and agendas are sound on every screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import PHONE, Site, Visitor
from tests.clock import FrozenClock
from tests.engine.commands.house import House
from tests.engine.commands.meeting_house import MeetingHouse
from tests.engine.commands.vote_house import DEPUTIES, VoteHouse

Visit = Callable[..., Visitor]


@pytest.fixture
def house(site: Site) -> House:
    """The served platform, for acts that no page has. Its clock is that of the machine."""
    return House(site.engine, FrozenClock())


def test_a_deputy_votes_on_a_telephone(house: House, visit: Visit) -> None:
    hall = VoteHouse(house)
    vote = hall.open()
    deputy = visit(DEPUTIES[0], viewport=PHONE)
    deputy.page.locator(".nav-toggle summary").click()
    deputy.page.get_by_role("link", name="投票").click()
    deputy.assert_accessible()
    deputy.assert_fits()
    deputy.page.locator("main .btn-primary").click()
    expect(deputy.page.get_by_role("heading", level=1)).to_have_text("是否同意改造？")
    deputy.assert_accessible()
    deputy.assert_fits()
    deputy.page.get_by_label("反对").check()
    deputy.page.get_by_role("button", name="下一步").click()
    deputy.assert_accessible()
    deputy.page.get_by_role("button", name="确认投票").click()
    expect(deputy.page.locator("#messages")).to_contain_text("已投票")

    hall.cast(vote, (DEPUTIES[1], "同意"))
    hall.count(vote)
    deputy.page.reload()
    expect(deputy.page.get_by_role("heading", name="表决结果")).to_contain_text("平票")
    deputy.assert_sound()


def test_voting_needs_no_script(house: House, visit: Visit) -> None:
    hall = VoteHouse(house)
    vote = hall.open(secret=True)
    deputy = visit(DEPUTIES[1], java_script_enabled=False)
    deputy.page.goto(f"/votes/{vote.number}")
    deputy.page.get_by_label("同意").check()
    deputy.page.get_by_role("button", name="下一步").click()
    deputy.page.get_by_role("button", name="返回修改").click()
    expect(deputy.page.get_by_label("同意")).to_be_checked()
    deputy.page.get_by_label("弃权").check()
    deputy.page.get_by_role("button", name="下一步").click()
    deputy.page.get_by_role("button", name="确认投票").click()
    expect(deputy.page.locator("main")).to_contain_text("已投票")
    assert hall.counters(vote) == {"同意": 0, "反对": 0, "弃权": 1}


def test_agendas_are_sound_on_every_screen(house: House, visit: Visit) -> None:
    hall = MeetingHouse(house)
    for _ in range(2):
        hall.case()
    official = visit("shizhong-officer")
    _shows(official, "等待上会（2）")
    meeting = hall.meeting()
    _shows(official, "已列入会议（2）")
    hall.decide(meeting, "YC-2026-00001")
    _shows(official, "已列入会议（1）")
    official.assert_sound()


def _shows(official: Visitor, text: str) -> None:
    """The agenda says so, as soon as the machine has come there."""
    for _attempt in range(40):
        official.page.goto("/meetings")
        if text in official.page.locator("main").inner_text():
            return
        official.page.wait_for_timeout(250)
    raise AssertionError(f"the agenda never said {text}")

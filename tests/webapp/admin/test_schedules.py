"""An administrator sees what starts by itself, when and how often, and switches it off for a unit and on again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from engine import policy
from engine.database import Engine
from engine.lifecycle import DefinitionState
from engine.model.people import Level
from engine.model.process import ProcessDefinition
from engine.people import SYSTEM, org_tree
from engine.people.commands import add_unit
from tests.clock import FrozenClock
from tests.engine.commands.house import House
from tests.engine.commands.periodic import POLICY, due, meeting
from tests.webapp.portal.resident import texts

SignIn = Callable[[str], FlaskClient]
LIST = "/admin/schedules"
#: Only the process of these tests: the library has periodic starts, too.
OWN = f"{LIST}?process=p"


@pytest.fixture
def house(platform: Engine, clock: FrozenClock) -> House:
    """Both subdistricts meet on Mondays."""
    house = House(platform, clock)
    house.deploy(meeting(), POLICY)
    return house


def page_of(house: House, code: str = "shizhong") -> str:
    return f"{LIST}/p/monday/{house.unit(code)}"


def rows(page: str) -> list[str]:
    return [" ".join(row.split()) for row in texts(page, "//tbody/tr")]


@pytest.mark.parametrize("login", ["jinxing-1-leader", "analyst", "auditor"])
def test_only_who_manages_settings_sees_them(house: House, sign_in: SignIn, login: str) -> None:
    browser = sign_in(login)
    assert browser.get(LIST).status_code == 403
    assert browser.get(page_of(house)).status_code == 403
    assert browser.post(page_of(house) + "/off", data={"reason": "汛期"}).status_code == 403
    assert browser.post(page_of(house) + "/on").status_code == 403


def test_the_menu_leads_there(house: House, sign_in: SignIn) -> None:
    assert "管理" in texts(sign_in("admin").get("/cockpit/cases").text, "//nav//a")
    assert "管理" not in texts(sign_in("jinxing-1-leader").get("/tasks").text, "//nav//a")


def test_an_empty_list_says_so(platform: Engine, sign_in: SignIn) -> None:
    with platform.begin(SYSTEM) as tx:
        tx.session.execute(update(ProcessDefinition).values(state=DefinitionState.RETIRED))
    assert "没有定期启动的流程" in sign_in("admin").get(LIST).text


def test_a_line_says_what_for_whom_how_often_and_when_next(house: House, sign_in: SignIn) -> None:
    found = rows(sign_in("admin").get(OWN).text)
    assert len(found) == 2
    for row, unit in zip(found, ("彭李街道", "市中街道"), strict=True):
        for text in ("流程", unit, "每周一 9:00", "11月30日 09:00", "已启用"):
            assert text in row


def test_the_last_start_leads_to_its_case(house: House, sign_in: SignIn, clock: FrozenClock) -> None:
    clock.advance(days=6)
    house.drain()
    admin = sign_in("admin")
    page = admin.get(f"{OWN}&q=市中").text
    (link,) = texts(page, "//tbody//a[contains(@href, '/cockpit/cases/')]")
    assert link.startswith("SX-2026-")
    assert "12月7日 09:00" in rows(page)[0]
    assert link in admin.get(page_of(house)).text


def test_conditions_narrow_the_list(house: House, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    shizhong = house.unit("shizhong")
    admin.post(page_of(house, "pengli") + "/off", data={"reason": "汛期暂停"})
    for query, found in {
        "q=市中": ["市中街道"],
        "q=没有": [],
        "process=p": ["彭李街道", "市中街道"],
        "process=q": [],
        f"unit={shizhong}": ["市中街道"],
        f"unit={house.unit('bincheng')}": ["彭李街道", "市中街道"],
        "state=off": ["彭李街道"],
        "unit=x&page=x": ["彭李街道", "市中街道"],
    }.items():
        page = admin.get(f"{LIST}?{query}").text if "process" in query else admin.get(f"{OWN}&{query}").text
        assert texts(page, "//tbody/tr//span[@class='row-sub']") == found, query


def test_many_units_have_pages(house: House, sign_in: SignIn) -> None:
    with house.at() as tx:
        district = org_tree(tx).by_code("bincheng")
        assert district is not None
        for number in range(20):
            add_unit(tx, Level.SUBDISTRICT, f"s{number}", f"新街道{number}", district.id)
    admin = sign_in("admin")
    assert len(rows(admin.get(OWN).text)) == 20
    assert len(rows(admin.get(f"{OWN}&page=2").text)) == 2


def test_the_page_of_a_start_says_where_its_time_comes_from(house: House, sign_in: SignIn) -> None:
    page = sign_in("admin").get(page_of(house)).text
    for text in ("每周一 9:00", "0 0 9 * * MON", "还没有启动过"):
        assert text in page
    assert texts(page, "//a[contains(@href, '/policies/p/')]") == ["例会时间"]


def test_a_time_that_cannot_be_worked_out_is_said(house: House, sign_in: SignIn) -> None:
    with house.at() as tx:
        setting = policy.parse("例会时间: {value: [1], source: x}")["例会时间"]
        policy.override(tx, "p", setting, house.unit("shizhong"), [1], "误填")
    (row,) = rows(sign_in("admin").get(f"{OWN}&q=市中").text)
    assert "算不出时间：参数“例会时间”应当是文本，现在是“[1]”。" in row


def test_it_is_switched_off_with_a_reason_and_on_again(house: House, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    answer = admin.post(page_of(house) + "/off", data={"reason": "汛期暂停"}, follow_redirects=True)
    assert "已停用。到时不再启动" in answer.text
    assert "由滨城区系统管理员停用，原因：汛期暂停" in answer.text
    row = next(row for row in rows(admin.get(OWN).text) if "市中街道" in row)
    assert "已停用" in row
    assert "11月30日" not in row

    answer = admin.post(page_of(house) + "/on", follow_redirects=True)
    assert "停用期间错过的不补" in answer.text
    assert "由滨城区系统管理员重新启用" in answer.text
    assert due(house.engine)["shizhong"] == "30 09"


def test_without_a_reason_the_page_says_so_and_nothing_changes(house: House, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    answer = admin.post(page_of(house) + "/off", data={"reason": "  "})
    assert answer.status_code == 422
    assert texts(answer.text, "//p[@class='field-error']") == ["请填写停用的原因。"]
    assert "已停用" not in " ".join(rows(admin.get(OWN).text))


def test_switching_twice_says_who_was_first(house: House, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    admin.post(page_of(house) + "/off", data={"reason": "汛期暂停"})
    answer = admin.post(page_of(house) + "/off", data={"reason": "汛期"}, follow_redirects=True)
    assert "已由滨城区系统管理员停用" in answer.text
    admin.post(page_of(house) + "/on")
    assert "没有停用" in admin.post(page_of(house) + "/on", follow_redirects=True).text


def test_what_is_not_there_is_not_found(house: House, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    assert admin.get(page_of(house, "jinxing")).status_code == 404
    assert admin.get(page_of(house).replace("monday", "tuesday")).status_code == 404


def test_history_tells_of_it_in_words(house: House, sign_in: SignIn) -> None:
    sign_in("admin").post(page_of(house) + "/off", data={"reason": "汛期暂停"})
    found = " ".join(rows(sign_in("auditor").get("/audit?type=start_switched_off").text))
    assert "停用“市中街道”的定期启动“monday”（流程 p），原因：汛期暂停" in found

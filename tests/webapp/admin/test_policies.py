"""Officials look policy settings up: what each is, where it comes from, who has it otherwise, what hangs on it."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from engine import overrides
from engine.database import Engine
from engine.model.process import ProcessInstance
from engine.people import SYSTEM, org_tree
from tests.clock import FrozenClock
from tests.engine.commands.house import House
from tests.engine.commands.periodic import POLICY, meeting
from tests.webapp.admin.looking import GROUP, LIST, SignIn, asked, rows, unit
from tests.webapp.official import APPEAL, file_appeal, open_task
from tests.webapp.portal.resident import texts


@pytest.mark.parametrize("login", ["jinxing-1-leader", "admin", "auditor", "analyst", "developer"])
def test_every_official_may_read_them(sign_in: SignIn, login: str) -> None:
    browser = sign_in(login)
    for path in (LIST, GROUP):
        assert browser.get(path).status_code == 200


def test_residents_and_strangers_may_not(sign_in: SignIn, client: FlaskClient) -> None:
    for path in (LIST, GROUP):
        assert sign_in("resident-1").get(path).status_code == 403
        assert client.get(path).status_code == 401


def test_only_who_manages_settings_changes_them(platform: Engine, sign_in: SignIn) -> None:
    leader = sign_in("jinxing-1-leader")
    assert "为单位另设取值" not in leader.get(GROUP).text
    assert leader.post(f"{GROUP}/override", data=asked(platform)).status_code == 403
    assert leader.get(f"{GROUP}/withdraw/{unit(platform)}").status_code == 403
    assert leader.post(f"{GROUP}/withdraw/{unit(platform)}").status_code == 403
    assert leader.get("/admin/policies").status_code == 403
    assert sign_in("admin").get("/admin/policies").location == LIST


def test_a_line_says_the_value_and_where_it_comes_from(sign_in: SignIn) -> None:
    page = sign_in("jinxing-1-leader").get(f"{LIST}?process=appeal&q=同意比例").text
    row = next(each for each in rows(page) if each.startswith("同意比例"))
    for text in ("同意比例", "反向协调诉求", "50 %", "《毕节市城市社区工作规则（试行）》第十六条", "5.2.2 b"):
        assert text in row
    found = rows(sign_in("admin").get(f"{LIST}?process=appeal&q=小组受理期限").text)
    row = next(each for each in found if each.startswith("小组受理期限"))
    assert "2 工作日 设定（标准没有规定）" in row


def test_one_day_is_no_days_in_english(sign_in: SignIn) -> None:
    leader = sign_in("jinxing-1-leader")
    leader.set_cookie("locale", "en")
    found = rows(leader.get(f"{LIST}?process=one_window").text)
    assert any(each.startswith("Time to accept") and "1 working day " in each for each in found)
    assert any(each.startswith("Time to visit at home") and "3 working days " in each for each in found)


def test_conditions_narrow_the_list(platform: Engine, sign_in: SignIn) -> None:
    with platform.begin(SYSTEM) as tx:
        group = org_tree(tx).by_code("jinxing")
        assert group is not None
        overrides.override(tx, "appeal", "评价期限", group.id, 9, "社区公约")
    browser = sign_in("admin")

    def found(query: str) -> list[str]:
        return rows(browser.get(f"{LIST}?{query}").text)

    assert len(found("q=期限")) > 5
    assert found("q=没有这样的") == []
    assert found("process=other") == []
    (row,) = found("state=overridden")
    assert "评价期限" in row
    assert "5 工作日" in row
    assert "1 个单位" in row
    (row,) = found(f"process=appeal&q=评价期限&unit={unit(platform)}")
    assert "9 工作日金星社区另设 社区公约" in row
    (row,) = found(f"process=appeal&q=评价期限&unit={unit(platform, 'chaoyang-1')}")
    assert "5 工作日" in row
    assert found("unit=x&page=x")


def test_a_setting_is_shown_with_its_clause_its_uses_and_its_note(sign_in: SignIn) -> None:
    page = sign_in("jinxing-1-leader").get(f"{LIST}/appeal/街道办理期限").text
    for text in ("10 工作日", "整数", "设定（标准没有规定）", "街道每周开一次例会", "DB3716/T69 5.2.4.1 组织"):
        assert text in page
    uses = rows(page, "//section[@aria-labelledby='uses-title']//li")
    assert "街道办理 输入映射" in uses
    assert "街道集中协调 办理期限" in uses
    assert "逾期 定时" in uses


def test_a_clause_leads_to_its_page(sign_in: SignIn) -> None:
    browser = sign_in("jinxing-1-leader")
    page = browser.get(f"{LIST}/appeal/街道办理期限").text
    (link,) = html.fromstring(page).xpath("//ul[@class='clauses']//a/@href")
    assert unquote(link) == "/standard/clauses/DB3716/T69 5.2.4.1 组织"
    assert browser.get(link).status_code == 200


def test_what_is_not_there_is_not_found(sign_in: SignIn) -> None:
    browser = sign_in("admin")
    assert browser.get(f"{LIST}/appeal/没有").status_code == 404
    assert browser.get(f"{LIST}/没有/评价期限").status_code == 404


def test_a_value_that_is_a_cycle_is_said_in_words(platform: Engine, sign_in: SignIn, clock: FrozenClock) -> None:
    House(platform, clock).deploy(meeting(), POLICY)
    (row,) = rows(sign_in("jinxing-1-leader").get(f"{LIST}?process=p").text)
    assert "每周一 9:00（0 0 9 * * MON）" in row


def test_a_deadline_leads_to_the_setting_that_it_comes_from(platform: Engine, sign_in: SignIn) -> None:
    case = file_appeal(platform)
    task = open_task(platform, case.id)
    links = "//a[contains(@href, '/policies/appeal/')]"
    leader = sign_in("jinxing-1-leader")
    for browser, path in (
        (leader, f"/tasks/{task.id}"),
        (leader, f"/cases/{case.id}"),
        (sign_in("admin"), f"/cockpit/cases/{case.id}"),
    ):
        assert set(texts(browser.get(path).text, links)) == {"小组受理期限（2 工作日）"}, path


def test_the_pages_are_in_english_for_who_wants_it(platform: Engine, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    admin.set_cookie("locale", "en")
    assert "Policy settings" in admin.get(LIST).text
    assert "Where it is used" in admin.get(GROUP).text


def test_a_resident_sees_no_link_to_what_only_officials_read(platform: Engine, sign_in: SignIn) -> None:
    resident = sign_in("resident-1")
    appeal = {**APPEAL, "_group": "jinxing-1"}
    resident.post("/start/appeal", data=appeal, content_type="multipart/form-data")
    with platform.read(SYSTEM) as tx:
        case = tx.session.scalars(select(ProcessInstance)).one()
    page = resident.get(f"/cases/{case.id}", follow_redirects=True)
    assert page.status_code == 200
    assert "/policies/" not in page.text

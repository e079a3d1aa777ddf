"""An admin finds cases by what matters, sees one with its machinery, and can end it with a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from lxml import html

from engine import instances
from engine.database import Engine
from engine.lifecycle import InstanceState
from engine.model.process import ProcessInstance
from engine.people import SYSTEM
from engine.queries import case_search, cockpit, searching
from tests.clock import FrozenClock
from tests.engine.history.chains import events, file_appeal
from tests.webapp.portal.resident import texts
from webapp import navigation

SignIn = Callable[[str], FlaskClient]
LIST = "/cockpit/cases"


def titles(page: str) -> list[str]:
    return texts(page, "//td[contains(@class, 'cell-title')]/a")


def figures(page: str) -> list[str]:
    return [text.rpartition("：")[2] for text in texts(page, "//dl[@class='figure-row']//dd")]


@pytest.mark.parametrize("path", [LIST, "/cockpit/incidents"])
def test_officials_may_not_see_all_cases(sign_in: SignIn, path: str) -> None:
    answer = sign_in("jinxing-1-leader").get(path)
    assert answer.status_code == 403
    assert "不能使用这个功能" in answer.text


def test_officials_may_not_open_or_end_a_case_here(platform: Engine, sign_in: SignIn) -> None:
    case = file_appeal(platform)
    leader = sign_in("jinxing-1-leader")
    assert leader.get(f"{LIST}/{case.id}").status_code == 403
    assert leader.post(f"{LIST}/{case.id}/cancel", data={"reason": "重复"}).status_code == 403
    assert state_of(platform, case) is InstanceState.ACTIVE


def test_who_sees_all_cases_may_still_not_end_them(platform: Engine, sign_in: SignIn) -> None:
    case = file_appeal(platform)
    auditor = sign_in("auditor")
    assert "终止事项" not in auditor.get(f"{LIST}/{case.id}").text
    assert auditor.post(f"{LIST}/{case.id}/cancel", data={"reason": "重复"}).status_code == 403


def test_an_empty_list_says_so(sign_in: SignIn) -> None:
    page = sign_in("admin").get(LIST)
    assert "还没有事项" in page.text
    assert figures(page.text) == ["0", "0", "0"]


def test_a_line_says_where_the_case_stands(platform: Engine, sign_in: SignIn) -> None:
    case = file_appeal(platform)
    page = sign_in("admin").get(LIST).text
    (row,) = texts(page, "//tbody/tr")
    for text in (case.title, case.business_key, "办理中", "受理登记", "金星社区一组组长", "金星社区一组"):
        assert text in row


def test_conditions_narrow_the_list(platform: Engine, sign_in: SignIn, clock: FrozenClock) -> None:
    file_appeal(platform, 诉求标题="楼道灯不亮")
    clock.advance(days=20)
    file_appeal(platform, 诉求标题="电梯停运")
    ended = file_appeal(platform, 诉求标题="重复的诉求")
    with platform.begin(SYSTEM) as tx:
        instances.cancel(tx, ended.id, "重复")
        unit = str(ended.unit_id)
    admin = sign_in("admin")
    day = clock.now.date().isoformat()
    for query, found in {
        "q=电梯": {"电梯停运"},
        "state=canceled": {"重复的诉求"},
        "state=overdue": {"楼道灯不亮"},
        "state=failed": set(),
        "process=appeal&state=active": {"楼道灯不亮", "电梯停运"},
        f"since={day}": {"电梯停运", "重复的诉求"},
        f"until={day}&state=active": {"楼道灯不亮", "电梯停运"},
        f"unit={unit}&q=灯": {"楼道灯不亮"},
        "q=没有这样的": set(),
        "since=gestern&unit=x&state=x&page=x": {"楼道灯不亮", "电梯停运", "重复的诉求"},
    }.items():
        assert set(titles(admin.get(f"{LIST}?{query}").text)) == found, query
    assert figures(admin.get(LIST).text) == ["2", "1", "0"]


def test_a_unit_stands_for_all_below_it(platform: Engine, sign_in: SignIn) -> None:
    case = file_appeal(platform)
    admin = sign_in("admin")
    ids = dict(zip(texts(admin.get(LIST).text, "//select[@name='unit']/option"), units(admin), strict=True))
    assert titles(admin.get(f"{LIST}?unit={ids['金星社区']}").text) == [case.title]
    assert titles(admin.get(f"{LIST}?unit={ids['金星社区二组']}").text) == []


def units(browser: FlaskClient) -> list[str]:
    return [
        str(value) for value in html.fromstring(browser.get(LIST).text).xpath("//select[@name='unit']/option/@value")
    ]


def test_the_newest_comes_first_unless_asked_otherwise(platform: Engine, sign_in: SignIn, clock: FrozenClock) -> None:
    file_appeal(platform, 诉求标题="先来的")
    clock.advance(minutes=1)
    file_appeal(platform, 诉求标题="后来的")
    admin = sign_in("admin")
    assert titles(admin.get(LIST).text) == ["后来的", "先来的"]
    assert titles(admin.get(f"{LIST}?sort=oldest").text) == ["先来的", "后来的"]


def test_long_lists_have_pages(platform: Engine, sign_in: SignIn) -> None:
    for number in range(21):
        file_appeal(platform, 诉求标题=f"第{number}件")
    admin = sign_in("admin")
    assert len(titles(admin.get(LIST).text)) == 20
    assert len(titles(admin.get(f"{LIST}?page=2").text)) == 1


def test_a_case_shows_its_machinery_without_personal_data(platform: Engine, sign_in: SignIn) -> None:
    case = file_appeal(platform)
    page = sign_in("admin").get(f"{LIST}/{case.id}")
    assert page.status_code == 200
    assert "13800000000" not in page.text
    assert "138****0000" in page.text
    variables = texts(page.text, "//section[@aria-labelledby='variables-title']//tbody/tr")
    assert any("联系电话" in row and "已遮盖" in row for row in variables)
    assert any("诉求类别" in row and "环境卫生" in row and "文本" in row for row in variables)
    assert "定时" in texts(page.text, "//section[@aria-labelledby='jobs-title']")[0]
    rows = texts(page.text, "//section[@id='history']//tbody/tr")
    assert len(rows) == case.history_seq
    assert f"提出事项 {case.business_key}" in rows[0]
    assert "分派环节“受理登记”" in "".join(rows)
    assert "data-diagram" in page.text


def test_a_case_that_is_not_there_is_not_found(sign_in: SignIn) -> None:
    assert sign_in("admin").get(f"{LIST}/00000000-0000-0000-0000-000000000001").status_code == 404


def test_a_case_is_ended_with_a_reason(platform: Engine, sign_in: SignIn) -> None:
    case = file_appeal(platform)
    admin = sign_in("admin")
    answer = admin.post(f"{LIST}/{case.id}/cancel", data={"reason": "与另一件事项重复"}, follow_redirects=True)
    assert f"事项 {case.business_key} 已终止。" in answer.text
    assert "已终止" in answer.text
    assert "终止事项，原因：与另一件事项重复" in answer.text
    assert state_of(platform, case) is InstanceState.CANCELED
    assert events(platform, case.id)[-1].actor == "滨城区系统管理员"
    assert "cancel-reason" not in answer.text


def test_without_a_reason_the_page_stays_and_says_so(platform: Engine, sign_in: SignIn) -> None:
    case = file_appeal(platform)
    answer = sign_in("admin").post(f"{LIST}/{case.id}/cancel", data={"reason": "  "})
    assert answer.status_code == 422
    assert texts(answer.text, "//p[@class='field-error']") == ["请填写终止原因。"]
    assert state_of(platform, case) is InstanceState.ACTIVE


def test_ending_twice_says_that_it_has_ended(platform: Engine, sign_in: SignIn) -> None:
    case = file_appeal(platform)
    admin = sign_in("admin")
    admin.post(f"{LIST}/{case.id}/cancel", data={"reason": "重复"})
    answer = admin.post(f"{LIST}/{case.id}/cancel", data={"reason": "重复"}, follow_redirects=True)
    assert f"事项 {case.business_key} 已经终止。" in answer.text


def test_the_list_is_in_english_for_who_wants_it(platform: Engine, sign_in: SignIn) -> None:
    file_appeal(platform)
    admin = sign_in("admin")
    admin.set_cookie("locale", "en")
    assert "Under way" in admin.get(LIST).text


def state_of(engine: Engine, case: ProcessInstance) -> InstanceState:
    with engine.read(SYSTEM) as tx:
        return tx.get(ProcessInstance, case.id).state


def test_a_search_for_what_is_common_looks_through_the_beginning_of_the_list_and_says_so(
    platform: Engine, sign_in: SignIn, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "FEW", 1)
    for title in ("油烟最早", "油烟其次", "路灯", "油烟最新"):
        file_appeal(platform, 诉求标题=title)
        clock.advance(minutes=1)
    admin = sign_in("admin")
    # given a search that sees all
    page = admin.get(f"{LIST}?q=油烟").text
    assert titles(page) == ["油烟最新", "油烟其次", "油烟最早"]
    assert "要找的词很常见" not in page
    assert titles(admin.get(f"{LIST}?q=油烟&process=appeal&state=active&sort=oldest").text)[0] == "油烟最早"
    assert titles(admin.get(f"{LIST}?q=油烟+路灯").text) == titles(admin.get(f"{LIST}?q=蜂窝").text) == []
    # when there are more cases than it looks through
    monkeypatch.setattr(case_search, "NEAR", 3)
    page = admin.get(f"{LIST}?q=油烟").text
    assert titles(page) == ["油烟最新", "油烟其次"]
    assert "要找的词很常见，只查了列表中的前" in page
    assert titles(admin.get(f"{LIST}?q=油烟&sort=oldest").text) == ["油烟最早", "油烟其次"]


def test_counting_stops_and_the_page_says_so(
    platform: Engine, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        file_appeal(platform, 诉求标题=f"第{number}件")
    for module in (cockpit, case_search, navigation):
        monkeypatch.setattr(module, "MOST_COUNTED", 2)
    page = sign_in("admin").get(LIST).text
    assert len(titles(page)) == 2
    assert figures(page)[0] == "999+"
    assert "共 999+ 项" in page
    assert "符合条件的超过 999 项" in page

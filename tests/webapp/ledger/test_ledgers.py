"""Officials read the ledger of a process: the cases that they may see, with the columns that it declares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from engine import instances, people
from engine.database import Engine
from engine.people import SYSTEM
from tests.clock import FrozenClock
from tests.engine.commands.house import Drawing, House, process
from tests.engine.history.chains import file_appeal
from tests.webapp.official import file_appeal as file_in
from tests.webapp.portal.resident import texts
from webapp.ledger.period import days_of

SignIn = Callable[[str], FlaskClient]
LEDGER = "/ledgers/appeal"
COLUMNS = ["编号", "诉求", "类别", "单位", "收到时间", "办结时间", "办结方式", "满意度"]


def rows(page: str) -> list[list[str]]:
    count = len(texts(page, "//tbody/tr"))
    return [
        [" ".join(cell.split()) for cell in texts(page, f"//tbody/tr[{number}]/td")] for number in range(1, count + 1)
    ]


def titles(page: str) -> list[str]:
    return [row[1] for row in rows(page)]


def keep(house: House, ledger: str) -> None:
    house.deploy(process(start_form=True, ledger=ledger, numberPrefix="TZ").user_task().end())


def test_residents_have_no_ledgers(sign_in: SignIn) -> None:
    for path in ("/ledgers", LEDGER):
        assert sign_in("resident-1").get(path).status_code == 403
    assert sign_in("resident-1").post(f"{LEDGER}/export", data={"format": "csv"}).status_code == 403


@pytest.mark.parametrize("login", ["jinxing-1-leader", "admin", "auditor"])
def test_the_menu_leads_to_the_ledgers(platform: Engine, sign_in: SignIn, login: str) -> None:
    file_appeal(platform)
    page = sign_in(login).get("/ledgers").text
    assert "台账" in texts(page, "//nav//a[@aria-current]")
    (row,) = (each for each in rows(page) if each[0] == "反向协调诉求")
    assert row == ["反向协调诉求", "、".join(COLUMNS), "1 件", "1 件"]


def test_a_process_without_the_property_keeps_none(platform: Engine, sign_in: SignIn, clock: FrozenClock) -> None:
    admin = sign_in("admin")
    before = rows(admin.get("/ledgers").text)
    House(platform, clock).deploy(Drawing("p").start().user_task().end())
    assert rows(admin.get("/ledgers").text) == before
    assert admin.get("/ledgers/p").status_code == 404
    assert admin.post("/ledgers/p/export", data={"format": "csv"}).status_code == 404


def test_a_row_has_the_columns_that_the_process_declares(platform: Engine, sign_in: SignIn, clock: FrozenClock) -> None:
    case = file_appeal(platform)
    clock.advance(days=1)
    page = sign_in("jinxing-1-leader").get(LEDGER).text
    assert texts(page, "//thead//th") == COLUMNS
    (row,) = rows(page)
    assert row == [
        case.business_key, case.title, "环境卫生", "金星社区一组", "2026年11月24日 09:00", "", "", ""
    ]  # fmt: skip
    assert f'href="/cases/{case.id}"' in page
    assert f'href="/cockpit/cases/{case.id}"' in sign_in("admin").get(LEDGER).text


def test_columns_have_their_english_names(platform: Engine, sign_in: SignIn) -> None:
    file_appeal(platform)
    leader = sign_in("jinxing-1-leader")
    leader.set_cookie("locale", "en")
    names = ["Case number", "Appeal", "Kind", "Unit", "Received", "Settled", "How settled", "Satisfaction"]
    assert texts(leader.get(LEDGER).text, "//thead//th") == names


def test_the_end_of_a_case_stands_in_its_row(platform: Engine, sign_in: SignIn, clock: FrozenClock) -> None:
    house = House(platform, clock)
    keep(house, "={编号: 编号, 经手: 申请人, 结果: 意见, 办结时间: 办结时间, 状态: 状态, 天数: 数量 * 2}")
    case = house.start("p", {"意见": "可行", "数量": 2})
    admin = sign_in("admin")
    number = house.case(case).business_key
    assert rows(admin.get("/ledgers/p").text) == [[number, "系统", "可行", "", "办理中", "4"]]
    clock.advance(hours=1)
    house.complete(case, values={"意见": "同意", "数量": 2})
    assert rows(admin.get("/ledgers/p").text) == [[number, "系统", "同意", "2026年11月24日 10:00", "已办结", "4"]]


def test_the_newest_version_says_the_columns_for_all_cases(
    platform: Engine, sign_in: SignIn, clock: FrozenClock
) -> None:
    house = House(platform, clock)
    keep(house, "={编号: 编号}")
    house.start("p", {"意见": "可行"})
    keep(house, "={意见: 意见, 名单: [意见, 数量]}")
    page = sign_in("admin").get("/ledgers/p").text
    assert texts(page, "//thead//th") == ["意见", "名单"]
    assert rows(page) == [["可行TZ-2026-00001", "可行、"]]


def test_units_and_levels_are_called_by_their_names(platform: Engine, sign_in: SignIn, clock: FrozenClock) -> None:
    house = House(platform, clock)
    keep(house, '={部门: "housing", 下沉到: ["subdistrict", "jinxing"]}')
    house.start("p", {"意见": "可行"})
    assert rows(sign_in("admin").get("/ledgers/p").text) == [["区住房和城乡建设局TZ-2026-00001", "街道、金星社区"]]


def test_everybody_sees_the_cases_that_they_may_see(platform: Engine, sign_in: SignIn) -> None:
    file_in(platform, "jinxing-1")
    file_in(platform, "chaoyang-1")
    for login, count in (("jinxing-1-leader", 1), ("jinxing-clerk", 1), ("shizhong-officer", 2), ("pengli-officer", 0)):
        assert len(rows(sign_in(login).get(LEDGER).text)) == count, login


def test_personal_columns_are_masked_for_who_may_not_see_them(
    platform: Engine, sign_in: SignIn, clock: FrozenClock
) -> None:
    house = House(platform, clock)
    keep(house, '={编号: 编号, 电话: 电话, 说明: "电话" + 电话, 意见: 意见}')
    house.start("p", {"意见": "可行", "电话": "13800000000"})
    page = sign_in("admin").get("/ledgers/p").text
    assert rows(page)[0][1:] == ["138****0000", "电****", "可行"]
    assert "13800000000" not in page
    assert "个人信息只显示一部分" in page
    page = sign_in("jinxing-1-leader").get("/ledgers/p").text
    assert rows(page)[0][1:] == ["13800000000", "电话13800000000", "可行"]
    assert "个人信息只显示一部分" not in page


def test_conditions_narrow_the_ledger(platform: Engine, sign_in: SignIn, clock: FrozenClock) -> None:
    file_appeal(platform, 诉求标题="十一月的")
    clock.advance(days=20)
    december = file_appeal(platform, 诉求标题="十二月的")
    ended = file_appeal(platform, 诉求标题="终止的")
    with platform.begin(SYSTEM) as tx:
        instances.cancel(tx, ended.id, "重复")
        units = {unit.code: unit.id for unit in people.org_tree(tx)}
    admin = sign_in("admin")
    for query, found in {
        "q=十一月": {"十一月的"},
        f"q={december.business_key}": {"十二月的"},
        "state=canceled": {"终止的"},
        "state=active": {"十一月的", "十二月的"},
        "period=month": {"十二月的", "终止的"},
        "period=quarter": {"十一月的", "十二月的", "终止的"},
        "period=year&state=active": {"十一月的", "十二月的"},
        "since=2026-11-25": {"十二月的", "终止的"},
        "until=2026-11-24": {"十一月的"},
        "period=month&until=2026-11-30": {"十一月的"},
        f"unit={units['jinxing']}": {"十一月的", "十二月的", "终止的"},
        f"unit={units['chaoyang']}": set(),
        "q=没有这样的": set(),
        "period=x&since=x&unit=x&state=x&sort=x&page=x": {"十一月的", "十二月的", "终止的"},
    }.items():
        assert set(titles(admin.get(f"{LEDGER}?{query}").text)) == found, query


def test_it_can_be_sorted(platform: Engine, sign_in: SignIn, clock: FrozenClock) -> None:
    first = file_appeal(platform, 诉求标题="先来的")
    clock.advance(minutes=1)
    file_appeal(platform, 诉求标题="后来的")
    with platform.begin(SYSTEM) as tx:
        instances.cancel(tx, first.id, "重复")
    admin = sign_in("admin")
    for sort, found in {
        "": ["后来的", "先来的"],
        "oldest": ["先来的", "后来的"],
        "ended": ["先来的", "后来的"],
        "number": ["先来的", "后来的"],
    }.items():
        assert titles(admin.get(f"{LEDGER}?sort={sort}").text) == found, sort


def test_long_ledgers_have_pages(platform: Engine, sign_in: SignIn) -> None:
    for number in range(51):
        file_appeal(platform, 诉求标题=f"第{number}件")
    admin = sign_in("admin")
    assert len(rows(admin.get(LEDGER).text)) == 50
    page = admin.get(f"{LEDGER}?page=2&sort=oldest").text
    assert len(rows(page)) == 1
    assert "sort=oldest" in page


def test_an_empty_ledger_says_so(sign_in: SignIn) -> None:
    page = sign_in("admin").get(LEDGER).text
    assert "还没有事项" in page
    assert "导出" not in page


@pytest.mark.parametrize(
    ("period", "today", "found"),
    [
        ("month", date(2026, 2, 28), (date(2026, 2, 1), date(2026, 2, 28))),
        ("month", date(2026, 12, 5), (date(2026, 12, 1), date(2026, 12, 31))),
        ("quarter", date(2026, 5, 5), (date(2026, 4, 1), date(2026, 6, 30))),
        ("quarter", date(2026, 12, 31), (date(2026, 10, 1), date(2026, 12, 31))),
        ("year", date(2026, 7, 1), (date(2026, 1, 1), date(2026, 12, 31))),
        ("week", date(2026, 7, 1), (None, None)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(period: str, today: date, found: tuple[date | None, date | None]) -> None:
    assert days_of(period, today) == found


def test_a_page_costs_the_same_however_many_cases_it_shows(platform: Engine, sign_in: SignIn) -> None:
    """What is personal in a case hangs on all that its calls tie it to; that is asked once for all rows."""
    browser, asked, counts = sign_in("jinxing-1-leader"), list[str](), []
    event.listen(platform.sql, "before_cursor_execute", lambda *args: asked.append(args[2]))
    for more in (1, 4):
        for _ in range(more):
            file_appeal(platform)
        browser.get(LEDGER)
        asked.clear()
        assert len(rows(browser.get(LEDGER).text)) >= more
        counts.append(len(asked))
    assert counts[0] == counts[1]

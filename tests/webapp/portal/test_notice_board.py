"""The notice board: open notices first, each with its text, its period and what came of it; found by everybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from lxml import html

from engine.database import Engine
from tests.clock import FrozenClock
from tests.webapp.official import words
from tests.webapp.portal.board import TITLE, conclude, object_to, publish, withdraw
from tests.webapp.portal.resident import texts, values

SignIn = Callable[[str], FlaskClient]
BOARD = "/notices"


def titles(browser: FlaskClient, query: str = "") -> list[str]:
    return texts(browser.get(BOARD + query).text, "//main//a[contains(@class, 'row-link')]")


def test_an_empty_board_says_so(client: FlaskClient) -> None:
    assert "现在没有公示" in client.get(BOARD).text
    assert "没有符合条件的公示" in client.get(BOARD + "?q=停车").text


def test_open_notices_come_first_then_the_newest(client: FlaskClient, platform: Engine, clock: FrozenClock) -> None:
    _, concluded = publish(platform, title="甲")
    clock.advance(days=1)
    publish(platform, title="乙", days=2)
    clock.advance(days=1)
    publish(platform, title="丙", days=None, kind="公开")
    clock.advance(days=3)
    conclude(platform, concluded, "没有异议")
    page = client.get(BOARD).text
    assert titles(client) == ["丙", "乙", "甲"]
    assert texts(page, "//main//h2") == ["正在公示", "已经结束的公示"]
    assert texts(page, "//main//span[contains(@class, 'tag')]") == ["公开中", "公示期满", "已公布结果"]


def test_past_its_period_only_what_takes_objections_still_waits(
    client: FlaskClient, platform: Engine, clock: FrozenClock
) -> None:
    publish(platform, title="甲", kind="公告", takes_objections=False)
    clock.advance(days=1)
    publish(platform, title="乙")
    clock.advance(days=9)
    tags = html.fromstring(client.get(BOARD).text).xpath("//main//span[contains(@class, 'tag')]/@class")
    assert (titles(client), tags) == (["乙", "甲"], ["tag tag-today", "tag tag-neutral"])


def test_a_line_says_kind_unit_and_period(client: FlaskClient, platform: Engine, clock: FrozenClock) -> None:
    publish(platform, kind="公告")
    clock.advance(days=5)
    assert "公告 金星社区 11月24日 至 12月1日（还有2天）" in words(client.get(BOARD).text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?unit=shizhong", ["丙", "甲"]),
        ("?unit=jinxing", ["甲"]),
        ("?unit=qingfeng", ["乙"]),
        ("?unit=pengli&kind=公开", []),
        ("?unit=nowhere", ["丙", "甲", "乙"]),
        ("?kind=公开", ["丙"]),
        ("?state=withdrawn", ["乙"]),
        ("?state=open", ["丙", "甲"]),
        ("?state=closed", []),
        ("?state=nonsense&page=x", ["丙", "甲", "乙"]),
        ("?q=GS-2026-00002", ["乙"]),
        ("?q=丙", ["丙"]),
        ("?q=%25", []),
    ],
)
def test_the_board_is_narrowed(
    client: FlaskClient, platform: Engine, clock: FrozenClock, query: str, found: list[str]
) -> None:
    for unit, title, kind in (("jinxing", "甲", "公示"), ("qingfeng", "乙", "公示"), ("chaoyang", "丙", "公开")):
        _, number = publish(platform, unit, title=title, kind=kind)
        if title == "乙":
            withdraw(platform, number, "有误")
        clock.advance(minutes=1)
    assert titles(client, query) == found


def test_a_period_that_ends_is_closed_without_anybody_doing_anything(
    client: FlaskClient, platform: Engine, clock: FrozenClock
) -> None:
    publish(platform, days=7)
    clock.advance(days=7)
    assert (titles(client, "?state=closed"), titles(client, "?state=open")) == ([TITLE], [])


def test_a_long_board_has_pages_that_keep_the_conditions(
    client: FlaskClient, platform: Engine, clock: FrozenClock
) -> None:
    for number in range(23):
        publish(platform, title=f"第{number}项")
        clock.advance(minutes=1)
    assert len(titles(client, "?unit=jinxing")) == 20
    page = client.get(BOARD + "?unit=jinxing&page=2").text
    assert titles(client, "?unit=jinxing&page=2") == ["第2项", "第1项", "第0项"]
    assert values(page, "unit") == ["jinxing"]
    addresses = html.fromstring(page).xpath("//nav[@class='pagination']//a/@href")
    assert set(addresses) == {"/notices?unit=jinxing&page=1", "/notices?unit=jinxing&page=2"}


def test_a_notice_shows_its_text_unit_and_period(client: FlaskClient, platform: Engine) -> None:
    _, number = publish(platform)
    page = client.get(f"{BOARD}/{number}").text
    assert texts(page, "//h1") == [TITLE]
    shown = words(page)
    assert "增设停车位 20 个。 拆除花坛 3 处。" in shown
    assert f"公示 · {number}" in shown
    assert "公示中 11月24日 至 12月1日（还有7天）" in shown
    assert "金星社区 今日 09:00" in shown
    assert "请在 12月1日 09:00 前提出" in shown


def test_markup_in_a_notice_is_text(client: FlaskClient, platform: Engine) -> None:
    _, number = publish(platform, title="<b>名单</b>", text="<script>x</script>")
    page = client.get(f"{BOARD}/{number}").text
    assert "<script>x" not in page
    assert "&lt;b&gt;名单" in page


def test_a_notice_that_asks_for_no_objections_has_no_form(client: FlaskClient, platform: Engine) -> None:
    _, number = publish(platform, takes_objections=False)
    page = client.get(f"{BOARD}/{number}").text
    assert number in page
    assert "异议" not in page


def test_the_outcome_is_on_the_page_with_the_replies_by_number(
    client: FlaskClient, platform: Engine, clock: FrozenClock
) -> None:
    _, number = publish(platform)
    object_to(platform, number)
    clock.advance(days=8)
    conclude(platform, number, "消防通道另行划线，方案不变。", upheld=False)
    page = client.get(f"{BOARD}/{number}").text
    shown = words(page)
    assert "公示结果 消防通道另行划线，方案不变。 今日 09:00" in shown
    assert f"{number}-1 异议不成立 11月24日 09:00 提出 答复见公示结果。" in shown
    assert not any(secret in page for secret in ("王小明", "13812345678", "车位挡住"))
    assert "提交异议" not in page


def test_a_notice_that_was_taken_back_stays_readable(client: FlaskClient, platform: Engine) -> None:
    _, number = publish(platform)
    object_to(platform, number)
    withdraw(platform, number, "方案有误，重新公示")
    shown = words(client.get(f"{BOARD}/{number}").text)
    assert "这项公示已于 今日 09:00 撤销。 原因：方案有误，重新公示" in shown
    assert "增设停车位 20 个。" in shown
    assert "公示已撤销，不再答复。" in shown


def test_an_unknown_number_is_said(client: FlaskClient) -> None:
    answer = client.get(f"{BOARD}/GS-1999-00001")
    assert answer.status_code == 404
    assert "没有编号是“GS-1999-00001”的公示" in answer.text


def test_the_board_is_in_everybodys_menu_and_the_newest_are_on_the_first_page(
    client: FlaskClient, platform: Engine, sign_in: SignIn
) -> None:
    assert "现在没有公示。" in client.get("/").text
    publish(platform)
    for browser in (client, sign_in("resident-1"), sign_in("jinxing-clerk"), sign_in("auditor")):
        page = browser.get("/").text
        assert "公示栏" in texts(page, "//nav[@class='site-nav']//a")
        assert TITLE in texts(page, "//main//section[.//h2='最新公示']//a")


def test_in_english_as_well(client: FlaskClient, platform: Engine) -> None:
    _, number = publish(platform)
    client.set_cookie("locale", "en")
    assert "Open notices" in client.get(BOARD).text
    assert "24 Nov to 1 Dec (in 7 days)" in client.get(f"{BOARD}/{number}").text

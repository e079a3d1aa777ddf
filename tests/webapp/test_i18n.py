"""Which language a reader gets, and how days and deadlines are said in it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask, render_template_string
from markupsafe import Markup

from engine.clock import TIMEZONE
from engine.errors import N_, NotFound
from webapp import i18n
from webapp.i18n import _, deadline, format_day, format_moment, locale, speaking, translate_error

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=TIMEZONE)
TODAY = NOW.date()


def app(account: str | None = None) -> Flask:
    made = Flask(__name__)
    i18n.init_app(made, lambda: account, lambda: NOW)
    return made


@pytest.mark.parametrize(
    ("account", "cookie", "browser", "expected"),
    [
        (None, None, None, "zh-CN"),
        (None, None, "fr", "zh-CN"),
        (None, None, "zh-TW,zh;q=0.9,en;q=0.5", "zh-CN"),
        (None, None, "en-GB,en;q=0.9", "en"),
        (None, "zh-CN", "en", "zh-CN"),
        ("en", "zh-CN", "zh", "en"),
        ("xx", "yy", "en", "en"),
    ],
)
def test_account_then_cookie_then_browser_then_chinese(
    account: str | None, cookie: str | None, browser: str | None, expected: str
) -> None:
    headers = {name: value for name, value in (("Accept-Language", browser),) if value}
    headers |= {"Cookie": f"locale={cookie}"} if cookie else {}
    with app(account).test_request_context(headers=headers):
        assert locale() == expected


def test_outside_a_request_the_source_language_is_spoken() -> None:
    assert locale() == "zh-CN"
    with speaking("en"):
        assert locale() == "en"
    assert locale() == "zh-CN"


def test_the_choice_is_remembered_and_nonsense_is_not() -> None:
    with app().test_request_context():
        response = app().make_response("")
        assert "locale=en" in i18n.remember(response, "en").headers["Set-Cookie"]
        assert "Set-Cookie" not in i18n.remember(app().make_response(""), "xx").headers


def test_text_without_parameters_may_hold_braces() -> None:
    assert _("随意 {x}") == "随意 {x}"


def test_an_error_is_translated_with_its_marked_parameters() -> None:
    error = NotFound(N_("没有找到这个{thing}，可能已被删除，或者地址有误。"), thing=N_("记录"))
    assert translate_error(error) == str(error)
    with speaking("en"):
        assert "Record" in translate_error(error)


def test_parameters_are_escaped_in_templates_and_beside_markup() -> None:
    with app().test_request_context():
        assert render_template_string("{{ _('{n}天前', n='<b>') }}") == "&lt;b&gt;天前"
    link = _("{day} {time}", day=Markup("<a>1</a>"), time="<b>")
    assert link == Markup("<a>1</a> &lt;b&gt;")


def days(n: float) -> datetime:
    return NOW + timedelta(days=n)


@pytest.mark.parametrize(
    ("due", "state", "chinese", "english"),
    [
        (days(2), "later", "11月24日（还有2天）", "24 Nov (in 2 days)"),
        (days(1), "later", "11月23日（还有1天）", "23 Nov (in 1 day)"),
        (days(60), "later", "2027年1月21日（还有60天）", "21 Jan 2027 (in 60 days)"),
        (days(4 / 24), "today", "今日 18:00", "today 18:00"),
        (days(-1 / 24), "overdue", "今日 13:00 已逾期", "overdue since 13:00 today"),
        (days(-1), "overdue", "逾期1天", "1 day overdue"),
        (days(-3), "overdue", "逾期3天", "3 days overdue"),
        (datetime(2026, 11, 22, 16, 30, tzinfo=UTC), "later", "11月23日（还有1天）", "23 Nov (in 1 day)"),
    ],
)
def test_deadlines(due: datetime, state: str, chinese: str, english: str) -> None:
    assert deadline(due, NOW)[:2] == (state, chinese)
    with speaking("en"):
        assert deadline(due, NOW)[:2] == (state, english)


def test_no_deadline_is_none_and_an_exact_time_is_given_for_machines() -> None:
    assert deadline(None, NOW) is None
    assert deadline(days(2), NOW).iso == "2026-11-24T14:00+08:00"


def test_days_and_moments() -> None:
    assert format_day(TODAY, TODAY) == "11月22日（今日）"
    assert format_day(date(2026, 11, 19), TODAY) == "11月19日（3天前）"
    assert format_moment(NOW, NOW) == "今日 14:00"
    assert format_moment(days(-2), NOW) == "11月20日 14:00"
    assert format_moment(days(-365), NOW) == "2025年11月22日 14:00"


def test_filters_take_the_applications_clock() -> None:
    with app().test_request_context():
        assert render_template_string("{{ (due | deadline).text }}", due=days(2)) == "11月24日（还有2天）"
        assert render_template_string("{{ due | moment }}", due=NOW) == "今日 14:00"

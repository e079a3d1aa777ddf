"""Names, paths and the values of the context: what is read, how it is converted, what the checker learns."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine import feel
from engine.feel import FeelEvaluationError
from tests.engine.feel.worker import worth


class Level(IntEnum):
    GROUP = 5


class State(StrEnum):
    OPEN = "open"


CASE = {
    "金额": 6000,
    "类型": "维修",
    "申请": {"人": {"年龄": 71.5}, "日期": date(2026, 3, 1)},
    "材料": [{"名": "照片", "页": 2}, {"名": "合同", "页": 12}, {"名": None}],
    "a1_b": 1,
    "ratio": 0.1,
    "level": Level.GROUP,
    "state": State.OPEN,
    "moment": datetime(2026, 3, 1, 8, 0),
    "pair": (1, 2),
    "not_a_number": float("nan"),
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('金额 > 5000 and 类型 = "维修"', True),
        ("申请.人.年龄 >= 70", True),
        ("申请.日期.year", Decimal(2026)),
        ("申请.没有.再下", None),
        ("材料.名", ["照片", "合同", None]),
        ("材料.页", [Decimal(2), Decimal(12), None]),
        ("a1_b + 1", Decimal(2)),
        ("ratio + 0.2 = 0.3", True),
        ("level = 5", True),
        ('state = "open"', True),
        ("moment", datetime(2026, 3, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))),
        ("pair[2]", Decimal(2)),
        ("not_a_number", None),
        ("缺少", None),
        ("缺少 = null", True),
        ("is defined(缺少)", False),
        ("is defined(申请.没有)", False),
        ("is defined(材料[3].名)", True),
        ("is defined(金额)", True),
        ('@"2026-03-04".weekday', Decimal(3)),
        ('@"08:30:05+08:00".time offset = @"PT8H"', True),
        ('@"2026-03-04T08:30:05@Asia/Shanghai".timezone', "Asia/Shanghai"),
        ('@"-P1DT2H3M4S".hours', Decimal(-2)),
        ('@"P1Y2M".months', Decimal(2)),
        ("[1..5).end included", False),
        ("`金额` + 1", Decimal(6001)),
    ],
)
def test_a_name_or_path_reads_the_context(text: str, value: Any) -> None:
    assert worth(text, CASE) == value


def test_a_name_that_is_null_is_defined() -> None:
    assert worth("is defined(说明)", {"说明": None}) is True


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("first name", "金"),
        ("person.last name", "星"),
        ("a-b + 1", Decimal(8)),
        ("first name = null", False),
        ("x in y", Decimal(3)),
    ],
)
def test_known_names_may_hold_spaces_and_signs(text: str, value: Any) -> None:
    context = {"first name": "金", "person": {"last name": "星"}, "a-b": 7, "x in y": 3}
    assert worth(text, context, ("first name", "last name", "a-b", "x in y")) == value


def test_an_expression_knows_the_names_that_it_makes() -> None:
    assert worth("{first name: 1, both: first name + 1}.both") == 2
    assert worth("for each one in [1, 2] return each one * 2") == [2, 4]
    assert worth('{"a b": 1}.a b') == 1


def test_unknown_names_with_a_minus_are_a_difference() -> None:
    assert worth("a-b", {"a": 5, "b": 2}) == 3


def test_the_callers_values_are_neither_changed_nor_handed_out() -> None:
    context = {"list": [1, [2]], "entry": {"a": [1]}}
    found = worth("{l: list, e: entry}", context)
    found["l"].append(3)
    found["e"]["a"].append(2)
    assert context == {"list": [1, [2]], "entry": {"a": [1]}}


def test_a_value_that_feel_does_not_know_is_refused_by_name() -> None:
    with pytest.raises(FeelEvaluationError, match="bytes"):
        worth("a", {"a": b"x"})


@pytest.mark.parametrize(
    ("text", "digits"),
    [("1e3", "1000"), ("0 * -1", "0"), ("-0", "0"), ("1.50", "1.50"), ("1e40", "1E+40"), ("[2e1]", "20")],
)
def test_numbers_come_out_in_plain_digits(text: str, digits: str) -> None:
    found = worth(text)
    assert str(found[0] if isinstance(found, list) else found) == digits


def test_moments_come_out_with_a_zone() -> None:
    env = feel.Environment(timezone=UTC)
    found = feel.compile('[@"2026-01-01T00:00:00"]').evaluate({}, env)
    assert found == [datetime(2026, 1, 1, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("text", "variables", "uncertain", "paths", "functions"),
    [
        ('金额 > 5 and 类型 = "a"', {"金额", "类型"}, set(), set(), set()),
        ("policy.小组办理期限 + 1", {"policy"}, set(), {("policy", "小组办理期限")}, set()),
        ("a.b.c", {"a"}, set(), {("a", "b", "c")}, set()),
        ("for x in xs return x + y", {"xs", "y"}, set(), set(), set()),
        ("some x in xs satisfies x.a > 1", {"xs"}, set(), set(), set()),
        ("xs[金额 > 上限]", {"xs"}, {"金额", "上限"}, set(), set()),
        ("xs[item > 1]", {"xs"}, set(), set(), set()),
        ("{a: 1, b: a}.b", set(), set(), set(), set()),
        ("function(a) a + b", {"b"}, set(), set(), set()),
        ("工作日后(now(), 天数)", {"天数"}, set(), set(), {"工作日后"}),
        ("count(xs)", {"xs"}, set(), set(), set()),
        ("sort(xs, max)", {"xs"}, set(), set(), set()),
        ("is defined(x)", {"x"}, set(), set(), set()),
        ("5 in (= x)", {"x"}, set(), set(), set()),
    ],
)
def test_what_an_expression_takes_from_outside(
    text: str, variables: set[str], uncertain: set[str], paths: set[tuple[str, ...]], functions: set[str]
) -> None:
    expression = feel.compile(text)
    assert expression.variables == variables
    assert expression.uncertain == uncertain
    assert expression.paths == paths
    assert expression.functions == functions


def test_the_input_of_unary_tests_is_no_variable() -> None:
    assert feel.compile_unary("> 上限").variables == {"上限"}

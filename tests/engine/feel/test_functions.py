"""Calling functions: the expression's own, the host's, by position and by name; and unary tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine import feel
from engine.feel import Environment, FeelEvaluationError, Function
from tests.engine.feel.worker import worth


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(function(a, b) a - b)(3, 1)", Decimal(2)),
        ("(function(a, b) a - b)(b: 3, a: 1)", Decimal(-2)),
        ("(function(a, b) a - b)(a: 1)", None),
        ("(function(a, b) a - b)(1)", None),
        ("(function(a: number) a)(1)", Decimal(1)),
        ('(function(a: number) a)("x")', None),
        ("(function(a: number) a)([1])", Decimal(1)),
        ("(function(a: number) a)([1, 2])", None),
        ("(function(a: list<number>) a)(1)", [Decimal(1)]),
        ('(function(a: list<number>) a)("x")', None),
        ('(function(a: date and time) a.day)(@"2026-01-02")', Decimal(2)),
        ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(10)}.r", Decimal(3628800)),
        ("{k: 10, f: function(n) n + k, r: f(1)}.r", Decimal(11)),
        ("{f: function(g, x) g(g(x)), r: f(function(x) x * 3, 2)}.r", Decimal(18)),
        ("{c: {f: function(x) x + 1}, r: c.f(1)}.r", Decimal(2)),
        ("(function(first value) first value + 1)(2)", Decimal(3)),
        ('substring(string: "foobar", start position: 3)', "obar"),
        ('substring(start position: 3, string: "foobar", length: 2)', "ob"),
        ('substring(text: "foobar", start position: 3)', None),
        ("1(2)", None),
        ("count([1, 2], 3)", None),
        ("sort(list: [3, 1], precedes: function(a, b) a < b)", [Decimal(1), Decimal(3)]),
        ("before(range: [1..2], point: 3)", True),
        ("before(point: 1, range: [2..3])", True),
        ("includes(point: 2, range: [1..3])", True),
        ("coincides(range1: [1..2], range2: [1..2])", True),
        ('get value(m: {a: 1}, key: "a")', Decimal(1)),
        ("sort([2, 1], function(a) true)", None),
        ("(function(a: number) a) instance of function<number> -> Any", True),
        ("(function(a: number) a) instance of function<string> -> Any", False),
        ("(function(a: list<number>) a) instance of function<list<number>> -> Any", True),
        ("(function(a: context<x: Any>) a) instance of function<context<x: number, y: date>> -> Any", True),
        ("(function(a: context<x: date>) a) instance of function<context<x: number>> -> Any", False),
        ("(function(a) a) instance of function<string> -> Any", True),
        ("{count: 5, r: count([1, 2])}.r", None),
    ],
)
def test_a_call_has_this_value(text: str, value: Any) -> None:
    assert worth(text) == value


def test_a_variable_with_the_name_of_a_function_does_not_hide_it() -> None:
    assert worth("count([1, 2]) + count", {"count": 5}) == 7


def test_date_and_time_may_also_be_two_conditions() -> None:
    assert worth("date and time", {"date": True, "time": False}) is False
    assert worth('date and time("2026-01-01T00:00:00").year') == 2026


def _env(*functions: Function) -> Environment:
    return Environment(functions={function.name: function for function in functions})


def days_after(day: date, count: Decimal, skip: bool = False) -> int:
    return day.day + int(count) + 100 * skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('工作日后(@"2026-03-02", 3)', Decimal(5)),
        ('工作日后(天数: 3, 起点: @"2026-03-02")', Decimal(5)),
        ('工作日后(@"2026-03-02", 3, true)', Decimal(105)),
        ('工作日后(@"2026-03-02")', None),
        ('工作日后(起点: @"2026-03-02", 跳过: true)', None),
        ('工作日后(@"2026-03-02", 3, true, 1)', None),
    ],
)
def test_the_host_may_add_functions(text: str, value: Any) -> None:
    env = _env(Function("工作日后", ("起点", "天数", "跳过"), days_after, required=2))
    assert feel.compile(text).evaluate({}, env) == value


def test_a_host_function_may_refuse() -> None:
    def refuse() -> None:
        raise FeelEvaluationError("{year} 年的放假安排还没有录入。", year=2028)

    with pytest.raises(FeelEvaluationError, match="2028 年的放假安排还没有录入。"):
        feel.compile("f()").evaluate({}, _env(Function("f", (), refuse)))


def test_an_unknown_function_is_an_error_with_its_name() -> None:
    with pytest.raises(FeelEvaluationError, match="没有函数“工作日后”。"):
        worth("工作日后(1)")


@pytest.mark.parametrize(
    ("text", "value", "met"),
    [
        ("-", 5, True),
        ("5", 5, True),
        ("5", 6, False),
        ("< 5", 4, True),
        ("[1..5], 9", 9, True),
        ("not(1, 2)", 3, True),
        ("not(1, 2)", 2, False),
        ("not([1..5])", 3, False),
        ('"甲", "乙"', "乙", True),
        ("? > 3", 4, True),
        ("? > 3 and ? < 9", 9, False),
        ('contains(?, "油")', "油烟", True),
        ("true", True, True),
        ("true", False, False),
        ("false", False, True),
        ("上限", 7, True),
        ("> 上限", 8, True),
        ("[1, 7]", 7, True),
        ("null", None, True),
        ("< 5", None, None),
        ("not(< 5)", None, None),
        ("!= 3", 4, True),
        ('not(?  = "a") and true', "b", True),
        ("if ? > 3 then true else false", 4, True),
    ],
)
def test_a_unary_test_is_met_or_not(text: str, value: Any, met: bool | None) -> None:
    assert feel.compile_unary(text).evaluate({"?": value, "上限": 7}) is met

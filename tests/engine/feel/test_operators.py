"""Literals and operators: arithmetic, comparison, three-valued logic, membership."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.feel import Range, YearsMonths
from tests.engine.feel.worker import reasons, worth

SHANGHAI = ZoneInfo("Asia/Shanghai")

LITERALS = [
    ("1.50", Decimal("1.5")),
    (".5", Decimal("0.5")),
    ("1.2e3", Decimal(1200)),
    ("-3", Decimal(-3)),
    ("--3", Decimal(3)),
    ('"邻里\\"纠纷\\"\\n"', '邻里"纠纷"\n'),
    ('"\\u91d1\\U01F40E"', "金\U0001f40e"),
    ('"\\uD83D\\uDC0E"', "\U0001f40e"),
    ('"\\d+"', "\\d+"),
    ("true", True),
    ("null", None),
    ('@"2026-01-31"', date(2026, 1, 31)),
    ('@"08:30:00"', time(8, 30)),
    ('@"2026-01-31T08:30:00"', datetime(2026, 1, 31, 8, 30, tzinfo=SHANGHAI)),
    ('@"P1Y2M"', YearsMonths(14)),
    ('@"-P1DT2H"', -timedelta(days=1, hours=2)),
    ("[1..5)", Range(Decimal(1), Decimal(5), True, False)),
    ("]1..5[", Range(Decimal(1), Decimal(5), False, False)),
    ("(< 5)", Range(None, Decimal(5), False, False)),
    ("1 // one\n + /* two */ 2", Decimal(3)),
]

ARITHMETIC = [
    ("1 + 2 * 3", Decimal(7)),
    ("(1 + 2) * 3", Decimal(9)),
    ("10 - 4 - 3", Decimal(3)),
    ("2 ** 3 ** 2", Decimal(64)),
    ("-2 ** 2", Decimal(4)),
    ("0.1 + 0.2", Decimal("0.3")),
    ("1 / 3", Decimal("0.3333333333333333333333333333333333")),
    ("1 / 0", None),
    ("10 ** 100000", None),
    ('"五" + "级"', "五级"),
    ('1 + "a"', None),
    ("1 + null", None),
    ("-true", None),
    ('@"2026-01-31" + @"P1M"', date(2026, 2, 28)),
    ('@"P1M" + @"2026-01-31"', date(2026, 2, 28)),
    ('@"2026-03-01" - @"2026-02-01"', timedelta(days=28)),
    ('@"2026-03-01" - @"P1D"', date(2026, 2, 28)),
    ('@"2026-03-01" + @"PT25H"', date(2026, 3, 2)),
    ('@"23:30:00" + @"PT1H"', time(0, 30)),
    ('@"2026-01-01T00:00:00Z" - @"2026-01-01T00:00:00+08:00"', timedelta(hours=8)),
    ('@"P1Y" * 1.5', YearsMonths(18)),
    ('3 * @"PT20M"', timedelta(hours=1)),
    ('@"PT1H" / @"PT20M"', Decimal(3)),
    ('@"P1Y" / @"P4M"', Decimal(3)),
    ('@"9999-12-31" + @"P1D"', None),
    ('@"PT1H" / 0', None),
    ('-@"P1Y"', YearsMonths(-12)),
]

COMPARISON = [
    ("1 = 1.0", True),
    ('1 = "1"', None),
    ("null = null", True),
    ("1 = null", False),
    ("null != null", False),
    ("1 != 2", True),
    ("null < 1", None),
    ('"甲" < "乙"', False),
    ("true < false", None),
    ('@"2026-01-01" < @"2026-01-02"', True),
    ('@"2026-01-01T08:00:00" = @"2026-01-01T00:00:00Z"', True),
    ('@"08:00:00" = @"00:00:00Z"', True),
    ('@"2026-01-01" < @"2026-01-01T00:00:00"', None),
    ("[1, 2] = [1, 2]", True),
    ("[1, 2] = [1]", False),
    ("{a: 1} = {a: 2}", False),
    ("{a: 1, b: 2} = {b: 2, a: 1}", True),
    ("[1..2] = [1..2)", False),
    ("3 between 1 and 3", True),
    ("4 between 1 and 3", False),
    ("null between 1 and 3", None),
    ("5 in [1..5]", True),
    ("5 in [1..5)", False),
    ("5 in (1, 3, [4..6])", True),
    ("5 in [1, 5]", True),
    ("5 in [[1..3], [4..9]]", True),
    ("5 in > 4", True),
    ("5 in (< 3, > 9)", False),
    ("5 in (!= 5)", False),
    ("5 in (= 5)", True),
    ("5 in (null..9]", None),
    ("(2) + 1 in (1 + 2)", True),
    ("1 in [2, 3] or true", True),
    ("1 instance of number", True),
    ('"a" instance of number', False),
    ("null instance of Any", False),
    ("null instance of Null", True),
    ("[1, 2] instance of list<number>", True),
    ('[1, "a"] instance of list<number>', False),
    ("{a: 1} instance of context<a: number>", True),
    ("{a: 1} instance of context<b: number>", False),
    ('@"2026-01-01T00:00:00" instance of date and time', True),
    ("1 instance of number and true", True),
    ("[1..2] instance of range<number>", True),
    ("(function(a) a) instance of function<number> -> number", True),
]

LOGIC = [
    (f"{left} {sign} {right}", result)
    for sign, table in {
        "and": {
            ("true", "true"): True,
            ("true", "false"): False,
            ("true", "null"): None,
            ("false", "null"): False,
            ("null", "false"): False,
            ("null", "null"): None,
            ("true", "1"): None,
            ("false", '"x"'): False,
        },
        "or": {
            ("false", "false"): False,
            ("false", "true"): True,
            ("null", "true"): True,
            ("null", "false"): None,
            ("true", "1"): True,
            ("false", "1"): None,
        },
    }.items()
    for (left, right), result in table.items()
]

PRECEDENCE = [
    ("true or false and false", True),
    ("1 + 1 = 2 and 2 > 1", True),
    ("not(false) and true", True),
    ("if 1 > 2 then 1 else 2 + 3", Decimal(5)),
    ("(if true then 1 else 2) + 3", Decimal(4)),
    ("if null then 1 else 2", Decimal(2)),
    ("true and true and null and true", None),
    ("true and false and null", False),
]


@pytest.mark.parametrize(("text", "value"), [*LITERALS, *ARITHMETIC, *COMPARISON, *LOGIC, *PRECEDENCE])
def test_an_expression_has_this_value(text: str, value: Any) -> None:
    found = worth(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1 / 0", "除数为零。"),
        ('1 + "a"', "“+”不能用于数字与文本。"),
        ('1 = "a"', "“=”两边类型不同：数字与文本。"),
        ('1 < "a"', "“<”不能比较数字与文本。"),
        ("金额 > 1", "没有变量“金额”，按空值处理。"),
        ("{a: 1}.b", "上下文里没有“b”。"),
        ("1 and true", "and、or 两边应为是或否，不能是数字。"),
        ("if 1 then 2 else 3", "if 的条件应为是或否，却是数字，按否处理。"),
        ("[1][2]", "列表有 1 项，没有第 2 项。"),
        ("string length(1)", "函数“string length”不能用于（数字）。"),
    ],
)
def test_a_null_says_why(text: str, reason: str) -> None:
    assert reason in reasons(text)


def test_logic_does_not_work_out_what_cannot_matter() -> None:
    assert reasons("false and 缺少") == []
    assert reasons("true or 缺少") == []

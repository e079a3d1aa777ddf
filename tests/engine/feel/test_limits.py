"""Hostile expressions: each is stopped by its limits with a sentence, or has a value that fits into them."""

from __future__ import annotations

from typing import Any

import pytest

from engine import feel
from engine.feel import Environment, FeelError, FeelEvaluationError, FeelSyntaxError, Limits

DOUBLED = "for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]]"

LONG = "{l: for i in 1..5000 return i"

TOO_MUCH = {
    "a huge range": "for i in 1..1000000000000 return i",
    "ranges in ranges": "count(for a in 1..1000, b in 1..1000, c in 1..1000 return a)",
    "a search without end": "some i in 1..1000000000 satisfies i < 0",
    "a costly body": "for i in 1..100000 return " + "+".join(["i"] * 200),
    "loops in a filter": "(for i in 1..20000 return i)[count((for i in 1..20000 return i)[item > 1]) > 1]",
    "a filter that makes ranges": "[1, 2, 3][item in for i in 1..100000 return i]",
    "all days of the calendar": 'for d in @"0001-01-01"..@"9999-12-31" return [d, d, d]',
    "many powers": "for i in 1..20000 return 1.1 ** i",
    "many exponentials": "for i in 1..20000 return exp(i / 100)",
    "many logarithms": "for i in 1..20000 return log(i + 0.1)",
    "many huge numbers": "for i in 1..20000 return odd(1e6000)",
    "many decimals": "for i in 1..20000 return decimal(i / 3, 6000)",
    "texts that double": 'for i in 1..100 return if i = 1 then "aaaaaaaaaa" else partial[-1] + partial[-1]',
    "joined texts": 'for i in 1..60 return if i = 1 then "x" else string join([partial[-1], partial[-1]])',
    "texts that are replaced": 'for i in 1..9 return if i = 1 then "aaaa" else replace(partial[-1], "a", "aaaaaaaaa")',
    "copies of a text": f'for i in 1..20000 return "{"a" * 9000}" + "b"',
    "pieces of a text": f'for i in 1..20000 return substring("{"a" * 9000}", 2)',
    "numbers as texts": "for i in 1..5000 return string(1e6000)",
    "lists that double": "for i in 1..60 return if i = 1 then [1, 1] else concatenate(partial[-1], partial[-1])",
    "lists that hold themselves twice": DOUBLED,
    "such a list as text": f"string({DOUBLED})",
    "such lists compared": f"{{a: {DOUBLED}, b: {DOUBLED}, r: a = b}}.r",
    "such a list flattened": f"count(flatten({DOUBLED}))",
    "contexts of contexts": "for i in 1..60 return if i = 1 then {a: 1} else {a: partial[-1], b: partial[-1]}",
    "growing copies": "for i in 1..20000 return partial",
    "growing lists": "for i in 1..5000 return append(if i = 1 then [] else partial[-1], i)",
    "growing contexts": "for i in 1..5000 return context put(if i = 1 then {} else partial[-1], string(i), i)",
    "recursion without end": "{f: function(n) f(n + 1), r: f(0)}.r",
    "recursion that branches": "{f: function(n) if n = 0 then 1 else f(n - 1) + f(n - 1), r: f(30)}.r",
    "a function of itself": "(function(f) f(f))(function(f) f(f))",
    "a path to the bottom": 'context put({}, for i in 1..5000 return "a", 1)',
    "sorting": "sort(for i in 1..9000 return -i, function(a, b) a < b)",
    "comparing all with all": "distinct values(for i in 1..5000 return {a: i})",
    "searching again and again": "{l: for i in 1..900 return i, r: for i in l return index of(l, i)}.r",
    "a pattern on many texts": 'for i in 1..5000 return matches("abcabcabc" + string(i), "(a|b|c)*x")',
    "a pattern on a long text": f'replace("{"a" * 15000}", "a*b", "c")',
    "comparisons that contradict themselves": (
        "sort(for i in 1..9000 return i, function(a, b) modulo(a * 7919 + b * 104729, 3) = 0)"
    ),
    "a comparison that sorts by itself": "{f: function(a, b) sort([1, 2], f) = [1, 2], r: sort([2, 1], f)}.r",
    "a huge range in a loop in a filter": "[1, 2][(for i in [1..10**9] return i)[1] = 1]",
    "nothing, a million times": "for a in 1..1000000, b in [] return 1",
    "types of long lists": f"{LONG}, r: for j in l return l instance of list<number>}}.r",
    "parameters of long lists": f"{LONG}, f: function(a: list<number>) 1, r: for j in l return f(l)}}.r",
    "such a list with a type of its depth": f"({DOUBLED})[-1] instance of {'list<' * 35}Any{'>' * 35}",
    "long lists equal to themselves": f"{LONG}, r: for j in l return l = l}}.r",
    "long lists searched": f"{LONG}, r: for j in l return list contains(l, -1)}}.r",
    "many roots": "for i in 1..20000 return i ** 0.3333333",
    "long texts as numbers": f'for i in 1..20000 return number("{"9," * 9000}", ",", ".")',
    "long texts cut": f'for i in 1..20000 return substring before("{"a" * 9000}", "{"a" * 4000}b")',
    "a long delimiter": f'string join(for i in 1..5000 return "a", "{"x" * 9000}")',
    "many ranges": "for i in 1..9000 return i in (for j in 1..100 return [j..j])",
    "many zones": 'for i in 1..2000 return time("10:00:00@Asia/X" + string(i))',
}

NOT_FEEL = {
    "parentheses": "(" * 5000 + "1" + ")" * 5000,
    "brackets": "[" * 5000 + "]" * 5000,
    "open ranges": "]1.." * 3000,
    "braces": "{a:" * 4000,
    "types": "1 instance of " + "list<" * 3000,
    "calls in calls": "not(" * 3000 + "true" + ")" * 3000,
    "ifs": "if " * 5000,
    "loops": "for i in " * 2000,
    "functions": "function(a) " * 1500 + "1",
    "minus signs": "-" * 10000 + "1",
    "sums": "+".join(["1"] * 9000),
    "paths": "a" + ".b" * 9000,
    "filters": "a" + "[1]" * 5000,
    "calls": "a" + "()" * 5000,
    "many iterators": "for " + ", ".join(f"i{i} in [1, 2]" for i in range(900)) + " return 1",
    "a text too long": "1 " + " " * 30000,
    "a huge exponent": "1e999999999",
}

HARMLESS = {
    "a power beyond all numbers": ("10 ** 1000000000", None),
    "powers of powers": ("9.99 ** 9.99 ** 9.99 ** 9.99 ** 9.99", None),
    "a long number": (f'number("{"9" * 10000}")', None),
    "a number with a huge exponent": ('number("1e999999")', None),
    "a long duration": ('duration("P999999999D") * 99999', None),
    "a date after the last": ('@"9999-12-31" + @"P999999999D"', None),
    "a date before the first": ('@"0001-01-01" - @"P1Y"', None),
    "months beyond all dates": ('@"2020-01-01" + @"P999999999999999M"', None),
    "a far date": ('@"2026-01-01" + duration("P999999999999Y")', None),
    "a place far away": ('substring("abc", 1e6000)', None),
    "a pattern that backtracks elsewhere": (f'matches("{"a" * 60}!", "^(a+)+$")', False),
    "alternatives that overlap": (f'matches("{"a" * 500}", "^(a|aa|a*)*b")', False),
    "a pattern too large": ('matches("x", "((((a{1,99}){1,99}){1,99}){1,99})")', None),
    "nothing, many times": ('matches("x", "(?:(?:(?:){1000}){1000}){1000}")', None),
    "groups in groups": (f'matches("x", "{"(" * 900}{")" * 900}")', None),
    "a long chain of conditions": (" and ".join(["true"] * 2000), True),
    "many names": ("{" + ", ".join(f"a-b{i}: 1" for i in range(1200)) + ", r: a-b7}.r", 1),
}


def outcome(text: str) -> Any:
    try:
        return feel.compile(text).evaluate({})
    except FeelError as error:
        return error


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_costs_too_much_is_stopped(name: str) -> None:
    found = outcome(TOO_MUCH[name])
    assert isinstance(found, FeelEvaluationError), found
    assert str(found).endswith("。")


@pytest.mark.parametrize("name", NOT_FEEL)
def test_what_nests_too_deeply_is_refused(name: str) -> None:
    assert isinstance(outcome(NOT_FEEL[name]), FeelSyntaxError)


@pytest.mark.parametrize("name", HARMLESS)
def test_what_looks_dangerous_may_just_have_a_value(name: str) -> None:
    text, value = HARMLESS[name]
    assert outcome(text) == value


def test_limits_are_the_environments() -> None:
    expression = feel.compile("for i in 1..100 return i")
    assert len(expression.evaluate({})) == 100
    with pytest.raises(FeelEvaluationError, match="50 步"):
        expression.evaluate({}, Environment(limits=Limits(steps=50)))
    with pytest.raises(FeelEvaluationError, match="列表超过 50 项"):
        expression.evaluate({}, Environment(limits=Limits(items=50)))


def test_a_huge_integer_of_the_context_is_refused() -> None:
    with pytest.raises(FeelEvaluationError, match="数字超过 400 位"):
        feel.compile("a + 1").evaluate({"a": 10**5000})


def test_a_context_that_holds_itself_is_refused() -> None:
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(FeelEvaluationError):
        feel.compile("a").evaluate({"a": circle})

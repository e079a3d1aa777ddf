"""Laws for any text and any value: nothing crashes, what is written reads back, operators obey their algebra."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine import feel
from engine.feel import FeelEvaluationError, FeelSyntaxError, YearsMonths
from engine.feel.functions import BUILTINS
from engine.feel.regex import PatternError, compile_pattern
from tests.engine.feel.worker import ENV, worth

numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4)
scalars: st.SearchStrategy[Any] = st.one_of(
    *(st.none(), st.booleans(), numbers, st.integers(), st.floats(), st.text(max_size=20), st.decimals()),
    *(st.dates(), st.times(), st.datetimes(), st.datetimes(timezones=st.just(UTC)), st.timedeltas()),
    st.builds(YearsMonths, st.integers(-(10**6), 10**6)),
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
)
SCRAPS = (
    *("1", "0.5", '"文"', "x", "y", "金额", "null", "true", '@"2026-03-02"', '@"P1M"', "item", "?", "date and time"),
    *("+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or", "in", "between", "instance of", "not", "..", "."),
    *("(", ")", "[", "]", "{", "}", ":", ",", "if", "then", "else", "for", "return", "some", "every", "satisfies"),
    *("function", "number", "list<", ">", "count", "sort", "string", " ", "\n", "'", "partial", "->", "a:", '"a":'),
)
ATOMS = (
    "1",
    "-2.5",
    '"文"',
    "null",
    "true",
    "x",
    "y",
    '@"2026-03-02"',
    '@"PT5H"',
    '@"P1M"',
    "[1, 2]",
    "{a: 1}",
    "[1..3]",
)


def _combine(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(("+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or", "in"))
    calls = st.sampled_from(sorted(BUILTINS))
    return st.one_of(
        st.builds("({} {} {})".format, inner, signs, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("{{a: {}, b: {}}}".format, inner, inner),
        st.builds("({})[{}]".format, inner, inner),
        st.builds("({}).a".format, inner),
        st.builds("(if {} then {} else {})".format, inner, inner, inner),
        st.builds("(for i in {} return [i, {}])".format, inner, inner),
        st.builds("(some i in {} satisfies i = {})".format, inner, inner),
        st.builds("(function(i) [i, {}])({})".format, inner, inner),
        st.builds("{}({})".format, calls, inner),
        st.builds("{}({}, {})".format, calls, inner, inner),
        st.builds("{}({}, {}, {})".format, calls, inner, inner, inner),
    )


expressions = st.recursive(st.sampled_from(ATOMS), _combine, max_leaves=8)


def evaluates(text: str, context: dict[str, Any]) -> None:
    """Compile and evaluate; only the errors of this package may come."""
    try:
        feel.compile(text).evaluate(context, ENV, [])
    except (FeelSyntaxError, FeelEvaluationError) as error:
        str(error)


@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_a_syntax_error(text: str) -> None:
    evaluates(text, {})


@settings(max_examples=200)
@given(st.lists(st.sampled_from(SCRAPS), max_size=14), values)
def test_any_scraps_of_feel_are_an_expression_or_a_syntax_error(scraps: list[str], value: Any) -> None:
    evaluates(" ".join(scraps), {"x": value, "金额": 5})
    try:
        feel.compile_unary(" ".join(scraps)).evaluate({"?": value}, ENV)
    except (FeelSyntaxError, FeelEvaluationError) as error:
        str(error)


@settings(max_examples=200)
@given(expressions, values, values)
def test_any_expression_has_a_value_or_an_evaluation_error(text: str, one: Any, other: Any) -> None:
    expression = feel.compile(text)
    try:
        expression.evaluate({"x": one, "y": other}, ENV, [])
    except FeelEvaluationError as error:
        str(error)


@settings(max_examples=200)
@given(st.sampled_from(sorted(BUILTINS)), st.lists(values, max_size=4))
def test_any_built_in_takes_any_arguments(name: str, arguments: list[Any]) -> None:
    context = {f"a{index}": value for index, value in enumerate(arguments)}
    evaluates(f"{name}({', '.join(context)})", context)


@given(numbers, numbers, numbers)
def test_numbers_obey_their_laws(a: Decimal, b: Decimal, c: Decimal) -> None:
    context = {"a": a, "b": b, "c": c}
    for law in ("a + b = b + a", "a * b = b * a", "(a + b) + c = a + (b + c)", "a - b = -(b - a)", "a + 0 = a"):
        assert worth(law, context) is True
    assert worth("(a < b) = (b > a) and (a <= b) = not(a > b)", context) is True


@given(st.sampled_from((True, False, None)), st.sampled_from((True, False, None)))
def test_logic_obeys_de_morgan(a: bool | None, b: bool | None) -> None:
    context = {"a": a, "b": b}
    assert worth("not(a and b) = (not(a) or not(b))", context) is True
    assert worth("(a and b) = (b and a) and (a or b) = (b or a)", context) is True


@given(numbers, st.text(max_size=30))
def test_numbers_and_texts_read_back(number: Decimal, text: str) -> None:
    assert worth("number(string(a)) = a", {"a": number}) is True
    written = worth("string([a])", {"a": text})
    if not re.search(r"[\n\r]", text):
        assert feel.compile(written).evaluate({}) == [text]


@given(
    st.one_of(
        *(st.dates(), st.times(), st.datetimes(), st.timedeltas(), st.times(timezones=st.just(UTC))),
        st.builds(YearsMonths, st.integers(-(10**6), 10**6)),
    )
)
def test_temporal_values_read_back(value: date | time | datetime | timedelta | YearsMonths) -> None:
    written = worth("string(a)", {"a": value})
    assert feel.compile(f'@"{written}" = a').evaluate({"a": value}) is True


@given(st.lists(numbers, max_size=12))
def test_lists_obey_their_laws(items: list[Decimal]) -> None:
    context = {"l": items}
    assert worth("sort(l)", context) == sorted(items)
    assert worth("reverse(reverse(l)) = l", context) is True
    assert worth("count(l[item > 0]) + count(l[item <= 0]) = count(l)", context) is True
    assert worth("every x in l satisfies list contains(distinct values(l), x)", context) is True


@given(st.lists(st.integers(-5, 5), min_size=4, max_size=4), st.lists(st.booleans(), min_size=4, max_size=4))
def test_relations_of_ranges_have_their_opposites(ends: list[int], borders: list[bool]) -> None:
    a, b, c, d = ends
    one = f"{'[' if borders[0] else '('}{min(a, b)}..{max(a, b)}{']' if borders[1] else ')'}"
    two = f"{'[' if borders[2] else '('}{min(c, d)}..{max(c, d)}{']' if borders[3] else ')'}"
    pairs = (
        *(("before", "after"), ("meets", "met by"), ("overlaps", "overlaps"), ("overlaps before", "overlaps after")),
        *(("finishes", "finished by"), ("includes", "during"), ("starts", "started by"), ("coincides", "coincides")),
    )
    for name, opposite in pairs:
        assert worth(f"{name}({one}, {two}) = {opposite}({two}, {one})") is True


PATTERNS = st.recursive(
    st.sampled_from(("a", "b", ".", "[ab]", "[^a]", "\\d", "^", "$", "(?:)")),
    lambda inner: st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("(?:{}|{})".format, inner, inner),
        st.builds("({})".format, inner),
        st.builds("(?:{}){}".format, inner, st.sampled_from(("?", "+", "{2}", "{1,2}", "+?", "??", "*"))),
    ),
    max_leaves=6,
)


@settings(max_examples=200)
@given(PATTERNS, st.text("ab1\n", max_size=8))
@example("(?:(?:^|b))+", "b")
@example("(?:(?:)|a)*", "aa")
@example("(?:(?:^|b))+?a", "bba")
def test_patterns_find_what_python_finds(pattern: str, text: str) -> None:
    ours = compile_pattern(pattern).search(text, 0, lambda _: None)
    theirs = re.compile(pattern.replace("$", r"\Z").replace(".", "[^\\n\\r]")).search(text)
    assert (ours is None) == (theirs is None)
    if ours and theirs:
        assert (ours.start, ours.end) == theirs.span()


@given(st.text("ab()[]{}|*+?\\^$.-1,dwpPL", max_size=12), st.text("ab1", max_size=6))
def test_any_text_is_a_pattern_or_not(pattern: str, text: str) -> None:
    try:
        compile_pattern(pattern).search(text, 0, lambda _: None)
    except PatternError:
        return

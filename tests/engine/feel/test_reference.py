"""Random expressions against a naive evaluator, arithmetic against Python's decimal, dates against their inverses."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import feel
from engine.feel import YearsMonths
from engine.feel.functions import BUILTINS
from tests.engine.feel.worker import ENV, worth

#: decimal128 as IEEE 754 defines it, with Python's own words for the faults.
IEEE = decimal.Context(prec=34, rounding=decimal.ROUND_HALF_EVEN, Emin=-6143, Emax=6144)
FAULTS = (decimal.DivisionByZero, decimal.InvalidOperation, decimal.Overflow)


@dataclass(frozen=True)
class Sample:
    """An expression as text, and the value that the naive evaluator gives it."""

    text: str
    value: Any


def _number(sign: str, left: Any, right: Any) -> Any:
    if type(left) is not Decimal or type(right) is not Decimal or (sign == "/" and not right):
        return None
    if sign == "/":
        return IEEE.divide(left, right)
    return {"+": IEEE.add, "-": IEEE.subtract, "*": IEEE.multiply}[sign](left, right)


def _compared(sign: str, left: Any, right: Any) -> bool | None:
    if sign in ("=", "!="):
        if left is not None and right is not None and type(left) is not type(right):
            return None
        return bool(left == right) is (sign == "=")
    if type(left) is not Decimal or type(right) is not Decimal:
        return None
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]


def _logic(word: str, left: Any, right: Any) -> bool | None:
    """Kleene's tables; what is neither true nor false counts as null."""
    both = [value if type(value) is bool else None for value in (left, right)]
    decisive = word == "or"
    if decisive in both:
        return decisive
    return None if None in both else not decisive


def _joined(signs: str, rule: Callable[[str, Any, Any], Any], inner: st.SearchStrategy[Sample]) -> Any:
    return st.builds(
        lambda sign, a, b: Sample(f"({a.text} {sign} {b.text})", rule(sign, a.value, b.value)),
        *(st.sampled_from(signs.split()), inner, inner),
    )


def _chosen(condition: Sample, then: Sample, otherwise: Sample) -> Sample:
    text = f"(if {condition.text} then {then.text} else {otherwise.text})"
    return Sample(text, then.value if condition.value is True else otherwise.value)


def _between(value: Sample, low: Sample, high: Sample) -> Sample:
    found = _logic("and", _compared(">=", value.value, low.value), _compared("<=", value.value, high.value))
    return Sample(f"({value.text} between {low.text} and {high.text})", found)


def _not(inner: Sample) -> Sample:
    return Sample(f"not({inner.text})", not inner.value if type(inner.value) is bool else None)


ATOMS = st.one_of(
    st.sampled_from((Sample("true", True), Sample("false", False), Sample("null", None))),
    st.integers(-4, 4).map(lambda number: Sample(str(number), Decimal(number))),
    st.decimals(min_value=-100, max_value=100, places=2).map(lambda number: Sample(f"{number:f}", number)),
)
SAMPLES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        _joined("+ - * /", _number, inner),
        _joined("= != < <= > >=", _compared, inner),
        _joined("and or", _logic, inner),
        st.builds(_chosen, inner, inner, inner),
        st.builds(_between, inner, inner, inner),
        st.builds(_not, inner),
    ),
    max_leaves=12,
)


@settings(max_examples=300)
@given(SAMPLES)
def test_an_expression_has_the_value_that_a_naive_evaluator_gives_it(sample: Sample) -> None:
    assert feel.compile(sample.text).evaluate({}, ENV) == sample.value


@settings(max_examples=300)
@given(SAMPLES)
def test_a_null_that_arises_has_a_reason(sample: Sample) -> None:
    assume(sample.value is None and "null" not in sample.text)
    reasons: list[feel.Reason] = []
    feel.compile(sample.text).evaluate({}, ENV, reasons)
    assert reasons


ARGUMENTS = (
    *("1", "0", "-1", "2.5", '"a"', '""', '"["', "true", '@"2020-01-01"', '@"10:00:00"', '@"2020-01-01T00:00:00"'),
    *('@"P1D"', '@"P1M"', "[1, 2]", "[]", '["a", true]', "{a: 1}", "[1..3]", "function(x) 1", "[{a: 1}]"),
)


@settings(max_examples=500)
@given(st.sampled_from(sorted(BUILTINS)), st.lists(st.sampled_from(ARGUMENTS), max_size=3))
def test_a_built_in_without_a_result_says_why(name: str, arguments: list[str]) -> None:
    reasons: list[feel.Reason] = []
    found = feel.compile(f"{name}({', '.join(arguments)})").evaluate({}, ENV, reasons)
    assert found is not None or reasons


ANY_NUMBER = st.decimals(allow_nan=False, allow_infinity=False).filter(
    lambda number: -6143 <= number.adjusted() <= 6144
)


@settings(max_examples=300)
@given(st.sampled_from("+-*/"), ANY_NUMBER, ANY_NUMBER)
def test_arithmetic_is_that_of_decimal128(sign: str, left: Decimal, right: Decimal) -> None:
    operation = {"+": IEEE.add, "-": IEEE.subtract, "*": IEEE.multiply, "/": IEEE.divide}[sign]
    left, right = IEEE.plus(left), IEEE.plus(right)
    try:
        wanted: Decimal | None = operation(left, right)
    except FAULTS:
        wanted = None
    assert worth(f"a {sign} b", {"a": left, "b": right}) == wanted


DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 12, 31), timezones=st.just(UTC))
DURATIONS = st.timedeltas(timedelta(days=-9_000), timedelta(days=9_000))


@given(MOMENTS, DURATIONS)
def test_a_duration_that_is_added_can_be_taken_away(moment: datetime, duration: timedelta) -> None:
    context = {"t": moment, "d": duration}
    assert worth("t + d - d = t and (t + d) - t = d and t - (t - d) = d", context) is True


@given(DAYS, st.integers(-9_000, 9_000))
def test_days_between_dates_lead_from_one_to_the_other(day: date, days: int) -> None:
    context = {"a": day, "b": day + timedelta(days=days)}
    assert worth("a + (b - a) = b and (b - a).days = n", {**context, "n": days}) is True


@given(DAYS, DAYS)
def test_months_between_dates_never_lead_past_the_later_one(one: date, other: date) -> None:
    first, last = sorted((one, other))
    context = {"a": first, "b": last, "month": YearsMonths(1)}
    text = "{m: years and months duration(a, b), r: a + m <= b and a + (m + month) > b}.r"
    assert worth(text, context) is True


@given(DURATIONS, st.integers(1, 50))
def test_a_duration_is_scaled_and_shrunk_back(duration: timedelta, factor: int) -> None:
    assert worth("d * n / n = d and -(-d) = d and d + d = d * 2", {"d": duration, "n": factor}) is True

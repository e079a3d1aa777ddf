"""Equality, order and membership (DMN 1.5, 10.3.2.13 and tables 49 to 53): true, false, or null if kinds differ."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.errors import N_
from engine.feel.frame import Run
from engine.feel.values import Range, YearsMonths, kind_name

#: Kinds that Python itself compares as FEEL wants.
DIRECT = frozenset((Decimal, str, date, timedelta, YearsMonths))
_EPOCH = date(2000, 1, 1)

ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def equal(run: Run, left: Any, right: Any) -> bool | None:
    """Return whether both are equal; null equals only null, values of different kinds give null."""
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is not type(right):
        message = N_("“=”两边类型不同：{left}与{right}。")
        run.note(message, left=kind_name(left), right=kind_name(right))
        return None
    if kind in DIRECT or kind is bool:
        return bool(left == right)
    if kind is list:
        run.spend(len(left))
        return _all_equal(run, left, right) if len(left) == len(right) else False
    if kind is dict:
        run.spend(len(left))
        same_keys = left.keys() == right.keys()
        return _all_equal(run, left.values(), [right[key] for key in left]) if same_keys else False
    if kind in (datetime, time):
        return bool(instant(run, left) == instant(run, right))
    return _equal_ranges(run, left, right) if kind is Range else left is right


def _all_equal(run: Run, left: Any, right: Any) -> bool | None:
    result: bool | None = True
    for one, other in zip(left, right, strict=True):
        same = equal(run, one, other)
        if same is False:
            return False
        result = result if same else None
    return result


def _equal_ranges(run: Run, left: Range, right: Range) -> bool | None:
    borders = left.start_included, left.end_included
    if borders != (right.start_included, right.end_included):
        return False
    return _all_equal(run, (left.start, left.end), (right.start, right.end))


def instant(run: Run, value: datetime | time) -> Any:
    """Return something that Python compares: local values are in the environment's zone."""
    if isinstance(value, time):
        moment = datetime.combine(_EPOCH, value)
        offset = (moment if value.tzinfo else moment.replace(tzinfo=run.env.timezone)).utcoffset() or timedelta()
        return moment.replace(tzinfo=None) - offset
    return value if value.tzinfo else value.replace(tzinfo=run.env.timezone)


def compare(run: Run, sign: str, left: Any, right: Any) -> bool | None:
    """Return ``left sign right`` for ``<``, ``<=``, ``>`` or ``>=``; null unless both have the same ordered kind."""
    kind = type(left)
    if kind is type(right):
        if kind in DIRECT:
            return ORDER[sign](left, right)
        if kind in (datetime, time):
            return ORDER[sign](instant(run, left), instant(run, right))
    message = N_("“{sign}”不能比较{left}与{right}。")
    run.note(message, sign=sign, left=kind_name(left), right=kind_name(right))
    return None


def same(run: Run, left: Any, right: Any) -> bool:
    """Return whether both are equal for certain; different kinds are simply not the same, and leave no note."""
    return type(left) is type(right) and equal(run, left, right) is True


def includes(run: Run, span: Range, value: Any) -> bool | None:
    """Return whether the value lies in the range."""
    above: bool | None = True
    below: bool | None = True
    if span.start is not None:
        above = compare(run, ">=" if span.start_included else ">", value, span.start)
    if span.end is not None:
        below = compare(run, "<=" if span.end_included else "<", value, span.end)
    if above is False or below is False:
        return False
    return None if above is None or below is None else True


def contains(run: Run, value: Any, test: Any) -> bool | None:
    """Return whether the value meets the test: equals it, lies in the range, or does so with an item of the list."""
    if type(test) is Range:
        return includes(run, test, value)
    if type(test) is not list:
        return equal(run, value, test)
    run.spend(len(test))
    if any(same(run, value, item) or (type(item) is Range and includes(run, item, value)) for item in test):
        return True
    return type(value) is list and same(run, value, test)

"""What ``for``, ``some`` and ``every`` run over: lists, and ranges of whole steps in both directions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.arithmetic import calculate
from engine.feel.comparison import compare, same
from engine.feel.errors import N_
from engine.feel.frame import Run
from engine.feel.values import Range, kind_name

_STEPS: dict[type, Any] = {Decimal: Decimal(1), date: timedelta(days=1), datetime: timedelta(days=1)}


class NotIterable(Exception):
    """There is nothing to run over: the loop is null."""


def iterate(run: Run, value: Any) -> Iterable[Any]:
    """Return the items of a list, the steps of a range, or the value alone; raise NotIterable for null."""
    if type(value) is list:
        return value
    if type(value) is Range:
        return _steps(run, value)
    if value is None:
        run.note(N_("循环的范围是空值。"))
        raise NotIterable
    return [value]


def _steps(run: Run, span: Range) -> Iterator[Any]:
    step = _STEPS.get(type(span.start))
    if step is None or type(span.start) is not type(span.end):
        run.note(N_("不能在{kind}的区间里循环。"), kind=kind_name(span.start))
        raise NotIterable
    falling = compare(run, ">", span.start, span.end)
    advance = _advance(run, "-" if falling else "+", step)
    within = ">=" if falling else "<="
    current = span.start if span.start_included else advance(span.start)
    while current is not None and compare(run, within, current, span.end):
        if not span.end_included and same(run, current, span.end):
            return
        run.spend(1)
        yield current
        current = advance(current)


def _advance(run: Run, sign: str, step: Any) -> Callable[[Any], Any]:
    return lambda current: calculate(run, sign, current, step)

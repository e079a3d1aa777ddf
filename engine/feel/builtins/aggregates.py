"""Built-ins that make one value of many (DMN 1.5, 10.3.4.4): of a list, or of their arguments."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

from engine.feel.arithmetic import calculate
from engine.feel.comparison import compare
from engine.feel.decimals import DECIMAL128, ZERO
from engine.feel.errors import N_
from engine.feel.frame import Run
from engine.feel.functions import builtin
from engine.feel.values import YearsMonths, kind_name


def items_of(run: Run, arguments: tuple[Any, ...]) -> list[Any]:
    """Return the items: those of the only argument if it is a list, else the arguments themselves."""
    found = arguments[0] if len(arguments) == 1 and type(arguments[0]) is list else list(arguments)
    run.spend_items(len(found))
    return found


def _only(run: Run, name: str, items: list[Any], kind: type) -> bool:
    for item in items:
        if type(item) is not kind:
            run.note(N_("{name}() 里有一项是{kind}。"), name=name, kind=kind_name(item))
            return False
    return True


def _enough(run: Run, name: str, items: list[Any], least: int = 1) -> bool:
    if len(items) < least:
        run.note(N_("{name}() 至少要有 {least} 项。"), name=name, least=least)
    return len(items) >= least


@builtin("count", "list: list")
def count(run: Run, items: list[Any]) -> Decimal:
    return Decimal(len(items))


def _extreme(run: Run, name: str, sign: str, items: list[Any]) -> Any:
    if not _enough(run, name, items):
        return None
    best = items[0]
    if compare(run, sign, best, best) is None:
        return None
    for item in items[1:]:
        better = compare(run, sign, item, best)
        if better is None:
            return None
        best = item if better else best
    return best


@builtin("min", "*list: any")
def minimum(run: Run, *arguments: Any) -> Any:
    return _extreme(run, "min", "<", items_of(run, arguments))


@builtin("max", "*list: any")
def maximum(run: Run, *arguments: Any) -> Any:
    return _extreme(run, "max", ">", items_of(run, arguments))


@builtin("sum", "*list: any")
def total(run: Run, *arguments: Any) -> Any:
    """Add numbers, or durations of one kind."""
    items = items_of(run, arguments)
    if not _enough(run, "sum", items):
        return None
    kind = type(items[0])
    if not _only(run, "sum", items, kind if kind in (timedelta, YearsMonths) else Decimal):
        return None
    result = items[0]
    for item in items[1:]:
        result = calculate(run, "+", result, item)
    return result


@builtin("mean", "*list: any")
def mean(run: Run, *arguments: Any) -> Any:
    items = items_of(run, arguments)
    added = total(run, items)
    return None if added is None else calculate(run, "/", added, Decimal(len(items)))


@builtin("median", "*list: any")
def median(run: Run, *arguments: Any) -> Any:
    items = items_of(run, arguments)
    if not _enough(run, "median", items) or not _only(run, "median", items, Decimal):
        return None
    ordered, middle = sorted(items), len(items) // 2
    if len(items) % 2:
        return ordered[middle]
    return calculate(run, "/", calculate(run, "+", ordered[middle - 1], ordered[middle]), Decimal(2))


@builtin("mode", "*list: any")
def mode(run: Run, *arguments: Any) -> list[Decimal] | None:
    """Return the most frequent numbers, in ascending order."""
    items = items_of(run, arguments)
    if not _only(run, "mode", items, Decimal):
        return None
    frequencies = Counter(items)
    most = max(frequencies.values(), default=0)
    return sorted(number for number, times in frequencies.items() if times == most)


@builtin("product", "*list: any")
def product(run: Run, *arguments: Any) -> Any:
    items = items_of(run, arguments)
    if not _enough(run, "product", items) or not _only(run, "product", items, Decimal):
        return None
    result = items[0]
    for item in items[1:]:
        result = calculate(run, "*", result, item)
    return result


@builtin("stddev", "*list: any")
def standard_deviation(run: Run, *arguments: Any) -> Decimal | None:
    """Return the standard deviation of a sample of at least two numbers."""
    items = items_of(run, arguments)
    if not _enough(run, "stddev", items, 2) or not _only(run, "stddev", items, Decimal):
        return None
    center = mean(run, items)
    summed = ZERO
    for item in items:
        summed = DECIMAL128.add(summed, DECIMAL128.power(DECIMAL128.subtract(item, center), 2))
    return DECIMAL128.sqrt(DECIMAL128.divide(summed, Decimal(len(items) - 1)))


def _decide(run: Run, name: str, decisive: bool, items: list[Any]) -> bool | None:
    if any(item is decisive for item in items):
        return decisive
    return not decisive if _only(run, name, items, bool) else None


@builtin("all", "*list: any")
def all_true(run: Run, *arguments: Any) -> bool | None:
    return _decide(run, "all", False, items_of(run, arguments))


@builtin("any", "*list: any")
def any_true(run: Run, *arguments: Any) -> bool | None:
    return _decide(run, "any", True, items_of(run, arguments))

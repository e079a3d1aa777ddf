"""Type expressions, as ``instance of`` and function parameters use them (DMN 1.5, 10.3.2.9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from engine.feel.values import Range, YearsMonths

SIMPLE: dict[str, type | tuple[type, ...]] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": date,
    "time": time,
    "date and time": datetime,
    "dateTime": datetime,
    "days and time duration": timedelta,
    "dayTimeDuration": timedelta,
    "years and months duration": YearsMonths,
    "yearMonthDuration": YearsMonths,
}
GENERIC = ("list", "range", "context", "function")


@dataclass(frozen=True, slots=True)
class Type:
    """A type: its name, the types inside it, and for a context the names of its entries."""

    name: str
    arguments: tuple[Type, ...] = ()
    keys: tuple[str, ...] = ()


#: Takes the steps that looking into a list or context costs, and may raise FeelEvaluationError.
Spend = Callable[[int], None]


def _free(steps: int) -> None:
    """Spend nothing: for values that were already counted as they came in."""


def is_instance(value: Any, wanted: Type, spend: Spend = _free) -> bool:
    """Say whether the value conforms to the type; null is an instance of ``Null`` only (DMN 1.5, table 54)."""
    if wanted.name == "Null":
        return value is None
    if value is None:
        return False
    if wanted.name == "Any":
        return True
    if wanted.name in GENERIC:
        return _GENERIC_CHECKS[wanted.name](value, wanted, spend)
    expected = SIMPLE.get(wanted.name)
    return type(value) is expected


def conforms(value: Any, wanted: Type | None, spend: Spend = _free) -> bool:
    """Say whether the value may stand where the type is asked for: null may, everywhere."""
    return wanted is None or value is None or is_instance(value, wanted, spend)


#: A value that no conversion makes fit.
MISFIT: Final = object()


def fit(value: Any, wanted: Type | None, spend: Spend = _free) -> Any:
    """Return the value as the type takes it, or MISFIT (DMN 1.5, 10.3.2.9.4).

    A list of one stands for its item and a value for a list of one; a date is midnight of its day, in UTC.
    """
    if wanted is None or conforms(value, wanted, spend):
        return value
    if wanted.name == "list":
        alone = [value]
        return alone if type(value) is not list and _is_list(alone, wanted, spend) else MISFIT
    if type(value) is list and len(value) == 1 and type(value[0]) is not list:
        return fit(value[0], wanted, spend)
    if type(value) is date and wanted.name in ("date and time", "dateTime"):
        return datetime.combine(value, time(), UTC)
    return MISFIT


def _is_list(value: Any, wanted: Type, spend: Spend) -> bool:
    if type(value) is not list or not wanted.arguments:
        return type(value) is list
    spend(len(value))
    return all(conforms(item, wanted.arguments[0], spend) for item in value)


def _is_context(value: Any, wanted: Type, spend: Spend) -> bool:
    spend(len(wanted.keys))
    return type(value) is dict and all(
        key in value and conforms(value[key], inner, spend)
        for key, inner in zip(wanted.keys, wanted.arguments, strict=True)
    )


def _is_range(value: Any, wanted: Type, spend: Spend) -> bool:
    return type(value) is Range and (
        not wanted.arguments or all(conforms(end, wanted.arguments[0]) for end in (value.start, value.end))
    )


def _is_function(value: Any, wanted: Type, spend: Spend) -> bool:
    parameters = getattr(value, "parameters", None)
    if parameters is None or not wanted.arguments:
        return parameters is not None
    given = wanted.arguments[:-1]
    declared = getattr(value, "types", (None,) * len(parameters))
    # Only parameters have types in FEEL: what a function returns is known when it has returned.
    return len(declared) == len(given) and all(map(_is_within, given, declared))


def _is_within(inner: Type, outer: Type | None) -> bool:
    """Say whether every value of the first type is one of the second (DMN 1.5, 10.3.2.9.3)."""
    if outer is None or outer.name == "Any" or inner == outer:
        return True
    if inner.name != outer.name or inner.name == "function":
        return False
    if outer.name != "context":
        return not outer.arguments or (bool(inner.arguments) and _is_within(inner.arguments[0], outer.arguments[0]))
    entries = dict(zip(inner.keys, inner.arguments, strict=True))
    wanted = zip(outer.keys, outer.arguments, strict=True)
    return all(key in entries and _is_within(entries[key], kind) for key, kind in wanted)


_GENERIC_CHECKS = {"list": _is_list, "context": _is_context, "range": _is_range, "function": _is_function}

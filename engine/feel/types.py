"""Type expressions, as ``instance of`` and function parameters use them (DMN 1.5, 10.3.2.9)."""

from __future__ import annotations

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


def is_instance(value: Any, wanted: Type) -> bool:
    """Say whether the value conforms to the type; null is an instance of ``Null`` only (DMN 1.5, table 54)."""
    if wanted.name == "Null":
        return value is None
    if value is None:
        return False
    if wanted.name == "Any":
        return True
    if wanted.name in GENERIC:
        return _GENERIC_CHECKS[wanted.name](value, wanted)
    expected = SIMPLE.get(wanted.name)
    return type(value) is expected


def conforms(value: Any, wanted: Type | None) -> bool:
    """Say whether the value may stand where the type is asked for: null may, everywhere."""
    return wanted is None or value is None or is_instance(value, wanted)


#: A value that no conversion makes fit.
MISFIT: Final = object()


def fit(value: Any, wanted: Type | None) -> Any:
    """Return the value as the type takes it, or MISFIT (DMN 1.5, 10.3.2.9.4).

    A list of one stands for its item and a value for a list of one; a date is midnight of its day, in UTC.
    """
    if wanted is None or conforms(value, wanted):
        return value
    if wanted.name == "list":
        alone = [value]
        return alone if type(value) is not list and _is_list(alone, wanted) else MISFIT
    if type(value) is list and len(value) == 1 and type(value[0]) is not list:
        return fit(value[0], wanted)
    if type(value) is date and wanted.name in ("date and time", "dateTime"):
        return datetime.combine(value, time(), UTC)
    return MISFIT


def _is_list(value: Any, wanted: Type) -> bool:
    return type(value) is list and (not wanted.arguments or all(conforms(item, wanted.arguments[0]) for item in value))


def _is_context(value: Any, wanted: Type) -> bool:
    return type(value) is dict and all(
        key in value and conforms(value[key], inner) for key, inner in zip(wanted.keys, wanted.arguments, strict=True)
    )


def _is_range(value: Any, wanted: Type) -> bool:
    return type(value) is Range and (
        not wanted.arguments or all(conforms(end, wanted.arguments[0]) for end in (value.start, value.end))
    )


def _is_function(value: Any, wanted: Type) -> bool:
    parameters = getattr(value, "parameters", None)
    if parameters is None:
        return False
    return not wanted.arguments or len(parameters) == len(wanted.arguments) - 1


_GENERIC_CHECKS = {"list": _is_list, "context": _is_context, "range": _is_range, "function": _is_function}

"""The parts of temporal values and ranges that a path reads (DMN 1.5, table 65)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from engine.feel.temporal import zone_text
from engine.feel.values import Range, YearsMonths

MISSING = object()
_SECOND = timedelta(seconds=1)


def property_of(value: Any, name: str) -> Any:
    """Return the part of the value, numbers as int, or ``MISSING`` if its kind has none of that name."""
    part = _PARTS.get(type(value), {}).get(name)
    return MISSING if part is None else part(value)


def _whole(value: timedelta, unit: int, size: int) -> int:
    """Return the units beyond the next larger ones, with the sign of the duration."""
    units = abs(value) // _SECOND // unit
    return (-1 if value < timedelta() else 1) * (units % size if size else units)


def _signed(count: int, size: int) -> int:
    """Return the whole units of this size, cut towards zero."""
    return -(-count // size) if count < 0 else count // size


def _offset(value: Any) -> timedelta | None:
    offset: timedelta | None = value.utcoffset()
    return offset


def _timezone(value: Any) -> str | None:
    return zone_text(value.tzinfo).lstrip("@") or None


_DATE: dict[str, Callable[[Any], Any]] = {
    "year": lambda value: value.year,
    "month": lambda value: value.month,
    "day": lambda value: value.day,
    "weekday": lambda value: value.isoweekday(),
}
_TIME: dict[str, Callable[[Any], Any]] = {
    "hour": lambda value: value.hour,
    "minute": lambda value: value.minute,
    "second": lambda value: value.second,
    "time offset": _offset,
    "timezone": _timezone,
}
_PARTS: dict[type, dict[str, Callable[[Any], Any]]] = {
    date: _DATE,
    time: _TIME,
    datetime: {**_DATE, **_TIME},
    timedelta: {
        "days": lambda value: _whole(value, 86_400, 0),
        "hours": lambda value: _whole(value, 3_600, 24),
        "minutes": lambda value: _whole(value, 60, 60),
        "seconds": lambda value: _whole(value, 1, 60),
    },
    YearsMonths: {
        "years": lambda value: _signed(value.months, 12),
        "months": lambda value: value.months - 12 * _signed(value.months, 12),
    },
    Range: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}

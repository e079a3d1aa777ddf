"""Whether a value of a case is the one that a scenario writes, which knows only text, numbers, lists and contexts."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine import feel
from engine.clock import TIMEZONE
from engine.feel import YearsMonths

_DURATION = feel.compile("duration(text)")


def same(wanted: Any, found: Any) -> bool:
    """Whether they are the same: 5 and 5.00, a date and its text, and so on inside lists and contexts."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return wanted.keys() == found.keys() and all(same(wanted[name], found[name]) for name in wanted)
    if isinstance(wanted, list) and isinstance(found, list | tuple):
        return len(wanted) == len(found) and all(map(same, wanted, found))
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    if isinstance(wanted, int | float) and isinstance(found, int | float | Decimal):
        return Decimal(str(wanted)) == Decimal(str(found))
    if isinstance(wanted, str) and not isinstance(found, str):
        return found is not None and _read(wanted, found) == found
    return bool(wanted == found)


def fits(wanted: Any, found: Any) -> bool:
    """Like :func:`same`, but of a context only the entries that are written count."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(name in found and fits(value, found[name]) for name, value in wanted.items())
    return same(wanted, found)


def plain(value: Any) -> Any:
    """A value as a scenario would write it."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _read(text: str, like: Any) -> Any:
    """The text as a value of the same kind as ``like``; None when it is none."""
    try:
        if isinstance(like, datetime):
            moment = datetime.fromisoformat(text)
            return moment if (moment.tzinfo is None) == (like.tzinfo is None) else moment.replace(tzinfo=TIMEZONE)
        if isinstance(like, date):
            return date.fromisoformat(text)
        if isinstance(like, time):
            return time.fromisoformat(text)
    except ValueError:
        return None
    return _DURATION.evaluate({"text": text}) if isinstance(like, timedelta | YearsMonths) else None

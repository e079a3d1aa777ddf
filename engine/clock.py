"""Time comes from a clock that can be replaced, so that scenarios and tests run on a virtual one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: Gives the current moment, aware, in UTC.
Clock = Callable[[], datetime]

#: The zone in which days begin and offices open.
TIMEZONE = ZoneInfo("Asia/Shanghai")

#: No case is older or younger, and every zone has moments for these.
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(9000, 1, 1)


def system_clock() -> datetime:
    """The current moment of this machine."""
    return datetime.now(UTC)


def local_day(moment: datetime) -> date:
    """The calendar day that an aware moment falls on for people here."""
    return moment.astimezone(TIMEZONE).date()


def beginning_of(day: date) -> datetime:
    """The moment at which a day begins here; days at the ends of the calendar count as some that we can reckon with."""
    return datetime.combine(min(max(day, _FIRST_DAY), _LAST_DAY), time.min, TIMEZONE)


def end_of_week(day: date) -> datetime:
    """The moment at which the week of a day is over here; weeks end on Sunday."""
    return end_of(day + timedelta(days=6 - day.weekday()))


def end_of(day: date) -> datetime:
    """The moment at which a day is over here."""
    return beginning_of(min(day, _LAST_DAY) + timedelta(days=1))

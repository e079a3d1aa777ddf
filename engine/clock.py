"""Time comes from a clock that can be replaced, so that scenarios and tests run on a virtual one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: Gives the current moment, aware, in UTC.
Clock = Callable[[], datetime]

#: The zone in which days begin and offices open.
TIMEZONE = ZoneInfo("Asia/Shanghai")


def system_clock() -> datetime:
    """The current moment of this machine."""
    return datetime.now(UTC)


def local_day(moment: datetime) -> date:
    """The calendar day that an aware moment falls on for people here."""
    return moment.astimezone(TIMEZONE).date()

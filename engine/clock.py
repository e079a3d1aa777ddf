"""Time comes from a clock that can be replaced, so that scenarios and tests run on a virtual one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

#: Gives the current moment, aware, in UTC.
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The current moment of this machine."""
    return datetime.now(UTC)

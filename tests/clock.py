"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.clock import TIMEZONE

#: Tuesday morning in office hours; the days around it are ordinary working days.
START = datetime(2026, 11, 24, 9, 0, tzinfo=TIMEZONE)


class FrozenClock:
    """An engine.clock.Clock whose moment only changes when told."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        """Move on by a duration, as in ``advance(days=3, hours=2)``."""
        self.now += timedelta(**duration)

    def move_to(self, moment: datetime) -> None:
        """Move to an aware moment."""
        self.now = moment

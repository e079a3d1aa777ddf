"""The clock of a scenario: it moves only when the scenario says so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class SettableClock(Protocol):
    """An engine's clock that stands still until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        """The moment at which it stands."""

    def move_to(self, moment: datetime) -> None:
        """Stand at another aware moment."""


class VirtualClock:
    """Stands at ``now``, aware, until it is moved."""

    def __init__(self, now: datetime = datetime(2000, 1, 1, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The moment at which it stands."""
        return self.now

    def move_to(self, moment: datetime) -> None:
        """Stand at another aware moment."""
        self.now = moment

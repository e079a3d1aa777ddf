"""The orders of the lists of an inbox, and places in them.

A page is found by the place of the line before it, so that the tenth thousandth costs what the first one does, and
nothing is skipped or shown twice while others work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Uuid, literal, tuple_

from engine.model.base import Moment
from engine.model.inbox import InboxEntry
from engine.queries.worklist_wish import Sort

#: How the parts of ``InboxEntry.urgency`` lie side by side (see engine.migrations.entries).
_DUE_BITS = 31
_NO_DUE = (1 << 32) - 1
#: Before and behind all ids.
_FIRST, _LAST = UUID(int=0), UUID(int=(1 << 128) - 1)
Key = int | datetime


def urgency_at(moment: datetime) -> int:
    """The least urgency of what is due at a moment or later."""
    return -int(-moment.timestamp() // 1) << _DUE_BITS


#: The least urgency of what has no deadline.
NEVER_DUE = _NO_DUE << _DUE_BITS


@dataclass(frozen=True)
class Way:
    """An order, followed from its first line to its last, or backward."""

    order: Sort
    backward: bool = False

    @property
    def descends(self) -> bool:
        """Whether keys become smaller."""
        return (self.order is Sort.NEWEST) != self.backward

    def key(self, lines: Any = InboxEntry) -> Any:
        """What lines are ordered by first: a column of theirs."""
        return lines.urgency if self.order is Sort.URGENT else lines.arrived_at

    def by(self, lines: Any = InboxEntry) -> tuple[Any, Any]:
        """The whole order, as columns of lines."""
        key, id = self.key(lines), lines.subject_id
        return (key.desc(), id.desc()) if self.descends else (key, id)

    def beyond(self, place: str) -> list[ColumnElement[bool]]:
        """The condition that a line comes after a place; none for a place that nobody of us wrote."""
        if (read := self._read(place)) is None:
            return []
        kind = BigInteger() if self.order is Sort.URGENT else Moment()
        here = tuple_(literal(read[0], kind), literal(read[1], Uuid()))
        there = tuple_(self.key(), InboxEntry.subject_id)
        return [there < here if self.descends else there > here]

    def up_to(self, key: Key) -> ColumnElement[bool]:
        """The condition that a line comes no later than all lines with this key."""
        found: ColumnElement[bool] = self.key() >= key if self.descends else self.key() <= key
        return found

    def behind(self, key: Key) -> str:
        """The place behind all lines with this key."""
        return place_of(key, _FIRST if self.descends else _LAST)

    def _read(self, place: str) -> tuple[Any, UUID] | None:
        number, _, subject = place.partition(".")
        try:
            value, id = int(number), UUID(subject)
            if not 0 <= value < 1 << 63:
                return None
            return (value if self.order is Sort.URGENT else datetime.fromtimestamp(value / 1_000_000, UTC)), id
        except (ValueError, OverflowError, OSError):
            return None


def place_of(key: Key, subject_id: UUID) -> str:
    """Where a line stands, as the address of a page names it."""
    number = key if isinstance(key, int) else int(key.timestamp() * 1_000_000)
    return f"{number}.{subject_id.hex}"

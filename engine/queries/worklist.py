"""The lists of an inbox: what they hold, a page of them, and how much waits.

A list is a set of rows of :class:`engine.model.inbox.InboxEntry` with the same ``owner``; what an official may claim
is made of several: one for each post, and one for what waits for the account itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, bindparam, distinct, func, select

from engine.clock import end_of, local_day
from engine.database import Transaction
from engine.model.base import Moment
from engine.model.inbox import InboxEntry
from engine.queries.worklist_page import (
    PAGE_SIZE,
    USUAL_PRIORITY,
    Due,
    Sort,
    Tab,
    Wish,
    first_of,
    page_query,
    place_of,
    urgency_at,
)

__all__ = ["Counts", "Due", "Line", "Listing", "Sort", "Tab", "Wish", "arrived_since", "counts", "lines", "next_task"]

#: Counting ends here; pages say 999+.
MOST_COUNTED = 1_000
_KIND = {Tab.MINE: "claimed", Tab.DONE: "done", Tab.STARTED: "started"}


@dataclass(frozen=True)
class Line:
    """One row of a list. ``task_id`` is None in the list of cases; ``place`` says where in the list it stands."""

    task_id: UUID | None
    instance_id: UUID
    title: str
    number: str
    process_key: str
    step: str
    applicant: str
    unit_id: UUID | None
    arrived: datetime
    due: datetime | None
    priority: int
    state: str
    place: str

    @property
    def is_important(self) -> bool:
        """Whether it has more than the usual priority."""
        return self.priority > USUAL_PRIORITY


@dataclass(frozen=True)
class Listing:
    """A page of a list; ``before`` and ``after`` are the places to go on from, empty at the ends."""

    lines: Sequence[Line]
    before: str = ""
    after: str = ""

    @property
    def total(self) -> int | None:
        """How many there are, as long as the page shows them all."""
        return None if self.before or self.after else len(self.lines)


@dataclass(frozen=True)
class Counts:
    """How much waits, none counted further than ``MOST_COUNTED``; deadlines of both lists, this week with today."""

    mine: int
    open: int
    overdue: int
    today: int
    week: int


def own_list(kind: str, account_id: UUID | None) -> str:
    """The owner of the entries of one account: ``claimed``, ``done`` or ``started``."""
    return f"{kind}:{account_id.hex if account_id else ''}"


def owners(tx: Transaction, tab: Tab) -> list[str]:
    """Whose entries a list is made of."""
    if tab is Tab.OPEN:
        return sorted(tx.actor.holders)
    return [own_list(_KIND[tab], tx.actor.account_id)]


def lines(tx: Transaction, wish: Wish) -> Listing:
    """One page of a list."""
    query = page_query(tx, wish, owners(tx, wish.tab))
    rows = list(tx.session.execute(query)) if query is not None else []
    more = len(rows) > PAGE_SIZE
    shown = [_line(row, wish) for row in rows[:PAGE_SIZE]]
    if not shown:
        return Listing([])
    if wish.is_backward:
        shown.reverse()
    has_before = more if wish.is_backward else bool(wish.after)
    has_after = wish.is_backward or more
    return Listing(shown, shown[0].place if has_before else "", shown[-1].place if has_after else "")


def counts(tx: Transaction) -> Counts:
    """How much waits for the actor; one statement."""
    today = local_day(tx.now)
    now, tonight = urgency_at(tx.now), urgency_at(end_of(today))
    sunday = urgency_at(end_of(today + timedelta(days=6 - today.weekday())))
    mine, free = owners(tx, Tab.MINE), owners(tx, Tab.OPEN)
    values = {"mine": mine, "open": free, "both": [*mine, *free], "now": now, "tonight": tonight, "sunday": sunday}
    return Counts(*tx.session.execute(_COUNTS, values).one())


def arrived_since(tx: Transaction, moment: datetime) -> int:
    """How many tasks have come into the list of those to claim since a moment."""
    values = {"owners": owners(tx, Tab.OPEN), "since": moment}
    return tx.session.scalar(_ARRIVED, values) or 0


def next_task(tx: Transaction, but: UUID) -> UUID | None:
    """The most urgent task that is claimed by the actor or free to claim, other than ``but``."""
    every = [*owners(tx, Tab.MINE), *owners(tx, Tab.OPEN)]
    found: UUID | None = tx.session.scalar(first_of(every, but))
    return found


def _line(row: Any, wish: Wish) -> Line:
    return Line(
        task_id=row.task_id,
        instance_id=row.instance_id,
        title=row.title,
        number=row.business_key,
        process_key=row.process_key,
        step=row.name or "",
        applicant=row.started_by_name,
        unit_id=row.unit_id,
        arrived=row.arrived_at,
        due=row.due_at,
        priority=row.priority,
        state=str(row.state or row.case_state),
        place=place_of(row.urgency if wish.order is Sort.URGENT else row.arrived_at, row.subject_id),
    )


def _counted(owners: str, *conditions: ColumnElement[bool]) -> Any:
    """How many tasks there are in some lists, each once."""
    some = select(InboxEntry.subject_id).where(InboxEntry.owner.in_(bindparam(owners, expanding=True)), *conditions)
    return select(func.count(distinct(some.limit(MOST_COUNTED).subquery().c.subject_id))).scalar_subquery()


def _before(name: str) -> ColumnElement[bool]:
    return InboxEntry.urgency < bindparam(name, type_=BigInteger())


# Made once: building a statement costs more than running it.
_FROM_NOW = InboxEntry.urgency >= bindparam("now", type_=BigInteger())
_COUNTS = select(
    _counted("mine"),
    _counted("open"),
    _counted("both", _before("now")),
    _counted("both", _FROM_NOW, _before("tonight")),
    _counted("both", _FROM_NOW, _before("sunday")),
)
_ARRIVED = select(_counted("owners", InboxEntry.arrived_at > bindparam("since", type_=Moment())))

"""The lists of an inbox: what they hold, a page of them, and how much waits.

A list is a set of rows of :class:`engine.model.inbox.InboxEntry` with the same ``list_no``; what an official may claim
is made of several: one for each post, and one for what waits for the account itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, case, func, or_, select, union_all

from engine.clock import end_of, end_of_week, local_day
from engine.database import Transaction
from engine.model.inbox import InboxEntry
from engine.model.work import TaskCandidate
from engine.queries import list_numbers, watched
from engine.queries.paging import MOST_COUNTED
from engine.queries.worklist_order import place_of, urgency_at
from engine.queries.worklist_page import first_of, page_query
from engine.queries.worklist_sources import NO_OWN_MATTER, matching, sources
from engine.queries.worklist_wish import PAGE_SIZE, USUAL_PRIORITY, Acting, Due, Sort, Tab, Wish

__all__ = ["Acting", "Counts", "Due", "Line", "Listing", "Sort", "Tab", "Wish", "arrived_since", "counts", "lines",
           "next_task", "waiting_for"]  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One row of a list. ``task_id`` is None in lists of cases; ``place`` says where in the list it stands."""

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
    #: The post in whose place the reader would do it; empty for the reader's own work.
    for_whom: str = ""
    #: How often others have urged the task.
    urged: int = 0
    #: Of a watched case: the steps that wait, each with who has it.
    steps: tuple[tuple[str, str], ...] = ()

    @property
    def is_important(self) -> bool:
        """Whether it has more than the usual priority."""
        return self.priority > USUAL_PRIORITY


@dataclass(frozen=True)
class Listing:
    """A page of a list; ``before`` and ``after`` are the places to go on from, empty at the ends.

    ``is_cut``: that the page looked through as many lines as one may, and says nothing about those behind them.
    """

    lines: Sequence[Line]
    before: str = ""
    after: str = ""
    is_cut: bool = False

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


def lines(tx: Transaction, wish: Wish) -> Listing:
    """One page of a list."""
    found = sources(tx, wish.tab, wish.acting)
    page = page_query(tx, wish, found) if found else None
    if page is None:
        return Listing([])
    rows = list(tx.session.execute(page.query))
    more = len(rows) > PAGE_SIZE
    edge = "" if more else page.edge
    others = _for_whom(tx, rows[:PAGE_SIZE]) if wish.tab in (Tab.MINE, Tab.OPEN) else {}
    shown = [_line(row, wish, others.get(row.subject_id, "")) for row in rows[:PAGE_SIZE]]
    if not shown and not edge:
        return Listing([])
    passed = shown[0].place if wish.place and shown else wish.place
    beyond = shown[-1].place if more else edge
    if wish.is_backward:
        shown.reverse()
    before, after = (beyond, passed) if wish.is_backward else (passed, beyond)
    return Listing(_standing(tx, shown) if wish.tab is Tab.WATCHED else shown, before, after, is_cut=bool(edge))


def counts(tx: Transaction) -> Counts:
    """How much waits for the actor."""
    today = local_day(tx.now)
    now, tonight = urgency_at(tx.now), urgency_at(end_of(today))
    values: dict[str, Any] = {"now": now, "tonight": tonight, "sunday": urgency_at(end_of_week(today))}
    mine, free = sources(tx, Tab.MINE), sources(tx, Tab.OPEN)
    if tx.actor.standing_in:
        return Counts(*tx.session.execute(_counts(matching(mine), matching(free)), values).one())
    values |= {f"list_{number}": each.list_no for number, each in enumerate([*mine, *free])}
    return Counts(*tx.session.execute(_usual_counts(len(free)), {**values, "me": tx.actor.account_id}).one())


def arrived_since(tx: Transaction, moment: datetime) -> int:
    """How many tasks have come into the list of those to claim since a moment."""
    free = sources(tx, Tab.OPEN)
    return tx.session.scalar(select(_counted(matching(free), InboxEntry.arrived_at > moment))) or 0


def waiting_for(tx: Transaction, holders: Sequence[str]) -> dict[str, int]:
    """How many tasks each of these posts may claim, none counted further than ``MOST_COUNTED``."""
    if not holders:
        return {}
    numbers = list_numbers.of_names(tx, holders)
    counted = [_counted([InboxEntry.list_no == number], NO_OWN_MATTER) for number in numbers]
    found = tx.session.execute(select(*counted), {"me": tx.actor.account_id}).one()
    return dict(zip(holders, found, strict=True))


def next_task(tx: Transaction, but: UUID) -> UUID | None:
    """The most urgent task that is claimed by the actor or free to claim, other than ``but``."""
    every = [*sources(tx, Tab.MINE), *sources(tx, Tab.OPEN)]
    found: UUID | None = tx.session.scalar(first_of(every, but))
    return found


def _for_whom(tx: Transaction, rows: Sequence[Any]) -> dict[UUID, str]:
    """The posts in whose place a substitute would do some tasks; those that wait for an own post are left out."""
    if not tx.actor.standing_in or not rows:
        return {}
    query = select(TaskCandidate.task_id, TaskCandidate.holder)
    asked: dict[UUID, set[str]] = {}
    for task_id, holder in tx.session.execute(query.where(TaskCandidate.task_id.in_(row.subject_id for row in rows))):
        asked.setdefault(task_id, set()).add(holder)
    names = {each.holder: each.name for each in reversed(tx.actor.standing_in)}
    return {
        task_id: next(names[holder] for holder in sorted(holders) if holder in names)
        for task_id, holders in asked.items()
        if holders.isdisjoint(tx.actor.holders) and not holders.isdisjoint(names)
    }


def _line(row: Any, wish: Wish, for_whom: str) -> Line:
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
        for_whom=for_whom,
        urged=row.urged or 0,
    )


def _standing(tx: Transaction, lines: Sequence[Line]) -> list[Line]:
    """Watched cases with the steps that they are at and the next deadline; those that may not be read are left out."""
    standing = watched.standing(tx, [line.instance_id for line in lines])
    return [
        replace(line, steps=found.steps, due=found.due, urged=found.urged)
        for line in lines
        if (found := standing.get(line.instance_id)) is not None
    ]


def _counted(found: Sequence[ColumnElement[bool]], *conditions: ColumnElement[bool]) -> Any:
    """How many tasks there are in some lists, each once. A list is read by itself: databases stop early only there.

    Telling tasks apart costs more than reading them, so it is asked first whether one list alone has the most.
    """
    lists = [select(InboxEntry.subject_id).where(each, *conditions) for each in found]
    last = (each.offset(MOST_COUNTED - 1).limit(1).scalar_subquery() for each in lists)
    every = union_all(*(select(each.limit(MOST_COUNTED).subquery()) for each in lists)).subquery()
    once = select(every.c.subject_id).distinct().limit(MOST_COUNTED).subquery()
    number = select(func.count()).select_from(once).scalar_subquery()
    return case((or_(*(each.is_not(None) for each in last)), MOST_COUNTED), else_=number)


def _counts(mine: Sequence[ColumnElement[bool]], free: Sequence[ColumnElement[bool]]) -> Select[Any]:
    both, from_now = (*mine, *free), InboxEntry.urgency >= bindparam("now", type_=BigInteger())
    return select(
        _counted(mine),
        _counted(free),
        _counted(both, _before("now")),
        _counted(both, from_now, _before("tonight")),
        _counted(both, from_now, _before("sunday")),
    )


def _before(name: str) -> ColumnElement[bool]:
    return InboxEntry.urgency < bindparam(name, type_=BigInteger())


@lru_cache
def _usual_counts(lists: int) -> Select[Any]:
    """The counts of whoever stands in for nobody, and may claim what is in so many lists.

    Made once: building a statement costs more than running it.
    """
    mine, *free = (InboxEntry.list_no == bindparam(f"list_{number}") for number in range(lists + 1))
    return _counts([mine], [and_(each, NO_OWN_MATTER) for each in free])

"""How much was done, how much of it in time, how long it took: of one person, and of the units below a post."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, func, select
from sqlalchemy.orm import aliased

from engine import people
from engine.database import Transaction
from engine.model.base import BEHIND
from engine.model.inbox import InboxEntry, WaitingTask
from engine.model.people import OrgUnit
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.people import OrgTree, Unit
from engine.queries import list_numbers
from engine.queries.paging import MOST_COUNTED
from engine.queries.worklist_order import urgency_at
from engine.queries.worklist_sources import own_list


@dataclass(frozen=True)
class Figures:
    """What was completed in a period. ``median`` is the time from being assigned to being completed."""

    done: int
    with_deadline: int
    in_time: int
    median: timedelta | None

    @property
    def share(self) -> float | None:
        """The part that was in time of all that had a deadline, 0 to 1; None when nothing had one."""
        return self.in_time / self.with_deadline if self.with_deadline else None

    @property
    def late(self) -> int:
        """How many were completed after their deadline."""
        return self.with_deadline - self.in_time


@dataclass(frozen=True)
class Waiting:
    """What waits now, and how much of it is overdue; neither is counted further than ``MOST_COUNTED``."""

    open: int
    overdue: int


@dataclass(frozen=True)
class UnitLine:
    """A unit with all below it."""

    unit: Unit
    figures: Figures
    waiting: Waiting


@dataclass(frozen=True)
class Team:
    """The units below a leader; what they completed was counted at ``counted_at``, what waits now."""

    lines: Sequence[UnitLine]
    counted_at: datetime


#: From so many completions on, they are counted once for all who look within this time.
MANY = 5_000
KEPT_FOR = timedelta(minutes=10)
_Done = tuple[object, datetime, datetime, datetime | None]


def mine(tx: Transaction, begin: datetime, end: datetime) -> dict[str, Figures]:
    """The own figures from ``begin`` until before ``end``, by process key; ``""`` is all together."""
    query = _done(ProcessInstance.__table__.c.process_key, begin, end).where(
        UserTask.completed_by == tx.actor.account_id
    )
    rows = [_plain(row) for row in tx.session.execute(query)]
    keys = sorted({str(row[0]) for row in rows})
    return {"": figures(rows), **{key: figures(row for row in rows if row[0] == key) for key in keys}}


def mine_waiting(tx: Transaction) -> Waiting:
    """What the actor has claimed."""
    number = list_numbers.of_list(tx, own_list("claimed", tx.actor.account_id))
    claimed = select(InboxEntry.subject_id).where(InboxEntry.list_no == number)
    late = claimed.where(InboxEntry.urgency < urgency_at(tx.now))
    return Waiting(*tx.session.execute(select(_some(claimed), _some(late))).one())


def leads(tx: Transaction) -> bool:
    """Whether the acting post looks after units below its own."""
    unit_id = tx.actor.unit_id
    return unit_id is not None and tx.actor.may("case.view_below") and bool(people.org_tree(tx).children(unit_id))


def team(tx: Transaction, begin: datetime, end: datetime) -> Team:
    """The figures of the units directly below the acting post's, each with all below it; none of single persons.

    Very many completions are not read anew for everybody who looks: their figures stay for ``KEPT_FOR``.
    """
    if not leads(tx) or tx.actor.unit_id is None:
        return Team((), tx.now)
    tree = people.org_tree(tx)
    units = tree.children(tx.actor.unit_id)
    done, counted_at = _done_below(tx, tree, units, (begin, end))
    waiting = _waiting_below(tx, units)
    return Team([UnitLine(unit, done[unit.id], waiting[unit.id]) for unit in units], counted_at)


def _done_below(
    tx: Transaction, tree: OrgTree, units: tuple[Unit, ...], period: tuple[datetime, datetime]
) -> tuple[dict[UUID, Figures], datetime]:
    """The figures of each unit and when they were counted."""
    key, state = ("team", tx.actor.unit_id), (period, tx.stamp)
    known, found, counted_at = tx.engine.cache.get(key, (None, {}, tx.now))
    if known == state and timedelta() <= tx.now - counted_at < KEPT_FOR:
        return found, counted_at
    done: dict[UUID, list[_Done]] = {unit.id: [] for unit in units}
    below = ProcessInstance.unit_path.startswith(tx.actor.unit_path)
    for row in tx.session.execute(_done(ProcessInstance.__table__.c.unit_id, *period).where(below)):
        unit = _unit_above(tree, units, row[0])
        if unit is not None:
            done[unit.id].append(_plain(row))
    found = {id: figures(rows) for id, rows in done.items()}
    if _are_many(tx, period):
        tx.engine.cache[key] = state, found, tx.now
    return found, tx.now


def _are_many(tx: Transaction, period: tuple[datetime, datetime]) -> bool:
    """Whether the platform has so many completions in the period that reading them takes long."""
    some = select(UserTask.id).where(UserTask.completed_at >= period[0], UserTask.completed_at < period[1])
    return tx.session.scalar(select(func.count()).select_from(some.limit(MANY).subquery())) == MANY


def figures(rows: Iterable[_Done]) -> Figures:
    """Counted from rows of (group, assigned, completed, due)."""
    rows = list(rows)
    due = [(completed, due) for _, _, completed, due in rows if due is not None]
    took = [(completed - assigned).total_seconds() for _, assigned, completed, _ in rows]
    return Figures(
        done=len(rows),
        with_deadline=len(due),
        in_time=sum(completed <= due_at for completed, due_at in due),
        median=timedelta(seconds=median(took)) if took else None,
    )


def _done(group: ColumnElement[Any], begin: datetime, end: datetime) -> Select[*tuple[Any, ...]]:
    query = select(group, UserTask.created_at, UserTask.completed_at, UserTask.due_at)
    query = query.join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    return query.where(UserTask.completed_at >= begin, UserTask.completed_at < end)


def _plain(row: Row[*tuple[Any, ...]]) -> _Done:
    group, assigned, completed, due = row
    return group, assigned, completed, due


def _some(tasks: Select[UUID]) -> ScalarSelect[int]:
    return select(func.count()).select_from(tasks.limit(MOST_COUNTED).subquery()).scalar_subquery()


def _waiting_below(tx: Transaction, units: tuple[Unit, ...]) -> dict[UUID, Waiting]:
    """What waits in each of the units and all below it, whoever has it; one statement."""
    top, below = aliased(OrgUnit), aliased(OrgUnit)
    tasks = select(WaitingTask.unit_id).join(below, below.id == WaitingTask.unit_id).correlate(top)
    tasks = tasks.where(below.path >= top.path, below.path < top.path.concat(BEHIND))
    late = tasks.where(WaitingTask.urgency < urgency_at(tx.now))
    query = select(top.id, _some(tasks), _some(late)).where(top.id.in_([unit.id for unit in units]))
    return {id: Waiting(*numbers) for id, *numbers in tx.session.execute(query)}


def _unit_above(tree: OrgTree, units: tuple[Unit, ...], unit_id: UUID | None) -> Unit | None:
    if unit_id is None:
        return None
    path = tree.unit(unit_id).path
    return next(_matching(units, path), None)


def _matching(units: tuple[Unit, ...], path: str) -> Iterator[Unit]:
    return (unit for unit in units if path.startswith(unit.path))

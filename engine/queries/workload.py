"""How much was done, how much of it in time, how long it took: of one person, and of the units below a post."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, case, func, select

from engine import people
from engine.database import Transaction
from engine.lifecycle import UserTaskState
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.people import OrgTree, Unit


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
    """What waits now, and how much of it is overdue."""

    open: int
    overdue: int


@dataclass(frozen=True)
class UnitLine:
    """A unit with all below it."""

    unit: Unit
    figures: Figures
    waiting: Waiting


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
    query = select(*_counted(tx.now)).where(
        UserTask.assignee == tx.actor.account_id, UserTask.state == UserTaskState.CREATED
    )
    return Waiting(*tx.session.execute(query).one())


def leads(tx: Transaction) -> bool:
    """Whether the acting post looks after units below its own."""
    unit_id = tx.actor.unit_id
    return unit_id is not None and tx.actor.may("case.view_below") and bool(people.org_tree(tx).children(unit_id))


def team(tx: Transaction, begin: datetime, end: datetime) -> list[UnitLine]:
    """The figures of the units directly below the acting post's, each with all below it; none of single persons."""
    if not leads(tx) or tx.actor.unit_id is None:
        return []
    tree = people.org_tree(tx)
    units = tree.children(tx.actor.unit_id)
    below = ProcessInstance.unit_path.startswith(tx.actor.unit_path)
    done: dict[UUID, list[_Done]] = {unit.id: [] for unit in units}
    for row in tx.session.execute(_done(ProcessInstance.__table__.c.unit_id, begin, end).where(below)):
        unit = _unit_above(tree, units, row[0])
        if unit is not None:
            done[unit.id].append(_plain(row))
    waiting = _waiting_below(tx, tree, units)
    return [UnitLine(unit, figures(done[unit.id]), waiting[unit.id]) for unit in units]


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


def _counted(now: datetime) -> tuple[ColumnElement[int], ColumnElement[int]]:
    return func.count(), func.coalesce(func.sum(case((UserTask.due_at < now, 1), else_=0)), 0)


def _waiting_below(tx: Transaction, tree: OrgTree, units: tuple[Unit, ...]) -> dict[UUID, Waiting]:
    query = select(ProcessInstance.unit_id, *_counted(tx.now))
    query = query.join(UserTask, UserTask.instance_id == ProcessInstance.id)
    query = query.where(UserTask.state == UserTaskState.CREATED)
    query = query.where(ProcessInstance.unit_path.startswith(tx.actor.unit_path)).group_by(ProcessInstance.unit_id)
    found = {unit.id: [0, 0] for unit in units}
    for unit_id, count, overdue in tx.session.execute(query):
        unit = _unit_above(tree, units, unit_id)
        if unit is not None:
            found[unit.id][0] += count
            found[unit.id][1] += int(overdue)
    return {id: Waiting(*numbers) for id, numbers in found.items()}


def _unit_above(tree: OrgTree, units: tuple[Unit, ...], unit_id: UUID | None) -> Unit | None:
    if unit_id is None:
        return None
    path = tree.unit(unit_id).path
    return next(_matching(units, path), None)


def _matching(units: tuple[Unit, ...], path: str) -> Iterator[Unit]:
    return (unit for unit in units if path.startswith(unit.path))

"""Which cases a list of all cases holds: narrowed by conditions, found by words, the newest or the oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, literal, literal_column, or_, select

from engine import people
from engine.clock import beginning_of, end_of
from engine.database import Transaction
from engine.lifecycle import InstanceState, UserTaskState
from engine.model.base import BEHIND
from engine.model.inbox import IMPRINT
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.queries import searching
from engine.queries.paging import MOST_COUNTED
from engine.queries.searching import Weighed

#: A search for what many cases have looks through so many of them, in the order of the list.
NEAR = 20_000
#: Word for word what the index is made for.
HAS_FAILED = ProcessInstance.incidents > literal_column("0")
#: A unit with fewer cases is looked through whole.
_FEW_IN_UNIT = 10_000


@dataclass(frozen=True)
class Wish:
    """What the list of cases is narrowed to. ``since`` and ``until`` are days of its start, both included."""

    search: str = ""
    process_key: str = ""
    state: InstanceState | None = None
    unit_id: UUID | None = None
    overdue: bool = False
    failed: bool = False
    since: date | None = None
    until: date | None = None
    oldest_first: bool = False
    page: int = 1


def found(tx: Transaction, wish: Wish) -> tuple[list[UUID], bool]:
    """The ids of the cases that are listed, and whether a search has left any unseen."""
    ids, left_out = _found_by_words(tx, wish)
    person = searching.named(tx, wish.search)
    return (ids if person is None else _with_person(tx, wish, ids, person)), left_out


def _with_person(tx: Transaction, wish: Wish, ids: Sequence[UUID], person: range) -> list[UUID]:
    """The cases that were found, and in the same order those that name this person."""
    case = ProcessInstance
    unit = [_in_unit(tx, wish.unit_id).condition] if wish.unit_id else []
    theirs = and_(case.id.in_(searching.cases_with(person)), *_within(wish), *_narrowed(tx, wish), *unit)
    query = select(case.id).where(or_(case.id.in_(ids), theirs)).order_by(*_order(case, wish))
    return list(tx.session.scalars(query.limit(MOST_COUNTED)))


def _found_by_words(tx: Transaction, wish: Wish) -> tuple[list[UUID], bool]:
    case, wanted = ProcessInstance, searching.read_words(wish.search)
    weighed = searching.weigh(tx, wanted)
    if wish.search and not weighed.cases:
        return [], False
    unit = _in_unit(tx, wish.unit_id) if wish.unit_id else None
    conditions = [*_narrowed(tx, wish), *([unit.condition] if unit else [])]
    if wish.search and not weighed.is_rare and not (unit and unit.is_small):
        return _found_near(tx, wish, wanted, weighed, conditions)
    if wish.search and weighed.is_rare:
        conditions.append(case.id.in_(searching.cases_with(weighed.rare)))
    conditions += [
        *searching.may_have(case, wanted),
        *(weighed.has(case.id, each) for each in wanted),
    ]
    query = select(case.id).where(*_within(wish), *conditions).order_by(*_order(case, wish))
    return list(tx.session.scalars(query.limit(MOST_COUNTED))), False


@dataclass(frozen=True)
class _InUnit:
    """The cases of a unit and all below it; a small unit has few."""

    condition: ColumnElement[bool]
    is_small: bool


def _in_unit(tx: Transaction, unit_id: UUID) -> _InUnit:
    path = people.org_tree(tx).unit(unit_id).path
    here = ProcessInstance.unit_path
    below = and_(here >= path, here < path + BEHIND)
    if tx.session.scalar(select(literal(1)).where(below).offset(_FEW_IN_UNIT).limit(1)) is None:
        return _InUnit(ProcessInstance.id.in_(select(ProcessInstance.id).where(below).limit(_FEW_IN_UNIT)), True)
    return _InUnit(here.startswith(path, autoescape=True), False)


def _found_near(
    tx: Transaction, wish: Wish, wanted: Sequence[range], weighed: Weighed, conditions: Sequence[ColumnElement[bool]]
) -> tuple[list[UUID], bool]:
    """Along the order of the list, until enough is found or enough was seen."""
    case = ProcessInstance
    columns = (case.id, case.started_at, *(getattr(case, name) for name in IMPRINT))
    walk = select(*columns).where(*_within(wish)).order_by(*_order(case, wish))
    near = walk.limit(NEAR).subquery().c
    query = select(near.id).where(*searching.may_have(near, wanted))
    query = query.where(*(weighed.has(near.id, each) for each in wanted))
    if conditions:
        query = query.join(case, case.id == near.id).where(*conditions)
    ids = list(tx.session.scalars(query.order_by(*_order(near, wish)).limit(MOST_COUNTED)))
    return ids, len(ids) < MOST_COUNTED and tx.session.scalar(walk.offset(NEAR).limit(1)) is not None


def _order(case: Any, wish: Wish) -> tuple[Any, Any]:
    return (case.started_at, case.id) if wish.oldest_first else (case.started_at.desc(), case.id.desc())


def _narrowed(tx: Transaction, wish: Wish) -> list[ColumnElement[bool]]:
    """What the list is narrowed to, besides the words, the days and the unit."""
    conditions = seen_by(tx)
    if wish.process_key:
        conditions.append(ProcessInstance.process_key == wish.process_key)
    if wish.state is not None:
        conditions.append(ProcessInstance.state == wish.state)
    if wish.overdue:
        conditions.append(_is_overdue(tx))
    if wish.failed:
        conditions.append(HAS_FAILED)
    return conditions


def seen_by(tx: Transaction) -> list[ColumnElement[bool]]:
    """What the actor may see; nothing has to be asked for whoever may see all."""
    return [] if tx.actor.may("case.view_all") else [people.visible_to(tx.actor)]


def _within(wish: Wish) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wish.since is not None:
        conditions.append(ProcessInstance.started_at >= beginning_of(wish.since))
    if wish.until is not None:
        conditions.append(ProcessInstance.started_at < end_of(wish.until))
    return conditions


def _is_overdue(tx: Transaction) -> ColumnElement[bool]:
    waiting = UserTask.state == UserTaskState.CREATED
    return exists().where(UserTask.instance_id == ProcessInstance.id, waiting, UserTask.due_at < tx.now)

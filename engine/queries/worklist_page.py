"""One page of a list of an inbox, as a query. It walks one index for each list that the page is made of.

A page is found by the place of the line before it, so that the tenth thousandth costs what the first one does, and
nothing is skipped or shown twice while others work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, Uuid, and_, literal, or_, select, tuple_, union

from engine import people
from engine.clock import end_of, end_of_week, local_day
from engine.database import Transaction
from engine.model.base import Moment
from engine.model.inbox import InboxEntry
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.queries import list_numbers, searching
from engine.queries.worklist_wish import PAGE_SIZE, USUAL_PRIORITY, Due, Sort, Source, Wish

#: How the parts of ``InboxEntry.urgency`` lie side by side (see engine.migrations.entries).
_DUE_BITS = 31
_NO_DUE = (1 << 32) - 1
_COLUMNS = (
    InboxEntry.subject_id, InboxEntry.instance_id, InboxEntry.urgency, InboxEntry.arrived_at, InboxEntry.priority,
)  # fmt: skip


def page_query(tx: Transaction, wish: Wish, sources: Sequence[Source]) -> Select[Any] | None:
    """The query of one page and one line more; None when nothing can be found.

    A search begins at the shorter end: with the cases that have the rarest pair when they are few, or else with the
    lines of the list, of which the index is asked only about those whose imprint leaves the words possible.
    """
    walk = _Walk.of(tx, wish, sources, searching.named(tx, wish.search))
    if not wish.search.split():
        return walk.page([])
    wanted = searching.read_words(wish.search)
    weighed = searching.weigh(tx, wanted)
    if not weighed.cases:
        return walk.of_cases(walk.person, []) if walk.person is not None else None
    if weighed.is_rare:
        others = (each for each in wanted if each != weighed.rare)
        return walk.of_cases(
            weighed.rare, [searching.has(InboxEntry.instance_id, each, weighed.listed) for each in others]
        )
    found = (searching.has(InboxEntry.instance_id, each, weighed.listed) for each in wanted)
    return walk.page([*searching.may_have(InboxEntry, wanted), *found])


@dataclass(frozen=True)
class _Walk:
    """A way through some lists: where it begins, in which order, past what."""

    sources: Sequence[Source]
    conditions: Sequence[ColumnElement[bool]]
    order: Sort
    backward: bool
    #: Lines of cases that name this person are found, too.
    person: range | None

    @classmethod
    def of(cls, tx: Transaction, wish: Wish, sources: Sequence[Source], person: range | None) -> _Walk:
        conditions, backward = _narrowed(tx, wish), wish.is_backward
        if place := _read_place(wish.before if backward else wish.after, wish.order):
            conditions.append(_beyond(place, wish.order, backward))
        return cls(sources, conditions, wish.order, backward, person)

    def page(self, more: Sequence[ColumnElement[bool]]) -> Select[Any]:
        """Along the index of the order."""
        return self._with_details(_merged([self._branch(each, more) for each in self.sources]))

    def of_cases(self, rare: range, more: Sequence[ColumnElement[bool]]) -> Select[Any]:
        """The lines of few cases."""
        return self._with_details(self._lines_of(searching.cases_with(rare).limit(searching.FEW), more).subquery())

    def _lines_of(self, found: Select[UUID], more: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
        cases, entry = found.subquery(), InboxEntry
        query = select(*_COLUMNS).join_from(cases, entry, entry.instance_id == cases.c.instance_id)
        # By the number itself, both databases would begin with the list.
        number = entry.list_no + 0
        theirs = (and_(number == source.list_no, *source.conditions) for source in self.sources)
        return query.where(*self.conditions, or_(*theirs), *more).distinct()

    def _branch(self, source: Source, more: Sequence[ColumnElement[bool]]) -> Select[Any]:
        return _branch(source, [*self.conditions, *more], self.order, self.backward, PAGE_SIZE + 1)

    def _with_details(self, merged: Any) -> Select[Any]:
        if self.person is not None:
            merged = union(select(merged), self._lines_of(searching.cases_with(self.person), [])).subquery()
        return _with_details(merged, self.order, self.backward)


def place_of(key: int | datetime, subject_id: UUID) -> str:
    """Where a line stands, as the address of a page names it."""
    number = key if isinstance(key, int) else int(key.timestamp() * 1_000_000)
    return f"{number}.{subject_id.hex}"


def first_of(sources: Sequence[Source], but: UUID) -> Select[Any]:
    """The query of the most urgent line of some lists, other than one: its ``subject_id``."""
    merged = _merged([_branch(source, [InboxEntry.subject_id != but], Sort.URGENT, False, 1) for source in sources])
    return select(merged.c.subject_id).order_by(merged.c.urgency, merged.c.subject_id).limit(1)


def urgency_at(moment: datetime) -> int:
    """The least urgency of what is due at a moment or later."""
    return -int(-moment.timestamp() // 1) << _DUE_BITS


def _narrowed(tx: Transaction, wish: Wish) -> list[ColumnElement[bool]]:
    entry = InboxEntry
    conditions: list[ColumnElement[bool]] = []
    if wish.process_key:
        conditions.append(entry.process_no == list_numbers.of_processes(tx, [wish.process_key])[0])
    if wish.level is not None:
        conditions.append(entry.level_no == list_numbers.of_level(tx, wish.level))
    if wish.unit_id is not None:
        tree = people.org_tree(tx)
        top = tree.unit(wish.unit_id)
        below = [unit.id for unit in tree if unit.path.startswith(top.path)]
        conditions.append(entry.unit_no.in_(list_numbers.of_units(tx, below)))
    if wish.important:
        conditions.append(entry.priority > USUAL_PRIORITY)
    if wish.due is not None:
        conditions += _due_within(tx, wish.due)
    return conditions


def _due_within(tx: Transaction, due: Due) -> list[ColumnElement[bool]]:
    today = local_day(tx.now)
    if due is Due.NONE:
        return [InboxEntry.urgency >= _NO_DUE << _DUE_BITS]
    if due is Due.OVERDUE:
        return [InboxEntry.urgency < urgency_at(tx.now)]
    end = end_of(today) if due is Due.TODAY else end_of_week(today)
    return [InboxEntry.urgency >= urgency_at(tx.now), InboxEntry.urgency < urgency_at(end)]


def _key(order: Sort) -> Any:
    return InboxEntry.urgency if order is Sort.URGENT else InboxEntry.arrived_at


def _descends(order: Sort, backward: bool) -> bool:
    return (order is Sort.NEWEST) != backward


def _read_place(text: str, order: Sort) -> tuple[Any, UUID] | None:
    """The place in an address; one that nobody of us wrote counts as none."""
    number, _, subject = text.partition(".")
    try:
        value, id = int(number), UUID(subject)
        if not 0 <= value < 1 << 63:
            return None
        return (value if order is Sort.URGENT else datetime.fromtimestamp(value / 1_000_000, UTC)), id
    except (ValueError, OverflowError, OSError):
        return None


def _beyond(place: tuple[Any, UUID], order: Sort, backward: bool) -> ColumnElement[bool]:
    kind = BigInteger() if order is Sort.URGENT else Moment()
    here = tuple_(literal(place[0], kind), literal(place[1], Uuid()))
    there = tuple_(_key(order), InboxEntry.subject_id)
    return there < here if _descends(order, backward) else there > here


def _branch(
    source: Source, conditions: Sequence[ColumnElement[bool]], order: Sort, backward: bool, most: int
) -> Select[Any]:
    """The first entries of one list, along the index of its order."""
    key, entry = _key(order), InboxEntry
    # SQLite tests in this order: what reads nothing but the index comes first.
    query = select(*_COLUMNS).where(entry.list_no == source.list_no, *conditions, *source.conditions)
    if _descends(order, backward):
        query = query.order_by(key.desc(), entry.subject_id.desc())
    else:
        query = query.order_by(key, entry.subject_id)
    # SQLite takes no order inside a union but in a query of its own.
    return select(query.limit(most).subquery())


def _merged(branches: list[Select[Any]]) -> Any:
    return (branches[0] if len(branches) == 1 else union(*branches)).subquery()


def _with_details(merged: Any, order: Sort, backward: bool) -> Select[Any]:
    """The page in its order, each row with what a line shows of task and case."""
    case, task = ProcessInstance, UserTask
    page = select(merged).order_by(*_by(merged, order, backward)).limit(PAGE_SIZE + 1).subquery()
    query = select(
        *page.c, case.title, case.business_key, case.process_key, case.started_by_name, case.unit_id,
        case.state.label("case_state"), task.id.label("task_id"), task.name, task.state, task.due_at, task.urged,
    )  # fmt: skip
    query = query.join_from(page, case, case.id == page.c.instance_id)
    return query.outerjoin(task, task.id == page.c.subject_id).order_by(*_by(page, order, backward))


def _by(lines: Any, order: Sort, backward: bool) -> tuple[Any, Any]:
    """The order of lines that are a query of their own."""
    key, id = lines.c.urgency if order is Sort.URGENT else lines.c.arrived_at, lines.c.subject_id
    return (key.desc(), id.desc()) if _descends(order, backward) else (key, id)

"""One page of a list of an inbox, as a query. It walks one index for each list that the page is made of.

What is sought may stand at the very end of a list, or nowhere. A page looks through so many lines and no more, and
says where to go on from, so that none takes longer the longer a list becomes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, union

from engine import people
from engine.clock import end_of, end_of_week, local_day
from engine.database import Transaction
from engine.model.inbox import InboxEntry
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.queries import list_numbers, searching
from engine.queries.worklist_order import NEVER_DUE, Key, Way, urgency_at
from engine.queries.worklist_wish import PAGE_SIZE, USUAL_PRIORITY, Due, Sort, Source, Wish

#: So many lines of each list are looked through for one page; of these, and for other pages, all is found.
MOST_WALKED = 10_000
_COLUMNS = (
    InboxEntry.subject_id, InboxEntry.instance_id, InboxEntry.urgency, InboxEntry.arrived_at, InboxEntry.priority,
)  # fmt: skip
_Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class Found:
    """The query of one page and one line more; ``edge`` is the place that it looks up to, empty for the end."""

    query: Select[Any]
    edge: str = ""


def page_query(tx: Transaction, wish: Wish, sources: Sequence[Source]) -> Found | None:
    """How to read one page; None when nothing can be found.

    A search begins at the shorter end: with the cases that have the rarest pair when they are few, or else with the
    lines of the list, of which the index is asked only about those whose imprint leaves the words possible.
    """
    walk = _Walk.of(tx, wish, sources, searching.named(tx, wish.search))
    if not wish.search.split():
        return walk.page(tx)
    wanted = searching.read_words(wish.search)
    weighed = searching.weigh(tx, wanted)
    if not weighed.cases:
        return walk.of_cases(walk.person, []) if walk.person is not None else None
    if weighed.is_rare:
        others = (each for each in wanted if each != weighed.rare)
        return walk.of_cases(weighed.rare, [weighed.has(InboxEntry.instance_id, each) for each in others])
    found = (weighed.has(InboxEntry.instance_id, each) for each in wanted)
    return walk.narrowed([*searching.may_have(InboxEntry, wanted), *found]).page(tx)


@dataclass(frozen=True)
class _Walk:
    """A way through some lists: in which order, between what, past what."""

    sources: Sequence[Source]
    way: Way
    #: Where it begins and ends, along the order.
    bounds: _Conditions
    conditions: _Conditions
    #: Lines of cases that name this person are found, too.
    person: range | None = None

    @classmethod
    def of(cls, tx: Transaction, wish: Wish, sources: Sequence[Source], person: range | None) -> _Walk:
        way, conditions = Way(wish.order, wish.is_backward), _narrowing(tx, wish)
        bounds = way.beyond(wish.place)
        if wish.due is not None:
            (bounds if wish.order is Sort.URGENT else conditions).extend(_due_within(tx, wish.due))
        return cls(sources, way, bounds, conditions, person)

    def narrowed(self, more: _Conditions) -> _Walk:
        return replace(self, conditions=[*self.conditions, *more])

    def page(self, tx: Transaction) -> Found:
        """Along the index of the order."""
        edge = self._edge(tx)
        if edge is None:
            return Found(self._query())
        return Found(replace(self, bounds=[*self.bounds, self.way.up_to(edge)])._query(), self.way.behind(edge))

    def of_cases(self, rare: range, more: _Conditions) -> Found:
        """The lines of few cases."""
        found = searching.cases_with(rare).limit(searching.FEW)
        return Found(self._with_details(self._lines_of(found, more).subquery()))

    def _edge(self, tx: Transaction) -> Key | None:
        """The key up to which all lists together are looked through; None when that is their end."""
        if not self.conditions and not tx.actor.standing_in:
            return None
        ends = (select(self.way.key()).where(*self._along(each)).order_by(*self.way.by()) for each in self.sources)
        found = tx.session.execute(
            select(*(each.offset(MOST_WALKED - 1).limit(1).scalar_subquery() for each in ends))
        ).one()
        keys = [key for key in found if key is not None]
        return (max(keys) if self.way.descends else min(keys)) if keys else None

    def _along(self, source: Source) -> list[ColumnElement[bool]]:
        return [InboxEntry.list_no == source.list_no, *self.bounds]

    def _query(self) -> Select[Any]:
        return self._with_details(_merged([self._branch(each) for each in self.sources]))

    def _branch(self, source: Source) -> Select[Any]:
        # SQLite tests in this order: what reads nothing but the index comes first.
        return _branch([*self._along(source), *self.conditions, *source.conditions], self.way, PAGE_SIZE + 1)

    def _lines_of(self, found: Select[UUID], more: _Conditions) -> Select[*tuple[Any, ...]]:
        cases, entry = found.subquery(), InboxEntry
        query = select(*_COLUMNS).join_from(cases, entry, entry.instance_id == cases.c.instance_id)
        # By the number itself, both databases would begin with the list.
        number = entry.list_no + 0
        theirs = (and_(number == source.list_no, *source.conditions) for source in self.sources)
        return query.where(*self.bounds, *self.conditions, or_(*theirs), *more).distinct()

    def _with_details(self, merged: Any) -> Select[Any]:
        if self.person is not None:
            merged = union(select(merged), self._lines_of(searching.cases_with(self.person), [])).subquery()
        return _with_details(merged, self.way)


def first_of(sources: Sequence[Source], but: UUID) -> Select[Any]:
    """The query of the most urgent line of some lists, other than one: its ``subject_id``."""
    way, other = Way(Sort.URGENT), InboxEntry.subject_id != but
    merged = _merged(
        [_branch([InboxEntry.list_no == each.list_no, other, *each.conditions], way, 1) for each in sources]
    )
    return select(merged.c.subject_id).order_by(*way.by(merged.c)).limit(1)


def _narrowing(tx: Transaction, wish: Wish) -> list[ColumnElement[bool]]:
    entry = InboxEntry
    conditions: list[ColumnElement[bool]] = []
    if wish.process_key:
        conditions.append(entry.process_no == list_numbers.of_processes(tx, [wish.process_key])[0])
    if wish.level is not None:
        conditions.append(entry.level_no == list_numbers.of_level(tx, wish.level))
    if wish.unit_id is not None:
        within = [unit.id for unit in people.org_tree(tx).within(wish.unit_id)]
        conditions.append(entry.unit_no.in_(list_numbers.of_units(tx, within)))
    if wish.important:
        conditions.append(entry.priority > USUAL_PRIORITY)
    return conditions


def _due_within(tx: Transaction, due: Due) -> list[ColumnElement[bool]]:
    today = local_day(tx.now)
    if due is Due.NONE:
        return [InboxEntry.urgency >= NEVER_DUE]
    if due is Due.OVERDUE:
        return [InboxEntry.urgency < urgency_at(tx.now)]
    end = end_of(today) if due is Due.TODAY else end_of_week(today)
    return [InboxEntry.urgency >= urgency_at(tx.now), InboxEntry.urgency < urgency_at(end)]


def _branch(conditions: _Conditions, way: Way, most: int) -> Select[Any]:
    """The first entries of one list, along the index of its order."""
    query = select(*_COLUMNS).where(*conditions).order_by(*way.by())
    # SQLite takes no order inside a union but in a query of its own.
    return select(query.limit(most).subquery())


def _merged(branches: list[Select[Any]]) -> Any:
    return (branches[0] if len(branches) == 1 else union(*branches)).subquery()


def _with_details(merged: Any, way: Way) -> Select[Any]:
    """The page in its order, each row with what a line shows of task and case."""
    case, task = ProcessInstance, UserTask
    page = select(merged).order_by(*way.by(merged.c)).limit(PAGE_SIZE + 1).subquery()
    query = select(
        *page.c, case.title, case.business_key, case.process_key, case.started_by_name, case.unit_id,
        case.state.label("case_state"), task.id.label("task_id"), task.name, task.state, task.due_at, task.urged,
    )  # fmt: skip
    query = query.join_from(page, case, case.id == page.c.instance_id)
    return query.outerjoin(task, task.id == page.c.subject_id).order_by(*way.by(page.c))

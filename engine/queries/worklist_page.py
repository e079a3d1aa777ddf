"""One page of a list of an inbox, as a query. It walks one index for each list that the page is made of.

A page is found by the place of the line before it, so that the tenth thousandth costs what the first one does, and
nothing is skipped or shown twice while others work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, Uuid, and_, literal, or_, select, tuple_, union

from engine import people, search
from engine.clock import end_of, local_day
from engine.database import Transaction
from engine.model.base import Moment
from engine.model.inbox import InboxEntry
from engine.model.people import Level
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.queries import searching

PAGE_SIZE = 20
USUAL_PRIORITY = 50
#: How the parts of ``InboxEntry.urgency`` lie side by side (see engine.migrations.entries).
_DUE_BITS = 31
_NO_DUE = (1 << 32) - 1


class Tab(StrEnum):
    """The lists of an inbox."""

    #: Claimed by me.
    MINE = "mine"
    #: Waiting for one of my posts, claimed by nobody.
    OPEN = "open"
    #: Completed by me.
    DONE = "done"
    #: Cases that I started.
    STARTED = "started"


#: The lists of what is over, or of others: the newest line is the most interesting.
_LOOKING_BACK = (Tab.DONE, Tab.STARTED)


class Due(StrEnum):
    """Deadlines that people ask for. This week ends on Sunday and begins now."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    NONE = "none"


class Sort(StrEnum):
    """Orders of a list."""

    URGENT = "urgent"
    NEWEST = "newest"
    OLDEST = "oldest"


class Acting(StrEnum):
    """Whose work it is: that of the own posts, or of those that the reader stands in for."""

    OWN = "own"
    FOR_OTHERS = "others"


@dataclass(frozen=True)
class Wish:
    """What a list is narrowed to, its order (None for the usual one), and the line after or before which to go on.

    ``important`` leaves what has more than the usual priority. ``unit_id`` takes everything below that unit along.
    """

    tab: Tab
    search: str = ""
    process_key: str = ""
    level: Level | None = None
    unit_id: UUID | None = None
    due: Due | None = None
    important: bool = False
    acting: Acting | None = None
    sort: Sort | None = None
    after: str = ""
    before: str = ""

    @property
    def order(self) -> Sort:
        """The order that counts."""
        return self.sort or (Sort.NEWEST if self.tab in _LOOKING_BACK else Sort.URGENT)

    @property
    def is_backward(self) -> bool:
        """Whether the page before a line is wanted."""
        return bool(self.before and not self.after)


@dataclass(frozen=True)
class Source:
    """The entries of one owner, as far as they fulfil the conditions."""

    owner: str
    conditions: tuple[ColumnElement[bool], ...] = ()


def page_query(tx: Transaction, wish: Wish, sources: Sequence[Source]) -> Select[Any] | None:
    """The query of one page and one line more; None when nothing can be found."""
    conditions = _narrowed(tx, wish)
    few: range | None = None
    if wish.search.strip():
        words = [search.sought(word) for word in wish.search.split()]
        if not all(words):
            return None
        wanted = list(dict.fromkeys(each for ranges in words for each in ranges))
        rare, number = searching.rarest(tx, wanted)
        if number == 0:
            return None
        few = rare if number < searching.FEW else None
        conditions += [searching.has(InboxEntry.instance_id, each) for each in wanted if each != few]
    backward = wish.is_backward
    if place := _read_place(wish.before if backward else wish.after, wish.order):
        conditions.append(_beyond(place, wish.order, backward))
    if few is None:
        merged = _merged([_branch(source, conditions, wish.order, backward) for source in sources])
    else:
        merged = _from_few(sources, few, conditions)
    return _with_details(merged, wish.order, backward)


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
        conditions.append(entry.process_key == wish.process_key)
    if wish.level is not None:
        conditions.append(entry.level == wish.level)
    if wish.unit_id is not None:
        tree = people.org_tree(tx)
        top = tree.unit(wish.unit_id)
        conditions.append(entry.unit_id.in_([unit.id for unit in tree if unit.path.startswith(top.path)]))
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
    last = today if due is Due.TODAY else today + timedelta(days=6 - today.weekday())
    return [InboxEntry.urgency >= urgency_at(tx.now), InboxEntry.urgency < urgency_at(end_of(last))]


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
    source: Source, conditions: Sequence[ColumnElement[bool]], order: Sort, backward: bool, most: int = PAGE_SIZE + 1
) -> Select[Any]:
    """The first entries of one list, along the index of its order."""
    key, entry = _key(order), InboxEntry
    columns = (entry.subject_id, entry.instance_id, entry.urgency, entry.arrived_at, entry.priority)
    query = select(*columns).where(entry.owner == source.owner, *source.conditions, *conditions)
    if _descends(order, backward):
        query = query.order_by(key.desc(), entry.subject_id.desc())
    else:
        query = query.order_by(key, entry.subject_id)
    # SQLite takes no order inside a union but in a query of its own.
    return select(query.limit(most).subquery())


def _merged(branches: list[Select[Any]]) -> Any:
    return (branches[0] if len(branches) == 1 else union(*branches)).subquery()


def _from_few(sources: Sequence[Source], few: range, conditions: Sequence[ColumnElement[bool]]) -> Any:
    """The entries of few cases: here the index of the words leads, and that of the lists must not."""
    entry = InboxEntry
    columns = (entry.subject_id, entry.instance_id, entry.urgency, entry.arrived_at, entry.priority)
    query = select(*columns).where(entry.instance_id.in_(searching.cases_with(few)), *conditions)
    theirs = (and_(entry.owner.concat("") == source.owner, *source.conditions) for source in sources)
    return query.where(or_(*theirs)).distinct().subquery()


def _with_details(merged: Any, order: Sort, backward: bool) -> Select[Any]:
    """The page in its order, each row with what a line shows of task and case."""
    case, task = ProcessInstance, UserTask
    key = merged.c.urgency if order is Sort.URGENT else merged.c.arrived_at
    by = (key.desc(), merged.c.subject_id.desc()) if _descends(order, backward) else (key, merged.c.subject_id)
    page = select(merged).order_by(*by).limit(PAGE_SIZE + 1).subquery()
    key = page.c.urgency if order is Sort.URGENT else page.c.arrived_at
    by = (key.desc(), page.c.subject_id.desc()) if _descends(order, backward) else (key, page.c.subject_id)
    query = select(
        *page.c, case.title, case.business_key, case.process_key, case.started_by_name, case.unit_id,
        case.state.label("case_state"), task.id.label("task_id"), task.name, task.state, task.due_at,
    )  # fmt: skip
    query = query.join_from(page, case, case.id == page.c.instance_id)
    return query.outerjoin(task, task.id == page.c.subject_id).order_by(*by)

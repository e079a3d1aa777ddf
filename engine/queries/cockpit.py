"""What admins see, and of their units those who lead: cases by state, deadline and unit; one case with its
machinery; what went wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from engine import people
from engine.database import Transaction
from engine.execution.personal import personal_names
from engine.lifecycle import IncidentState, InstanceState, UserTaskState
from engine.model.history import HistoryEvent
from engine.model.process import ProcessInstance
from engine.model.work import Incident, Job, TaskCandidate, UserTask
from engine.queries.case_search import HAS_FAILED, Wish, found, seen_by
from engine.queries.cases import OpenTask, holder_name, release_of, variables
from engine.queries.paging import MOST_COUNTED, Page, cut, fetch
from engine.queries.wording import element_name, sentence
from engine.release import load_release

#: Events on one page of a case's history.
HISTORY_PAGE = 50
_ENDLESS = 1 << 62


@dataclass(frozen=True)
class Line:
    """One case: where it stands, the nearest deadline of its open tasks, and the unit that it belongs to."""

    case: ProcessInstance
    waiting: tuple[OpenTask, ...]
    unit: str

    @property
    def due(self) -> datetime | None:
        """The nearest deadline."""
        return min((each.task.due_at for each in self.waiting if each.task.due_at), default=None)


@dataclass(frozen=True)
class Figures:
    """How many cases are going on, and of these how many are overdue or have failed; counted up to ``MOST_COUNTED``."""

    active: int
    overdue: int
    failed: int


@dataclass(frozen=True)
class Listing:
    """A page of the cases; ``is_near`` says that a search looked through the first ``NEAR`` only, as there are more."""

    page: Page[Line]
    is_near: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether there may be more than are listed."""
        return self.page.total >= MOST_COUNTED


def lines(tx: Transaction, wish: Wish) -> Listing:
    """One page of the cases that the actor may see, the newest first unless asked otherwise."""
    ids, is_near = found(tx, wish)
    page = cut(ids, wish.page)
    by_id = {
        row.id: row for row in tx.session.scalars(select(ProcessInstance).where(ProcessInstance.id.in_(page.items)))
    }
    cases = [by_id[id] for id in page.items]
    waiting = _open_tasks(tx, cases)
    shown = [Line(case, tuple(waiting[case.id]), unit_name(tx, case)) for case in cases]
    return Listing(Page(shown, page.number, page.total, page.size), is_near)


def figures(tx: Transaction) -> Figures:
    """The numbers at the top of the list; one statement."""
    case, seen = ProcessInstance, seen_by(tx)
    active = select(case.id).where(case.state == InstanceState.ACTIVE, *seen)
    # One overdue task stands for each case, and each is asked by itself: nothing is sorted before it is counted.
    tasks = (UserTask.state == UserTaskState.CREATED, UserTask.due_at < tx.now)
    other = aliased(UserTask)
    first = select(other.id).where(other.instance_id == UserTask.instance_id, other.state == UserTaskState.CREATED)
    first = first.where(other.due_at < tx.now).order_by(other.id).limit(1)
    late = select(UserTask.instance_id).where(*tasks, UserTask.id == first.scalar_subquery())
    if seen:
        late = late.where(UserTask.instance_id.in_(select(case.id).where(*seen)))
    # A query with a limit is planned for itself: by failure, and not by state.
    failed = select(case.id, case.state).where(HAS_FAILED, *seen).limit(_ENDLESS).subquery().c
    stuck = select(failed.id).where(failed.state == InstanceState.ACTIVE)
    limited = (query.limit(MOST_COUNTED).subquery() for query in (active, late, stuck))
    counted = (select(func.count()).select_from(query).scalar_subquery() for query in limited)
    return Figures(*tx.session.execute(select(*counted)).one())


def unit_name(tx: Transaction, case: ProcessInstance) -> str:
    """The name of the unit that the case belongs to; empty when it has none."""
    return people.org_tree(tx).unit(case.unit_id).name if case.unit_id else ""


@dataclass(frozen=True)
class Failure:
    """An incident with its case and the name of the element that failed."""

    incident: Incident
    case: ProcessInstance
    element: str


def open_incidents(tx: Transaction, page: int) -> Page[Failure]:
    """What waits for an admin, the oldest first."""
    query: Any = select(Incident, ProcessInstance).join(ProcessInstance, ProcessInstance.id == Incident.instance_id)
    query = query.where(Incident.state == IncidentState.OPEN, people.visible_to(tx.actor))
    found = fetch(tx, query.order_by(Incident.opened_at, Incident.id), page)
    return Page([_failure(tx, *row) for row in found.items], found.number, found.total, found.size)


def incidents_of(tx: Transaction, case: ProcessInstance) -> list[Failure]:
    """All incidents of a case, the open ones first, then the newest."""
    query = select(Incident).where(Incident.instance_id == case.id)
    found = tx.session.scalars(query.order_by(Incident.state, Incident.opened_at.desc()))
    return [_failure(tx, incident, case) for incident in found]


def _failure(tx: Transaction, incident: Incident, case: ProcessInstance) -> Failure:
    return Failure(incident, case, element_name(load_release(tx, case.definition_id), incident.element_id))


@dataclass(frozen=True)
class Work:
    """A job with the name of its element."""

    job: Job
    element: str


def jobs_of(tx: Transaction, case: ProcessInstance) -> list[Work]:
    """What the machine has done or has to do for a case, by the moment at which it is due."""
    release = release_of(tx, case)
    found = tx.session.scalars(select(Job).where(Job.instance_id == case.id).order_by(Job.due_at, Job.id))
    return [Work(job, element_name(release, job.element_id)) for job in found]


@dataclass(frozen=True)
class Variable:
    """A variable of the case itself; ``personal`` when a form says that it holds personal data."""

    name: str
    value: Any
    personal: bool


def variables_of(tx: Transaction, case: ProcessInstance) -> list[Variable]:
    """The variables of a case by name."""
    personal = personal_names(tx, case, release_of(tx, case))
    return [Variable(name, value, name in personal) for name, value in sorted(variables(case).items())]


@dataclass(frozen=True)
class Told:
    """An event of the history in words: a template and its parameters, and the element's name."""

    event: HistoryEvent
    template: str
    params: dict[str, Any]
    element: str


def history(tx: Transaction, case: ProcessInstance, page: int, size: int = HISTORY_PAGE) -> Page[Told]:
    """One page of everything that happened to a case, in order."""
    release = release_of(tx, case)
    query = select(HistoryEvent).where(HistoryEvent.chain_id == case.id).order_by(HistoryEvent.seq)
    found = fetch(tx, query, page, size)
    told = [
        Told(
            event,
            *sentence(event.type, event.element_id, event.payload, release),
            element_name(release, event.element_id),
        )
        for (event,) in found.items
    ]
    return Page(told, found.number, found.total, found.size)


def _open_tasks(tx: Transaction, found: Iterable[ProcessInstance]) -> dict[UUID, list[OpenTask]]:
    """What each of these cases waits for, in one statement for all."""
    by_id = {case.id: case for case in found}
    query = select(UserTask, TaskCandidate.holder).outerjoin(TaskCandidate, TaskCandidate.task_id == UserTask.id)
    query = query.where(UserTask.instance_id.in_(by_id), UserTask.state == UserTaskState.CREATED)
    tasks: dict[UUID, tuple[UserTask, list[str]]] = {}
    for task, holder in tx.session.execute(query.order_by(UserTask.created_at, UserTask.id, TaskCandidate.holder)):
        tasks.setdefault(task.id, (task, []))[1].append(holder)
    waiting: dict[UUID, list[OpenTask]] = {id: [] for id in by_id}
    for task, holders in tasks.values():
        case = by_id[task.instance_id]
        named = dict.fromkeys(holder_name(tx, case, holder) for holder in holders if holder)
        waiting[case.id].append(OpenTask(task, (task.holder_name,) if task.holder_name else tuple(named)))
    return waiting

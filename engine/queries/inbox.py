"""What an official sees of the own work: four lists, a search, and one task with everything its page needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from engine import feel, people
from engine.database import Transaction
from engine.errors import N_, NotFound
from engine.execution.loaded import Loaded
from engine.forms import Form
from engine.lifecycle import UserTaskState
from engine.model.process import ProcessDefinition, ProcessInstance, SearchVariable
from engine.model.work import TaskCandidate, UserTask
from engine.queries.paging import Page, fetch
from engine.release import Release, load_release


class Tab(StrEnum):
    """The four lists of an inbox."""

    #: Claimed by me.
    MINE = "mine"
    #: Waiting for one of my posts, claimed by nobody.
    OPEN = "open"
    #: Completed by me.
    DONE = "done"
    #: Cases that I started.
    STARTED = "started"


@dataclass(frozen=True)
class Line:
    """One row of a list. ``task_id`` is None in the list of cases."""

    task_id: UUID | None
    instance_id: UUID
    title: str
    number: str
    process_key: str
    step: str
    applicant: str
    arrived: datetime
    due: datetime | None
    state: str
    assignee: UUID | None


@dataclass(frozen=True)
class Wish:
    """What the list is narrowed to."""

    tab: Tab
    search: str = ""
    process_key: str = ""
    page: int = 1


def lines(tx: Transaction, wish: Wish) -> Page[Line]:
    """One page of a list, the most urgent first."""
    query = _cases(tx, wish) if wish.tab is Tab.STARTED else _tasks(tx, wish)
    page = fetch(tx, query, wish.page)
    make = _case_line if wish.tab is Tab.STARTED else _task_line
    return Page([make(row) for row in page.items], page.number, page.total, page.size)


def counts(tx: Transaction) -> dict[Tab, int]:
    """How much waits: claimed by me, and free to claim."""
    return {tab: tx.session.scalar(_count(_tab(tx, tab))) or 0 for tab in (Tab.MINE, Tab.OPEN)}


def urgency(tx: Transaction, end_of_today: datetime) -> tuple[int, int]:
    """How many of my tasks, claimed or free, are overdue, and how many are due today."""
    mine = or_(_tab(tx, Tab.MINE), _tab(tx, Tab.OPEN))
    overdue = tx.session.scalar(_count(and_(mine, UserTask.due_at < tx.now))) or 0
    today = tx.session.scalar(_count(and_(mine, UserTask.due_at >= tx.now, UserTask.due_at <= end_of_today))) or 0
    return overdue, today


def next_task(tx: Transaction, but: UUID) -> UUID | None:
    """The most urgent task that is claimed by the actor or free to claim, other than ``but``."""
    mine = or_(_tab(tx, Tab.MINE), _tab(tx, Tab.OPEN))
    query = select(UserTask.id).where(mine, UserTask.id != but)
    return tx.session.scalar(query.order_by(*_by_urgency()).limit(1))


def process_names(tx: Transaction) -> dict[str, str]:
    """Names of all published processes by key, as their newest version says."""
    query = select(ProcessDefinition.key, ProcessDefinition.name).order_by(ProcessDefinition.version)
    return {row.key: row.name for row in tx.session.execute(query)}


@dataclass(frozen=True)
class Work:
    """A task with everything that its page needs. ``may`` says whether the actor can do it now."""

    task: UserTask
    instance: ProcessInstance
    release: Release
    form: Form | None
    context: Mapping[str, Any]
    env: feel.Environment
    is_candidate: bool

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.task.state is UserTaskState.CREATED


def work(tx: Transaction, task_id: UUID) -> Work:
    """A task that the actor may see: as a candidate, as the assignee, or because the case is visible."""
    mine = exists().where(TaskCandidate.task_id == UserTask.id, TaskCandidate.holder.in_(sorted(tx.actor.holders)))
    query = select(UserTask, ProcessInstance, mine).join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    row = tx.session.execute(query.where(UserTask.id == task_id, people.visible_to(tx.actor))).one_or_none()
    if row is None:
        raise NotFound(N_("没有找到这个环节，或者当前岗位不能查看它。"))
    task, instance, is_candidate = row
    release = load_release(tx, instance.definition_id)
    loaded = Loaded.load(tx, instance)
    is_open = task.state is UserTaskState.CREATED
    scope = loaded.run.scope_of(task.id) if is_open else None
    view = loaded.scopes.view(scope, loaded.env.globals) if scope is not None else {}
    form = release.form_of(task.element_id)
    return Work(task, instance, release, form, view, loaded.env.feel_env, is_candidate)


def _tasks(tx: Transaction, wish: Wish) -> Any:
    query = select(UserTask, ProcessInstance).join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    order = (UserTask.completed_at.desc(),) if wish.tab is Tab.DONE else _by_urgency()
    return query.where(_tab(tx, wish.tab), *_narrowed(wish)).order_by(*order)


def _cases(tx: Transaction, wish: Wish) -> Select[Any]:
    started = ProcessInstance.started_by == tx.actor.account_id
    return select(ProcessInstance).where(started, *_narrowed(wish)).order_by(ProcessInstance.started_at.desc())


def _by_urgency() -> tuple[Any, ...]:
    return (UserTask.due_at.is_(None), UserTask.due_at, UserTask.priority.desc(), UserTask.created_at)


def _tab(tx: Transaction, tab: Tab) -> ColumnElement[bool]:
    account = tx.actor.account_id
    if tab is Tab.DONE:
        return and_(UserTask.state == UserTaskState.COMPLETED, UserTask.completed_by == account)
    waiting = UserTask.state == UserTaskState.CREATED
    if tab is Tab.MINE:
        return and_(waiting, UserTask.assignee == account)
    holders = select(TaskCandidate.task_id).where(TaskCandidate.holder.in_(sorted(tx.actor.holders)))
    return and_(waiting, UserTask.assignee.is_(None), UserTask.id.in_(holders))


def _count(condition: ColumnElement[bool]) -> Select[Any]:
    return select(func.count()).select_from(UserTask).where(condition)


def _narrowed(wish: Wish) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wish.process_key:
        conditions.append(ProcessInstance.process_key == wish.process_key)
    for word in wish.search.split():
        conditions.append(matches(word))
    return conditions


def matches(word: str) -> ColumnElement[bool]:
    """Cases whose title, number, applicant or search variables contain the word."""
    variables = select(SearchVariable.instance_id).where(SearchVariable.value.icontains(word, autoescape=True))
    columns = (ProcessInstance.title, ProcessInstance.business_key, ProcessInstance.started_by_name)
    return or_(*(column.icontains(word, autoescape=True) for column in columns), ProcessInstance.id.in_(variables))


def _task_line(row: Any) -> Line:
    task, case = row
    return Line(
        task_id=task.id,
        instance_id=case.id,
        title=case.title,
        number=case.business_key,
        process_key=case.process_key,
        step=task.name,
        applicant=case.started_by_name,
        arrived=task.completed_at or task.created_at,
        due=task.due_at,
        state=str(task.state),
        assignee=task.assignee,
    )


def _case_line(row: Any) -> Line:
    case = row[0]
    return Line(
        task_id=None,
        instance_id=case.id,
        title=case.title,
        number=case.business_key,
        process_key=case.process_key,
        step="",
        applicant=case.started_by_name,
        arrived=case.started_at,
        due=None,
        state=str(case.state),
        assignee=None,
    )

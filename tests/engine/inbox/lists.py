"""Tasks as rows, and lists of them as an official reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from engine.database import Engine
from engine.lifecycle import UserTaskState
from engine.migrations import entries
from engine.model.inbox import InboxEntry, ListNumber, WaitingTask
from engine.model.people import OrgUnit
from engine.model.process import ProcessInstance
from engine.model.work import TaskCandidate, UserTask
from engine.people import SYSTEM, Actor, load_actor, post_holder
from engine.queries import searching, worklist
from engine.queries.worklist import Listing, Tab, Wish
from engine.search import text_of
from tests.engine.people.cases import file_case, give_task
from tests.engine.people.town import Town, build_town

_ENTRIES = select(ListNumber.name, InboxEntry.subject_id, InboxEntry.urgency).join_from(
    InboxEntry, ListNumber, ListNumber.id == InboxEntry.list_no
)


class Desk:
    """A town with somebody in it who has a post, and tasks for that post."""

    def __init__(self, engine: Engine, post: str = "group_leader@jinxing-1") -> None:
        self.engine = engine
        self.town: Town = build_town(engine)
        self.account = self.town.person("reader", post)
        position, _, code = post.partition("@")
        self.holder = post_holder(position, self.town.units[code])
        self._number = 0

    @property
    def actor(self) -> Actor:
        with self.engine.read(SYSTEM) as tx:
            return load_actor(tx, self.account)

    def task(
        self,
        title: str = "",
        *,
        unit: str = "jinxing-1",
        holders: Iterable[str] | None = None,
        by: UUID | None = None,
        process: str = "appeal",
        people: Iterable[str] = (),
        **fields: Any,
    ) -> UUID:
        """A case with one task that waits for the post; ``fields`` are those of the task."""
        self._number += 1
        case = file_case(self.town, unit, f"SQ-2026-{self._number:05d}", by=by)
        task = give_task(self.engine, case, holders or [self.holder])
        with self.engine.begin(SYSTEM) as tx:
            row, instance = tx.get(UserTask, task), tx.get(ProcessInstance, case)
            for name, value in fields.items():
                setattr(row, name, value)
            instance.process_key = process
            instance.title = title or instance.title
            instance.search_text = text_of(instance, [], people)
        return task

    def change(self, task: UUID, **fields: Any) -> None:
        """Change a task behind the back of all commands."""
        with self.engine.begin(SYSTEM) as tx:
            row = tx.get(UserTask, task)
            for name, value in fields.items():
                setattr(row, name, value)

    def list(self, tab: Tab = Tab.OPEN, **wish: Any) -> Listing:
        """A page of a list."""
        with self.engine.read(self.actor) as tx:
            return worklist.lines(tx, Wish(tab, **wish))

    def titles(self, tab: Tab = Tab.OPEN, **wish: Any) -> list[str]:
        """The titles on a page, in their order."""
        return [line.title for line in self.list(tab, **wish).lines]


@contextmanager
def begins_with_cases_below(number: int, listed: int | None = None, pairs: int = 0) -> Iterator[None]:
    """Let searches begin with the cases when they are fewer than these, and with the list otherwise.

    ``listed``: below how many the cases of a single character are listed for that; by default not more. ``pairs``: up
    to how many it is sought by these; by default never.
    """
    usual = searching.FEW, searching.LISTED, searching.PAIRS
    searching.FEW, searching.LISTED, searching.PAIRS = number, listed or number, pairs
    try:
        yield
    finally:
        searching.FEW, searching.LISTED, searching.PAIRS = usual


def urgency(due: datetime | None, priority: int, arrived: datetime) -> int:
    """What the database should have made of the three."""
    until = entries.NO_DUE if due is None else min(max(int(due.timestamp() // 1), 0), entries.NO_DUE - 1)
    importance = entries.LEAST - min(max(priority, 0), entries.LEAST)
    minutes = min(max((int(arrived.timestamp() // 1) - entries.EPOCH) // 60, 0), entries.LATEST)
    return (until << 31) + (importance << 24) + minutes


def kept_entries(engine: Engine) -> set[tuple[str, UUID, int]]:
    """What the database has kept."""
    with engine.read(SYSTEM) as tx:
        rows = tx.session.execute(_ENTRIES)
        return {tuple(row) for row in rows if not row[0].startswith("started:")}


def expected_entries(engine: Engine) -> set[tuple[str, UUID, int]]:
    """What follows from tasks and candidates, worked out here and not in the database."""
    found: set[tuple[str, UUID, int]] = set()
    with engine.read(SYSTEM) as tx:
        tasks = {task.id: task for task in tx.session.scalars(select(UserTask))}
        for task in tasks.values():
            place = urgency(task.due_at, task.priority, task.created_at)
            if task.state is UserTaskState.COMPLETED and task.completed_by:
                found.add((f"done:{task.completed_by.hex}", task.id, place))
            elif task.state is UserTaskState.CREATED and task.assignee:
                found.add((f"claimed:{task.assignee.hex}", task.id, place))
            if task.state is UserTaskState.CREATED and task.claimed_for:
                found.add((f"claimed:{task.claimed_for.hex}", task.id, place))
        for candidate in tx.session.scalars(select(TaskCandidate)):
            task = tasks[candidate.task_id]
            if task.state is UserTaskState.CREATED and task.assignee is None:
                found.add((candidate.holder, task.id, urgency(task.due_at, task.priority, task.created_at)))
    return found


def kept_origins(engine: Engine) -> set[tuple[UUID, str, str | None, str | None]]:
    """Where the case of each line comes from, as the database has kept it: process, level, unit."""
    process, level, unit = (aliased(ListNumber) for _ in range(3))
    query = select(InboxEntry.instance_id, process.name, level.name, unit.name)
    query = query.outerjoin(process, process.id == InboxEntry.process_no)
    query = query.outerjoin(level, level.id == InboxEntry.level_no).outerjoin(unit, unit.id == InboxEntry.unit_no)
    with engine.read(SYSTEM) as tx:
        return {tuple(row) for row in tx.session.execute(query)}


def expected_origins(engine: Engine) -> set[tuple[UUID, str, str | None, str | None]]:
    """The same, worked out here."""
    query = select(ProcessInstance.id, ProcessInstance.process_key, OrgUnit.level, ProcessInstance.unit_id)
    query = query.outerjoin(OrgUnit, OrgUnit.id == ProcessInstance.unit_id)
    listed = ProcessInstance.id.in_(select(InboxEntry.instance_id))
    with engine.read(SYSTEM) as tx:
        return {
            (id, f"process:{key}", f"level:{level}" if level else None, f"unit:{unit.hex}" if unit else None)
            for id, key, level, unit in tx.session.execute(query.where(listed))
        }


def kept_waiting(engine: Engine) -> set[tuple[UUID, UUID, int]]:
    """What the database has kept of what waits in units."""
    with engine.read(SYSTEM) as tx:
        rows = tx.session.execute(select(WaitingTask.task_id, WaitingTask.unit_id, WaitingTask.urgency))
        return {tuple(row) for row in rows}


def expected_waiting(engine: Engine) -> set[tuple[UUID, UUID, int]]:
    """The same, worked out here."""
    query = select(UserTask, ProcessInstance.unit_id).join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    with engine.read(SYSTEM) as tx:
        return {
            (task.id, unit_id, urgency(task.due_at, task.priority, task.created_at))
            for task, unit_id in tx.session.execute(query)
            if task.state is UserTaskState.CREATED and unit_id
        }

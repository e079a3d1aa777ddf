"""Messages that come from tasks: a new one waits, its deadline comes near, its deadline has passed.

They are found afterwards, from moments that the rows of tasks bear anyway, so that completing a task costs no more.
Messages are only written for holders behind whom somebody wishes to hear of them outside: the list of tasks shows all
of this already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import Select, select

from engine.database import Transaction
from engine.deliveries.sorting import NEWS, deliveries_of, is_wanted
from engine.errors import N_
from engine.execution import tell_watchers
from engine.lifecycle import UserTaskState
from engine.model.delivery import CourierMark
from engine.model.notification import Notification
from engine.model.process import ProcessInstance
from engine.model.work import TaskCandidate, UserTask
from engine.notifications import KINDS
from engine.people.actor import account_holder

#: A deadline is near so long before it.
NEAR = timedelta(days=1)
#: No transaction lasts longer, so that nothing becomes visible any more that bears an earlier moment.
_SETTLED = timedelta(minutes=2)
_NAMESPACE = UUID("6c0f5d8e-6a6b-5f0e-9d5d-0f1f3a1c7b52")


class _Found(NamedTuple):
    """An open task and one of the holders that it waits for."""

    task_id: UUID
    instance_id: UUID
    element_id: str
    moment: datetime
    holder: str


def watch_tasks(tx: Transaction) -> int:
    """Write messages about tasks since the last look, with their deliveries; how many messages."""
    now = tx.now - _SETTLED
    windows = (("task", timedelta(0)), ("due", NEAR), ("overdue", timedelta(0)))
    wanted = is_wanted(tx)
    written = 0
    for kind, ahead in windows:
        mark = tx.session.get(CourierMark, kind, with_for_update=True)
        if mark is None:
            tx.add(CourierMark(kind=kind, until=now))
            continue
        since = max(mark.until, now - NEWS)
        if wanted:
            written += _write(tx, kind, _find(tx, kind, since + ahead, now + ahead))
        if kind == "overdue":
            _tell_watchers(tx, since, now)
        mark.until = max(mark.until, now)
    return written


def _tell_watchers(tx: Transaction, after: datetime, until: datetime) -> None:
    """News of deadlines that have passed, for those who watch the cases; these have no list that shows it."""
    query = (
        select(ProcessInstance, UserTask.name)
        .join(UserTask, UserTask.instance_id == ProcessInstance.id)
        .where(UserTask.state == UserTaskState.CREATED, UserTask.due_at > after, UserTask.due_at <= until)
        .where(ProcessInstance.watchers > 0)
    )
    for instance, task in tx.session.execute(query.order_by(UserTask.due_at, UserTask.id)):
        tell_watchers(tx, instance, N_("关注的“{case}”的“{task}”已逾期。"), task=task)


def _find(tx: Transaction, kind: str, after: datetime, until: datetime) -> Iterator[_Found]:
    column = UserTask.created_at if kind == "task" else UserTask.due_at
    query: Select[UUID, UUID, str, datetime | None, UUID | None, str | None] = (
        select(UserTask.id, UserTask.instance_id, UserTask.element_id, column, UserTask.assignee, TaskCandidate.holder)
        .outerjoin(TaskCandidate, TaskCandidate.task_id == UserTask.id)
        .where(UserTask.state == UserTaskState.CREATED, column > after, column <= until)
        .order_by(UserTask.id)
    )
    return _for_whom(tx.session.execute(query))


def _for_whom(rows: Iterable[Any]) -> Iterator[_Found]:
    """Whoever has claimed the task, else everybody for whom it waits."""
    for _, group in groupby(rows, key=lambda row: row[0]):
        several = list(group)
        task, instance, element, moment, assignee, _ = several[0]
        holders = [account_holder(assignee)] if assignee else [row[5] for row in several if row[5]]
        yield from (_Found(task, instance, element, moment, holder) for holder in holders)


def _write(tx: Transaction, kind: str, found: Iterable[_Found]) -> int:
    rows = {(row.id, row.holder): row for row in (_message(tx, kind, each) for each in found)}
    deliveries = deliveries_of(tx, rows.values(), set())
    wanted = {(each.notification_id, each.holder) for each in deliveries}
    for row in (*(rows[key] for key in wanted), *deliveries):
        tx.add(row)
    return len(wanted)


def _message(tx: Transaction, kind: str, found: _Found) -> Notification:
    return Notification(
        id=uuid5(_NAMESPACE, f"{kind} {found.task_id} {found.moment.isoformat()}"),
        holder=found.holder,
        kind=kind,
        instance_id=found.instance_id,
        element_id=found.element_id,
        task_id=found.task_id,
        text=KINDS[kind].outside,
        params={},
        created_at=tx.now,
        sorted_at=tx.now,
    )

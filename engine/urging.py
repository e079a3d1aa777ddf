"""The command that urges: whoever is above a task, or waits for it, asks those responsible to get on with it."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from engine.clock import beginning_of, local_day
from engine.database import Transaction
from engine.errors import N_, AlreadyDone, NotAuthorized
from engine.execution import lock_task, tell_watchers
from engine.history import record
from engine.lifecycle import UserTaskState
from engine.model.history import HistoryEvent
from engine.model.process import ProcessInstance
from engine.model.work import TaskCandidate, UserTask
from engine.notifications import tell
from engine.people import Actor, account_holder
from engine.reasons import written

_URGED = N_("{who}催办“{case}”的“{task}”。")
_URGED_WITH_NOTE = N_("{who}催办“{case}”的“{task}”：{note}")
_URGED_WATCHED = N_("{who}催办了关注的“{case}”的“{task}”。")
#: A note is one sentence; what is longer belongs into a comment.
LONGEST_NOTE = 200


def urge(tx: Transaction, task_id: UUID, note: str = "") -> UserTask:
    """Ask whoever has the task, or the posts for which it waits, to get on with it; the note is told along.

    Posts on the path above may (``case.view_below``, and no confidential case), and the account that started the
    case; each once a day for one task.

    Raises NotAuthorized, AlreadyDone when it is done or was urged today, InvalidVariables for a note that is too long.
    """
    instance, task, candidates = lock_task(tx, task_id)
    task.ensure_open()
    instance.ensure_active()
    if not may_urge(tx.actor, instance, task, candidates):
        raise NotAuthorized(N_("“{task}”不在本岗位的下级，也不是本人发起的事项，不能催办。"), task=task.name)
    if was_urged_today(tx, task):
        raise AlreadyDone(N_("“{task}”今天已经催办过，每人每天对一个环节催办一次。"), task=task.name)
    words = written(note, "note", "", LONGEST_NOTE) if note.strip() else ""
    task.urged += 1
    data = {"task": str(task.id), "count": task.urged, "note": words}
    record(tx, instance, "user_task_urged", task.element_id, data)
    holders = [account_holder(task.assignee)] if task.assignee else candidates
    facts = {"who": tx.actor.name, "case": instance.title, "task": task.name, "note": words}
    tell(tx, "urged", holders, instance, _URGED_WITH_NOTE if words else _URGED, facts, task.element_id, task.id)
    tell_watchers(tx, instance, _URGED_WATCHED, holders, who=tx.actor.name, task=task.name)
    return task


def may_urge(actor: Actor, instance: ProcessInstance, task: UserTask, candidates: Collection[str]) -> bool:
    """Whether the actor is above the task or started its case, and is not the one who has to do it."""
    if actor.account_id is None or task.assignee == actor.account_id:
        return False
    if task.assignee is None and not actor.holders.isdisjoint(candidates):
        return False
    if instance.started_by == actor.account_id:
        return True
    is_above = bool(actor.unit_path) and instance.unit_path.startswith(actor.unit_path)
    return is_above and actor.may("case.view_below") and not instance.confidential


class Urgent(NamedTuple):
    """A task that the actor may urge, unless that was done today."""

    task: UserTask
    is_done: bool


def to_urge(tx: Transaction, instance: ProcessInstance) -> list[Urgent]:
    """The open tasks of the case that the actor may urge, the oldest first."""
    query = select(UserTask).where(UserTask.instance_id == instance.id, UserTask.state == UserTaskState.CREATED)
    tasks = list(tx.session.scalars(query.order_by(UserTask.created_at, UserTask.id)))
    holders = tx.session.execute(
        select(TaskCandidate.task_id, TaskCandidate.holder).where(
            TaskCandidate.task_id.in_([task.id for task in tasks])
        )
    )
    candidates: dict[UUID, set[str]] = {task.id: set() for task in tasks}
    for task_id, holder in holders:
        candidates[task_id].add(holder)
    mine = [task for task in tasks if may_urge(tx.actor, instance, task, candidates[task.id])]
    return [Urgent(task, was_urged_today(tx, task)) for task in mine]


def was_urged_today(tx: Transaction, task: UserTask) -> bool:
    """Whether the actor's account has urged the task today."""
    query = select(HistoryEvent.payload).where(
        HistoryEvent.chain_id == task.instance_id,
        HistoryEvent.type == "user_task_urged",
        HistoryEvent.at >= beginning_of(local_day(tx.now)),
    )
    mine = (str(task.id), str(tx.actor.account_id))
    events = (json.loads(payload) for payload in tx.session.scalars(query))
    return any((event["data"]["task"], event["actor"]["account"]) == mine for event in events)

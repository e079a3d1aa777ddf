"""Cases that somebody watches: whether, and where those on a page of the list stand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from engine import people
from engine.database import Transaction
from engine.errors import N_
from engine.lifecycle import UserTaskState
from engine.model.process import ProcessInstance
from engine.model.watch import Watch
from engine.model.work import TaskCandidate, UserTask

_APPLICANT = N_("申请人")


@dataclass(frozen=True)
class Standing:
    """Where a case stands: its open steps and who has each, the next deadline, how often these steps were urged."""

    steps: tuple[tuple[str, str], ...] = ()
    due: datetime | None = None
    urged: int = 0


def is_watched(tx: Transaction, instance_id: UUID) -> bool:
    """Whether the actor's account watches the case."""
    mine = select(Watch.watched_at).where(Watch.account_id == tx.actor.account_id, Watch.instance_id == instance_id)
    return tx.session.scalar(mine) is not None


def standing(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Where those of the cases stand that the actor may read. Two statements, however many there are."""
    readable = select(ProcessInstance.id).where(ProcessInstance.id.in_(ids), people.visible_to(tx.actor, ids))
    found = dict.fromkeys(tx.session.scalars(readable), Standing())
    holders = select(func.aggregate_strings(TaskCandidate.holder, " ")).where(TaskCandidate.task_id == UserTask.id)
    query = select(UserTask, holders.scalar_subquery())
    query = query.where(UserTask.instance_id.in_(list(found)), UserTask.state == UserTaskState.CREATED)
    for task, candidates in tx.session.execute(query.order_by(UserTask.due_at.is_(None), UserTask.due_at, UserTask.id)):
        before = found[task.instance_id]
        who = task.holder_name or people.names_of(tx, (candidates or "").split()) or _APPLICANT
        found[task.instance_id] = replace(
            before,
            steps=(*before.steps, (task.name, who)),
            due=before.due or task.due_at,
            urged=before.urged + task.urged,
        )
    return found

"""The same rows through the plain ORM: what a commit costs when nobody checks, validates or runs anything.

The rows are those that our command wrote, with the same contents: two updated, the others added. Loading the two is
not counted, so this is a floor below what any application pays.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from bench.measure import Step
from bench.ours import Ours
from engine.model.base import new_id
from engine.model.history import HistoryEvent
from engine.model.process import ProcessInstance
from engine.model.work import TaskCandidate, UserTask
from engine.people import SYSTEM

_INSTANCE = ("token_state", "variables", "history_seq", "history_head")
_TASK = ("state", "holder_name", "completed_at", "completed_by")


@dataclass(frozen=True)
class Written:
    """What one completion wrote, as values by column."""

    instance: dict[str, Any]
    task: dict[str, Any]
    next_task: dict[str, Any]
    candidates: tuple[str, ...]
    events: tuple[dict[str, Any], ...]

    @property
    def rows(self) -> int:
        """The number of rows written."""
        return 3 + len(self.candidates) + len(self.events)


def written_by_a_completion(ours: Ours) -> Written:
    """Complete one task by our command, and read back what it wrote."""
    instance_id, task_id = ours.start()
    with ours.engine.read(SYSTEM) as tx:
        before = tx.get(ProcessInstance, instance_id).history_seq
    ours.complete(task_id)
    following = ours.open_task(instance_id)
    with ours.engine.read(SYSTEM) as tx:
        session = tx.session
        candidates = select(TaskCandidate.holder).where(TaskCandidate.task_id == following)
        events = select(HistoryEvent).where(HistoryEvent.chain_id == instance_id, HistoryEvent.seq > before)
        return Written(
            instance={name: getattr(tx.get(ProcessInstance, instance_id), name) for name in _INSTANCE},
            task={name: getattr(tx.get(UserTask, task_id), name) for name in _TASK},
            next_task=_columns(tx.get(UserTask, following)),
            candidates=tuple(session.scalars(candidates)),
            events=tuple(_columns(event) for event in session.scalars(events.order_by(HistoryEvent.seq))),
        )


def committing(ours: Ours, written: Written) -> Step:
    """One commit of those rows for another instance, which is started and loaded before the time runs."""
    instance_id, task_id = ours.start()
    with Session(ours.engine.sql, expire_on_commit=False) as session:
        instance, task = session.get_one(ProcessInstance, instance_id), session.get_one(UserTask, task_id)
    return partial(_commit, ours, written, instance, task)


def _commit(ours: Ours, written: Written, instance: ProcessInstance, task: UserTask) -> None:
    with Session(ours.engine.sql, expire_on_commit=False, autoflush=False) as session:
        if ours.engine.is_sqlite:
            session.connection().exec_driver_sql("BEGIN IMMEDIATE")
        session.add_all([instance, task])
        for name, value in written.instance.items():
            setattr(instance, name, value)
        for name, value in written.task.items():
            setattr(task, name, value)
        following = UserTask(**{**written.next_task, "id": new_id(), "instance_id": instance.id})
        session.add(following)
        session.add_all(TaskCandidate(task_id=following.id, holder=holder) for holder in written.candidates)
        session.add_all(HistoryEvent(**{**event, "chain_id": instance.id}) for event in written.events)
        session.commit()


def _columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in inspect(type(row)).column_attrs}

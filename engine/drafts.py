"""Drafts of forms: kept per person and task, never overwritten unasked, gone once the task is done.

A draft is only its author's: whoever takes the task over begins with an empty form, and finds the own draft again when
the task comes back. A step that was left and is opened again is another task; the draft of the one before is offered
there. Personal data: nothing of it goes into history or into a log.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.orm import aliased

from engine import files
from engine.database import Transaction
from engine.errors import N_, Conflict, NotAuthorized
from engine.lifecycle import InstanceState, UserTaskState
from engine.model.draft import TaskDraft
from engine.model.process import ProcessInstance
from engine.model.work import UserTask

#: Label and text of what has no place in a form any more.
LeftOver = Sequence[tuple[str, str]]


class DraftConflict(Conflict):
    """Another window or device of the same person has saved or discarded it meanwhile; ``stored`` is what there is."""

    code = "draft_conflict"

    def __init__(self, stored: TaskDraft) -> None:
        super().__init__(N_("另一个窗口或者设备保存了不同的草稿。"))
        self.stored = stored


def keep(
    tx: Transaction, task: UserTask, raw: Mapping[str, Any], form_digest: str, known: int, left_over: LeftOver = ()
) -> TaskDraft:
    """Keep what the actor typed into the form of a locked task.

    ``known`` is the version of the draft that the page began with, 0 for none. Raises DraftConflict when there is a
    newer one that says something else, NotAuthorized without an account.
    """
    if tx.actor.account_id is None:
        raise NotAuthorized(N_("登录后才能保存草稿。"))
    stored = own(tx, task)
    rest = [list(each) for each in left_over]
    if stored is None:
        stored = TaskDraft(
            task_id=task.id,
            account_id=tx.actor.account_id,
            raw=dict(raw),
            form_digest=form_digest,
            left_over=rest,
            version=1,
            saved_at=tx.now,
        )
        tx.add(stored)
    elif differs(stored, raw, known):
        raise DraftConflict(stored)
    elif said(stored.raw) != said(raw):
        stored.replace(dict(raw), form_digest, rest, tx.now)
    task.draft_saved_at = tx.now
    return stored


def own(tx: Transaction, task: UserTask) -> TaskDraft | None:
    """The actor's draft for a task, also when it was discarded."""
    if tx.actor.account_id is None:
        return None
    return tx.session.get(TaskDraft, (task.id, tx.actor.account_id))


def differs(stored: TaskDraft, raw: Mapping[str, Any], known: int) -> bool:
    """Whether another window has saved something else than this since the version that it knows."""
    return stored.version != known and said(stored.raw) != said(raw)


def discard(tx: Transaction, draft: TaskDraft) -> None:
    """Keep nothing of the actor's draft, nor its files that belong to no case."""
    dropped = list(chain.from_iterable(draft.raw.values()))
    draft.discard(tx.now)
    files.drop_unused(tx, dropped, draft.account_id)


def take_over(tx: Transaction, task: UserTask, earlier: TaskDraft, known: int) -> TaskDraft:
    """Go on with an earlier draft of the actor in a locked task. Raises DraftConflict like ``keep``."""
    taken = keep(tx, task, earlier.raw, earlier.form_digest, known, [(each[0], each[1]) for each in earlier.left_over])
    earlier.discard(tx.now)
    return taken


def earlier(tx: Transaction, repeated: Collection[str], task: UserTask) -> TaskDraft | None:
    """The actor's last draft for the same step of the case, from a task that was taken away before it was done.

    None once somebody has completed the step since. ``repeated`` are the elements that several tokens pass beside each
    other: there, the step is the same only in the same scope or for the same unit, where that is not the case's.
    """
    of_step = and_(UserTask.instance_id == task.instance_id, UserTask.element_id == task.element_id)
    query = select(TaskDraft, UserTask).join(UserTask, UserTask.id == TaskDraft.task_id)
    query = query.where(of_step, UserTask.id != task.id, UserTask.state == UserTaskState.CANCELED)
    query = query.where(TaskDraft.account_id == tx.actor.account_id)
    rows = tx.session.execute(query.order_by(TaskDraft.saved_at.desc(), TaskDraft.task_id)).all()
    found = [(draft, left) for draft, left in rows if said(draft.raw) or draft.left_over]
    if not found:
        return None
    is_same = _same_step(tx, repeated, task)
    done = tx.session.scalars(select(UserTask).where(of_step, UserTask.state == UserTaskState.COMPLETED))
    last = max((each.completed_at for each in done if each.completed_at and is_same(each)), default=None)
    fresh = (draft for draft, left in found if is_same(left) and (last is None or last <= draft.saved_at))
    return next(fresh, None)


def _same_step(tx: Transaction, repeated: Collection[str], task: UserTask) -> Callable[[UserTask], bool]:
    if task.element_id not in repeated:
        return lambda other: True
    of_case = tx.session.get_one(ProcessInstance, task.instance_id).unit_id
    units = {task.unit_id} - {None, of_case}
    return lambda other: other.scope == task.scope or other.unit_id in units


def forget(tx: Transaction, task: UserTask) -> None:
    """Drop everybody's drafts of a task that is done. Costs a statement only when there are any."""
    if task.draft_saved_at is not None:
        _drop(tx, TaskDraft.task_id == task.id)
        task.draft_saved_at = None


def forget_old(tx: Transaction) -> None:
    """Drop the drafts of cases that have ended, and of steps that were left and completed by somebody since."""
    done = aliased(UserTask)
    since = exists().where(
        done.instance_id == UserTask.instance_id,
        done.element_id == UserTask.element_id,
        done.scope == UserTask.scope,
        done.completed_at > TaskDraft.saved_at,
        UserTask.state == UserTaskState.CANCELED,
    )
    is_over = ProcessInstance.state.in_([InstanceState.COMPLETED, InstanceState.CANCELED])
    query = select(TaskDraft.task_id).join(UserTask, UserTask.id == TaskDraft.task_id)
    query = query.join(ProcessInstance, ProcessInstance.id == UserTask.instance_id).where(or_(is_over, since))
    _drop(tx, TaskDraft.task_id.in_(query))


def said(raw: Mapping[str, Any]) -> dict[str, list[str]]:
    """What was filled in, without the fields that were left empty."""
    return {path: list(texts) for path, texts in raw.items() if any(text.strip() for text in texts)}


def _drop(tx: Transaction, which: ColumnElement[bool]) -> None:
    gone = delete(TaskDraft).where(which).returning(TaskDraft.account_id, TaskDraft.raw)
    for account, raw in tx.session.execute(gone, execution_options={"synchronize_session": False}).all():
        files.drop_unused(tx, chain.from_iterable(raw.values()), account)

"""Drafts of forms: kept per person and task, never overwritten unasked, gone once the task is done.

A draft is only its author's: whoever takes the task over begins with an empty form, and finds the own draft again when
the task comes back. Nothing of it goes into history.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete

from engine.database import Transaction
from engine.errors import N_, Conflict, NotAuthorized
from engine.model.draft import TaskDraft
from engine.model.work import UserTask


class DraftConflict(Conflict):
    """Another window or device of the same person has saved something else meanwhile; ``stored`` is that."""

    code = "draft_conflict"

    def __init__(self, stored: TaskDraft) -> None:
        super().__init__(N_("另一个窗口或者设备保存了不同的草稿。"))
        self.stored = stored


def keep(tx: Transaction, task: UserTask, raw: Mapping[str, Any], form_digest: str, known: int) -> TaskDraft:
    """Keep what the actor typed into the form of a locked task.

    ``known`` is the version of the draft that the page began with, 0 for none. Raises DraftConflict when there is a
    newer one that says something else, NotAuthorized without an account.
    """
    if tx.actor.account_id is None:
        raise NotAuthorized(N_("登录后才能保存草稿。"))
    stored = tx.session.get(TaskDraft, (task.id, tx.actor.account_id))
    if stored is None:
        stored = TaskDraft(
            task_id=task.id,
            account_id=tx.actor.account_id,
            raw=dict(raw),
            form_digest=form_digest,
            version=1,
            saved_at=tx.now,
        )
        tx.add(stored)
    elif differs(stored, raw, known):
        raise DraftConflict(stored)
    elif said(stored.raw) != said(raw):
        stored.replace(dict(raw), form_digest, tx.now)
    task.draft_saved_at = tx.now
    return stored


def differs(stored: TaskDraft, raw: Mapping[str, Any], known: int) -> bool:
    """Whether another window has saved something else than this since the version that it knows."""
    return stored.version != known and said(stored.raw) != said(raw)


def forget(tx: Transaction, task: UserTask) -> None:
    """Drop everybody's drafts of a task that is done. Costs a statement only when there are any."""
    if task.draft_saved_at is not None:
        tx.session.execute(delete(TaskDraft).where(TaskDraft.task_id == task.id))
        task.draft_saved_at = None


def said(raw: Mapping[str, Any]) -> dict[str, list[str]]:
    """What was filled in, without the fields that were left empty."""
    return {path: list(texts) for path, texts in raw.items() if any(text.strip() for text in texts)}

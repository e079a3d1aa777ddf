"""Commands on user tasks: claim, release, save a draft, complete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine import drafts, files
from engine.database import Transaction
from engine.errors import N_, AlreadyDone, NotAuthorized
from engine.execution import Loaded, advance, lock_task
from engine.history import record
from engine.model.draft import TaskDraft
from engine.model.process import ProcessInstance
from engine.model.work import UserTask


def claim(tx: Transaction, task_id: UUID) -> UserTask:
    """Give the task to the actor. Raises AlreadyDone, naming who was faster, or NotAuthorized."""
    instance, task = _locked_task(tx, task_id)
    task.claim(tx.actor.account_id, tx.actor.name, tx.now)
    record(tx, instance, "user_task_claimed", task.element_id, {"task": str(task.id)})
    return task


def release(tx: Transaction, task_id: UUID) -> UserTask:
    """Give a claimed task back to its candidates."""
    instance, task = _locked_task(tx, task_id)
    task.release()
    record(tx, instance, "user_task_released", task.element_id, {"task": str(task.id)})
    return task


def save_draft(
    tx: Transaction, task_id: UUID, raw: Mapping[str, Any], form_digest: str = "", known: int = 0
) -> TaskDraft:
    """Keep what the actor typed, unchecked, until the task is completed. It does not claim the task.

    ``known`` is the version that the page began with. Raises DraftConflict when another one says something else.
    """
    _, task = _locked_task(tx, task_id)
    return drafts.keep(tx, task, raw, form_digest, known)


def complete(tx: Transaction, task_id: UUID, values: Mapping[str, Any], upload_session: str | None = None) -> UserTask:
    """Complete the task with the values of its form and move the case on.

    ``upload_session`` stands for somebody without an account who uploaded files.

    Raises AlreadyDone when somebody was faster, NotAuthorized when the actor's post may not, InvalidVariables when the
    form has errors. A later automatic step that fails keeps the completion and becomes an incident.
    """
    instance, task = _locked_task(tx, task_id)
    instance.ensure_active()
    loaded = Loaded.load(tx, instance)
    clean = _validated(loaded, task, values)
    files.link(tx, instance.id, files.references_in(clean), upload_session)
    task.complete(tx.actor.account_id, tx.actor.name, tx.now)
    drafts.forget(tx, task)
    loaded.record("user_task_completed", task.element_id, task=str(task.id), variables=clean)
    loaded.run.complete(task.id, clean)
    loaded.recorded_changes = len(loaded.scopes.changes)
    advance(loaded, done=[task.id])
    return task


def _locked_task(tx: Transaction, task_id: UUID) -> tuple[ProcessInstance, UserTask]:
    """The task and its locked instance, once it is sure that the task waits and that the actor may do it."""
    instance, task, is_candidate = lock_task(tx, task_id)
    _ensure_may(tx, task, is_candidate)
    return instance, task


def _ensure_may(tx: Transaction, task: UserTask, is_candidate: bool) -> None:
    """State before right: whoever comes second hears who was faster, not that something is forbidden."""
    is_assignee = task.assignee is not None and task.assignee == tx.actor.account_id
    if not (is_candidate or is_assignee):
        raise NotAuthorized(N_("“{task}”没有分派给您现在的岗位（{post}）。"), task=task.name, post=tx.actor.name)
    task.ensure_open()
    if task.assignee is not None and not is_assignee:
        raise AlreadyDone(N_("“{task}”已由{who}领取。"), task=task.name, who=task.holder_name or "")


def _validated(loaded: Loaded, task: UserTask, values: Mapping[str, Any]) -> dict[str, Any]:
    form = loaded.release.form_of(task.element_id)
    if form is None:
        return dict(values)
    scope = loaded.run.scope_of(task.id)
    clean: dict[str, Any] = form.load(values, loaded.scopes.view(scope, loaded.env.globals), loaded.env.feel_env)
    return clean

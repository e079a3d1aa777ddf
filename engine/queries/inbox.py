"""One task with everything its page needs; the lists are in :mod:`engine.queries.worklist`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from engine import feel, people
from engine.database import Transaction
from engine.errors import N_, NotFound
from engine.execution.loaded import Loaded
from engine.forms import Form
from engine.lifecycle import UserTaskState
from engine.model.draft import TaskDraft
from engine.model.process import ProcessDefinition, ProcessInstance
from engine.model.work import TaskCandidate, UserTask
from engine.people import Right
from engine.release import Release, load_release

#: The property of a user task that allows it.
FOR_MANY = "bulk"


def process_names(tx: Transaction) -> dict[str, str]:
    """Names of all published processes by key, as their newest version says."""
    query = select(ProcessDefinition.key, ProcessDefinition.name).order_by(ProcessDefinition.version)
    return {row.key: row.name for row in tx.session.execute(query)}


@dataclass(frozen=True)
class Work:
    """A task with everything that its page needs. ``right`` says why the actor can do it now, None that it can't."""

    task: UserTask
    instance: ProcessInstance
    release: Release
    form: Form | None
    context: Mapping[str, Any]
    env: feel.Environment
    candidates: frozenset[str]
    right: Right | None
    #: What the actor has typed and not sent; never anybody else's.
    draft: TaskDraft | None
    #: The digest of the form that is shown; empty without a form.
    form_digest: str

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.task.state is UserTaskState.CREATED

    @property
    def is_for_many(self) -> bool:
        """Whether the analyst lets several tasks of this step be completed with one filled form."""
        return self.release.nodes[self.task.element_id].property(FOR_MANY) == "true"


def work(tx: Transaction, task_id: UUID) -> Work:
    """A task that the actor may see: as a candidate, as the assignee, or because the case is visible."""
    asked = select(func.aggregate_strings(TaskCandidate.holder, " ")).where(TaskCandidate.task_id == UserTask.id)
    query = select(UserTask, ProcessInstance, asked.scalar_subquery(), TaskDraft)
    query = query.join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    own = and_(TaskDraft.task_id == UserTask.id, TaskDraft.account_id == tx.actor.account_id)
    query = query.outerjoin(TaskDraft, own)
    row = tx.session.execute(query.where(UserTask.id == task_id, people.visible_to(tx.actor))).one_or_none()
    if row is None:
        raise NotFound(N_("没有找到这个环节，或者当前岗位不能查看它。"))
    task, instance, holders, draft = row
    candidates = frozenset((holders or "").split())
    release = load_release(tx, instance.definition_id)
    loaded = Loaded.load(tx, instance)
    is_open = task.state is UserTaskState.CREATED
    scope = loaded.run.scope_of(task.id) if is_open else None
    view: Mapping[str, Any] = loaded.scopes.view(scope, loaded.env.globals) if scope is not None else {}
    if is_open and task.submitted:  # it came back: its form shows what was submitted, whatever was written since
        view = {**view, **task.submitted_values}
    form = release.form_of(task.element_id)
    digest = release.bundle.forms.get(form.id, "") if form is not None else ""
    rights = people.rights_to(tx.actor, task, instance.process_key, candidates) if is_open else []
    right = people.right_now(tx.actor, task, rights)
    return Work(task, instance, release, form, view, loaded.env.feel_env, candidates, right, draft, digest)


def names_of(tx: Transaction, task_id: UUID) -> tuple[str, str]:
    """What the case of a task is called, and the step; NotFound when the actor may not see it."""
    query = select(ProcessInstance.title, UserTask.name).join(UserTask, UserTask.instance_id == ProcessInstance.id)
    row = tx.session.execute(query.where(UserTask.id == task_id, people.visible_to(tx.actor))).one_or_none()
    if row is None:
        raise NotFound(N_("没有找到这个环节，或者当前岗位不能查看它。"))
    return row.title, row.name

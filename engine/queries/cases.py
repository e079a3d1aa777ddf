"""One case, for whoever may see it: its row, what it waits for, what is marked in its diagram."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import undefer

from engine import people
from engine.bpmn.basis import clauses_of
from engine.database import Transaction
from engine.errors import N_, NotAuthorized, NotFound
from engine.lifecycle import IncidentState, UserTaskState
from engine.model.history import HistoryEvent
from engine.model.people import Account
from engine.model.process import Clause, ProcessDefinition, ProcessInstance
from engine.model.work import Incident, TaskCandidate, UserTask
from engine.release import Bundle, Release, load_release
from engine.variables import ROOT, Scopes


def case(tx: Transaction, instance_id: UUID) -> ProcessInstance:
    """The case, if the actor may see it; else NotFound, so that nobody learns what exists."""
    query = select(ProcessInstance).where(ProcessInstance.id == instance_id, people.visible_to(tx.actor, [instance_id]))
    found = tx.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(N_("没有找到这个事项，或者当前岗位不能查看它。"))
    return found


def case_inside(tx: Transaction, instance_id: UUID) -> ProcessInstance:
    """The case, for those who read it from inside; NotAuthorized for its applicant and other parties to it."""
    found = case(tx, instance_id)
    if not people.reads_inside(tx.actor, found):
        raise NotAuthorized(N_("这一页只供办理人员查看。本人提出的事项，请在“我的事项”里查看进度。"))
    return found


def release_of(tx: Transaction, instance: ProcessInstance) -> Release:
    """The version of the process that the case runs on."""
    return load_release(tx, instance.definition_id)


def diagram(tx: Transaction, definition_id: UUID) -> str:
    """The BPMN text of a version."""
    query = select(ProcessDefinition).where(ProcessDefinition.id == definition_id)
    row = tx.session.scalars(query.options(undefer(ProcessDefinition.bundle))).one_or_none()
    if row is None:
        raise NotFound(N_("没有找到这个流程版本。"))
    return Bundle.unpack(row.bundle).diagram


def variables(instance: ProcessInstance) -> dict[str, Any]:
    """The variables of the case itself (its root scope)."""
    return Scopes.load(instance.variables).local(ROOT)


@dataclass(frozen=True)
class OpenTask:
    """A user task that waits, and who may do it, by their posts' names."""

    task: UserTask
    who: tuple[str, ...]


def open_tasks(tx: Transaction, instance: ProcessInstance) -> list[OpenTask]:
    """What the case waits for from people, oldest first."""
    query = select(UserTask).where(UserTask.instance_id == instance.id, UserTask.state == UserTaskState.CREATED)
    tasks = list(tx.session.scalars(query.order_by(UserTask.created_at)))
    holders: dict[UUID, list[str]] = {task.id: [] for task in tasks}
    candidates = select(TaskCandidate).where(TaskCandidate.task_id.in_(holders))
    for candidate in tx.session.scalars(candidates.order_by(TaskCandidate.holder)):
        holders[candidate.task_id].append(candidate.holder)
    return [OpenTask(task, _who(tx, instance, task, holders[task.id])) for task in tasks]


def _who(tx: Transaction, instance: ProcessInstance, task: UserTask, holders: list[str]) -> tuple[str, ...]:
    if task.assignee is not None:
        return (task.holder_name or "",)
    return tuple(dict.fromkeys(holder_name(tx, instance, holder) for holder in holders))


def holder_name(tx: Transaction, instance: ProcessInstance, holder: str) -> str:
    """How people call a holder: 金星社区一组组长, or the name under which the case was filed."""
    if holder == f"receipt:{instance.id}" or holder == f"account:{instance.started_by}":
        return instance.started_by_name
    if holder.startswith("account:"):
        account = tx.session.get(Account, UUID(holder.removeprefix("account:")))
        return account.name if account else holder
    position, _, unit = holder.partition("@")
    return people.org_tree(tx).post_name(position, UUID(unit))


@dataclass(frozen=True)
class Related:
    """A case that called another or was called by it (``is_above``: called it), with the name of its process."""

    case: ProcessInstance
    process: str
    is_above: bool


def related(tx: Transaction, instance: ProcessInstance) -> list[Related]:
    """The case that called this one, and those that it called, the oldest first; as far as the actor may see them."""
    near = or_(ProcessInstance.id == instance.parent_id, ProcessInstance.parent_id == instance.id)
    query = select(ProcessInstance, ProcessDefinition.name).join(ProcessDefinition)
    query = query.where(near, people.visible_to(tx.actor)).order_by(ProcessInstance.started_at)
    rows = tx.session.execute(query)
    return [Related(found, process, found.id == instance.parent_id) for found, process in rows]


def marks(tx: Transaction, instance: ProcessInstance) -> dict[str, list[str]]:
    """Element ids to mark in the diagram: where it waits, what it passed, where it failed."""
    active = select(UserTask.element_id).where(
        UserTask.instance_id == instance.id, UserTask.state == UserTaskState.CREATED
    )
    failed = select(Incident.element_id).where(
        Incident.instance_id == instance.id, Incident.state == IncidentState.OPEN
    )
    at = set(tx.session.scalars(active))
    broken = set(tx.session.scalars(failed))
    passed = _passed(tx, instance) - at - broken
    return {"active": sorted(at - broken), "done": sorted(passed), "failed": sorted(broken)}


def _passed(tx: Transaction, instance: ProcessInstance) -> set[str]:
    """Elements that the history of the case names as done."""
    types = ("user_task_completed", "job_completed", "advanced", "timer_fired", "message_received")
    query = select(HistoryEvent).where(HistoryEvent.chain_id == instance.id, HistoryEvent.type.in_(types))
    found: set[str] = set()
    for event in tx.session.scalars(query):
        if event.type == "advanced":
            steps = json.loads(event.payload)["data"].get("steps", [])
            found.update(step["element"] for step in steps if step["what"] == "completed")
        elif event.element_id:
            found.add(event.element_id)
    return found


def clauses(tx: Transaction, release: Release, element_id: str) -> list[Clause]:
    """The clauses of the standard that a user task serves, in the order of the diagram."""
    wanted = clauses_of(release.nodes[element_id])
    found = {row.id: row for row in tx.session.scalars(select(Clause).where(Clause.id.in_(wanted)))}
    return [found[id] for id in wanted if id in found]

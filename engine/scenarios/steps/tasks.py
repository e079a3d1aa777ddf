"""Doing user tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from engine import tasks
from engine.database import Transaction
from engine.errors import N_, StepFailed
from engine.lifecycle import UserTaskState
from engine.model.history import HistoryEvent
from engine.model.process import ProcessInstance
from engine.model.work import TaskCandidate, UserTask
from engine.people import SYSTEM, Actor
from engine.scenarios.actors import performer_of
from engine.scenarios.failure import ScenarioFailed
from engine.scenarios.script import Step
from engine.scenarios.stage import Stage
from engine.scenarios.steps.kind import Kind, command
from engine.scenarios.values import fits
from engine.variables import ScopeId, Scopes


def _complete(stage: Stage, step: Step) -> None:
    with stage.engine.read(SYSTEM) as tx:
        case = stage.case(tx, step)
        actor, task = choose(tx, case, step)
    with command(step), stage.engine.begin(actor) as tx:
        tasks.complete(tx, task.id, step.get("values", {}))


def choose(tx: Transaction, case: ProcessInstance, step: Step) -> tuple[Actor, UserTask]:
    """The oldest open task of the element that the actor may do; else the oldest, so that it says why not."""
    found = _open(tx, case, step["complete"])
    matching = [task for task in found if _has(case, task, step.get("with", {}))]
    if not matching:
        template = N_("环节“{element}”现在没有在等待。") if not found else N_("没有一个“{element}”的变量是“{wanted}”。")
        raise ScenarioFailed(template, element=step["complete"], wanted=step.get("with", {}))
    actors = [_actor(tx, step, case, task) for task in matching]
    for actor, task in zip(actors, matching, strict=True):
        if _may(tx, actor, task):
            return actor, task
    return actors[0], matching[0]


def _open(tx: Transaction, case: ProcessInstance, element: str) -> list[UserTask]:
    """The open tasks of an element, the oldest first: those of one step in the order of history."""
    found = list(tx.session.scalars(_WAITING, {"case": case.id, "element": element}))
    if len(found) < 2:
        return found
    told = "".join(tx.session.scalars(_CREATED, {"case": case.id, "element": element}))
    return sorted(found, key=lambda task: told.find(str(task.id)))


def _has(case: ProcessInstance, task: UserTask, wanted: Mapping[str, Any]) -> bool:
    if not wanted:
        return True
    scopes, scope = Scopes.load(case.variables), ScopeId(task.scope)
    return all(fits(value, scopes.get(scope, name)) for name, value in wanted.items())


def _actor(tx: Transaction, step: Step, case: ProcessInstance, task: UserTask) -> Actor:
    """Who acts, as seen from the unit of the case; where that leads nowhere, from the unit of the task."""
    by = step.get("by")
    if by is None:
        raise ScenarioFailed(N_("请用 by 写明由谁办理。"))
    try:
        return performer_of(tx, by, case, case.unit_id)
    except StepFailed:
        if task.unit_id in (None, case.unit_id):
            raise
        return performer_of(tx, by, case, task.unit_id)


def _may(tx: Transaction, actor: Actor, task: UserTask) -> bool:
    if task.assignee is not None:
        return task.assignee == actor.account_id
    return tx.session.scalar(_CANDIDATE, {"task": task.id, "holders": list(actor.holders)}) is not None


# Made once: building a statement costs more than running it, and these run at every step.
_WAITING = select(UserTask).where(
    UserTask.instance_id == bindparam("case"),
    UserTask.state == UserTaskState.CREATED,
    UserTask.element_id == bindparam("element"),
)
_CREATED = (
    select(HistoryEvent.payload)
    .where(
        HistoryEvent.chain_id == bindparam("case"),
        HistoryEvent.type == "user_task_created",
        HistoryEvent.element_id == bindparam("element"),
    )
    .order_by(HistoryEvent.seq)
)
_CANDIDATE = (
    select(TaskCandidate.task_id)
    .where(TaskCandidate.task_id == bindparam("task"))
    .where(TaskCandidate.holder.in_(bindparam("holders", expanding=True)))
    .limit(1)
)


_ENTRIES = frozenset({"complete", "in", "by", "with", "values", "refused", "because"})
STEPS = {"complete": Kind(_complete, _ENTRIES)}

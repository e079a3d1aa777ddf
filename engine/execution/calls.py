"""Between the instance of a call activity and the instance that it calls: jobs, so that each locks only its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.bpmn.model import Text
from engine.database import Transaction
from engine.errors import N_, EngineError, InvalidState
from engine.execution.advance import advance
from engine.execution.ending import cancel_loaded
from engine.execution.incidents import open_incident
from engine.execution.loaded import Loaded, is_caught_above, is_over, lock_instance
from engine.execution.starting import Origin, called_release, create_instance
from engine.execution.throwing import tell_of_escalations
from engine.execution.waits import evaluate, unit_of
from engine.feel import FeelError
from engine.lifecycle import InstanceState, JobState
from engine.model.process import ProcessInstance
from engine.model.work import Job
from engine.release import Release
from engine.tokens import Wait
from engine.variables import ROOT, Scopes

#: A case, the case that it called, and so on.
MOST_CALLS_DEEP = 20


def filed_case(tx: Transaction, instance: ProcessInstance) -> ProcessInstance:
    """The case that somebody filed: itself, or the one that called it, and so on. Its receipt is the only one."""
    while instance.parent_id is not None:
        instance = tx.session.get_one(ProcessInstance, instance.parent_id)
    return instance


def start_child(tx: Transaction, instance: ProcessInstance, job: Job) -> None:
    """Start the called process; a failure (no such process, too deep) becomes an incident of the caller."""
    loaded = Loaded.load(tx, instance)
    wait = loaded.before[job.token]
    node = wait.element
    try:
        _ensure_not_too_deep(tx, instance)
        release = _called(loaded, wait)
    except (EngineError, FeelError) as error:
        template = error.message if isinstance(error, FeelError) else error.template
        job.state = JobState.FAILED
        open_incident(loaded, wait.token_id, node.id, template, error.params, job.id)
        return
    seen = loaded.scopes.view(wait.scope) if node.propagate_all_parent else loaded.own_variables(wait.token_id)
    origin = Origin(unit_of(loaded, wait.scope), parent=instance, parent_token=wait.token_id)
    child = create_instance(tx, release, dict(seen), origin)
    loaded.record("child_started", node.id, child=str(child.instance.id), number=child.instance.business_key)


def _ensure_not_too_deep(tx: Transaction, instance: ProcessInstance) -> None:
    """A process that calls itself without an end would fill the database. Raises InvalidState."""
    depth, above = 1, instance.parent_id
    while above is not None and depth < MOST_CALLS_DEEP:
        depth += 1
        above = tx.session.scalar(select(ProcessInstance.parent_id).where(ProcessInstance.id == above))
    if depth == MOST_CALLS_DEEP:
        template = N_("事项已经一层层调用到第 {most} 层，流程可能在不停地调用自己。请检查流程图。")
        raise InvalidState(template, most=MOST_CALLS_DEEP)


def _called(loaded: Loaded, wait: Wait) -> Release:
    node = wait.element
    key = str(evaluate(loaded, node.called_process or Text("", False), wait.scope))
    tag = None if node.called_tag is None else str(evaluate(loaded, node.called_tag, wait.scope))
    release = called_release(loaded.tx, loaded.release, key, node.called_binding, tag)
    if not release.starts_by_hand:
        raise InvalidState(N_("流程“{process}”没有无触发条件的开始事件，不能调用。"), process=release.bundle.name)
    return release


def child_ended(tx: Transaction, instance: ProcessInstance, job: Job) -> None:
    """Go on after the called instance has ended; what it escalated before comes first."""
    _catch_up(tx, instance, job.token)
    loaded = Loaded.load(tx, instance)
    token = job.token
    if token not in loaded.before:
        return
    child = tx.session.get_one(ProcessInstance, UUID(job.payload["child"]))
    loaded.record("child_ended", loaded.before[token].element.id, child=str(child.id), error=job.payload["error"])
    if job.payload["error"] is not None:
        _error_of_child(loaded, token, job.payload["error"])
    elif child.state is InstanceState.CANCELED:
        template = N_("被调用的事项 {number} 已被终止。")
        open_incident(loaded, token, loaded.before[token].element.id, template, {"number": child.business_key})
    else:
        node = loaded.before[token].element
        wanted = node.propagate_all_children or node.outputs
        loaded.run.complete(token, Scopes.load(child.variables).local(ROOT) if wanted else {})
        advance(loaded, done=[token])


def escalation(tx: Transaction, instance: ProcessInstance, job: Job) -> None:
    """What the called instance escalated: for the nearest handler in here, else for the one that calls this one.

    An escalation that nobody catches changes nothing (10.4.6 Escalation Event Definition).
    """
    uncaught = []
    for code in job.payload["codes"]:
        loaded = Loaded.load(tx, instance)
        if job.token not in loaded.before:
            return
        loaded.record("escalation_received", loaded.before[job.token].element.id, code=code)
        if loaded.run.escalate(job.token, code):
            advance(loaded)
        else:
            uncaught.append(code)
    if uncaught and instance.parent_id is not None:
        tell_of_escalations(loaded, uncaught)


def _catch_up(tx: Transaction, instance: ProcessInstance, token: UUID) -> None:
    """Two workers may have taken the end of the called instance and its last escalation in the wrong order."""
    earlier = select(Job).where(Job.token_id == token, Job.kind == "escalation", Job.state == JobState.DUE)
    for job in tx.session.scalars(earlier.order_by(Job.created_at, Job.id)):
        job.move(JobState.DONE)
        escalation(tx, instance, job)


def _error_of_child(loaded: Loaded, token: UUID, code: str) -> None:
    if throw(loaded, token, code, {}):
        return
    template = N_("被调用的流程以错误“{code}”结束，流程图里没有接收它的边界事件。")
    open_incident(loaded, token, loaded.before[token].element.id, template, {"code": code})


def throw(loaded: Loaded, token: UUID, code: str, payload: dict[str, Any]) -> bool:
    """Let an error be caught in this instance, or end it when one that calls it catches the error; else False."""
    if not loaded.run.throw(token, code, payload):
        if not is_caught_above(loaded.tx, loaded.instance, code):
            return False
        loaded.run.end_by_error(code)
    advance(loaded, done=[token])
    return True


def cancel_child(tx: Transaction, instance: ProcessInstance, job: Job) -> None:
    """A call that was retried has several children; those that ended by themselves stay as they are."""
    running = select(ProcessInstance.id).where(
        ProcessInstance.parent_token == job.token_id, ProcessInstance.state == InstanceState.ACTIVE
    )
    for child_id in tx.session.scalars(running):
        child = lock_instance(tx, child_id)
        if not is_over(child):
            reason = N_("上级事项 {number} 不再需要").format(number=instance.business_key)
            cancel_loaded(Loaded.load(tx, child), reason)

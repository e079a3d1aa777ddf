"""Commands on jobs. Each takes effect at most once: the job's row is read again under the instance's lock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select, update
from sqlalchemy.engine import CursorResult

from engine.bpmn.model import Text
from engine.database import Transaction
from engine.errors import N_, EngineError
from engine.execution import (
    Loaded,
    Origin,
    advance,
    cancel_loaded,
    create_instance,
    evaluate,
    fire,
    is_over,
    latest_release,
    lock_instance,
    unit_of,
)
from engine.execution import open_incident as note_incident
from engine.feel import FeelError
from engine.history import record_system
from engine.lifecycle import InstanceState, JobState
from engine.model.process import ProcessInstance
from engine.model.work import Job
from engine.values import decode
from engine.variables import ROOT, Scopes

LEASE = timedelta(seconds=60)
_FIRST_BACKOFF = timedelta(seconds=10)
_BACKOFF_FACTOR = 4

#: Jobs that a worker takes with a lease, because their effect lies outside the database.
OUTSIDE = "service_task"


@dataclass(frozen=True)
class Ticket:
    """A leased job: what a handler needs, and the attempt that proves the lease."""

    job_id: UUID
    instance_id: UUID
    element_id: str
    type: str
    owner: str
    attempt: int
    number: str
    variables: Mapping[str, Any]
    headers: Mapping[str, str]


def due_jobs(tx: Transaction, limit: int = 50) -> list[tuple[UUID, str]]:
    """Ids and kinds of jobs that can run now: due ones, and leased ones whose worker has gone."""
    due = and_(Job.state == JobState.DUE, Job.due_at <= tx.now)
    lost = and_(Job.state == JobState.RUNNING, Job.lease_until < tx.now)
    query = select(Job.id, Job.kind).where(or_(due, lost)).order_by(Job.due_at).limit(limit)
    return [(row[0], row[1]) for row in tx.session.execute(query)]


def lease(tx: Transaction, job_id: UUID, owner: str) -> Ticket | None:
    """Take a job for a worker; None when another worker got there first or it is no longer wanted."""
    free = or_(Job.state == JobState.DUE, and_(Job.state == JobState.RUNNING, Job.lease_until < tx.now))
    statement = update(Job).where(Job.id == job_id, Job.due_at <= tx.now, free)
    values = {"state": JobState.RUNNING, "owner": owner, "lease_until": tx.now + LEASE, "attempt": Job.attempt + 1}
    result = tx.session.execute(statement.values(values))
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        return None
    job = tx.session.get_one(Job, job_id, populate_existing=True)
    return _ticket(tx, job, owner)


def succeed(tx: Transaction, ticket: Ticket, result: Mapping[str, Any]) -> bool:
    """Record a handler's result and move the case on; False when the lease was lost in the meantime."""
    loaded, job = _still_mine(tx, ticket)
    if loaded is None or job is None:
        return False
    job.move(JobState.DONE)
    loaded.record("job_completed", job.element_id, job=str(job.id), job_type=job.type, variables=dict(result))
    loaded.run.complete(_token(job), dict(result))
    loaded.recorded_changes = len(loaded.scopes.changes)
    advance(loaded, done=[_token(job)])
    return True


def fail(tx: Transaction, ticket: Ticket, template: str, params: Mapping[str, Any]) -> None:
    """Record that a handler failed: try again later, or open an incident when its attempts are used up."""
    loaded, job = _still_mine(tx, ticket)
    if loaded is None or job is None:
        return
    job.error = template.format(**params)
    if job.attempt < job.max_attempts:
        job.move(JobState.DUE)
        job.due_at = tx.now + _FIRST_BACKOFF * _BACKOFF_FACTOR ** (job.attempt - 1)
        loaded.record("job_failed", job.element_id, job=str(job.id), attempt=job.attempt, error=job.error)
    else:
        job.move(JobState.FAILED)
        note_incident(loaded, _token(job), job.element_id or "", template, dict(params), job.id)


def throw(tx: Transaction, ticket: Ticket, code: str, message: str) -> None:
    """A handler ended in a BPMN error: the nearest boundary event catches it, else it is an incident."""
    loaded, job = _still_mine(tx, ticket)
    if loaded is None or job is None:
        return
    loaded.record("error_thrown", job.element_id, code=code, message=message)
    if loaded.run.throw(_token(job), code, {"message": message}):
        job.move(JobState.DONE)
        advance(loaded, done=[_token(job)])
    else:
        job.move(JobState.FAILED)
        template = N_("服务返回错误“{code}”，流程图里没有接收它的边界事件：{message}")
        note_incident(loaded, _token(job), job.element_id or "", template, {"code": code, "message": message}, job.id)


def run_inside(tx: Transaction, job_id: UUID) -> bool:
    """Do a job whose effect is in this database, in this transaction; False when it is no longer wanted."""
    job = tx.session.get(Job, job_id)
    if job is None:
        return False
    if job.instance_id is None:
        return _start_by_clock(tx, job)
    instance = lock_instance(tx, job.instance_id)
    tx.session.refresh(job)
    if job.state is not JobState.DUE or job.due_at > tx.now:
        return False
    if is_over(instance) and job.kind != "cancel_child":
        job.move(JobState.CANCELED)
        return False
    job.move(JobState.DONE)
    _INSIDE[job.kind](tx, instance, job)
    return True


def _start_by_clock(tx: Transaction, job: Job) -> bool:
    tx.session.refresh(job, with_for_update=True)
    if job.state is not JobState.DUE or job.due_at > tx.now:
        return False
    job.move(JobState.DONE)
    fire(tx, job)
    return True


def postpone(tx: Transaction, job_id: UUID, template: str, params: Mapping[str, Any]) -> None:
    """An inside job failed unexpectedly: try again later, and after its last attempt open an incident."""
    job = tx.session.get(Job, job_id)
    if job is None:
        return
    instance = lock_instance(tx, job.instance_id) if job.instance_id is not None else None
    tx.session.refresh(job)
    if job.state is not JobState.DUE:
        return
    job.attempt += 1
    job.error = template.format(**params)
    job.due_at = tx.now + _FIRST_BACKOFF * _BACKOFF_FACTOR ** (job.attempt - 1)
    if job.attempt < job.max_attempts:
        return
    if instance is None:
        job.state = JobState.FAILED
        record_system(tx, "start_failed", {"process": job.type, "message": job.error})
    elif not is_over(instance):
        job.state = JobState.FAILED
        token = job.token_id or job.id  # a signal is for the whole case; the incident is found by its job
        note_incident(Loaded.load(tx, instance), token, job.element_id or "", template, dict(params), job.id)


def _fire_timer(tx: Transaction, instance: ProcessInstance, job: Job) -> None:
    loaded = Loaded.load(tx, instance)
    loaded.record("timer_fired", job.element_id, due=job.due_at.isoformat())
    loaded.run.trigger(_token(job))
    advance(loaded, done=[_token(job)])


def _start_child(tx: Transaction, instance: ProcessInstance, job: Job) -> None:
    """Start the called process; a failure (no such process) becomes an incident of the caller."""
    loaded = Loaded.load(tx, instance)
    wait = loaded.before[_token(job)]
    node = wait.element
    try:
        release = latest_release(tx, str(evaluate(loaded, node.called_process or Text("", False), wait.scope)))
    except (EngineError, FeelError) as error:
        template = error.message if isinstance(error, FeelError) else error.template
        job.state = JobState.FAILED
        note_incident(loaded, wait.token_id, node.id, template, error.params, job.id)
        return
    seen = loaded.scopes.view(wait.scope) if node.propagate_all_parent else loaded.scopes.local(wait.scope)
    origin = Origin(unit_of(loaded, wait.scope), parent=instance, parent_token=wait.token_id)
    child = create_instance(tx, release, dict(seen), origin)
    loaded.record("child_started", node.id, child=str(child.instance.id), number=child.instance.business_key)


def _child_ended(tx: Transaction, instance: ProcessInstance, job: Job) -> None:
    loaded = Loaded.load(tx, instance)
    token = _token(job)
    if token not in loaded.before:
        return
    child = tx.session.get_one(ProcessInstance, UUID(job.payload["child"]))
    loaded.record("child_ended", loaded.before[token].element.id, child=str(child.id), error=job.payload["error"])
    if job.payload["error"] is not None:
        _error_of_child(loaded, token, job.payload["error"])
    elif child.state is InstanceState.CANCELED:
        template = N_("被调用的事项 {number} 已被终止。")
        note_incident(loaded, token, loaded.before[token].element.id, template, {"number": child.business_key})
    else:
        node = loaded.before[token].element
        wanted = node.propagate_all_children or node.outputs
        loaded.run.complete(token, Scopes.load(child.variables).local(ROOT) if wanted else {})
        advance(loaded, done=[token])


def _error_of_child(loaded: Loaded, token: UUID, code: str) -> None:
    if loaded.run.throw(token, code, {}):
        advance(loaded, done=[token])
        return
    template = N_("被调用的流程以错误“{code}”结束，流程图里没有接收它的边界事件。")
    note_incident(loaded, token, loaded.before[token].element.id, template, {"code": code})


def _cancel_child(tx: Transaction, instance: ProcessInstance, job: Job) -> None:
    """A call that was retried has several children; those that ended by themselves stay as they are."""
    running = select(ProcessInstance.id).where(
        ProcessInstance.parent_token == job.token_id, ProcessInstance.state == InstanceState.ACTIVE
    )
    for child_id in tx.session.scalars(running):
        child = lock_instance(tx, child_id)
        if not is_over(child):
            reason = N_("上级事项 {number} 不再需要").format(number=instance.business_key)
            cancel_loaded(Loaded.load(tx, child), reason)


def _signal(tx: Transaction, instance: ProcessInstance, job: Job) -> None:
    loaded = Loaded.load(tx, instance)
    payload = decode(job.payload["values"])
    loaded.record("signal_received", name=job.payload["name"], variables=payload)
    loaded.run.signal(job.payload["name"], payload)
    loaded.recorded_changes = len(loaded.scopes.changes)
    advance(loaded)


_INSIDE: dict[str, Callable[[Transaction, ProcessInstance, Job], None]] = {
    "timer": _fire_timer,
    "start_child": _start_child,
    "child_ended": _child_ended,
    "cancel_child": _cancel_child,
    "signal": _signal,
}


def _ticket(tx: Transaction, job: Job, owner: str) -> Ticket | None:
    """What the handler sees: the variables of its scope and the headers of its element."""
    if job.instance_id is None:
        return None
    instance = tx.session.get_one(ProcessInstance, job.instance_id)
    loaded = Loaded.load(tx, instance)
    token = _token(job)
    if token not in loaded.before:
        job.move(JobState.CANCELED)
        return None
    scope = loaded.run.scope_of(token)
    return Ticket(
        job_id=job.id,
        instance_id=instance.id,
        element_id=job.element_id or "",
        type=job.type,
        owner=owner,
        attempt=job.attempt,
        number=instance.business_key,
        variables=dict(loaded.scopes.view(scope, loaded.env.globals)),
        headers=dict(loaded.before[token].element.headers),
    )


def _still_mine(tx: Transaction, ticket: Ticket) -> tuple[Loaded | None, Job | None]:
    """The fence: a worker that lost its lease, or whose case moved on, changes nothing."""
    instance = lock_instance(tx, ticket.instance_id)
    job = tx.session.get(Job, ticket.job_id, populate_existing=True)
    if job is None or is_over(instance):
        return None, None
    mine = job.state is JobState.RUNNING and job.owner == ticket.owner and job.attempt == ticket.attempt
    return (Loaded.load(tx, instance), job) if mine else (None, None)


def _token(job: Job) -> UUID:
    if job.token_id is None:
        raise ValueError(f"job {job.id} has no token")
    return job.token_id

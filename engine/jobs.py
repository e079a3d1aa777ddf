"""Commands on jobs. Each takes effect at most once: the job's row is read again under the instance's lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select, update

from engine.database import Transaction
from engine.errors import N_
from engine.execution import (
    ALONE,
    EVEN_AT_THE_END,
    IN_CASE,
    MOVE_DEADLINES,
    Loaded,
    advance,
    give_up,
    is_over,
    lock_instance,
    throw_error,
)
from engine.execution import open_incident as note_incident
from engine.history import record_system
from engine.lifecycle import InstanceState, JobState
from engine.model.process import ProcessInstance
from engine.model.work import Job
from engine.tokens import after

LEASE = timedelta(seconds=60)
_FIRST_BACKOFF = timedelta(seconds=10)
_BACKOFF_FACTOR = 4

#: Jobs that a worker takes with a lease, because their effect lies outside the database.
OUTSIDE = "service_task"


@dataclass(frozen=True)
class Ticket:
    """A leased job: what a handler needs, and the attempt that proves the lease.

    ``inputs`` are the task's own variables (what its input mappings wrote), ``variables`` all that it sees.
    """

    job_id: UUID
    instance_id: UUID
    element_id: str
    type: str
    owner: str
    attempt: int
    number: str
    inputs: Mapping[str, Any]
    variables: Mapping[str, Any]
    headers: Mapping[str, str]


def due_jobs(tx: Transaction, limit: int = 50) -> list[tuple[UUID, str]]:
    """Ids and kinds of jobs that can run now: due ones, and leased ones whose worker has gone."""
    return [(row[0], row[1]) for row in tx.session.execute(_DUE, {"now": tx.now, "limit": limit})]


def lease(tx: Transaction, job_id: UUID, owner: str) -> Ticket | None:
    """Take a job for a worker; None when another worker got there first or it is no longer wanted."""
    leased = {"job": job_id, "now": tx.now, "by": owner, "until": tx.now + LEASE}
    if tx.session.connection().execute(_LEASE, leased).rowcount != 1:
        return None
    job = tx.session.get_one(Job, job_id, populate_existing=True)
    return _ticket(tx, job, owner)


# Made once: building a statement costs more than running it, and workers ask all the time.
_DUE = (
    select(Job.id, Job.kind)
    .where(
        or_(
            and_(Job.state == JobState.DUE, Job.due_at <= bindparam("now")),
            and_(Job.state == JobState.RUNNING, Job.lease_until < bindparam("now")),
        )
    )
    .order_by(Job.due_at)
    .limit(bindparam("limit"))
)
_LEASE = (
    update(Job.__table__)  # type: ignore[arg-type] # a mapped class has a table; its type does not say so
    .where(
        Job.id == bindparam("job"),
        Job.due_at <= bindparam("now"),
        or_(
            Job.state == JobState.DUE,
            and_(Job.state == JobState.RUNNING, Job.lease_until < bindparam("now")),
        ),
    )
    .values(state=JobState.RUNNING, owner=bindparam("by"), lease_until=bindparam("until"), attempt=Job.attempt + 1)
)


def succeed(tx: Transaction, ticket: Ticket, result: Mapping[str, Any]) -> bool:
    """Record a handler's result and move the case on; False when the lease was lost in the meantime."""
    loaded, job = _still_mine(tx, ticket)
    if loaded is None or job is None:
        return False
    job.move(JobState.DONE)
    loaded.record("job_completed", job.element_id, job=str(job.id), job_type=job.type, variables=dict(result))
    loaded.run.complete(job.token, dict(result))
    loaded.recorded_changes = len(loaded.scopes.changes)
    advance(loaded, done=[job.token])
    return True


def fail(tx: Transaction, ticket: Ticket, template: str, params: Mapping[str, Any]) -> None:
    """Record that a handler failed: try again later, or open an incident when its attempts are used up."""
    loaded, job = _still_mine(tx, ticket)
    if loaded is None or job is None:
        return
    job.error = template.format(**params)
    if job.attempt < job.max_attempts:
        job.move(JobState.DUE)
        job.due_at = _next_try(loaded, job)
        loaded.record("job_failed", job.element_id, job=str(job.id), attempt=job.attempt, error=job.error)
    else:
        job.move(JobState.FAILED)
        note_incident(loaded, job.token, job.element_id or "", template, dict(params), job.id)


def _next_try(loaded: Loaded, job: Job) -> datetime:
    """After the task header ``retryBackoff`` (ISO 8601), the same each time; without it ten seconds, then 40, 160 …"""
    text = dict(loaded.before[job.token].element.headers).get("retryBackoff")
    now = loaded.tx.now
    if text is not None:
        return after(now, text)
    wait: timedelta = _FIRST_BACKOFF * _BACKOFF_FACTOR ** (job.attempt - 1)
    return now + wait


def throw(tx: Transaction, ticket: Ticket, code: str, message: str) -> None:
    """A handler ended in a BPMN error: the nearest boundary event catches it, else it is an incident."""
    loaded, job = _still_mine(tx, ticket)
    if loaded is None or job is None:
        return
    loaded.record("error_thrown", job.element_id, code=code, message=message)
    if throw_error(loaded, job.token, code, {"message": message}):
        job.move(JobState.DONE)
    else:
        job.move(JobState.FAILED)
        template = N_("服务返回错误“{code}”，流程图里没有接收它的边界事件：{message}")
        note_incident(loaded, job.token, job.element_id or "", template, {"code": code, "message": message}, job.id)


def run_inside(tx: Transaction, job_id: UUID) -> bool:
    """Do a job whose effect is in this database, in this transaction; False when it is no longer wanted."""
    job = tx.session.get(Job, job_id)
    if job is None:
        return False
    if job.instance_id is None:
        return _run_alone(tx, job)
    instance = lock_instance(tx, job.instance_id)
    tx.session.refresh(job)
    if job.state is not JobState.DUE or job.due_at > tx.now:
        return False
    if is_over(instance) and job.kind not in EVEN_AT_THE_END:
        job.move(JobState.SUSPENDED if instance.state is InstanceState.JOINED else JobState.CANCELED)
        return False
    job.move(JobState.DONE)
    IN_CASE[job.kind](tx, instance, job)
    job.forget_values()
    return True


def _run_alone(tx: Transaction, job: Job) -> bool:
    tx.session.refresh(job, with_for_update=True)
    if job.state is not JobState.DUE or job.due_at > tx.now:
        return False
    job.move(JobState.DONE)
    ALONE[job.kind](tx, job)
    job.forget_values()
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
        _record_failure(tx, job)
        give_up(tx, job)
    elif not is_over(instance):
        job.state = JobState.FAILED
        token = job.token_id or job.id  # a signal is for the whole case; the incident is found by its job
        note_incident(Loaded.load(tx, instance), token, job.element_id or "", template, dict(params), job.id)


def _record_failure(tx: Transaction, job: Job) -> None:
    if job.kind == MOVE_DEADLINES:
        about = {"process": job.type, "case": job.payload["number"], "setting": job.payload["setting"]}
        record_system(tx, "deadlines_not_changed", {**about, "message": job.error})
    elif job.kind.startswith("start_"):
        record_system(tx, "start_failed", {"process": job.type, "message": job.error})
    else:
        record_system(tx, "message_failed", {"name": job.payload.get("name", job.type), "message": job.error})


def _ticket(tx: Transaction, job: Job, owner: str) -> Ticket | None:
    """What the handler sees: the variables of its scope and the headers of its element."""
    if job.instance_id is None:
        return None
    instance = tx.session.get_one(ProcessInstance, job.instance_id)
    loaded = Loaded.load(tx, instance)
    token = job.token
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
        inputs=loaded.own_variables(token),
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

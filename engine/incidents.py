"""Commands on incidents: retry."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete

from engine.database import Transaction
from engine.errors import N_, InvalidState, NotAuthorized
from engine.execution import Loaded, advance, lock_active, open_wait, resolve
from engine.lifecycle import IncidentState, JobState
from engine.model.work import Incident, Job, UserTask


def retry(tx: Transaction, incident_id: UUID) -> Incident:
    """Try the failed step again. A new failure opens a new incident; nothing that was entered is lost.

    Needs the permission incident.retry.
    """
    if not tx.actor.may("incident.retry"):
        raise NotAuthorized(N_("您的岗位不能处理异常。"))
    incident = tx.get(Incident, incident_id, N_("异常"))
    loaded = lock_active(tx, incident.instance_id)
    tx.session.refresh(incident)
    if incident.state is not IncidentState.OPEN:
        raise InvalidState(N_("这个异常已由{who}处理。"), who=incident.resolved_by or "")
    resolve(loaded, incident)
    _again(loaded, incident)
    advance(loaded)
    return incident


def _again(loaded: Loaded, incident: Incident) -> None:
    if incident.job_id is not None:
        _requeue(loaded, incident.job_id)
    elif incident.token_id in loaded.before:
        _reopen(loaded, incident.token_id)
    else:
        loaded.run.retry(incident.token_id)


def _requeue(loaded: Loaded, job_id: UUID) -> None:
    tx = loaded.tx
    job = tx.get(Job, job_id, N_("后台任务"))
    if job.state is JobState.FAILED:
        job.move(JobState.DUE)
        job.attempt, job.due_at, job.error = 0, tx.now, None
        tx.after_commit(tx.engine.wake)


def _reopen(loaded: Loaded, token_id: UUID) -> None:
    """The wait itself could not be opened (no such post, a faulty date): open it again."""
    loaded.tx.session.execute(delete(UserTask).where(UserTask.id == token_id))
    open_wait(loaded, loaded.before[token_id])

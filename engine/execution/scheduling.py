"""Jobs that are due at once, written in the commit of the command that wants them."""

from __future__ import annotations

from uuid import UUID

from engine.database import Transaction
from engine.execution.loaded import Loaded
from engine.lifecycle import JobState
from engine.model.work import Job


def schedule(loaded: Loaded, kind: str, token: UUID | None, element_id: str | None, **payload: object) -> Job:
    """Add a job of this instance that is due at once and wake the worker after the commit."""
    tx = loaded.tx
    tx.after_commit(tx.engine.wake)
    return tx.add(
        Job(
            kind=kind,
            instance_id=loaded.instance.id,
            token_id=token,
            element_id=element_id,
            due_at=tx.now,
            payload=dict(payload),
            created_at=tx.now,
        )
    )


def schedule_alone(tx: Transaction, kind: str, type: str = "", **payload: object) -> Job:
    """Add a job that belongs to no instance, so that it outlives the one that wants it."""
    tx.after_commit(tx.engine.wake)
    return tx.add(Job(kind=kind, type=type, due_at=tx.now, payload=dict(payload), created_at=tx.now))


def is_wanted(tx: Transaction, job_id: UUID) -> bool:
    """Whether the case has not moved on from the job in the meantime; the case must be locked."""
    job = tx.session.get(Job, job_id, populate_existing=True)
    return job is None or job.state is not JobState.CANCELED

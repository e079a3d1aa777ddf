"""What a case that leads others (并案) leaves to them when it ends: a job each, so that each locks only its own."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from engine.database import Transaction
from engine.execution.loaded import Loaded
from engine.lifecycle import InstanceState
from engine.model.process import ProcessInstance
from engine.model.work import Job

LEAD_ENDED, LEFT_LEAD = "lead_ended", "left_lead"


def joined_cases(tx: Transaction, lead_id: UUID) -> list[ProcessInstance]:
    """The cases that rest while this one is led for them, in the order of their numbers."""
    query = select(ProcessInstance).where(
        ProcessInstance.joined_to == lead_id, ProcessInstance.state == InstanceState.JOINED
    )
    return list(tx.session.scalars(query.order_by(ProcessInstance.business_key)))


def tell_joined(loaded: Loaded) -> None:
    """A job for each joined case, in the commit that ends the lead; no statement when there never was one."""
    if loaded.instance.has_led:
        for each in joined_cases(loaded.tx, loaded.instance.id):
            schedule_in(loaded.tx, each.id, LEAD_ENDED, lead=str(loaded.instance.id))


def schedule_in(tx: Transaction, instance_id: UUID, kind: str, **payload: object) -> None:
    """Add a job of another case that is due at once."""
    tx.after_commit(tx.engine.wake)
    tx.add(Job(kind=kind, instance_id=instance_id, due_at=tx.now, payload=dict(payload), created_at=tx.now))

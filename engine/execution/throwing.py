"""What a case throws for others, as jobs in its commit, so that locks are taken one instance at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.bpmn.model import EventType
from engine.database import Transaction
from engine.execution.loaded import Loaded
from engine.execution.scheduling import schedule, schedule_alone
from engine.model.message import StartSubscription
from engine.model.work import Job, MessageSubscription
from engine.tokens import Thrown
from engine.values import encode

SIGNAL = "signal"
PUBLISH = "publish"


def send(loaded: Loaded) -> None:
    """Leave a job for everything that the last steps threw out of the instance."""
    tx, instance = loaded.tx, loaded.instance
    for thrown in loaded.run.thrown:
        if thrown.type is EventType.SIGNAL and thrown.name:
            broadcast(tx, thrown.name, thrown.variables, instance.unit_id, thrower=instance.id)
        elif thrown.type is EventType.MESSAGE and thrown.name:
            _publish(loaded, thrown)
    escalations = [thrown for thrown in loaded.run.thrown if thrown.type is EventType.ESCALATION]
    if escalations and instance.parent_id is not None:
        codes = [thrown.name for thrown in escalations]
        tell_of_escalations(loaded, codes)


def broadcast(
    tx: Transaction, name: str, variables: Mapping[str, Any], unit_id: UUID | None, thrower: UUID | None = None
) -> int:
    """A signal for all that wait for it now, but the thrower, who has it already; how many will hear it."""
    values = encode(dict(variables))
    waiting = select(MessageSubscription.instance_id).distinct()
    waiting = waiting.where(MessageSubscription.kind == SIGNAL, MessageSubscription.name == name)
    instances = [each for each in tx.session.scalars(waiting) if each != thrower]
    for instance_id in instances:
        schedule_alone(tx, SIGNAL, name=name, values=values).instance_id = instance_id
    starts = select(StartSubscription).where(StartSubscription.kind == SIGNAL, StartSubscription.name == name)
    rows = list(tx.session.scalars(starts.order_by(StartSubscription.process_key, StartSubscription.element_id)))
    unit = str(unit_id) if unit_id else None
    for row in rows:
        definition = str(row.definition_id)
        job = schedule_alone(tx, "start_by_signal", row.process_key, definition=definition, values=values, unit=unit)
        job.element_id = row.element_id
    return len(instances) + len(rows)


def tell_of_escalations(loaded: Loaded, codes: list[str | None]) -> Job:
    """Leave a job for the calling instance: what nobody in here caught may be caught there."""
    job = schedule(loaded, "escalation", loaded.instance.parent_token, None, codes=codes)
    job.instance_id = loaded.instance.parent_id
    return job


def leave_message(
    tx: Transaction, name: str, key: str, variables: Mapping[str, Any], unit_id: UUID | None, ttl: str | None = None
) -> Job:
    """Leave a job that publishes a message; ``ttl`` (ISO 8601) says how long it is kept while nobody waits for it."""
    unit = str(unit_id) if unit_id else None
    return schedule_alone(tx, PUBLISH, name=name, key=key, values=encode(dict(variables)), unit=unit, ttl=ttl)


def _publish(loaded: Loaded, thrown: Thrown) -> None:
    ttl = loaded.release.nodes[thrown.element_id].property("messageTtl")
    unit_id, name = loaded.instance.unit_id, thrown.name or ""
    leave_message(loaded.tx, name, thrown.key or "", thrown.variables, unit_id, ttl).element_id = thrown.element_id

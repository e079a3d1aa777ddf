"""Start events of the newest version of a process that wait for the clock, a message or a signal."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete

from engine.bpmn.model import EventType, Kind
from engine.database import Transaction
from engine.execution import mailbox, timer_starts
from engine.execution.starting import Origin, create_instance, starting_unit
from engine.model.message import StartSubscription
from engine.model.work import Job
from engine.release import Release, load_release
from engine.values import decode

_NAMED = (EventType.MESSAGE, EventType.SIGNAL)


def arm(tx: Transaction, release: Release) -> None:
    """Replace what waited to start earlier versions of this process by the start events of ``release``.

    Messages that wait already start cases at once.
    """
    timer_starts.arm(tx, release)
    tx.session.execute(delete(StartSubscription).where(StartSubscription.process_key == release.key))
    found = _subscriptions(release)
    tx.session.add_all(found)
    for name in sorted({row.name for row in found if row.kind == EventType.MESSAGE}):
        mailbox.expect_any(tx, name)


def start_by_signal(tx: Transaction, job: Job) -> None:
    """Start a case by the start event that heard a signal, on the version that was the newest when it was thrown."""
    release = load_release(tx, UUID(job.payload["definition"]))
    thrower = job.payload["unit"]
    unit = starting_unit(tx, release, UUID(thrower) if thrower else None)
    payload = decode(job.payload["values"])
    create_instance(tx, release, {}, Origin(unit, start_event=job.element_id, payload=payload))


def _subscriptions(release: Release) -> list[StartSubscription]:
    starts = [node for node in release.process.scope.nodes.values() if node.kind is Kind.START_EVENT]
    return [
        StartSubscription(
            process_key=release.key,
            element_id=node.id,
            kind=str(event.type),
            name=event.name.value,
            definition_id=release.id,
        )
        for node in starts
        for event in node.events
        if event.type in _NAMED and event.name is not None
    ]

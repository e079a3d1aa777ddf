"""Start events of the newest version of a process that wait for the clock, a message, a signal or a condition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from engine import policy
from engine.bpmn.model import EventType, Kind
from engine.database import Transaction
from engine.errors import N_, InvalidDefinition
from engine.execution import mailbox, timer_starts
from engine.execution.environment import feel_environment
from engine.execution.mailbox import MOST_CHARACTERS
from engine.execution.starting import Origin, create_instance, starting_unit
from engine.expressions import compile_expression
from engine.feel import FeelError
from engine.history import record_system
from engine.model.message import StartSubscription
from engine.model.work import Job
from engine.release import Release, load_release
from engine.values import decode


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


def start_where_true(tx: Transaction, facts: Mapping[str, Any]) -> list[UUID]:
    """Start a case by every conditional start event whose condition is true of ``facts``, which become its variables.

    A condition that cannot be worked out starts nothing and is noted in the history of the system.
    """
    query = select(StartSubscription).where(StartSubscription.kind == EventType.CONDITIONAL)
    rows = tx.session.scalars(query.order_by(StartSubscription.process_key, StartSubscription.element_id)).all()
    return [id for row in rows if (id := _start_if_true(tx, row, facts)) is not None]


def _start_if_true(tx: Transaction, row: StartSubscription, facts: Mapping[str, Any]) -> UUID | None:
    release = load_release(tx, row.definition_id)
    conditions = [each.condition for each in release.nodes[row.element_id].definitions if each.condition is not None]
    unit = starting_unit(tx, release)
    context = {**facts, "policy": policy.values(tx, release.key, release.settings, unit)}
    try:
        values = [compile_expression(each.value).evaluate(context, feel_environment(tx)) for each in conditions]
    except FeelError as error:
        record_system(tx, "start_failed", {"process": release.key, "message": str(error)})
        return None
    if not any(value is True for value in values):
        return None
    origin = Origin(unit, start_event=row.element_id, payload=facts)
    return create_instance(tx, release, {}, origin).instance.id


def _subscriptions(release: Release) -> list[StartSubscription]:
    starts = [node for node in release.process.scope.nodes.values() if node.kind is Kind.START_EVENT]
    waited = [
        (node.id, str(event.type), event.name.value if event.name is not None else "")
        for node in starts
        for event in node.definitions
        if event.type in (EventType.CONDITIONAL, EventType.TIMER) or event.name is not None
    ]
    if any(len(name) > MOST_CHARACTERS for _, _, name in waited):
        raise InvalidDefinition(N_("消息名称和关联值最多 {most} 个字。"), most=MOST_CHARACTERS)
    return [
        StartSubscription(process_key=release.key, element_id=element, kind=kind, name=name, definition_id=release.id)
        for element, kind, name in dict.fromkeys(waited)
    ]

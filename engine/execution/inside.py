"""What the jobs do whose effect is in this database: some in a case, under its lock, some alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from engine.database import Transaction
from engine.execution import calls, joined
from engine.execution.advance import advance
from engine.execution.correlation import match, match_next_start, publish
from engine.execution.deadlines import MOVE_DEADLINES, recount
from engine.execution.leading import LEAD_ENDED, LEFT_LEAD
from engine.execution.loaded import Loaded
from engine.execution.mailbox import DEFAULT_TTL, Letter, keep
from engine.execution.resettling import FOLLOW, follow_caller
from engine.execution.start_events import start_by_signal
from engine.execution.throwing import PUBLISH
from engine.execution.timer_starts import START_TIMER, fire, schedule_next
from engine.model.process import ProcessInstance
from engine.model.work import Job
from engine.tokens import after
from engine.values import decode


def _timer(tx: Transaction, instance: ProcessInstance, job: Job) -> None:
    loaded = Loaded.load(tx, instance)
    loaded.record("timer_fired", job.element_id, due=job.due_at.isoformat())
    loaded.run.trigger(job.token)
    advance(loaded, done=[job.token])


def _signal(tx: Transaction, instance: ProcessInstance, job: Job) -> None:
    loaded = Loaded.load(tx, instance)
    payload = decode(job.payload["values"])
    loaded.record("signal_received", name=job.payload["name"], variables=payload)
    loaded.run.signal(job.payload["name"], payload)
    loaded.recorded_changes = len(loaded.scopes.changes)
    advance(loaded)


def give_up(tx: Transaction, job: Job) -> None:
    """A job that belongs to no case failed for the last time: lose no message, and let a cycle of starts go on."""
    if job.kind == PUBLISH:
        keep(tx, _letter(job), None, tx.now + _ttl(tx, job), None)
    elif job.kind == START_TIMER:
        schedule_next(tx, job)


def _publish(tx: Transaction, job: Job) -> None:
    publish(tx, _letter(job), _ttl(tx, job))


def _letter(job: Job) -> Letter:
    data = job.payload
    unit = UUID(data["unit"]) if data["unit"] else None
    return Letter(data["name"], data["key"], decode(data["values"]), unit)


def _ttl(tx: Transaction, job: Job) -> timedelta:
    text = job.payload["ttl"]
    return DEFAULT_TTL if text is None else after(tx.now, text) - tx.now


#: Jobs of a case, by kind.
IN_CASE: dict[str, Callable[[Transaction, ProcessInstance, Job], None]] = {
    "timer": _timer,
    "signal": _signal,
    "start_child": calls.start_child,
    "child_ended": calls.child_ended,
    "cancel_child": calls.cancel_child,
    "escalation": calls.escalation,
    LEAD_ENDED: joined.lead_ended,
    LEFT_LEAD: joined.left_lead,
    FOLLOW: follow_caller,
}
#: What is done in a case that is over, or at rest.
EVEN_AT_THE_END = frozenset({"cancel_child", LEAD_ENDED, LEFT_LEAD})

#: Jobs that belong to no case, by kind.
ALONE: dict[str, Callable[[Transaction, Job], None]] = {
    START_TIMER: fire,
    "start_by_signal": start_by_signal,
    PUBLISH: _publish,
    "match": lambda tx, job: match(tx, job.payload["name"], job.payload["key"]),
    MOVE_DEADLINES: recount,
    "next_start": lambda tx, job: match_next_start(tx, job.type, job.payload["key"]),
}

"""What comes from outside: messages and signals to cases that wait and to start events, facts to start events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from engine import execution
from engine.database import Transaction
from engine.errors import N_, InvalidState
from engine.execution import DEFAULT_TTL, WITHDRAWAL, Letter, Outcome, Published, forget_expired

__all__ = [
    "DEFAULT_TTL",
    "WITHDRAWAL",
    "Outcome",
    "Published",
    "correlate",
    "forget_expired",
    "publish",
    "signal",
    "tell",
]


def publish(
    tx: Transaction,
    name: str,
    key: str = "",
    payload: Mapping[str, Any] | None = None,
    ttl: timedelta = DEFAULT_TTL,
    message_id: str | None = None,
) -> Published:
    """Bring a message to exactly one taker: the case that has waited longest, else a start event, else nobody yet.

    A message that nobody takes is kept for ``ttl`` (zero: not at all) and goes to whoever first waits for it.
    ``message_id`` is the sender's own: a second message with the same name, key and id is a duplicate until the first
    one's ``ttl`` is over. Raises InvalidVariables for texts of more than 200 characters, Conflict when trying again is
    needed and safe.
    """
    return execution.publish(tx, Letter(name, key, payload or {}), ttl, message_id)


def correlate(tx: Transaction, name: str, key: str, payload: Mapping[str, Any] | None = None) -> UUID:
    """Deliver a message, now or never, to the one case that waits for ``name`` with ``key``; the id of that case.

    Raises InvalidState when nobody waits for it, or not any more.
    """
    taker = execution.deliver(tx, Letter(name, key, payload or {}))
    if taker is None:
        raise InvalidState(N_("现在没有事项在等待“{name}”，可能已经办结。"), name=name)
    return taker


def signal(tx: Transaction, name: str, payload: Mapping[str, Any] | None = None) -> int:
    """Throw a signal: every case that waits for it now and every start event hears it; how many that are."""
    return execution.broadcast(tx, name, payload or {}, None)


def tell(tx: Transaction, facts: Mapping[str, Any]) -> list[UUID]:
    """Tell of facts from outside: each process whose conditional start event is true of them starts a case.

    The facts are the first variables of these cases, whose ids are returned. Telling twice starts twice.
    """
    return execution.start_where_true(tx, facts)

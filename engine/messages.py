"""Messages that reach a waiting case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.database import Transaction
from engine.errors import N_, InvalidState
from engine.execution import advance, lock_active
from engine.model.work import MessageSubscription


def correlate(tx: Transaction, name: str, key: str, payload: Mapping[str, Any] | None = None) -> UUID:
    """Deliver a message to the one case that waits for ``name`` with correlation ``key``; the id of that case.

    Raises InvalidState when nobody waits for it, or not any more.
    """
    query = select(MessageSubscription).where(
        MessageSubscription.kind == "message", MessageSubscription.name == name, MessageSubscription.key == key
    )
    found = tx.session.scalars(query.limit(1)).first()
    if found is None:
        raise InvalidState(N_("现在没有事项在等待“{name}”，可能已经办结。"), name=name)
    loaded = lock_active(tx, found.instance_id)
    if found.token_id not in loaded.run.waits():
        raise InvalidState(N_("现在没有事项在等待“{name}”，可能已经办结。"), name=name)
    loaded.record("message_received", found.element_id, name=name, variables=dict(payload or {}))
    loaded.run.trigger(found.token_id, dict(payload or {}))
    loaded.recorded_changes = len(loaded.scopes.changes)
    advance(loaded)
    return loaded.instance.id

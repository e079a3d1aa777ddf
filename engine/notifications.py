"""Commands on messages to people."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from engine.database import Transaction
from engine.model.notification import Notification


def mark_read(tx: Transaction, instance_id: UUID) -> None:
    """Remember that the actor has now seen the messages of a case that are addressed to any of the own holders."""
    mine = Notification.holder.in_(sorted(tx.actor.holders))
    unread = update(Notification).where(Notification.instance_id == instance_id, mine, Notification.read_at.is_(None))
    tx.session.execute(unread.values(read_at=tx.now))

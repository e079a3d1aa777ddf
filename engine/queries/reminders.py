"""Messages of the platform to a post: deadlines that come near or have passed, withdrawals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from engine.database import Transaction
from engine.model.notification import Notification
from engine.model.process import ProcessInstance

_MOST = 20


@dataclass(frozen=True)
class Reminder:
    """One message that nobody in the actor's post has marked as read."""

    instance_id: UUID
    number: str
    text: str
    at: datetime


def reminders(tx: Transaction) -> list[Reminder]:
    """The unread messages to the holders of the actor, the newest first."""
    query = (
        select(Notification, ProcessInstance.business_key)
        .join(ProcessInstance, ProcessInstance.id == Notification.instance_id)
        .where(Notification.holder.in_(sorted(tx.actor.holders)), Notification.read_at.is_(None))
        .order_by(Notification.created_at.desc())
        .limit(_MOST)
    )
    return [Reminder(row.instance_id, number, row.text, row.created_at) for row, number in tx.session.execute(query)]

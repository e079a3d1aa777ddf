"""Messages of the platform to a post: deadlines that come near or have passed, withdrawals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.database import Transaction
from engine.queries import bell


@dataclass(frozen=True)
class Reminder:
    """One message about a case that the actor has not read."""

    instance_id: UUID
    number: str
    text: str
    params: dict[str, Any]
    at: datetime


def reminders(tx: Transaction) -> list[Reminder]:
    """The latest unread messages of the actor about cases, the newest first."""
    found = bell.messages(tx, bell.Wish(unread_only=True)).items
    return [
        Reminder(each.instance_id, each.number or "", each.text, each.params, each.at)
        for each in found
        if each.instance_id is not None
    ]

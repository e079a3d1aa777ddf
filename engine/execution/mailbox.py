"""Messages that wait: written when nobody takes them, found again when somebody waits.

Who keeps a message and who begins to wait for it hold the same name while they look whether the other is there, so
neither misses the other. Neither delivers while holding it: that is a job, in a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select

from engine.database import Transaction
from engine.errors import N_, InvalidVariables
from engine.execution.scheduling import schedule_alone
from engine.history import record_system
from engine.model.message import Message
from engine.values import encode

#: How long a message waits when its sender does not say.
DEFAULT_TTL = timedelta(hours=1)
#: What the columns for names, keys and ids hold.
MOST_CHARACTERS = 200


@dataclass(frozen=True)
class Letter:
    """A message under way. ``unit_id`` is the unit of the case that sent it."""

    name: str
    key: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    unit_id: UUID | None = None

    def __post_init__(self) -> None:
        """Refuse what the columns don't hold. Raises InvalidVariables."""
        if not self.name or max(len(self.name), len(self.key)) > MOST_CHARACTERS:
            raise InvalidVariables(N_("消息要有名称，名称和关联值最多 {most} 个字。"), {}, most=MOST_CHARACTERS)


def hold(tx: Transaction, name: str, key: str) -> None:
    """Be alone with this name and key until the end of the transaction."""
    tx.hold(f"message {name}\0{key}")


def expect(tx: Transaction, name: str, key: str) -> None:
    """Somebody begins to wait: if a message is there already, a job brings it."""
    hold(tx, name, key)
    if tx.session.scalar(select(exists().where(Message.name == name, Message.key == key, is_waiting(tx.now)))):
        schedule_match(tx, name, key)


def expect_any(tx: Transaction, name: str) -> None:
    """A start event begins to wait for messages of this name, whatever their key."""
    tx.hold(f"messages {name}")
    waiting = select(Message.key).where(Message.name == name, is_waiting(tx.now)).distinct()
    for key in tx.session.scalars(waiting.order_by(Message.key)):
        schedule_match(tx, name, key)


def hold_to_keep(tx: Transaction, name: str, key: str) -> None:
    """What a sender holds while it looks again whether somebody waits, and keeps the message if not."""
    tx.hold(f"messages {name}", shared=True)
    hold(tx, name, key)


def schedule_match(tx: Transaction, name: str, key: str) -> None:
    """Bring the oldest message of this name and key to somebody, in a transaction of its own."""
    schedule_alone(tx, "match", name=name, key=key)


def keep(tx: Transaction, letter: Letter, message_id: str | None, until: datetime, taker: UUID | None) -> None:
    """Write the row: for a message that waits, or for one that was taken and must not come twice."""
    tx.add(
        Message(
            name=letter.name,
            key=letter.key,
            message_id=message_id,
            payload=encode(dict(letter.variables)) if taker is None else {},
            unit_id=letter.unit_id,
            published_at=tx.now,
            expires_at=until,
            taken_at=None if taker is None else tx.now,
            instance_id=taker,
        )
    )


def oldest(tx: Transaction, name: str, key: str) -> Message | None:
    """The oldest waiting message, locked; one that another transaction is bringing to somebody does not count."""
    query = select(Message).where(Message.name == name, Message.key == key, is_waiting(tx.now))
    return tx.session.scalars(query.order_by(Message.number).limit(1).with_for_update(skip_locked=True)).first()


def known(tx: Transaction, name: str, key: str, message_id: str) -> Message | None:
    """The message of this id, if it came already and has not expired; the id is this transaction's until its end."""
    tx.hold(f"message-id {name}\0{key}\0{message_id}")
    same = (Message.name == name, Message.key == key, Message.message_id == message_id)
    tx.session.execute(delete(Message).where(*same, Message.expires_at <= tx.now))
    return tx.session.scalars(select(Message).where(*same)).first()


def forget_expired(tx: Transaction) -> None:
    """Delete the messages whose time is over; the history of the platform tells of those that nobody took."""
    untaken = select(Message.name, func.count()).where(Message.expires_at <= tx.now, Message.taken_at.is_(None))
    for name, count in tx.session.execute(untaken.group_by(Message.name).order_by(Message.name)):
        record_system(tx, "messages_expired", {"name": name, "count": count})
    tx.session.execute(delete(Message).where(Message.expires_at <= tx.now))


def is_waiting(now: datetime) -> ColumnElement[bool]:
    """Whether nobody took it and its time is not over."""
    return Message.taken_at.is_(None) & (Message.expires_at > now)

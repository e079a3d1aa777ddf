"""Messages that nobody has taken yet, and the start events that wait for messages and signals."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.model.base import Base
from engine.model.process import ProcessDefinition


class Message(Base):
    """A message with its name and correlation key. It waits until somebody takes it or until it expires.

    One that had an id of its own stays until then also when it was taken, so that a second one is known as such.
    """

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("name", "key", "message_id"), Index("ix_message_expires", "expires_at"))

    #: In the order of publishing: first come, first served.
    number: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200))
    #: What the sender calls it, None when the sender does not care about duplicates.
    message_id: Mapped[str | None] = mapped_column(String(200))
    #: Its variables with type tags; empty once it was taken.
    payload: Mapped[dict[str, Any]]
    #: The unit of the case that sent it, for a case that it starts.
    unit_id: Mapped[UUID | None]
    published_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    #: The case that took it.
    instance_id: Mapped[UUID | None]


class StartSubscription(Base):
    """A start event of the newest version of a process: it waits for this message or signal, a condition, the clock."""

    __tablename__ = "start_subscription"
    __table_args__ = (Index("ix_start_subscription_kind_name", "kind", "name"),)

    process_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    element_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    definition_id: Mapped[UUID] = mapped_column(ForeignKey("process_definition.id", ondelete="CASCADE"))
    #: Only so that the definition is written first; nothing is loaded through it.
    definition: Mapped[ProcessDefinition] = relationship(lazy="raise", passive_deletes=True)

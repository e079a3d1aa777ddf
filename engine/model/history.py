"""The append-only record of what happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base

#: The chain of events that belong to no instance: log-ins, publications, settings.
SYSTEM_CHAIN = UUID(int=0)


class HistoryEvent(Base):
    """One event of a chain: of an instance (its id), or of the system."""

    __tablename__ = "history_event"
    __table_args__ = (Index("ix_history_event_at", "at"), Index("ix_history_event_type_at", "type", "at"))

    chain_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    type: Mapped[str] = mapped_column(String(48))
    actor: Mapped[str]
    element_id: Mapped[str | None] = mapped_column(String(120))
    #: The canonical JSON (RFC 8785) that was hashed; personal values stand in it as salted commitments.
    payload: Mapped[str]
    #: Salt and value of each commitment, by JSON path; erasable without breaking the chain.
    private: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: SHA-256 over the hash before and the payload.
    hash: Mapped[bytes]


class HistoryChain(Base):
    """The head of a chain that no instance row carries."""

    __tablename__ = "history_chain"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    head: Mapped[bytes] = mapped_column(default=b"")

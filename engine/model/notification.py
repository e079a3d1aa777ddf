"""Messages to people inside the platform, and who has read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.model.base import Base
from engine.model.process import ProcessInstance


class Notification(Base):
    """One message to one holder. What was told at once to several has one id; a job's messages have the job's id."""

    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_holder_at", "holder", "created_at"),
        # What the courier has not looked at yet: hardly ever more than a few rows.
        Index(
            "ix_notification_unsorted",
            "created_at",
            sqlite_where=text("sorted_at IS NULL"),
            postgresql_where=text("sorted_at IS NULL"),
        ),
        # Old ones are forgotten.
        Index("ix_notification_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(String(120), primary_key=True)
    #: A name of ``engine.notifications.KINDS``.
    kind: Mapped[str] = mapped_column(String(24), default="process")
    #: None for what concerns no case: somebody stands in for the reader.
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), index=True)
    #: The step that it is about; empty when it is about the whole case.
    element_id: Mapped[str] = mapped_column(String(120), default="")
    #: The task that it is about, where it is about one.
    task_id: Mapped[UUID | None]
    #: The sentence, or its template; said in the reader's language with ``params``.
    text: Mapped[str]
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    #: When whoever has no account (a receipt) read it. Accounts have rows of ``NotificationRead``.
    read_at: Mapped[datetime | None]
    #: When the courier has made deliveries of it, or found that nobody wants any.
    sorted_at: Mapped[datetime | None]
    instance: Mapped[ProcessInstance | None] = relationship(lazy="raise", passive_deletes=True)


class NotificationRead(Base):
    """An account has read a message to one of its holders; others who hold the same post have not."""

    __tablename__ = "notification_read"
    __table_args__ = (
        ForeignKeyConstraint(
            ["notification_id", "holder"],
            ["notification.id", "notification.holder"],
            ondelete="CASCADE",
            name="fk_notification_read_notification",
        ),
    )

    notification_id: Mapped[UUID] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(String(120), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    read_at: Mapped[datetime]


class ReadingMark(Base):
    """An account has read everything to a holder up to a moment, so that counting need not look further back."""

    __tablename__ = "reading_mark"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    holder: Mapped[str] = mapped_column(String(120), primary_key=True)
    until: Mapped[datetime]


class MutedKind(Base):
    """An account does not wish to be reminded of messages of a kind; it finds them among all messages."""

    __tablename__ = "muted_kind"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    #: A name of ``engine.notifications.KINDS`` that does not ask for an act.
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)


class MutedCase(Base):
    """An account does not wish to be reminded of a case, except when it has to act."""

    __tablename__ = "muted_case"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(
        ForeignKey("process_instance.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    muted_at: Mapped[datetime]

"""Messages to people inside the platform: feedback to the resident, reminders to a post."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.model.base import Base
from engine.model.process import ProcessInstance


class Notification(Base):
    """One message to one holder. Its id is derived from the job that sent it, so it is sent once."""

    __tablename__ = "notification"
    __table_args__ = (Index("ix_notification_holder_at", "holder", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(String(120), primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), index=True)
    element_id: Mapped[str] = mapped_column(String(120))
    text: Mapped[str]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    instance: Mapped[ProcessInstance] = relationship(lazy="raise", passive_deletes=True)

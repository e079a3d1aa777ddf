"""Results of settled cases that everybody may read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.errors import N_, AlreadyDone
from engine.model.base import Base, new_id
from engine.model.process import ProcessInstance


class PublishedResult(Base):
    """What is published of one case. It names neither the case nor whoever filed it, and is never changed."""

    __tablename__ = "published_result"
    __table_args__ = (
        Index("ix_published_result_settled_at", "settled_at"),
        Index("ix_published_result_unit_path", "unit_path"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), unique=True)
    process_key: Mapped[str] = mapped_column(String(80))
    #: A community or what stands above it, never a group.
    unit_id: Mapped[UUID | None]
    unit_path: Mapped[str] = mapped_column(default="")
    category: Mapped[str]
    outcome: Mapped[str]
    #: What an official wrote for everybody; empty when nobody did.
    summary: Mapped[str] = mapped_column(default="")
    #: From filing to settling, in calendar days; 0 within one day.
    days: Mapped[int]
    #: Pages show the month only.
    settled_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    #: Only so that the case is written before it; nothing is loaded through it.
    instance: Mapped[ProcessInstance] = relationship(lazy="raise", passive_deletes=True)

    def withdraw(self, by: str, at: datetime) -> None:
        """Let nobody read it any more. Raises AlreadyDone."""
        if self.withdrawn_at is not None:
            raise AlreadyDone(N_("这条办理结果已经撤下。"))
        self.withdrawn_at, self.withdrawn_by = at, by

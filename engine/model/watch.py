"""Which cases people watch (关注) without having anything to do with them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.model.base import Base
from engine.model.process import ProcessInstance


class Watch(Base):
    """An account watches a case. It gives no right to read it: lists and messages ask again whether there is one."""

    __tablename__ = "watch"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(
        ForeignKey("process_instance.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    watched_at: Mapped[datetime]
    instance: Mapped[ProcessInstance] = relationship(lazy="raise", passive_deletes=True)

"""Who stands in for whom while somebody is away."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.errors import N_, AlreadyDone
from engine.model.base import Base, new_id


class Substitution(Base):
    """An account lets others do its work from a day up to a day, both included."""

    __tablename__ = "substitution"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    #: Whose work it is.
    principal_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    #: The post whose work it is; None for all posts of the account.
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"))
    #: Keys of the processes that it is for; none for all of them.
    process_keys: Mapped[list[Any]] = mapped_column(default=list)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str]
    created_by: Mapped[UUID | None]
    created_by_name: Mapped[str]
    created_at: Mapped[datetime]
    #: When somebody ended it before its last day was over, who, and why.
    ended_at: Mapped[datetime | None]
    ended_by_name: Mapped[str | None]
    end_reason: Mapped[str | None]

    def end(self, by: str, at: datetime, reason: str, today: date) -> None:
        """End it now. Raises AlreadyDone when it is over."""
        if self.ended_at is not None or self.ends_on < today:
            raise AlreadyDone(N_("这项委托已经结束。"))
        self.ended_at, self.ended_by_name, self.end_reason = at, by, reason


class SubstitutionDelegate(Base):
    """One of those who do the work."""

    __tablename__ = "substitution_delegate"

    substitution_id: Mapped[UUID] = mapped_column(ForeignKey("substitution.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)

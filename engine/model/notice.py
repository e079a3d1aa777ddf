"""Public notices (公示) of processes, and the objections that people file against them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.errors import N_, InvalidState
from engine.lifecycle import NoticeState, ensure_can_move, state_name
from engine.model.base import Base, EnumText, new_id
from engine.model.process import ProcessInstance


class Notice(Base):
    """What a case has put on the notice board, for a period or for good. It is never deleted."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_state_published", "state", "published_at"),
        Index("ix_notice_unit_path", "unit_path"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    #: Such as GS-2026-00017; people and diagrams name it by this.
    number: Mapped[str] = mapped_column(String(40), unique=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), index=True)
    element_id: Mapped[str] = mapped_column(String(120))
    #: The job that published it: the same job publishes once.
    job_id: Mapped[UUID] = mapped_column(unique=True)
    unit_id: Mapped[UUID | None]
    unit_path: Mapped[str] = mapped_column(default="")
    #: 公示, 公告 or 公开, as people call it.
    kind: Mapped[str] = mapped_column(String(24))
    title: Mapped[str]
    text: Mapped[str]
    state: Mapped[NoticeState] = mapped_column(EnumText(NoticeState), default=NoticeState.OPEN)
    published_at: Mapped[datetime]
    #: The end of its period; None for what stays on the board.
    until: Mapped[datetime | None]
    takes_objections: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]
    #: When its outcome came, or it was taken back.
    settled_at: Mapped[datetime | None]
    #: What came of it, or why it was taken back.
    outcome: Mapped[str | None]
    #: The holders who are reminded of each objection.
    told: Mapped[list[Any]] = mapped_column(default=list)
    instance: Mapped[ProcessInstance] = relationship(lazy="raise", passive_deletes=True)

    def state_at(self, now: datetime) -> NoticeState:
        """The state that people see: a period is over when its time has come, collected or not."""
        is_over = self.state is NoticeState.OPEN and self.until is not None and self.until <= now
        return NoticeState.CLOSED if is_over else self.state

    def ensure_takes_objections(self, now: datetime) -> None:
        """Raise InvalidState, saying why, unless anybody may object now."""
        if not self.takes_objections:
            raise InvalidState(N_("“{title}”不征求异议，不能提出。"), title=self.title)
        state = self.state_at(now)
        if state is not NoticeState.OPEN:
            template = N_("{number} {state}，不能再提出异议。如有问题，请与发布单位联系。")
            raise InvalidState(template, number=self.number, state=state_name(state))

    def objection_number(self, seq: int) -> str:
        """The number of an objection, such as GS-2026-00017-2."""
        return f"{self.number}-{seq}"

    def move(self, state: NoticeState, at: datetime) -> None:
        """Change the state as the lifecycle allows; the first end of its period is kept."""
        ensure_can_move(N_("公示 {number}").format(number=self.number), self.state, state)
        self.state = state
        self.closed_at = self.closed_at or at
        if state is not NoticeState.CLOSED:
            self.settled_at = at


class Objection(Base):
    """What somebody holds against a notice. Name and telephone are personal and shown to officials who need them."""

    __tablename__ = "objection"
    __table_args__ = (UniqueConstraint("notice_id", "seq"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"))
    #: 1, 2, 3 … within the notice; with its number it is the number of the objection.
    seq: Mapped[int]
    filed_at: Mapped[datetime]
    text: Mapped[str]
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[UUID | None]
    #: Whether it was upheld, and what the objector was told; None until somebody has decided.
    upheld: Mapped[bool | None]
    reply: Mapped[str | None]
    replied_at: Mapped[datetime | None]
    notice: Mapped[Notice] = relationship(lazy="raise", passive_deletes=True)

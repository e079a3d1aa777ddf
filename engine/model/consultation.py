"""Opinions that whoever has a task asks of other posts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.errors import N_
from engine.lifecycle import ConsultationState, ensure_can_move
from engine.model.base import Base, EnumText, new_id
from engine.model.work import UserTask


class ConsultationKind(StrEnum):
    """Whether the task waits for the opinion."""

    #: The task can't be completed before the answer.
    COUNTERSIGN = "countersign"
    #: The task goes on without it.
    ADVICE = "advice"


class Opinion(StrEnum):
    """What the answer comes to."""

    AGREE = "agree"
    DISAGREE = "disagree"
    #: Neither: just words.
    NONE = "none"


class Consultation(Base):
    """A question to a post about a task, and its answer."""

    __tablename__ = "consultation"
    __table_args__ = (
        Index("ix_consultation_holder_state", "holder", "state"),
        Index("ix_consultation_task", "task_id"),
        Index("ix_consultation_instance", "instance_id"),
        Index("ix_consultation_answered_by", "answered_by"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("user_task.id", ondelete="CASCADE"))
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"))
    kind: Mapped[ConsultationKind] = mapped_column(EnumText(ConsultationKind))
    #: The post that is asked, and its name: 金星社区书记.
    holder: Mapped[str] = mapped_column(String(120))
    holder_name: Mapped[str]
    question: Mapped[str]
    asked_by: Mapped[UUID | None]
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    state: Mapped[ConsultationState] = mapped_column(EnumText(ConsultationState), default=ConsultationState.OPEN)
    opinion: Mapped[Opinion | None] = mapped_column(EnumText(Opinion))
    #: The words of the answer; or why it was withdrawn.
    answer: Mapped[str | None]
    answered_by: Mapped[UUID | None]
    answered_by_name: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    task: Mapped[UserTask] = relationship(lazy="raise", passive_deletes=True)

    def give(self, opinion: Opinion, answer: str, by: UUID | None, by_name: str, at: datetime) -> None:
        """Answer it."""
        self._move(ConsultationState.ANSWERED)
        self.opinion, self.answer = opinion, answer
        self.answered_by, self.answered_by_name, self.answered_at = by, by_name, at

    def withdraw(self, reason: str) -> None:
        """Take it back; it no longer needs an answer."""
        self._move(ConsultationState.WITHDRAWN)
        self.answer = reason

    def _move(self, state: ConsultationState) -> None:
        ensure_can_move(N_("这项征求意见"), self.state, state)
        self.state = state

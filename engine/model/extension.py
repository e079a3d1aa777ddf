"""Requests for a later deadline of a task (延期), and what the level above decided."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.errors import N_
from engine.lifecycle import ExtensionState, ensure_can_move
from engine.model.base import Base, EnumText, new_id
from engine.model.work import UserTask


class Extension(Base):
    """One request about one task; only one of a task waits at a time."""

    __tablename__ = "extension"
    __table_args__ = (
        Index("ix_extension_holder_state", "holder", "state"),
        Index("ix_extension_task", "task_id"),
        Index("ix_extension_instance", "instance_id"),
        Index("ix_extension_decided_by", "decided_by"),
        Index(
            "ix_extension_open",
            "task_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("user_task.id", ondelete="CASCADE"))
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"))
    #: Which deadline it is: the task's own, or one that the tasks of a sub-process share (see engine.execution).
    deadline: Mapped[str] = mapped_column(String(200))
    #: The deadline when it was asked for, and the one that is wished.
    before: Mapped[datetime]
    until: Mapped[datetime]
    reason: Mapped[str]
    #: The post that decides, and its name: 金星社区书记.
    holder: Mapped[str] = mapped_column(String(120))
    holder_name: Mapped[str]
    asked_by: Mapped[UUID | None]
    #: In whose place it was asked for, by a substitute.
    asked_for: Mapped[UUID | None]
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    state: Mapped[ExtensionState] = mapped_column(EnumText(ExtensionState), default=ExtensionState.OPEN)
    #: What was said to the decision.
    note: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    task: Mapped[UserTask] = relationship(lazy="raise", passive_deletes=True)

    @property
    def askers(self) -> frozenset[UUID]:
        """Whose request it is; none of them decides it."""
        return frozenset(each for each in (self.asked_by, self.asked_for) if each is not None)

    def decide(self, state: ExtensionState, note: str, by: UUID | None, by_name: str, at: datetime) -> None:
        """Grant or refuse it."""
        self._move(state)
        self.note, self.decided_by, self.decided_by_name, self.decided_at = note, by, by_name, at

    def withdraw(self) -> None:
        """Take it back; it no longer needs a decision."""
        self._move(ExtensionState.WITHDRAWN)

    def _move(self, state: ExtensionState) -> None:
        ensure_can_move(N_("这项延期申请"), self.state, state)
        self.state = state

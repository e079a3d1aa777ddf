"""What people have typed into the form of a task and not sent yet: each person's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.model.base import Base
from engine.model.work import UserTask


class TaskDraft(Base):
    """The draft of one account for one task. One that was discarded stays empty, for the sake of its version."""

    __tablename__ = "task_draft"

    task_id: Mapped[UUID] = mapped_column(ForeignKey("user_task.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    #: Texts as they were typed, by the path of the field; files by their ids.
    raw: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The digest of the form into which they were typed; empty when it is not known.
    form_digest: Mapped[str] = mapped_column(String(64), default="")
    #: What was typed into an older version of the form and has no place in this one, as pairs of label and text.
    left_over: Mapped[list[Any]] = mapped_column(JSON, default=list)
    #: Counts how often it was saved: a page that knows an older one must not overwrite it unasked.
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    task: Mapped[UserTask] = relationship(lazy="raise", passive_deletes=True)

    @property
    def has_content(self) -> bool:
        """Whether there is anything to go on with: it was not discarded."""
        return bool(self.raw or self.left_over)

    def replace(self, raw: dict[str, Any], form_digest: str, left_over: list[Any], at: datetime) -> None:
        """Put newer content in the place of what it holds."""
        self.raw, self.form_digest, self.left_over, self.saved_at = raw, form_digest, left_over, at
        self.version += 1

    def discard(self, at: datetime) -> None:
        """Keep nothing of it. A page that knows an older version will be told instead of bringing it back."""
        self.replace({}, "", [], at)

"""What officials say to each other about a case, and whom they mention."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.errors import N_, InvalidState
from engine.model.base import Base, new_id
from engine.model.process import ProcessInstance

#: So long an author may change a comment, or make it vanish.
CHANGEABLE_FOR = timedelta(minutes=10)


class Comment(Base):
    """One comment on a case. Residents never see it."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_account_at", "account_id", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    #: The post in which it was written, as people say it.
    author: Mapped[str]
    #: Empty once it is withdrawn.
    text: Mapped[str]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    instance: Mapped[ProcessInstance] = relationship(lazy="raise", passive_deletes=True)

    def is_changeable(self, now: datetime) -> bool:
        """Whether its author may still change it."""
        return self.withdrawn_at is None and now - self.created_at <= CHANGEABLE_FOR

    def change(self, text: str, now: datetime) -> None:
        """Say something else. Raises InvalidState when it is too late."""
        if not self.is_changeable(now):
            raise InvalidState(N_("评论发表 10 分钟后不能再修改，可以撤回后重新发表。"))
        self.text, self.changed_at = text, now

    def withdraw(self, now: datetime) -> None:
        """Take it back: that there was one stays visible, what it said does not. InvalidState the second time."""
        if self.withdrawn_at is not None:
            raise InvalidState(N_("这条评论已经撤回。"))
        self.text, self.withdrawn_at = "", now


class Mention(Base):
    """A holder who was mentioned on a case and so may see it."""

    __tablename__ = "mention"
    __table_args__ = (Index("ix_mention_holder_instance", "holder", "instance_id"),)

    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True)
    holder: Mapped[str] = mapped_column(String(120), primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), index=True)
    comment: Mapped[Comment] = relationship(lazy="raise", passive_deletes=True)

"""How messages leave the platform: what each person wishes, the robots of group chats, and each delivery."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.errors import N_
from engine.lifecycle import DeliveryState, ensure_can_move
from engine.model.base import Base, EnumText, new_id
from engine.model.notification import Notification


class MessageSettings(Base):
    """What a person wishes to hear of, where and when. Whoever has no row wishes what is usual."""

    __tablename__ = "message_settings"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    #: By kind of message, a value of ``engine.notifications.Outside``; kinds that are missing have their usual one.
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: Local hour of the digest, and whether it comes on working days only.
    digest_hour: Mapped[int] = mapped_column(default=8)
    workdays_only: Mapped[bool] = mapped_column(default=True)
    #: Local hours between which nothing is sent; both None for never. Through midnight when the end comes first.
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    #: The address that was proved to be the person's own.
    address: Mapped[str | None]
    #: The address that waits for its proof, SHA-256 of the code that was mailed there, and how long the code is good.
    new_address: Mapped[str | None]
    code_hash: Mapped[str | None] = mapped_column(String(64))
    code_until: Mapped[datetime | None]
    #: Wrong codes since the last one was mailed.
    wrong_codes: Mapped[int] = mapped_column(default=0)
    #: When codes and tests were mailed lately, to keep anybody from mailing without end.
    mailed_at: Mapped[list[Any]] = mapped_column(default=list)


class Robot(Base):
    """A robot in a group chat, which tells the group what comes to a post or to all posts of a unit."""

    __tablename__ = "robot"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    #: wecom, dingtalk or feishu.
    brand: Mapped[str] = mapped_column(String(24))
    #: The name of the secret that holds its webhook address; the address itself is never in the database.
    secret: Mapped[str] = mapped_column(String(80))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("org_unit.id"))
    #: None for all posts of the unit.
    position_key: Mapped[str | None] = mapped_column(ForeignKey("position.key"))
    #: Kinds of messages that it tells.
    kinds: Mapped[list[Any]]
    locale: Mapped[str] = mapped_column(String(16), default="zh-CN")
    added_by: Mapped[str]
    added_at: Mapped[datetime]
    #: When it was taken away; its deliveries stay.
    removed_at: Mapped[datetime | None]


class Delivery(Base):
    """One message on its way to one receiver outside: to an account by mail, or to a robot."""

    __tablename__ = "delivery"
    __table_args__ = (
        ForeignKeyConstraint(
            ["notification_id", "holder"],
            ["notification.id", "notification.holder"],
            ondelete="CASCADE",
            name="fk_delivery_notification",
        ),
        # Nobody is told twice because of holding two posts.
        UniqueConstraint("notification_id", "receiver", name="uq_delivery_notification_receiver"),
        Index("ix_delivery_state_due", "state", "due_at"),
        Index("ix_delivery_parcel", "parcel"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    notification_id: Mapped[UUID]
    holder: Mapped[str] = mapped_column(String(120))
    #: ``mail:`` and the id of the account, or ``robot:`` and the id of the robot.
    receiver: Mapped[str] = mapped_column(String(60))
    state: Mapped[DeliveryState] = mapped_column(EnumText(DeliveryState), default=DeliveryState.WAITING)
    due_at: Mapped[datetime]
    #: What goes out together has one parcel, which stays the same at every attempt.
    parcel: Mapped[UUID | None]
    attempt: Mapped[int] = mapped_column(default=0)
    #: How often an attempt ended without anybody knowing whether it arrived.
    lost: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    owner: Mapped[str | None] = mapped_column(String(80))
    #: Why it failed or was dropped: a template and its parameters.
    template: Mapped[str | None]
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    settled_at: Mapped[datetime | None]
    notification: Mapped[Notification] = relationship(lazy="raise", passive_deletes=True)

    def move(self, state: DeliveryState) -> None:
        """Change the state as the lifecycle allows."""
        ensure_can_move(N_("发送"), self.state, state)
        self.state = state


class CourierMark(Base):
    """How far the courier has looked through the tasks for new ones and for deadlines."""

    __tablename__ = "courier_mark"

    #: A kind of message that comes from tasks.
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    until: Mapped[datetime]

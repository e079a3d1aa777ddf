"""Who is who: units of the five levels, positions, appointments, accounts and their web sessions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.errors import N_, InvalidState
from engine.model.base import Base, EnumText, UnitPath, new_id


class Level(StrEnum):
    """What kind of unit it is. The first four are the levels of DB3716/T69 3.1 above the residents."""

    DISTRICT = "district"
    SUBDISTRICT = "subdistrict"
    COMMUNITY = "community"
    GROUP = "group"
    #: A department of the district, such as 区民政局.
    DEPARTMENT = "department"
    #: An outside party, such as a developer.
    PARTY = "party"


class AccountKind(StrEnum):
    """Whose account it is."""

    OFFICIAL = "official"
    RESIDENT = "resident"
    PARTY = "party"


class OrgUnit(Base):
    """A place in the organisation tree."""

    __tablename__ = "org_unit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    level: Mapped[Level] = mapped_column(EnumText(Level))
    #: Short name in Latin letters; diagrams name departments by it.
    code: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str]
    #: The ids from the root down to this unit, in hexadecimal: ``/<root>/…/<this>/``.
    path: Mapped[str] = mapped_column(UnitPath, index=True)
    active: Mapped[bool] = mapped_column(default=True)
    #: The telephone that residents call, as they dial it: 0543-1234567.
    phone: Mapped[str | None] = mapped_column(String(40))

    def place_below(self, parent: OrgUnit | None) -> None:
        """Hang the unit below its parent, or make it a root; its id must be known."""
        self.parent_id = parent.id if parent else None
        self.path = f"{parent.path if parent else '/'}{self.id.hex}/"


class Position(Base):
    """A kind of post: what it is called, at which level it exists and what it may do."""

    __tablename__ = "position"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    name: Mapped[str]
    level: Mapped[Level] = mapped_column(EnumText(Level))
    #: Names of ``engine.people.PERMISSIONS``.
    permissions: Mapped[list[Any]] = mapped_column(default=list)
    #: Order in lists: the smaller, the earlier.
    rank: Mapped[int] = mapped_column(default=100)


class Account(Base):
    """Somebody who can sign in."""

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    #: Argon2id in its own text format.
    password_hash: Mapped[str]
    #: How people call the holder; the demo names everybody by the post.
    name: Mapped[str]
    kind: Mapped[AccountKind] = mapped_column(EnumText(AccountKind), default=AccountKind.OFFICIAL)
    active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str] = mapped_column(String(16), default="zh-CN")
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime | None]


class LoginFailures(Base):
    """How often signing in failed for a login, whether or not there is such an account."""

    __tablename__ = "login_failures"

    #: SHA-256 of the login as typed, so that a mistyped password in the wrong field is not kept.
    login_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class Appointment(Base):
    """An account holds a position at a unit, from a day on and perhaps up to a day (both included)."""

    __tablename__ = "appointment"
    __table_args__ = (Index("ix_appointment_unit_position", "unit_id", "position_key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    position_key: Mapped[str] = mapped_column(ForeignKey("position.key"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("org_unit.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    def is_valid_on(self, day: date) -> bool:
        """Whether the post is held on this day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def end(self, day: date) -> None:
        """Let ``day`` be the last day. Raises InvalidState when it is over already or would end before it began."""
        if self.ends_on is not None and self.ends_on <= day:
            raise InvalidState(N_("这项任职已于{day}结束。"), day=self.ends_on)
        if day < self.starts_on:
            raise InvalidState(N_("结束日期不能早于任职开始日期（{day}）。"), day=self.starts_on)
        self.ends_on = day

    def end_before(self, day: date) -> None:
        """Let it be over from ``day`` on; one that would only begin then was never held."""
        if self.ends_on is not None and self.ends_on < day:
            raise InvalidState(N_("这项任职已于{day}结束。"), day=self.ends_on)
        self.ends_on = day - timedelta(days=1)


class WebSession(Base):
    """Somebody signed in with a browser. Only the hash of the token is kept: the table opens no session."""

    __tablename__ = "web_session"

    #: SHA-256 of the token, hexadecimal.
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    #: The post in which the person acts; None when the account holds none.
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    #: The end in any case, however busy the session is.
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    #: Browser and address, for the list of open sessions.
    client: Mapped[str] = mapped_column(String(300), default="")

"""What administrators set: calendar, overrides of policy, switches of periodic starts; and the stamp for caches."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, new_id


class SettingsStamp(Base):
    """One row whose number grows with every change to units, posts, calendar or policy."""

    __tablename__ = "settings_stamp"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int] = mapped_column(default=0)


class CalendarYear(Base):
    """A year whose days off are known, or assumed until the official notice is out."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    provisional: Mapped[bool] = mapped_column(default=False)
    loaded_at: Mapped[datetime]


class CalendarDay(Base):
    """A day that is not what its weekday says: a holiday, or a weekend day that is worked."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_workday: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")
    source: Mapped[str]


class PolicyOverride(Base):
    """A policy setting that a unit and everything below it has differently; set at the district it holds everywhere."""

    __tablename__ = "policy_override"
    __table_args__ = (UniqueConstraint("process_key", "name", "unit_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    process_key: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("org_unit.id"))
    #: The value as JSON text, in the form that policy.yaml gives it.
    value: Mapped[str]
    source: Mapped[str]
    set_by: Mapped[str]
    at: Mapped[datetime]


class StartSwitch(Base):
    """A start by the clock that an administrator has switched off (or on again) for one unit."""

    __tablename__ = "start_switch"

    process_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    element_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("org_unit.id"), primary_key=True)
    active: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")
    set_by: Mapped[str]
    at: Mapped[datetime]

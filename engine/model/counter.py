"""What the residents' counter keeps of a case besides the case itself."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.model.base import Base, EnumText, new_id
from engine.model.process import ProcessInstance


class AdditionKind(StrEnum):
    """Why an applicant writes to those who handle the case."""

    #: Something that was not said, or not known, when it was filed.
    MATERIAL = "material"
    #: Nothing happens, or it takes too long.
    COMPLAINT = "complaint"


class Addition(Base):
    """What an applicant sent to a running case without being asked. Personal data: it goes with its case."""

    __tablename__ = "addition"
    __table_args__ = (Index("ix_addition_instance_id_added_at", "instance_id", "added_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"))
    kind: Mapped[AdditionKind] = mapped_column(EnumText(AdditionKind))
    text: Mapped[str]
    #: References as forms have them: ``{"id", "name", "size", "type"}``.
    files: Mapped[list[Any]] = mapped_column(default=list)
    added_at: Mapped[datetime]


class ReceiptPhone(Base):
    """By which last four digits of a telephone number a case is found, besides its query code."""

    __tablename__ = "receipt_phone"

    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), primary_key=True)
    #: SHA-256 of the digits, salted with the id: nobody reads them in passing. What holds guesses off is the limit.
    tail_hash: Mapped[str] = mapped_column(String(64))
    #: Only so that the case is written before it; nothing is loaded through it.
    instance: Mapped[ProcessInstance] = relationship(lazy="raise", passive_deletes=True)


class FilingDraft(Base):
    """What somebody has filled in at the counter and not sent yet. Personal data: gone when it is sent or expires."""

    __tablename__ = "filing_draft"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    #: ``account:<id>``, or ``browser:<SHA-256 of a token>``: the table itself opens no draft.
    owner: Mapped[str] = mapped_column(String(80), index=True)
    process_key: Mapped[str] = mapped_column(String(80))
    #: The code of the chosen unit, empty before one was chosen.
    unit_code: Mapped[str] = mapped_column(String(80), default="")
    #: Texts as they were typed, by the path of the field; files by their ids.
    raw: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The digest of the form into which they were typed; empty when it is not known.
    form_digest: Mapped[str] = mapped_column(String(64), default="")
    #: What was typed into an older version of the form and has no place in this one, as pairs of label and text.
    left_over: Mapped[list[Any]] = mapped_column(JSON, default=list)
    begun_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class CounterUsage(Base):
    """How much came from an address, or under a telephone number, in one hour."""

    __tablename__ = "counter_usage"

    #: SHA-256 of kind and value: nobody reads telephone numbers in passing. The rows live for two days.
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    filings: Mapped[int] = mapped_column(default=0)
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)


class CounterSetting(Base):
    """A limit of the counter that administrators have set otherwise."""

    __tablename__ = "counter_setting"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]
    set_by: Mapped[str]
    at: Mapped[datetime]

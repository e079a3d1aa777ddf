"""What the residents' counter keeps of a case besides the case itself."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
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

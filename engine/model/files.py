"""Uploaded files: the content once per digest, and a link for every upload of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, new_id


class StoredFile(Base):
    """The bytes of a file, found by their SHA-256; the same bytes are kept once."""

    __tablename__ = "stored_file"

    #: SHA-256 of the content, hexadecimal.
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: In bytes.
    size: Mapped[int]
    #: What the content really is (by its first bytes), whatever its name says.
    media_type: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(deferred=True)


class FileLink(Base):
    """One upload: who gave which content which name, and the case that it became part of."""

    __tablename__ = "file_link"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    digest: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    #: Who uploaded it: ``account:<id>``, or ``session:<id>`` for somebody without an account.
    uploaded_by: Mapped[str] = mapped_column(String(120))
    uploaded_at: Mapped[datetime]
    #: None until the form that it was uploaded for has been accepted.
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), index=True)

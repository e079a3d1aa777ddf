"""What all rows share: naming of constraints, column types, time in UTC."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import JSON, Date, DateTime, Dialect, LargeBinary, MetaData, String, Text, TypeDecorator, Uuid
from sqlalchemy.orm import DeclarativeBase

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_E = TypeVar("_E", bound=StrEnum)


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; SQLite, which knows no zones, gets it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments: a missing zone is a bug, not a guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EnumText(TypeDecorator[Any]):
    """A StrEnum stored as its value, so that the database can be read without the code."""

    impl = String(24)
    cache_ok = True

    def __init__(self, enum: type[StrEnum]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """Store the value."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Give the member back."""
        return None if value is None else self.enum(value)


#: The path of a unit. Ordered by its bytes in every locale, so that all below a unit lie side by side.
UnitPath = Text().with_variant(Text(collation="C"), "postgresql")
#: Behind all paths that begin with the one that it is added to: they consist of letters, digits and slashes.
BEHIND = "~"


class Base(DeclarativeBase):
    """The root of all rows."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads a plain dict here)
        datetime: Moment,
        date: Date,
        UUID: Uuid,
        str: Text,
        bytes: LargeBinary,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


def new_id() -> UUID:
    """A new id (UUID version 7, RFC 9562): rows made one after the other lie side by side in the index."""
    stamp = time.time_ns() // 1_000_000
    value = (stamp << 80) | (0x7 << 76) | (secrets.randbits(12) << 64) | (0b10 << 62) | secrets.randbits(62)
    return UUID(int=value)


def as_id(text: Any) -> UUID | None:
    """The id that a text writes, None when it writes none."""
    try:
        return UUID(str(text))
    except ValueError:
        return None

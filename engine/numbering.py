"""Numbers that people read: prefix, year and a count without gaps, such as SQ-2026-00017."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import text

from engine.clock import TIMEZONE

if TYPE_CHECKING:
    from engine.database import Transaction

#: One statement, so that the first two of a year, numbered at the same moment, both get a number.
_COUNT = text(
    "INSERT INTO number_counter (prefix, year, value) VALUES (:prefix, :year, 1) "
    "ON CONFLICT (prefix, year) DO UPDATE SET value = number_counter.value + 1 RETURNING value"
)

_TYPED = re.compile(r"([A-Z]+)-?([0-9]{4})-?([0-9]{1,9})", re.ASCII)


def as_written(typed: str) -> str:
    """A number as it is stored, whatever dashes, spaces, width and zeros it was typed with; else what was typed."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    plain = "".join("-" if unicodedata.category(char) == "Pd" else char for char in plain if not char.isspace())
    found = _TYPED.fullmatch(plain)
    return f"{found[1]}-{found[2]}-{int(found[3]):05d}" if found else plain


def next_number(tx: Transaction, prefix: str) -> str:
    """The next number of this prefix and year, without gaps: the counter's row is locked until the commit."""
    year = tx.now.astimezone(TIMEZONE).year
    value = tx.session.scalar(_COUNT, {"prefix": prefix, "year": year})
    return f"{prefix}-{year}-{value:05d}"

"""What browsers send, read as what it should be: page numbers and days."""

from __future__ import annotations

from datetime import date

from flask import request


def page_number(digits: int = 9) -> int:
    """The number of the page that was asked for, 1 when that is no number of at most so many digits."""
    page = request.args.get("page", "1")
    return int(page) if page.isascii() and page.isdigit() and len(page) <= digits else 1


def as_day(text: str) -> date | None:
    """The day that a text writes as ISO 8601 does, None when it writes none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

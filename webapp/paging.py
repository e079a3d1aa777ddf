"""Which page of a longer list was asked for."""

from __future__ import annotations

from flask import request


def page_number(digits: int = 9) -> int:
    """The number of the page that was asked for, 1 when that is no number of at most so many digits."""
    page = request.args.get("page", "1")
    return int(page) if page.isascii() and page.isdigit() and len(page) <= digits else 1

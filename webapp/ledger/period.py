"""Periods by name: this month, this quarter, this year."""

from __future__ import annotations

from datetime import date, timedelta

from engine.errors import N_

PERIODS = {"month": N_("本月"), "quarter": N_("本季度"), "year": N_("本年")}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def days_of(period: str, today: date) -> tuple[date | None, date | None]:
    """The first and the last day of the period that ``today`` lies in; nothing for no period."""
    months = _MONTHS.get(period)
    if months is None:
        return None, None
    first = date(today.year, (today.month - 1) // months * months + 1, 1)
    following = first.month + months
    last = date(first.year + (following - 1) // 12, (following - 1) % 12 + 1, 1) - timedelta(days=1)
    return first, last

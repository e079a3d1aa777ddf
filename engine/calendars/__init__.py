"""Entering days off: what chinesecalendar knows, our assumptions for later years, and what administrators enter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import chinese_calendar
import yaml
from sqlalchemy import delete, extract, select

from engine.database import Transaction
from engine.errors import N_, InvalidState
from engine.history import record_system
from engine.model.settings import CalendarDay, CalendarYear

#: The first year that anybody needs here: the standard came into force on 18 July 2024.
_FIRST_YEAR = 2024
_NOTICE = N_("国务院办公厅 {year} 年放假通知（chinesecalendar 收录）")
_HOLIDAYS: dict[str, str] = {holiday.value: vars(holiday)["chinese"] for holiday in chinese_calendar.Holiday}


@dataclass(frozen=True)
class YearOfDays:
    """The days of a year that are not what their weekday says, and where that comes from."""

    year: int
    source: str
    provisional: bool
    days_off: Mapping[date, str]
    days_worked: Mapping[date, str]


def seed_calendar(tx: Transaction) -> list[int]:
    """Enter the years that come with the platform and are missing, or replace assumptions by notices.

    Years that an administrator has entered stay as they are. Returns the years entered now.
    """
    known = {row.year: row.provisional for row in tx.session.scalars(select(CalendarYear))}
    entered = []
    for year in shipped_years():
        if year.year not in known or (known[year.year] and not year.provisional):
            _store(tx, year)
            entered.append(year.year)
    if entered:
        tx.touch_settings()
    return entered


def set_year(tx: Transaction, year: YearOfDays) -> None:
    """Enter or replace the days off of a year. Needs the permission settings.manage.

    Deadlines that were already worked out stay as they are. Raises InvalidState for a day of another year.
    """
    tx.actor.require("settings.manage")
    for day in (*year.days_off, *year.days_worked):
        if day.year != year.year:
            raise InvalidState(N_("{day} 不在 {year} 年。"), day=day.isoformat(), year=year.year)
    _store(tx, year)
    tx.touch_settings()
    record_system(tx, "calendar_set", {"year": year.year, "source": year.source, "provisional": year.provisional})


def shipped_years() -> list[YearOfDays]:
    """The years that come with the platform, earliest first; a notice wins over an assumption."""
    noticed = {year.year: year for year in _noticed_years()}
    assumed = {year.year: year for year in map(_read, sorted(Path(__file__).parent.glob("*.yaml")))}
    return [year for _, year in sorted((assumed | noticed).items())]


def _noticed_years() -> list[YearOfDays]:
    last = max(chinese_calendar.holidays).year
    return [_noticed(year) for year in range(_FIRST_YEAR, last + 1)]


def _noticed(year: int) -> YearOfDays:
    holidays = {day: name for day, name in chinese_calendar.holidays.items() if day.year == year}
    off = {day: _HOLIDAYS[name] for day, name in holidays.items() if day.weekday() < 5}
    worked = {day: f"{_HOLIDAYS[name]}调休" for day, name in chinese_calendar.workdays.items() if day.year == year}
    return YearOfDays(year, _NOTICE.format(year=year), False, off, worked)


def _read(path: Path) -> YearOfDays:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return YearOfDays(data["year"], data["source"], data["provisional"], data["days_off"], data["days_worked"])


def _store(tx: Transaction, year: YearOfDays) -> None:
    tx.session.execute(delete(CalendarDay).where(extract("year", CalendarDay.day) == year.year))
    row = tx.session.get(CalendarYear, year.year) or tx.add(CalendarYear(year=year.year))
    row.source, row.provisional, row.loaded_at = year.source, year.provisional, tx.now
    for days, worked in ((year.days_off, False), (year.days_worked, True)):
        for day, note in days.items():
            tx.add(CalendarDay(day=day, is_workday=worked, note=note, source=year.source))

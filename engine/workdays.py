"""Working days: the calendar in memory, deadlines counted by it, and what expressions may ask about it.

The day on which a period begins is not counted (民法典第二百零一条), and a period that ends on a day off ends on the
next working day (第二百零三条).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine.clock import TIMEZONE as TIMEZONE
from engine.clock import local_day
from engine.errors import N_, InvalidState
from engine.feel import FeelEvaluationError, Function
from engine.model.settings import CalendarDay, CalendarYear
from engine.snapshots import snapshot

if TYPE_CHECKING:
    from engine.database import Transaction

_ONE_DAY = timedelta(days=1)
#: More working days than any period has; protects against a slip of the pen in a diagram.
_MOST_DAYS = 2_000
_END_OF_BUSINESS = time(18, 0)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class YearBasis:
    """Where the days off of a year come from; provisional until the official notice is entered."""

    year: int
    source: str
    provisional: bool


class Calendar:
    """The working days of the years that are known. Shared between threads: nothing in it changes."""

    def __init__(self, years: Iterable[YearBasis], exceptions: Mapping[date, bool]) -> None:
        self._years = {basis.year: basis for basis in years}
        self._exceptions = dict(exceptions)

    def is_workday(self, day: date) -> bool:
        """Whether people work on this day. Raises InvalidState when its year has not been entered."""
        self._basis_of(day.year)
        return self._exceptions.get(day, day.weekday() < _SATURDAY)

    def add(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day`` (before it when negative); 0 gives the day itself if it is one,
        else the next.
        """
        if abs(count) > _MOST_DAYS:
            raise InvalidState(N_("{count} 个工作日超出了可以计算的范围。"), count=count)
        step = -_ONE_DAY if count < 0 else _ONE_DAY
        left = abs(count) or int(not self.is_workday(day))
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days come after ``start`` up to and including ``end``; negative when ``end`` is earlier."""
        if end < start:
            return -self.between(end, start)
        if (end - start).days > _MOST_DAYS:
            raise InvalidState(N_("{start} 至 {end} 相隔太久，无法计算工作日。"), start=start, end=end)
        return sum(self.is_workday(start + _ONE_DAY * offset) for offset in range(1, (end - start).days + 1))

    def due_after(self, moment: datetime, count: int) -> datetime:
        """The end of business on the ``count``-th working day after an aware moment."""
        return datetime.combine(self.add(local_day(moment), count), _END_OF_BUSINESS, TIMEZONE)

    def basis(self, start: date, end: date) -> tuple[YearBasis, ...]:
        """Where the days off between two days come from, so that a deadline can say what it rests on."""
        return tuple(self._basis_of(year) for year in range(start.year, end.year + 1))

    def _basis_of(self, year: int) -> YearBasis:
        basis = self._years.get(year)
        if basis is None:
            raise InvalidState(
                N_("{year} 年的放假安排还没有录入，算不出工作日。请系统管理员在“工作日历”中录入这一年的放假通知。"),
                year=year,
            )
        return basis


def end_of_business() -> time:
    """When a deadline that is only a day ends, local time."""
    return _END_OF_BUSINESS


def calendar(tx: Transaction) -> Calendar:
    """The calendar as of this transaction; costs no statement while nothing changed."""
    return snapshot(tx, "calendar", lambda: _load(tx))


def feel_functions(tx: Transaction) -> Mapping[str, Function]:
    """The functions by name, working on the calendar as of this transaction; they outlive it."""
    return calendar_functions(calendar(tx))


def calendar_functions(days: Calendar) -> Mapping[str, Function]:
    """``工作日后``/``working days after``, ``是工作日``/``is working day``, ``工作日数``/``working days between``.

    ``工作日后(moment, n)`` is the end of business on the n-th working day after a date or a date and time.
    """

    def after(moment: Any, count: Any) -> datetime:
        return days.due_after(_moment(moment), _whole(count))

    def is_workday(day: Any) -> bool:
        return days.is_workday(local_day(_moment(day)))

    def between(start: Any, end: Any) -> int:
        return days.between(local_day(_moment(start)), local_day(_moment(end)))

    made = (
        *(Function(name, ("moment", "n"), after) for name in ("工作日后", "working days after")),
        *(Function(name, ("day",), is_workday) for name in ("是工作日", "is working day")),
        *(Function(name, ("start", "end"), between) for name in ("工作日数", "working days between")),
    )
    return {function.name: function for function in made}


def _load(tx: Transaction) -> Calendar:
    years = tx.session.scalars(select(CalendarYear))
    days = tx.session.scalars(select(CalendarDay))
    return Calendar(
        [YearBasis(row.year, row.source, row.provisional) for row in years], {row.day: row.is_workday for row in days}
    )


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=TIMEZONE)
    if isinstance(value, date):
        return datetime.combine(value, time(), TIMEZONE)
    raise FeelEvaluationError(N_("计算工作日要用日期，现在给的是“{value}”。"), value=str(value))


def _whole(value: Any) -> int:
    if isinstance(value, Decimal | int) and value == int(value):
        return int(value)
    raise FeelEvaluationError(N_("工作日的天数要用整数，现在给的是“{value}”。"), value=str(value))

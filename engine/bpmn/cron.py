"""Cron cycles of timers: six fields as in Camunda 8 (Spring's CronExpression), five as in Unix, and macros.

``second minute hour day-of-month month day-of-week``; each field is ``*``, a value, ``a-b``, ``a/step``, ``a-b/step``
or a list of those. Months and days of the week have English names; Sunday is 0 and 7. The day of the month knows ``L``
(last), ``L-3``, ``15W`` (the nearest weekday in that month) and ``LW``, the day of the week ``5L`` (the last Friday)
and ``5#2`` (the second). All fields have to fit; ``?`` is ``*`` in the two fields for days.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import product

from engine.errors import N_

_MACROS = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
_MONTHS = {"JAN": 1, "FEB": 2, "MAR": 3, "APR": 4, "MAY": 5, "JUN": 6} | {
    "JUL": 7, "AUG": 8, "SEP": 9, "OCT": 10, "NOV": 11, "DEC": 12
}  # fmt: skip
_DAYS = {"MON": 1, "TUE": 2, "WED": 3, "THU": 4, "FRI": 5, "SAT": 6, "SUN": 7}
_PART = re.compile(r"(?:(\*)|(\w+)(?:-(\w+))?)(?:/(\d+))?", re.ASCII)
_LAST_DAY = re.compile(r"L(?:-(\d{1,2}))?|(\d{1,2}|L)W", re.ASCII)
_NTH_DAY = re.compile(r"(\w+?)(?:L|#([1-5]))", re.ASCII)
_FEWEST_FIELDS = 5
_SATURDAY = 6
_HOURS_OF_A_DAY = 24
#: 29 February falls on every day of the week within 28 years, over a turn of the century within 40.
_FURTHEST_YEARS = 41

#: Whether a date fits a field.
Fits = Callable[[date], bool]


class CronError(ValueError):
    """A cron text can't be read; ``reason`` is a Chinese text for people."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Cron:
    """A cron cycle: the hours, minutes and seconds of its times, each ascending, and which days."""

    hours: tuple[int, ...]
    minutes: tuple[int, ...]
    seconds: tuple[int, ...]
    months: frozenset[int]
    day_of_month: Fits
    day_of_week: Fits

    @classmethod
    def parse(cls, text: str) -> Cron:
        """Read a cron text. Raises CronError, also for a cycle that never comes, such as 30 February."""
        parts = fields(text)
        found = cls(
            tuple(_numbers(parts[2], 0, 23, N_("“时”这一段不对"))),
            tuple(_numbers(parts[1], 0, 59, N_("“分”这一段不对"))),
            tuple(_numbers(parts[0], 0, 59, N_("“秒”这一段不对"))),
            frozenset(_numbers(parts[4], 1, 12, N_("“月”这一段不对"), _MONTHS)),
            _day_of_month(parts[3]),
            _day_of_week(parts[5]),
        )
        if found.after(datetime(2000, 1, 1, tzinfo=UTC), UTC) is None:
            raise CronError(N_("没有这样的日期"))
        return found

    def after(self, moment: datetime, zone: tzinfo) -> datetime | None:
        """The first moment (UTC) of the cycle after ``moment``, by the clocks of ``zone``; None if there is none.

        When clocks go forward, a time that they leave out comes the moment after; when they go back, a time that they
        show twice comes the first time, unless the cycle runs in every hour.
        """
        day = moment.astimezone(zone).date()
        last = day.replace(year=day.year + _FURTHEST_YEARS, day=1)
        while day <= last:
            if day.month not in self.months:
                day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
                continue
            if self.day_of_month(day) and self.day_of_week(day):
                found = self._first_of(day, moment, zone)
                if found is not None:
                    return found
            day += timedelta(days=1)
        return None

    def _first_of(self, day: date, moment: datetime, zone: tzinfo) -> datetime | None:
        """The first moment after ``moment`` on this day."""
        midnight = datetime.combine(day, time(), zone)
        if midnight.utcoffset() != datetime.combine(day + timedelta(days=1), time(), zone).utcoffset():
            return min((each for each in self._of_uneven(day, zone) if each > moment), default=None)
        local = moment.astimezone(zone)
        if local.date() > day:
            return None
        found = self._time_after(local.time() if local.date() == day else None)
        return None if found is None else datetime.combine(day, found, zone).astimezone(UTC)

    def _time_after(self, moment: time | None) -> time | None:
        """The first time of a day after another, or of all."""
        if moment is None:
            return time(self.hours[0], self.minutes[0], self.seconds[0])
        hour, minute, second = moment.hour, moment.minute, moment.second
        if hour in self.hours and minute in self.minutes and second < self.seconds[-1]:
            return time(hour, minute, self.seconds[bisect_right(self.seconds, second)])
        if hour in self.hours and minute < self.minutes[-1]:
            return time(hour, self.minutes[bisect_right(self.minutes, minute)], self.seconds[0])
        if hour < self.hours[-1]:
            return time(self.hours[bisect_right(self.hours, hour)], self.minutes[0], self.seconds[0])
        return None

    def _of_uneven(self, day: date, zone: tzinfo) -> Iterator[datetime]:
        """All moments of a day on which the clocks are changed."""
        for hour, minute, second in product(self.hours, self.minutes, self.seconds):
            local = datetime.combine(day, time(hour, minute, second), zone)
            once, again = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
            if once.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
                yield _end_of_gap(again, once, zone)
                continue
            yield once
            if len(self.hours) == _HOURS_OF_A_DAY:
                yield again


def _end_of_gap(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The moment at which the clocks jump, between two moments of which one is before and one after it."""
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset():
            before = middle
        else:
            after = middle
    return after


def is_cron(text: str) -> bool:
    """Whether a cycle is meant as cron: a macro, or as many words as cron has fields, give or take one."""
    return text.startswith("@") or len(text.split()) >= _FEWEST_FIELDS - 1


def fields(text: str) -> list[str]:
    """The six fields that a cron text stands for, in capitals. Raises CronError for what has more or fewer."""
    found = _MACROS.get(text.strip().lower(), text).upper().split()
    if len(found) == _FEWEST_FIELDS:
        if not {found[2], found[4]} & {"*", "?"}:
            # Unix takes either day, Spring only days that fit both; nobody should have to guess.
            raise CronError(N_("五段的写法不能同时限定日和星期，请写成六段"))
        found.insert(0, "0")
    if len(found) != 6:
        raise CronError(N_("要有六段（秒 分 时 日 月 星期）或五段（分 时 日 月 星期）"))
    return found


def _numbers(field: str, low: int, high: int, reason: str, names: dict[str, int] | None = None) -> list[int]:
    found: set[int] = set()
    for part in field.split(","):
        found |= _range(part, low, high, reason, names or {})
    return sorted(found)


def _range(part: str, low: int, high: int, reason: str, names: dict[str, int]) -> set[int]:
    match = _PART.fullmatch(part)
    if match is None:
        raise CronError(reason)
    every, first, last, step = match.groups()
    if every:
        start, end = (1 if names is _DAYS else low), high  # Sunday is counted once
    else:
        start = _number(first, reason, names)
        end = _number(last, reason, names) if last else (high if step else start)
        if names is _DAYS and start == 7 and end < 7:
            start = 0  # at the beginning of a range, Sunday is the first day
    if not low <= start <= end <= high or step == "0":
        raise CronError(reason)
    return set(range(start, end + 1, int(step or 1)))


def _number(text: str, reason: str, names: dict[str, int]) -> int:
    if text in names:
        return names[text]
    if not text.isdigit() or len(text) > 2:
        raise CronError(reason)
    return int(text)


def _day_of_month(field: str) -> Fits:
    reason = N_("“日”这一段不对")
    if field == "?":
        return lambda day: True
    special = _LAST_DAY.fullmatch(field)
    if special is None:
        days = frozenset(_numbers(field, 1, 31, reason))
        return lambda day: day.day in days
    back, near = special.groups()
    if near is None:
        return lambda day: day.day == _length(day) - int(back or 0)
    if near != "L" and not 1 <= int(near) <= 31:
        raise CronError(reason)
    return lambda day: day.day == _nearest_weekday(day, None if near == "L" else int(near))


def _nearest_weekday(month: date, wanted: int | None) -> int | None:
    """The working day (Monday to Friday) of this month that is nearest to a day, None for the last day."""
    last = _length(month)
    if wanted is not None and wanted > last:
        return None
    day = last if wanted is None else wanted
    weekday = month.replace(day=day).isoweekday()
    if weekday == _SATURDAY:
        return day - 1 if day > 1 else day + 2
    if weekday > _SATURDAY:
        return day - 2 if day == last else day + 1
    return day


def _day_of_week(field: str) -> Fits:
    reason = N_("“星期”这一段不对")
    if field == "?":
        return lambda day: True
    special = _NTH_DAY.fullmatch(field)
    if special is None or field in _DAYS:
        days = frozenset(number % 7 for number in _numbers(field, 0, 7, reason, _DAYS))
        return lambda day: day.isoweekday() % 7 in days
    number, nth = _number(special[1], reason, _DAYS), special[2]
    if number > 7:
        raise CronError(reason)
    if nth is None:
        return lambda day: day.isoweekday() % 7 == number % 7 and day.day > _length(day) - 7
    return lambda day: day.isoweekday() % 7 == number % 7 and (day.day - 1) // 7 == int(nth) - 1


def _length(month: date) -> int:
    return monthrange(month.year, month.month)[1]

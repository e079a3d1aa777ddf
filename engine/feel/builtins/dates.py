"""Built-ins that make and read dates, times and durations (DMN 1.5, 10.3.4.1, 10.3.4.7 and 10.3.4.10)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel import temporal
from engine.feel.decimals import DECIMAL128, whole
from engine.feel.errors import N_
from engine.feel.frame import Run
from engine.feel.functions import builtin
from engine.feel.values import YearsMonths

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def _read(run: Run, parse: Callable[[str], Any], text: str, kind: str) -> Any:
    run.spend(100 if "@" in text else 2)  # a zone may have to be searched on disk
    value = parse(text)
    if value is None:
        run.note(N_("“{text}”不是{kind}。"), text=text[:40], kind=kind)
    return value


@builtin("date", "from: string")
def date_of_text(run: Run, text: str) -> Any:
    return _read(run, temporal.parse_date, text, N_("日期"))


@builtin("date", "from: date|datetime")
def date_of(run: Run, value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


@builtin("date", "year: number, month: number, day: number")
def date_of_parts(run: Run, *parts: Decimal) -> date | None:
    found = _small_parts(parts)
    made = temporal.make_date(*found) if found else None
    if made is None:
        run.note(N_("没有这一天。"))
    return made


def _small_parts(parts: tuple[Decimal, ...]) -> list[int] | None:
    found = [whole(part) for part in parts]
    return None if None in found else [part for part in found if part is not None]


@builtin("time", "from: string")
def time_of_text(run: Run, text: str) -> Any:
    return _read(run, temporal.parse_time, text.removeprefix("T"), N_("时间"))


@builtin("time", "from: time|date|datetime")
def time_of(run: Run, value: time | date) -> time:
    if isinstance(value, datetime):
        return value.timetz()
    return value if isinstance(value, time) else time(tzinfo=UTC)


@builtin("time", "hour: number, minute: number, second: number, offset?: days|null")
def time_of_parts(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None
) -> time | None:
    found = _small_parts((hour, minute, second.quantize(Decimal(1), "ROUND_FLOOR")))
    zone = None if offset is None else temporal.make_zone(offset)
    if not found or (offset is not None and zone is None):
        run.note(N_("没有这个时间。"))
        return None
    micro = int(DECIMAL128.multiply(DECIMAL128.remainder(second, Decimal(1)), Decimal(1_000_000)))
    made = temporal.make_time(found[0], found[1], found[2], micro, zone)
    if made is None:
        run.note(N_("没有这个时间。"))
    return made


@builtin("date and time", "from: string")
def datetime_of_text(run: Run, text: str) -> Any:
    return _read(run, temporal.parse_datetime, text, N_("日期时间"))


@builtin("date and time", "from: datetime")
def datetime_of(run: Run, value: datetime) -> datetime:
    return value


@builtin("date and time", "date: date|datetime, time: time")
def datetime_of_parts(run: Run, day: date, moment: time) -> datetime:
    return datetime.combine(date_of(run, day), moment)


@builtin("date and time", "date: datetime, timezone: string")
def datetime_in_zone(run: Run, moment: datetime, name: str) -> datetime | None:
    """Return the same moment in another zone (as in Camunda's FEEL; not in the specification)."""
    zone = temporal.parse_zone(f"@{name}" if name[:1].isalpha() and name != "Z" else name)
    if zone is None:
        run.note(N_("没有时区“{name}”。"), name=name[:40])
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=run.env.timezone)).astimezone(zone)


@builtin("duration", "from: string")
def duration_of_text(run: Run, text: str) -> Any:
    return _read(run, temporal.parse_duration, text, N_("时长"))


@builtin("duration", "from: days|months")
def duration_of(run: Run, value: timedelta | YearsMonths) -> timedelta | YearsMonths:
    return value


@builtin("years and months duration", "from: date|datetime, to: date|datetime")
def years_and_months_duration(run: Run, start: date, end: date) -> YearsMonths:
    """Return the whole months from one date to the other, negative backwards."""
    first, last = date_of(run, start), date_of(run, end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonths(months)


@builtin("now", "")
def now(run: Run) -> datetime:
    return run.env.now().astimezone(run.env.timezone)


@builtin("today", "")
def today(run: Run) -> date:
    return now(run).date()


@builtin("day of week", "date: date|datetime")
def day_of_week(run: Run, value: date) -> str:
    return _WEEKDAYS[value.weekday()]


@builtin("day of year", "date: date|datetime")
def day_of_year(run: Run, value: date) -> Decimal:
    return Decimal(value.timetuple().tm_yday)


@builtin("week of year", "date: date|datetime")
def week_of_year(run: Run, value: date) -> Decimal:
    """Return the week's number as ISO 8601 counts."""
    return Decimal(value.isocalendar().week)


@builtin("month of year", "date: date|datetime")
def month_of_year(run: Run, value: date) -> str:
    return _MONTHS[value.month - 1]


@builtin("last day of month", "date: date|datetime")
def last_day_of_month(run: Run, value: date) -> Decimal:
    """Return the number of the month's last day (as in Camunda's FEEL; not in the specification)."""
    return Decimal(monthrange(value.year, value.month)[1])

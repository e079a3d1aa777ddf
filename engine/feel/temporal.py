"""Dates, times and durations as text: ISO 8601 as XML Schema and FEEL write it (DMN 1.5, 10.3.2.3.4 to 10.3.2.3.8).

A zone is ``Z``, ``+08:00`` or ``@Asia/Shanghai``. Years run from 1 to 9999, seconds have at most 6 decimals.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.values import YearsMonths

_ZONE = r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z0-9_+/-]{1,60})?"
_DATE = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_TIME = re.compile(
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,20}))?" + _ZONE
)
_NUMBER = "[0-9]{1,15}"
_YEARS_MONTHS = re.compile(rf"(?P<sign>-?)P(?:(?P<years>{_NUMBER})Y)?(?:(?P<months>{_NUMBER})M)?")
_DAYS_TIME = re.compile(
    rf"(?P<sign>-?)P(?:(?P<days>{_NUMBER})D)?"
    rf"(?:T(?:(?P<hours>{_NUMBER})H)?(?:(?P<minutes>{_NUMBER})M)?"
    rf"(?:(?P<seconds>{_NUMBER})(?:\.(?P<fraction>[0-9]{{0,20}}))?S)?)?"
)
_MIDNIGHT_AFTER = re.compile(r"24:00:00(\.0+)?")
_DAY = timedelta(days=1)


def parse_temporal(text: str) -> Any:
    """Return the date, time, datetime or duration that the text writes, or None."""
    if "P" in text[:2]:
        return parse_duration(text)
    if text[2:3] == ":":
        return parse_time(text)
    return parse_datetime(text) if "T" in text else parse_date(text)


def parse_date(text: str) -> date | None:
    """Return the date that the text writes (``2026-01-31``), or None."""
    found = _DATE.fullmatch(text)
    return make_date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None


def make_date(year: int, month: int, day: int) -> date | None:
    """Return the date, or None if the calendar has no such day."""
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def parse_time(text: str) -> time | None:
    """Return the time that the text writes (``08:30:00``, ``08:30:00.5@Asia/Shanghai``), or None."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    zone = parse_zone(found["zone"]) if found["zone"] else None
    if found["zone"] and zone is None:
        return None
    return make_time(int(found["hour"]), int(found["minute"]), int(found["second"]), _micro(found["fraction"]), zone)


def make_time(hour: int, minute: int, second: int, micro: int, zone: tzinfo | None) -> time | None:
    """Return the time, or None if no clock shows it."""
    try:
        return time(hour, minute, second, micro, zone)
    except (ValueError, OverflowError):
        return None


def parse_datetime(text: str) -> datetime | None:
    """Return the datetime that the text writes; a date alone is its midnight, 24:00:00 the next one. Or None."""
    day_text, _, time_text = text.partition("T")
    day = parse_date(day_text)
    if day is None or text.endswith("T"):
        return None
    late = _MIDNIGHT_AFTER.match(time_text)
    moment = parse_time("00:00:00" + time_text[late.end() :] if late else time_text) if time_text else time()
    if moment is None or (late and day == date.max):
        return None
    return datetime.combine(day + _DAY if late else day, moment)


def parse_zone(text: str) -> tzinfo | None:
    """Return the zone that ``Z``, ``+08:00`` or ``@Asia/Shanghai`` means, or None."""
    if text == "Z":
        return UTC
    if text.startswith("@"):
        return _region(text[1:])
    hours, minutes, seconds = (int(part) for part in (text[1:] + ":00").split(":")[:3])
    if hours > 18 or minutes > 59 or seconds > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return make_zone(-offset if text[0] == "-" else offset)


def make_zone(offset: timedelta) -> tzinfo | None:
    """Return the zone with a fixed offset from UTC, or None beyond 18 hours."""
    if abs(offset) > timedelta(hours=18):
        return None
    return timezone(offset) if offset else UTC


def _region(name: str) -> tzinfo | None:
    if name in ("Z", "UTC", "Etc/UTC"):
        return UTC if name == "Z" else ZoneInfo(name)
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None  # ZoneInfo raises any of these for names that are no zone, such as folders of zones


def parse_duration(text: str) -> timedelta | YearsMonths | None:
    """Return the duration that the text writes (``P1Y2M`` or ``P1DT2H``), or None."""
    found = _YEARS_MONTHS.fullmatch(text)
    if found and (found["years"] or found["months"]):
        total = int(found["years"] or 0) * 12 + int(found["months"] or 0)
        return YearsMonths(-total if found["sign"] else total)
    found = _DAYS_TIME.fullmatch(text)
    if not found or text[-1] in "PT":
        return None
    return _days_time(found)


def _days_time(found: re.Match[str]) -> timedelta | None:
    try:
        value = timedelta(
            days=int(found["days"] or 0),
            hours=int(found["hours"] or 0),
            minutes=int(found["minutes"] or 0),
            seconds=int(found["seconds"] or 0),
            microseconds=_micro(found["fraction"]),
        )
    except OverflowError:
        return None
    return -value if found["sign"] else value


def _micro(fraction: str | None) -> int:
    return int(fraction[:6].ljust(6, "0")) if fraction else 0


def to_text(value: Any) -> str:
    """Write a date, time, datetime or duration so that ``parse_temporal`` reads it back."""
    if isinstance(value, YearsMonths):
        return _years_months_text(value)
    if isinstance(value, timedelta):
        return _days_time_text(value)
    text = value.isoformat()
    if not isinstance(value, date) or isinstance(value, datetime):
        text = _moment_text(value)
    return str(text)


def _moment_text(value: time | datetime) -> str:
    text = value.replace(tzinfo=None).isoformat()
    if "." in text:
        text = text.rstrip("0")
    return text + zone_text(value.tzinfo)


def zone_text(zone: tzinfo | None) -> str:
    """Write a zone as FEEL does; nothing for none."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = zone.utcoffset(None) or timedelta()
    if not offset:
        return "Z"
    minutes, seconds = divmod(int(abs(offset).total_seconds()), 60)
    sign = "-" if offset < timedelta() else "+"
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")


def _years_months_text(value: YearsMonths) -> str:
    years, months = divmod(abs(value.months), 12)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return ("-" if value.months < 0 else "") + "P" + (text or "0M")


def _days_time_text(value: timedelta) -> str:
    size = abs(value)
    minutes, seconds = divmod(size.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or size.microseconds:
        fraction = f".{size.microseconds:06}".rstrip("0") if size.microseconds else ""
        clock += f"{seconds}{fraction}S"
    days = f"{size.days}D" if size.days else ""
    text = days + (f"T{clock}" if clock else "")
    return ("-" if value < timedelta() else "") + "P" + (text or "T0S")

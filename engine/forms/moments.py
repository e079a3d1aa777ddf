"""Dates and times from texts: ISO 8601 as native inputs send it, and what people write by hand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from engine.clock import TIMEZONE
from engine.errors import N_
from engine.forms.fields import MomentInput
from engine.forms.sentences import fail

_DATE = re.compile(r"([0-9]{4})(?:[-/.]|年)([0-9]{1,2})(?:[-/.]|月)([0-9]{1,2})日?")
_TIME = re.compile(r"([0-9]{1,2})[:：]([0-9]{2})(?::[0-9]{2}(?:\.[0-9]{1,6})?)?")
_YEARS = range(1900, 2101)


def moment_reader(item: MomentInput) -> Callable[[Any], Any]:
    """The function that reads the values of this field; it raises ValidationError."""
    return {"date": _read_date, "time": _read_time, "datetime": _read_datetime}[item.subtype]


def _read_date(value: Any) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = _moment_text(value)
    if not text:
        return None
    day = _day(text)
    if day is None:
        raise fail(N_("{label}不是有效的日期，请按“2026-11-23”这样填写。"))
    return day


def _read_time(value: Any) -> time | None:
    if isinstance(value, time) and value.tzinfo is None:
        return value
    text = _moment_text(value)
    if not text:
        return None
    clock = _clock(text)
    if clock is None:
        raise fail(N_("{label}不是有效的时间，请按“09:30”这样填写。"))
    return clock


def _read_datetime(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=TIMEZONE) if value.tzinfo is None else value.astimezone(TIMEZONE)
    text = _moment_text(value)
    if not text:
        return None
    moment = _moment(text)
    if moment is None:
        raise fail(N_("{label}不是有效的日期和时间，请按“2026-11-23 09:30”这样填写。"))
    return moment


def _moment_text(value: Any) -> str:
    if not isinstance(value, str):
        raise fail(N_("{label}应为日期或时间。"))
    return unicodedata.normalize("NFKC", value).strip()[:60]


def _day(text: str) -> date | None:
    found = _DATE.fullmatch(text)
    if not found or int(found[1]) not in _YEARS:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text.zfill(5)).replace(tzinfo=None) if _TIME.fullmatch(text) else None
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    day_text, _, clock_text = text.replace("T", " ", 1).partition(" ")
    day, clock = _day(day_text), _clock(clock_text.strip())
    if day and clock:
        return datetime.combine(day, clock, TIMEZONE)
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(TIMEZONE) if moment.tzinfo and moment.year in _YEARS else None
    except (ValueError, OverflowError):
        return None

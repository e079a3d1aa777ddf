"""Dates, durations and cycles of timers as people say them: 每周一 9:00, 每季度第一天 9:00.

What has no short way of saying is shown as it is written.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from engine import feel
from engine.bpmn.cron import Cron, CronError, fields, is_cron
from engine.clock import TIMEZONE
from engine.errors import N_
from webapp.i18n import _, format_moment

_WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))
_ORDINALS = (N_("第一个"), N_("第二个"), N_("第三个"), N_("第四个"), N_("第五个"))
_MONTHS = (
    N_("1月"), N_("2月"), N_("3月"), N_("4月"), N_("5月"), N_("6月"),
    N_("7月"), N_("8月"), N_("9月"), N_("10月"), N_("11月"), N_("12月"),
)  # fmt: skip
_EVERY_DAY = frozenset({"*", "?"})
_AS_TEXT = feel.compile("string(value)")
_MONDAY = date(2024, 1, 1)
_MOST_TIMES = 6
_NTH = re.compile(r"\w+#([1-5])|\w+L", re.ASCII)
_BEFORE_LAST = re.compile(r"L-(\d+)", re.ASCII)
_CYCLE = re.compile(r"R(?P<count>\d*)/(?:(?P<start>[^/]+)/)?(?P<span>P[^/]+)", re.ASCII)
_SPAN = re.compile(r"P(?:(\d+)(Y|M|W|D)|T(\d+)(H|M))", re.ASCII)
_SPANS = {
    "Y": (N_("每年"), N_("每{n}年")),
    "M": (N_("每月"), N_("每{n}个月")),
    "W": (N_("每周"), N_("每{n}周")),
    "D": (N_("每天"), N_("每{n}天")),
    "TH": (N_("每小时"), N_("每{n}小时")),
    "TM": (N_("每分钟"), N_("每{n}分钟")),
}


def describe(kind: str, value: Any) -> str:
    """What a timer of this kind (date, duration or cycle) with this value means, in the reader's language."""
    if kind == "date":
        moment = _moment(value)
        return _("一次：{when}", when=format_moment(moment)) if moment else str(value)
    if kind == "duration":
        return _("发布后过 {span}，一次", span=_AS_TEXT.evaluate({"value": value}))
    text = str(value).strip()
    return (_cron(text) if is_cron(text) else _cycle(text)) or text


def _cron(text: str) -> str | None:
    try:
        cron, (_second, minute, hour, day, month, weekday) = Cron.parse(text), fields(text)
    except CronError:
        return None
    days = _days(cron, day, weekday)
    if days is None or cron.seconds != (0,):
        return None
    if hour == "*" and month == "*" and {day, weekday} <= _EVERY_DAY:
        return _within_hours(cron, minute)
    times = [f"{hour}:{minute:02}" for hour in cron.hours for minute in cron.minutes]
    if len(times) > _MOST_TIMES:
        return None
    return _("{days} {times}", days=days, times=_("、").join(times))


def _within_hours(cron: Cron, minute: str) -> str | None:
    if minute == "*":
        return _("每分钟")
    if minute.startswith(("*/", "0/")):
        return _("每{n}分钟", n=int(minute[2:]))
    if len(cron.minutes) > 1:
        return None
    return _("每小时的第 {n} 分", n=cron.minutes[0]) if cron.minutes[0] else _("每小时整点")


def _days(cron: Cron, day: str, weekday: str) -> str | None:
    if day in _EVERY_DAY and weekday in _EVERY_DAY:
        return _("每天") if len(cron.months) == 12 else _("{months}的每天", months=_months(cron.months))
    if day in _EVERY_DAY and not _NTH.fullmatch(weekday):
        return _weekdays(cron)
    which = _of_month(cron, day) if weekday in _EVERY_DAY else _nth(cron, weekday)
    if which is None or (weekday not in _EVERY_DAY and day not in _EVERY_DAY):
        return None
    return _of_months(cron.months, day, which)


def _of_months(months: frozenset[int], day: str, which: str) -> str:
    if len(months) == 12:
        return _("每月{day}", day=which)
    if months == {1, 4, 7, 10}:
        return _("每季度第一天") if day == "1" else _("每季度首月{day}", day=which)
    if months == {3, 6, 9, 12}:
        return _("每季度最后一天") if day == "L" else _("每季度末月{day}", day=which)
    return _("每年{months}{day}", months=_months(months), day=which)


def _months(months: frozenset[int]) -> str:
    return _("、").join(_(_MONTHS[month - 1]) for month in sorted(months))


def _weekdays(cron: Cron) -> str | None:
    found = [number for number in range(7) if cron.day_of_week(_MONDAY + timedelta(number))]
    if len(cron.months) != 12:
        return None
    names = [_(_WEEKDAYS[number]) for number in found]
    if len(found) > 2 and found == list(range(found[0], found[-1] + 1)):
        return _("{first}至{last}", first=names[0], last=names[-1])
    return _("每{weekdays}", weekdays=_("、").join(names))


def _nth(cron: Cron, weekday: str) -> str | None:
    nth = _NTH.fullmatch(weekday)
    sample = [_MONDAY + timedelta(number) for number in range(120)]
    name = next((_(_WEEKDAYS[day.weekday()]) for day in sample if cron.day_of_week(day)), None)
    if nth is None or name is None:
        return None
    return _("{nth}{weekday}", nth=_(_ORDINALS[int(nth[1]) - 1]) if nth[1] else _("最后一个"), weekday=name)


def _of_month(cron: Cron, day: str) -> str | None:
    if day == "L":
        return _("最后一天")
    if day == "LW":
        return _("最后一个周一至周五")
    if before := _BEFORE_LAST.fullmatch(day):
        return _("倒数第 {n} 天", n=int(before[1]) + 1)
    if day.endswith("W"):
        return _("{n}日（遇周末改为最近的周一至周五）", n=int(day[:-1]))
    days = [number for number in range(1, 32) if cron.day_of_month(date(2024, 1, number))]
    return _("、").join(_("{n}日", n=number) for number in days) if len(days) <= _MOST_TIMES else None


def _cycle(text: str) -> str | None:
    found = _CYCLE.fullmatch(text)
    span = _SPAN.fullmatch(found["span"]) if found else None
    if found is None or span is None:
        return None
    n, unit = (int(span[1]), span[2]) if span[1] else (int(span[3]), "T" + span[4])
    one, many = _SPANS[unit]
    said = _(one) if n == 1 else _(many, n=n)
    start = _moment(found["start"])
    if start is not None:
        said = _("{every}，从 {start} 起", every=said, start=format_moment(start))
    return _("{every}，共{n}次", every=said, n=found["count"]) if found["count"] else said


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=TIMEZONE)

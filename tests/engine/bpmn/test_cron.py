"""Cron cycles: what each field means, what is refused, and the next moment against a search minute by minute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn.cron import Cron, CronError

SHANGHAI = ZoneInfo("Asia/Shanghai")


def following(text: str, count: int = 4, since: str = "2026-11-24T09:00", zone: ZoneInfo = SHANGHAI) -> list[str]:
    """The next moments as the clocks there show them."""
    moment: datetime | None = datetime.fromisoformat(since).replace(tzinfo=zone)
    found = []
    for _ in range(count):
        assert moment is not None
        moment = Cron.parse(text).after(moment, zone)
        if moment is None:
            break
        found.append(moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S"))
    return found


def days(text: str, count: int = 4, since: str = "2026-11-24T09:00") -> list[str]:
    return [each[:10] for each in following(text, count, since)]


def test_working_days_at_nine() -> None:
    assert days("0 0 9 * * MON-FRI") == ["2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30"]
    assert following("0 0 9 * * MON-FRI", 1) == ["2026-11-25T09:00:00"]


def test_five_fields_have_no_seconds() -> None:
    assert following("*/20 9-10 * * *", 4) == following("0 */20 9-10 * * *", 4)
    assert following("*/20 9-10 * * *", 2) == ["2026-11-24T09:20:00", "2026-11-24T09:40:00"]


def test_seconds_lists_and_steps() -> None:
    assert following("5/25 0,30 9 * * *", 4) == [
        "2026-11-24T09:00:05",
        "2026-11-24T09:00:30",
        "2026-11-24T09:00:55",
        "2026-11-24T09:30:05",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 0 0 1 * *", ["2026-12-01", "2027-01-01"]),
        ("0 0 0 L * *", ["2026-11-30", "2026-12-31"]),
        ("0 0 0 L-3 * *", ["2026-11-27", "2026-12-28"]),
        ("0 0 0 LW * *", ["2026-11-30", "2026-12-31"]),
        ("0 0 0 LW 1,5 *", ["2027-01-29", "2027-05-31"]),
        ("0 0 0 1W * *", ["2026-12-01", "2027-01-01"]),
        ("0 0 0 1W 5 ?", ["2027-05-03", "2028-05-01"]),
        ("0 0 0 31W 1 ?", ["2027-01-29", "2028-01-31"]),
        ("0 0 0 15W 11,12 *", ["2026-12-15", "2027-11-15"]),
        ("0 0 0 30W 2,11 *", ["2026-11-30", "2027-11-30"]),
        ("0 0 0 ? * 5L", ["2026-11-27", "2026-12-25"]),
        ("0 0 0 ? * FRIL", ["2026-11-27", "2026-12-25"]),
        ("0 0 0 ? * 5#2", ["2026-12-11", "2027-01-08"]),
        ("0 0 0 ? * MON#5", ["2026-11-30", "2027-03-29"]),
        ("0 0 0 * * */3", ["2026-11-26", "2026-11-29"]),
        ("0 0 0 * * 0", ["2026-11-29", "2026-12-06"]),
        ("0 0 0 * * 7", ["2026-11-29", "2026-12-06"]),
        ("0 0 0 * * SUN-MON", ["2026-11-29", "2026-11-30"]),
        ("0 0 0 * JAN sun", ["2027-01-03", "2027-01-10"]),
        ("0 0 0 29 2 *", ["2028-02-29", "2032-02-29"]),
        ("0 0 0 29 FEB MON", ["2044-02-29", "2072-02-29"]),
        ("0 0 0 13 * FRI", ["2027-08-13", "2028-10-13"]),
        ("@yearly", ["2027-01-01", "2028-01-01"]),
        ("@annually", ["2027-01-01", "2028-01-01"]),
        ("@monthly", ["2026-12-01", "2027-01-01"]),
        ("@weekly", ["2026-11-29", "2026-12-06"]),
        ("@daily", ["2026-11-25", "2026-11-26"]),
        ("@midnight", ["2026-11-25", "2026-11-26"]),
    ],
)
def test_days(text: str, expected: list[str]) -> None:
    assert days(text, 2) == expected


def test_every_hour() -> None:
    assert following("@hourly", 2, "2026-11-24T09:30") == ["2026-11-24T10:00:00", "2026-11-24T11:00:00"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0 0 9 * *  ", None),
        ("0 9 * *", "要有六段"),
        ("0 0 9 * * MON 2026", "要有六段"),
        ("@fortnightly", "要有六段"),
        ("60 0 0 * * *", "“秒”"),
        ("0 60 0 * * *", "“分”"),
        ("0 0 24 * * *", "“时”"),
        ("0 0 0 0 * *", "“日”"),
        ("0 0 0 32W * *", "“日”"),
        ("0 0 0 5L * *", "“日”"),
        ("0 0 0 1 13 *", "“月”"),
        ("0 0 0 1 JANUARY *", "“月”"),
        ("0 0 0 * * 8", "“星期”"),
        ("0 0 0 * * MON#6", "“星期”"),
        ("0 0 0 * * FRI-MON", "“星期”"),
        ("0 0 17-9 * * *", "“时”"),
        ("0 */0 * * * *", "“分”"),
        ("0 1,,2 * * * *", "“分”"),
        ("0 -5 * * * *", "“分”"),
        ("0 ５ * * * *", "“分”"),
        ("? 0 0 * * *", "“秒”"),
        ("0 0 0 30 2 *", "没有这样的日期"),
        ("0 0 1 * MON", "五段"),
    ],
)
def test_what_cannot_be_read(text: str, reason: str | None) -> None:
    if reason is None:
        assert Cron.parse(text)
        return
    with pytest.raises(CronError, match=reason):
        Cron.parse(text)


BERLIN = ZoneInfo("Europe/Berlin")


def test_a_time_that_the_clocks_leave_out_comes_right_after() -> None:
    assert following("0 30 2 * * *", 3, "2026-03-28T00:00", BERLIN) == [
        "2026-03-28T02:30:00",
        "2026-03-29T03:00:00",
        "2026-03-30T02:30:00",
    ]


def test_a_time_that_the_clocks_show_twice_comes_once_a_day_but_every_hour() -> None:
    assert following("0 30 2 * * *", 2, "2026-10-24T12:00", BERLIN) == ["2026-10-25T02:30:00", "2026-10-26T02:30:00"]
    assert following("0 30 * * * *", 4, "2026-10-25T01:00", BERLIN) == [
        "2026-10-25T01:30:00",
        "2026-10-25T02:30:00",
        "2026-10-25T02:30:00",
        "2026-10-25T03:30:00",
    ]


#: Zones, each with a day on which its clocks change (or don't), and where to look from.
CHANGES = [
    ("Asia/Shanghai", datetime(2026, 11, 24)),
    ("Asia/Shanghai", datetime(1986, 5, 4)),
    ("Europe/Berlin", datetime(2026, 3, 29)),
    ("Europe/Berlin", datetime(2026, 10, 25)),
    ("America/New_York", datetime(2026, 11, 1)),
    ("Australia/Lord_Howe", datetime(2026, 4, 5)),
    ("Australia/Lord_Howe", datetime(2026, 10, 4)),
    ("America/Santiago", datetime(2026, 9, 6)),
]


@st.composite
def fields(draw: st.DrawFn, low: int, high: int) -> tuple[str, frozenset[int]]:
    """The text of a field and the numbers that it stands for."""
    kind = draw(st.sampled_from(["*", "list", "range", "step", "from"]))
    if kind == "*":
        return "*", frozenset(range(low, high + 1))
    if kind == "list":
        chosen = draw(st.sets(st.integers(low, high), min_size=1, max_size=4))
        return ",".join(map(str, chosen)), frozenset(chosen)
    first = draw(st.integers(low, high))
    step = draw(st.integers(1, high))
    if kind == "from":
        return f"{first}/{step}", frozenset(range(first, high + 1, step))
    if kind == "step":
        return f"*/{step}", frozenset(range(low, high + 1, step))
    last = draw(st.integers(first, high))
    return f"{first}-{last}/{step}", frozenset(range(first, last + 1, step))


@cache
def minutes_of(zone: ZoneInfo, since: datetime) -> list[tuple[datetime, datetime]]:
    """Four days minute by minute: what the clock on the wall shows, and the moment."""
    walk = [since + timedelta(minutes=minute) for minute in range(4 * 24 * 60)]
    return [(moment.astimezone(zone).replace(tzinfo=None), moment) for moment in walk]


def all_moments(
    zone: ZoneInfo, since: datetime, minutes: frozenset[int], hours: frozenset[int], weekdays: frozenset[int]
) -> Iterator[datetime]:
    """Every moment of the cycle in four days, found by looking at the clock on the wall minute by minute."""

    def fits(shown: datetime) -> bool:
        return shown.minute in minutes and shown.hour in hours and shown.isoweekday() in weekdays

    seen: set[datetime] = set()
    for (before, _), (label, moment) in pairwise(minutes_of(zone, since)):
        left_out = before + timedelta(minutes=1)
        while left_out < label:
            if fits(left_out):
                yield moment
            left_out += timedelta(minutes=1)
        if fits(label) and (label not in seen or len(hours) == 24):
            yield moment
        seen.add(label)


@settings(max_examples=80, deadline=None)
@given(
    change=st.sampled_from(CHANGES),
    minute=fields(0, 59),
    hour=fields(0, 23),
    weekday=fields(1, 7),
    offset=st.integers(0, 2 * 24 * 60 * 60),
)
def test_the_next_moment_is_the_one_that_a_search_finds(
    change: tuple[str, datetime],
    minute: tuple[str, frozenset[int]],
    hour: tuple[str, frozenset[int]],
    weekday: tuple[str, frozenset[int]],
    offset: int,
) -> None:
    zone = ZoneInfo(change[0])
    begin = (change[1] - timedelta(days=1)).replace(tzinfo=zone).astimezone(UTC)
    moment = begin + timedelta(seconds=offset)
    found = Cron.parse(f"0 {minute[0]} {hour[0]} * * {weekday[0]}").after(moment, zone)
    expected = min(
        (each for each in all_moments(zone, begin, minute[1], hour[1], weekday[1]) if each > moment), default=None
    )
    if expected is None:
        assert found is None or found > begin + timedelta(days=3, hours=22)
    else:
        assert found == expected

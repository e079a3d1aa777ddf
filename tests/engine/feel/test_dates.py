"""Dates, times and durations: made, read, written."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.feel import YearsMonths
from tests.engine.feel.worker import NOW, worth

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('date("2026-02-28")', date(2026, 2, 28)),
        ('date("2026-02-29")', None),
        ('date("2026-2-8")', None),
        ("date(2026, 3, 2)", date(2026, 3, 2)),
        ("date(2026, 13, 2)", None),
        ("date(2026.5, 1, 2)", None),
        ('date(date and time("2026-03-02T23:00:00"))', date(2026, 3, 2)),
        ('time("08:30:00.25")', time(8, 30, 0, 250000)),
        ('time("24:30:00")', None),
        ("time(8, 30, 0)", time(8, 30)),
        ('time(8, 30, 0, @"PT8H")', time(8, 30, tzinfo=timezone(timedelta(hours=8)))),
        ("time(8, 30, 1e40)", None),
        ('date and time("2026-03-02T08:30:00Z")', datetime(2026, 3, 2, 8, 30, tzinfo=UTC)),
        ('date and time("2026-03-02T24:00:00")', datetime(2026, 3, 3, tzinfo=SHANGHAI)),
        ('date and time("2026-03-02")', datetime(2026, 3, 2, tzinfo=SHANGHAI)),
        ('date and time("2026-03-02T08:30:00@Asia/Nowhere")', None),
        ('date and time(@"2026-03-02", @"08:30:00")', datetime(2026, 3, 2, 8, 30, tzinfo=SHANGHAI)),
        ('date and time(@"2026-03-02T00:00:00Z", "Asia/Shanghai").hour', Decimal(8)),
        ('duration("P3DT4H5M6.5S")', timedelta(days=3, hours=4, minutes=5, seconds=6.5)),
        ('duration("-P2Y")', YearsMonths(-24)),
        ('duration("P1Y2D")', None),
        ('duration("P")', None),
        ('duration("P99999999999D")', None),
        ('years and months duration(@"2024-12-31", @"2026-02-28")', YearsMonths(13)),
        ('years and months duration(@"2026-02-28", @"2024-12-31")', YearsMonths(-13)),
        ("now()", NOW),
        ("today()", date(2026, 3, 2)),
        ('now() < date and time("2026-03-02T09:31:00")', True),
        ('day of week(@"2026-03-02")', "Monday"),
        ('day of year(@"2026-03-02")', Decimal(61)),
        ('month of year(@"2026-03-02")', "March"),
        ('week of year(@"2026-01-01")', Decimal(1)),
        ('last day of month(@"2028-02-01")', Decimal(29)),
        ('(@"2026-03-05" - @"2026-03-02").days', Decimal(3)),
        ('@"2024-02-29" + @"P1Y"', date(2025, 2, 28)),
        ('@"2026-03-02T08:00:00@Asia/Shanghai" + @"P1D" = @"2026-03-03T00:00:00Z"', True),
    ],
)
def test_a_temporal_expression_has_this_value(text: str, value: Any) -> None:
    found = worth(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "written",
    [
        *("2026-03-02", "08:30:00", "08:30:00.25Z", "08:30:00+05:30", "08:30:00@Asia/Shanghai"),
        *("2026-03-02T08:30:00", "2026-03-02T08:30:00.001-01:00", "P1Y", "-P1Y2M", "P0M", "P1DT2H3M4.5S", "-PT1S"),
    ],
)
def test_what_is_written_reads_back(written: str) -> None:
    assert worth(f'string(@"{written}")') == written

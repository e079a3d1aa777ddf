"""What a scenario writes against what a case holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.feel import YearsMonths
from engine.scenarios.values import fits, plain, same


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (5, Decimal("5.00")),
        (0.1, Decimal("0.1")),
        (5, 5),
        ("2026-12-01", date(2026, 12, 1)),
        ("2026-12-01T19:00", datetime(2026, 12, 1, 19, 0)),
        ("2026-12-01T19:00", datetime(2026, 12, 1, 11, 0, tzinfo=UTC)),
        ("2026-12-01T19:00+08:00", datetime(2026, 12, 1, 11, 0, tzinfo=UTC)),
        ("09:30", time(9, 30)),
        ("P3D", timedelta(days=3)),
        ("P1Y2M", YearsMonths(14)),
        ([{"票": 3, "日": "2026-12-01"}], [{"票": Decimal(3), "日": date(2026, 12, 1)}]),
        (None, None),
        (True, True),
    ],
)
def test_the_same(wanted: Any, found: Any) -> None:
    assert same(wanted, found)
    assert fits(wanted, found)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (1, True),
        (0, None),
        ("5", Decimal(5)),
        ("2026-12-02", date(2026, 12, 1)),
        ("明天", date(2026, 12, 1)),
        ("明天", timedelta(1)),
        ([1], [1, 2]),
        ({"a": 1}, {"b": 1}),
        ("x", None),
    ],
)
def test_not_the_same(wanted: Any, found: Any) -> None:
    assert not same(wanted, found)
    assert not fits(wanted, found)


def test_of_a_context_only_what_is_written_counts() -> None:
    found = {"标题": "油烟", "票": {"同意": Decimal(3), "反对": Decimal(1)}}
    assert fits({"票": {"同意": 3}}, found)
    assert not same({"票": {"同意": 3}}, found)


def test_plain_is_what_a_scenario_would_write() -> None:
    found = {"票": [Decimal("3.00"), Decimal("0.5")], "日": date(2026, 12, 1), "否": None}
    assert plain(found) == {"票": [3, 0.5], "日": "2026-12-01", "否": None}

"""Working days of the real calendar, deadlines, and years that nobody has entered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import chinese_calendar
import pytest

from engine.calendars import YearOfDays, seed_calendar, set_year, shipped_years
from engine.clock import TIMEZONE
from engine.database import Engine
from engine.errors import InvalidState, NotAuthorized
from engine.feel import DEFAULT, Environment, FeelEvaluationError, compile
from engine.people import ANONYMOUS, SYSTEM
from engine.workdays import Calendar, YearBasis, calendar, calendar_functions


@pytest.fixture
def days() -> Calendar:
    """The calendar that comes with the platform."""
    years = shipped_years()
    off = {day: False for year in years for day in year.days_off}
    worked = {day: True for year in years for day in year.days_worked}
    return Calendar([YearBasis(year.year, year.source, year.provisional) for year in years], off | worked)


@pytest.fixture
def seeded(engine: Engine) -> Engine:
    """An engine on a database that has the calendar which comes with the platform."""
    with engine.begin(SYSTEM) as tx:
        assert seed_calendar(tx) == [2024, 2025, 2026, 2027]
    return engine


def test_knows_every_day_that_the_notices_settled(days: Calendar) -> None:
    settled = [date.fromordinal(n) for n in range(date(2024, 1, 1).toordinal(), date(2027, 1, 1).toordinal())]

    wrong = [day for day in settled if days.is_workday(day) != chinese_calendar.is_workday(day)]

    assert wrong == []


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2027, 1, 1), False),  # New Year
        (date(2027, 2, 5), False),  # the eve of the Spring Festival
        (date(2027, 2, 10), False),  # in lieu of its Sunday
        (date(2027, 2, 11), True),
        (date(2027, 5, 8), False),  # a Saturday that a notice may still turn into a working day
        (date(2027, 9, 15), False),  # Mid-Autumn
    ],
)
def test_assumes_the_days_off_of_a_year_without_a_notice(days: Calendar, day: date, works: bool) -> None:
    assert days.is_workday(day) is works


def test_says_when_a_deadline_rests_on_an_assumption(days: Calendar) -> None:
    settled, assumed = days.basis(date(2026, 12, 25), date(2027, 1, 8))

    assert (settled.year, settled.provisional) == (2026, False)
    assert (assumed.year, assumed.provisional) == (2027, True)
    assert "尚未录入" in assumed.source


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 11, 24), 1, date(2026, 11, 25)),
        (date(2026, 11, 24), 5, date(2026, 12, 1)),  # over a weekend
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # from a Saturday
        (date(2026, 11, 28), 0, date(2026, 11, 30)),
        (date(2026, 11, 24), 0, date(2026, 11, 24)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # over the New Year
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a Saturday worked before the Spring Festival
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # over the National Day
        (date(2026, 11, 30), -1, date(2026, 11, 27)),
    ],
)
def test_counts_working_days(days: Calendar, start: date, count: int, expected: date) -> None:
    assert days.add(start, count) == expected


@pytest.mark.parametrize("count", range(1, 40, 7))
def test_counting_back_what_was_added_gives_the_same_number(days: Calendar, count: int) -> None:
    start = date(2026, 11, 24)

    assert days.between(start, days.add(start, count)) == count
    assert days.between(days.add(start, count), start) == -count


def test_a_deadline_is_the_end_of_business_here(days: Calendar) -> None:
    late_evening_in_utc = datetime.fromisoformat("2026-11-24T17:00:00+00:00")  # the 25th here

    assert days.due_after(late_evening_in_utc, 2) == datetime(2026, 11, 27, 18, 0, tzinfo=TIMEZONE)


def test_a_year_that_nobody_entered_is_named_with_what_to_do(days: Calendar) -> None:
    with pytest.raises(InvalidState, match=r"2028 年的放假安排还没有录入.*工作日历"):
        days.add(date(2027, 12, 30), 5)


@pytest.mark.parametrize("count", [2_001, 10**9, -(10**9)])
def test_a_slip_of_the_pen_does_not_count_for_hours(days: Calendar, count: int) -> None:
    with pytest.raises(InvalidState, match="超出了可以计算的范围"):
        days.add(date(2026, 11, 24), count)


def test_what_is_seeded_is_what_comes_with_the_platform(seeded: Engine, days: Calendar) -> None:
    with seeded.read(SYSTEM) as tx:
        found = calendar(tx)

    every_day = [date.fromordinal(n) for n in range(date(2024, 1, 1).toordinal(), date(2028, 1, 1).toordinal())]
    assert [found.is_workday(day) for day in every_day] == [days.is_workday(day) for day in every_day]
    assert found.basis(every_day[0], every_day[-1]) == days.basis(every_day[0], every_day[-1])


def test_the_notice_replaces_the_assumption_and_counts_at_once(seeded: Engine) -> None:
    with seeded.read(SYSTEM) as tx:
        assert not calendar(tx).is_workday(date(2027, 2, 20))
    notice = YearOfDays(2027, "国办通知", False, {date(2027, 2, 5): "除夕"}, {date(2027, 2, 20): "春节调休"})

    with seeded.begin(SYSTEM) as tx:
        set_year(tx, notice)
        seed_calendar(tx)

    with seeded.read(SYSTEM) as tx:
        now_known = calendar(tx)
    assert now_known.is_workday(date(2027, 2, 20))
    assert now_known.is_workday(date(2027, 2, 10))
    assert not now_known.basis(date(2027, 1, 1), date(2027, 1, 2))[0].provisional


def test_only_who_manages_settings_enters_a_year(engine: Engine) -> None:
    with engine.begin(ANONYMOUS) as tx, pytest.raises(NotAuthorized):
        set_year(tx, YearOfDays(2028, "国办通知", False, {}, {}))


def test_a_day_of_another_year_is_refused(engine: Engine) -> None:
    with engine.begin(SYSTEM) as tx, pytest.raises(InvalidState, match="2027-01-01 不在 2028 年"):
        set_year(tx, YearOfDays(2028, "国办通知", False, {date(2027, 1, 1): "元旦"}, {}))


def test_seeding_again_changes_nothing(seeded: Engine) -> None:
    with seeded.begin(SYSTEM) as tx:
        assert seed_calendar(tx) == []


def _evaluate(days: Calendar, expression: str, context: dict[str, Any]) -> Any:
    functions = calendar_functions(days)
    return compile(expression, functions).evaluate(context, Environment(now=DEFAULT.now, functions=functions))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("工作日后(受理时间, 5)", datetime(2026, 12, 1, 18, 0, tzinfo=TIMEZONE)),
        ("working days after(受理时间, 5)", datetime(2026, 12, 1, 18, 0, tzinfo=TIMEZONE)),
        ('工作日后(date("2026-11-24"), 天数)', datetime(2026, 11, 26, 18, 0, tzinfo=TIMEZONE)),
        ('是工作日(date("2026-11-28"))', False),
        ('is working day(date("2026-11-27"))', True),
        ('工作日数(date("2026-11-24"), date("2026-12-01"))', 5),
        ('working days between(date("2026-12-01"), date("2026-11-24"))', -5),
    ],
)
def test_expressions_count_working_days(days: Calendar, expression: str, expected: object) -> None:
    context = {"受理时间": datetime(2026, 11, 24, 9, 30, tzinfo=TIMEZONE), "天数": 2}

    assert _evaluate(days, expression, context) == expected


@pytest.mark.parametrize(
    "expression", ['工作日后("明天", 1)', "工作日后(null, 1)", '工作日后(date("2026-11-24"), 1.5)']
)
def test_what_is_no_day_or_no_count_is_told(days: Calendar, expression: str) -> None:
    with pytest.raises(FeelEvaluationError, match=r"要用日期|要用整数"):
        _evaluate(days, expression, {})

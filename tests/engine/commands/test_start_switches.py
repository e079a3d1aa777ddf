"""Administrators switch a start off for one unit, with a reason, and on again; nothing comes in arrears."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from engine import schedules
from engine.errors import InvalidState, InvalidVariables, NotAuthorized, NotFound
from engine.execution import START_TIMER
from engine.lifecycle import JobState
from engine.model.settings import StartSwitch
from engine.model.work import Job
from tests.clock import FrozenClock
from tests.engine.commands.house import House
from tests.engine.commands.periodic import POLICY, due, meeting, started


@pytest.fixture
def meetings(house: House) -> House:
    """A house in which both subdistricts meet on Mondays."""
    house.deploy(meeting(), POLICY)
    return house


def off(house: House, code: str = "shizhong", reason: str = "汛期暂停", by: str = "admin") -> None:
    with house.at(by) as tx:
        schedules.switch_off(tx, "p", "monday", house.unit(code), reason)


def on(house: House, code: str = "shizhong", by: str = "admin") -> None:
    with house.at(by) as tx:
        schedules.switch_on(tx, "p", "monday", house.unit(code))


def test_what_is_off_starts_nothing_and_keeps_its_rhythm(meetings: House, clock: FrozenClock) -> None:
    off(meetings)
    clock.advance(days=6)
    meetings.drain()
    assert started(meetings.engine) == ["pengli"]
    assert due(meetings.engine) == {"shizhong": "07 09", "pengli": "07 09"}


def test_switched_on_it_starts_from_the_next_time_on(meetings: House, clock: FrozenClock) -> None:
    off(meetings)
    clock.advance(days=6)
    meetings.drain()
    on(meetings)
    meetings.drain()
    assert started(meetings.engine) == ["pengli"]
    clock.advance(days=7)
    meetings.drain()
    assert sorted(started(meetings.engine)) == ["pengli", "pengli", "shizhong"]


def test_what_nobody_looked_at_while_it_was_off_does_not_come_afterwards(meetings: House, clock: FrozenClock) -> None:
    off(meetings)
    clock.advance(days=6, hours=1)
    on(meetings)
    meetings.drain()
    assert started(meetings.engine) == ["pengli"]
    assert due(meetings.engine)["shizhong"] == "07 09"


def test_a_start_of_the_whole_district_is_switched_by_its_unit(house: House, clock: FrozenClock) -> None:
    house.deploy(meeting(level=None), POLICY)
    off(house, "bincheng")
    clock.advance(days=6)
    house.drain()
    assert started(house.engine) == []


def test_a_date_that_passes_while_it_is_off_is_over(house: House, clock: FrozenClock) -> None:
    house.deploy(meeting("2026-11-25T09:00:00+08:00", "Date"), POLICY)
    off(house)
    clock.advance(days=2)
    on(house)
    house.drain()
    assert started(house.engine) == ["pengli"]
    assert due(house.engine) == {}


def test_history_says_who_and_why(meetings: House) -> None:
    off(meetings)
    on(meetings)
    told = [(row.type, row.actor, data) for row, data in meetings.history() if row.type.startswith("start_switched")]
    about: dict[str, Any] = {"process": "p", "element": "monday", "name": "monday", "unit_name": "市中街道"}
    assert [(type, actor) for type, actor, _ in told] == [
        ("start_switched_off", "滨城区系统管理员"),
        ("start_switched_on", "滨城区系统管理员"),
    ]
    assert told[0][2].items() >= {**about, "reason": "汛期暂停"}.items()
    assert told[1][2].items() >= about.items()


def test_the_switch_says_who_set_it(meetings: House) -> None:
    off(meetings)
    with meetings.reading() as tx:
        switch = tx.session.scalars(select(StartSwitch)).one()
    assert (switch.active, switch.reason, switch.set_by) == (False, "汛期暂停", "滨城区系统管理员")


def test_a_reason_is_needed(meetings: House) -> None:
    with pytest.raises(InvalidVariables) as refused:
        off(meetings, reason="  ")
    assert refused.value.errors == {"reason": ["请填写停用的原因。"]}


def test_who_comes_second_hears_who_was_first(meetings: House) -> None:
    off(meetings)
    with pytest.raises(InvalidState, match="已由滨城区系统管理员停用"):
        off(meetings)
    on(meetings)
    with pytest.raises(InvalidState, match="没有停用"):
        on(meetings)


@pytest.mark.parametrize(("element", "code"), [("monday", "jinxing"), ("tuesday", "shizhong")])
def test_what_no_unit_starts_cannot_be_switched(meetings: House, element: str, code: str) -> None:
    unit = meetings.unit(code)
    with meetings.at("admin") as tx, pytest.raises(NotFound):
        schedules.switch_off(tx, "p", element, unit, "汛期暂停")


def test_only_who_manages_settings_switches(meetings: House) -> None:
    with pytest.raises(NotAuthorized):
        off(meetings, by="jinxing-clerk")
    off(meetings)
    with pytest.raises(NotAuthorized):
        on(meetings, by="jinxing-clerk")


def test_the_switch_outlives_a_new_version(meetings: House, clock: FrozenClock) -> None:
    off(meetings)
    meetings.deploy(meeting("0 0 10 * * TUE"), POLICY)
    clock.advance(hours=2)
    meetings.drain()
    assert started(meetings.engine) == ["pengli"]
    with meetings.reading() as tx:
        waiting = tx.session.scalars(select(Job).where(Job.kind == START_TIMER, Job.state == JobState.DUE))
        assert len(list(waiting)) == 2

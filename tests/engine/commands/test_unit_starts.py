"""With the property startUnits every unit of a level has its own start, which follows the unit and its policy."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import event, select, update

from engine import policy
from engine.database import Engine
from engine.errors import InvalidDefinition
from engine.execution import START_TIMER
from engine.lifecycle import JobState
from engine.model.people import Level, OrgUnit
from engine.model.process import ProcessInstance
from engine.model.work import Job
from engine.people.commands import add_unit, close_unit
from tests.bpmn_xml import extension, properties, timer
from tests.clock import FrozenClock
from tests.engine.commands.house import Drawing, House
from tests.engine.commands.periodic import POLICY, due, due_jobs, meeting, started

ON_MONDAY = {"shizhong": "30 09", "pengli": "30 09"}


def override(house: House, code: str, value: str, name: str = "例会时间") -> None:
    with house.at() as tx:
        policy.override(tx, "p", policy.parse(POLICY)[name], house.unit(code), value, "街道通知")


def add(house: House, code: str, level: Level = Level.SUBDISTRICT, above: str = "bincheng") -> UUID:
    with house.at() as tx:
        return add_unit(tx, level, code, f"{code}街道", house.unit(above)).id


def test_each_unit_of_the_level_starts_a_case_of_its_own(house: House, clock: FrozenClock) -> None:
    house.deploy(meeting(), POLICY)
    assert due(house.engine) == ON_MONDAY

    clock.advance(days=6)
    assert house.drain() == 2

    assert sorted(started(house.engine)) == ["pengli", "shizhong"]
    assert due(house.engine) == {"shizhong": "07 09", "pengli": "07 09"}


def test_the_case_is_remembered_by_the_job_that_started_it(house: House, clock: FrozenClock) -> None:
    house.deploy(meeting(), POLICY)
    clock.advance(days=6)
    house.drain()

    with house.reading() as tx:
        cases = {str(case.id): str(case.unit_id) for case in tx.session.scalars(select(ProcessInstance))}
        done = tx.session.scalars(select(Job).where(Job.kind == START_TIMER, Job.state == JobState.DONE))
        assert {job.payload["case"]: job.payload["unit"] for job in done} == cases


def test_without_the_property_there_is_one_start_for_all(house: House, clock: FrozenClock) -> None:
    house.deploy(meeting(level=None), POLICY)
    clock.advance(days=6)
    house.drain()
    assert started(house.engine) == ["bincheng"]


def test_an_override_moves_the_schedule_of_its_unit_only(house: House, clock: FrozenClock) -> None:
    house.deploy(meeting(), POLICY)
    override(house, "shizhong", "0 0 14 * * WED")
    assert due(house.engine) == {"shizhong": "25 14", "pengli": "30 09"}

    clock.advance(days=2)
    house.drain()
    assert started(house.engine) == ["shizhong"]

    with house.at() as tx:
        policy.withdraw_override(tx, "p", "例会时间", house.unit("shizhong"))
    assert due(house.engine) == ON_MONDAY


def test_an_override_of_the_district_moves_all_but_those_with_their_own(house: House) -> None:
    house.deploy(meeting(), POLICY)
    override(house, "shizhong", "0 0 14 * * WED")
    override(house, "bincheng", "0 0 8 * * FRI")
    assert due(house.engine) == {"shizhong": "25 14", "pengli": "27 08"}


def test_a_change_that_means_the_same_keeps_the_rhythm(house: House, clock: FrozenClock) -> None:
    every_week = "例会时间: {value: R/P7D, source: assumption, type: text}"
    house.deploy(meeting(), every_week)
    clock.advance(days=3)
    with house.at() as tx:
        policy.override(tx, "p", policy.parse(every_week)["例会时间"], house.unit("shizhong"), "R/P7D", "不变")
        policy.override(tx, "p", policy.parse(every_week)["例会时间"], house.unit("pengli"), "R/P1D", "每天")
    assert due(house.engine) == {"shizhong": "01 09", "pengli": "28 09"}


def test_a_value_that_is_no_time_leaves_the_schedule_as_it_is(house: House) -> None:
    house.deploy(meeting(), POLICY)
    override(house, "shizhong", "每周一")
    assert due(house.engine) == ON_MONDAY


def test_units_that_come_later_get_a_start_and_closed_ones_lose_it(house: House, clock: FrozenClock) -> None:
    house.deploy(meeting(), POLICY)
    added = add(house, "beizhen")
    assert due(house.engine) == {**ON_MONDAY, "beizhen": "30 09"}

    with house.at() as tx:
        close_unit(tx, added)
    assert due(house.engine) == ON_MONDAY
    add(house, "jinxing-9", Level.GROUP, "jinxing")
    assert due(house.engine) == ON_MONDAY

    clock.advance(days=6)
    house.drain()
    assert sorted(started(house.engine)) == ["pengli", "shizhong"]


def test_units_that_come_after_the_process_was_published_get_theirs(engine: Engine, clock: FrozenClock) -> None:
    about = extension(properties(startUnits="subdistrict"))
    drawing = Drawing("p", process_inner=about).start("monday", timer("Cycle", "=policy.例会时间")).script().end()
    house = House(engine, clock)
    house.deploy(drawing, POLICY)
    with house.at() as tx:
        district = add_unit(tx, Level.DISTRICT, "bincheng", "滨城区")
        add_unit(tx, Level.SUBDISTRICT, "shizhong", "市中街道", district.id)
    assert due(engine) == {"shizhong": "30 09"}


def test_a_date_comes_once_and_not_again_for_a_unit_that_was_there(house: House, clock: FrozenClock) -> None:
    house.deploy(meeting("2026-11-25T09:00:00+08:00", "Date"), POLICY)
    clock.advance(days=2)
    house.drain()
    assert sorted(started(house.engine)) == ["pengli", "shizhong"]

    add(house, "beizhen")
    house.drain()
    assert due(house.engine) == {}
    assert len(started(house.engine)) == 2


def test_a_cycle_that_began_before_the_unit_goes_on_with_its_next_time(house: House, clock: FrozenClock) -> None:
    house.deploy(meeting("R/2026-11-23T09:00:00+08:00/P7D"), POLICY)
    clock.advance(days=1)
    add(house, "beizhen")
    assert due(house.engine) == {**ON_MONDAY, "beizhen": "30 09"}


def test_a_unit_that_was_closed_behind_the_back_of_its_job_starts_nothing(house: House, clock: FrozenClock) -> None:
    house.deploy(meeting(), POLICY)
    with house.at() as tx:
        tx.session.execute(update(OrgUnit).where(OrgUnit.code == "pengli").values(active=False))
    clock.advance(days=6)
    house.drain()
    assert started(house.engine) == ["shizhong"]


def test_a_new_version_arms_all_units_anew(house: House) -> None:
    house.deploy(meeting(), POLICY)
    house.deploy(meeting("0 0 10 * * TUE"), POLICY)
    assert due(house.engine) == {"shizhong": "24 10", "pengli": "24 10"}


def test_a_setting_that_is_no_time_is_refused_with_the_release(house: House) -> None:
    with pytest.raises(InvalidDefinition, match="定时开始事件“monday”算不出时间"):
        house.deploy(meeting(), "例会时间: {value: 每周一, source: assumption}")


def test_jobs_of_before_go_on(house: House, clock: FrozenClock) -> None:
    house.deploy(meeting(level=None), POLICY)
    with house.at() as tx:
        tx.session.execute(update(Job).where(Job.kind == START_TIMER).values(payload={"occurrence": 0, "trigger": 0}))
    override(house, "bincheng", "0 0 8 * * FRI")
    assert due(house.engine) == {"": "30 09"}
    clock.advance(days=6)
    house.drain()
    assert started(house.engine) == ["bincheng"]
    assert due(house.engine) == {"": "04 08"}


def test_a_cycle_that_has_no_next_time_ends_with_a_sentence(house: House, clock: FrozenClock) -> None:
    house.drain()
    house.deploy(meeting('=if now() < date and time("2026-11-29T00:00:00+08:00") then "0 0 9 * * MON" else 7'), POLICY)
    clock.advance(days=6)
    for _ in range(5):
        house.drain()
        clock.advance(minutes=5)
    assert due_jobs(house.engine) == []
    failed = [data["message"] for row, data in house.history() if row.type == "start_failed"]
    assert len(failed) == 2


def test_a_change_costs_the_same_however_many_units_start_by_it(house: House) -> None:
    """Units, calendar and policy are read once, not once for each unit."""
    house.deploy(meeting(), POLICY)
    override(house, "bincheng", "0 0 7 * * TUE")  # the first change arms what a test leaves out of the library
    asked: list[str] = []
    event.listen(house.engine.sql, "before_cursor_execute", lambda *args: asked.append(args[2]))
    read_once = ("FROM org_unit", "FROM calendar_", "FROM policy_override", "FROM job")
    counts = []
    for level, value in (("subdistrict", "0 0 8 * * TUE"), ("group", "0 0 8 * * WED")):
        house.deploy(meeting(level=level), POLICY)
        asked.clear()
        override(house, "bincheng", value)
        counts.append([sum(table in statement for statement in asked) for table in read_once])
    assert counts[0] == counts[1]
    assert all(counts[0])

"""Timers: in order, once each, gone with their task; and what happens when the machine fails at one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from engine import jobs
from engine.errors import N_, Unavailable
from engine.execution import IN_CASE
from engine.lifecycle import InstanceState, JobState
from tests.bpmn_xml import Drawing, timer
from tests.engine.commands.house import House, process


def two_timers(house: House) -> UUID:
    drawing = process().user_task().end()
    drawing.boundary("later", "a", timer("Duration", "PT2H"), cancelActivity="false").script("s2", "=2", "二").end("e2")
    drawing.boundary("sooner", "a", timer("Duration", "PT1H"), cancelActivity="false").script("s1", "=1", "一").end(
        "e1"
    )
    house.deploy(drawing)
    return house.start()


def test_timers_fire_in_order_once_each(house: House) -> None:
    case = two_timers(house)
    assert house.drain() == 0
    house.clock.advance(hours=3)
    assert house.drain() == 2
    fired = [row.element_id for row, _ in house.history(case) if row.type == "timer_fired"]
    assert fired == ["sooner", "later"]
    assert (house.open(case), house.drain()) == (["a"], 0)


def test_a_timer_of_a_finished_task_does_not_fire(house: House) -> None:
    case = two_timers(house)
    house.clock.advance(hours=1)
    with house.reading() as tx:
        ((job, _kind),) = jobs.due_jobs(tx)
    house.complete(case)
    with house.at() as tx:
        assert jobs.run_inside(tx, job) is False  # the worker had read it before
    assert (house.drain(), "timer_fired" in house.events(case)) == (0, False)
    assert {job.state for job in house.jobs(case)} == {JobState.CANCELED}


def _waiting_once_more(inside: Drawing) -> Drawing:
    return inside.start("s").catch("soon", timer("Duration", "PT1H")).script("x", "=1", "一").end("e")


def test_a_sub_process_that_a_timer_opens_is_there_after_a_restart(house: House) -> None:
    drawing = process().catch("later", timer("Duration", "PT1H"))
    drawing.sub_process("inside", lambda inside: _waiting_once_more(inside))
    house.deploy(drawing.end())
    case = house.start()
    house.clock.advance(hours=1)
    assert house.drain() == 1
    house.clock.advance(hours=1)
    assert house.drain() == 1
    assert house.case(case).state is InstanceState.COMPLETED


def test_a_cycle_repeats_as_often_as_it_says(house: House) -> None:
    drawing = process().user_task().end()
    count = drawing.boundary("remind", "a", timer("Cycle", "R3/PT1H"), cancelActivity="false")
    count.script("s", "=if 次 = null then 1 else 次 + 1", "次").end("e")
    house.deploy(drawing)
    case = house.start()
    for hour in range(1, 6):
        house.clock.advance(hours=1)
        assert house.drain() == (1 if hour <= 3 else 0)
    assert house.variables(case)["次"] == 3
    house.complete(case)
    assert house.case(case).state is InstanceState.COMPLETED


def test_a_cron_boundary_keeps_its_hours_when_the_machine_was_late(house: House) -> None:
    drawing = process().user_task().end()
    drawing.boundary("tick", "a", timer("Cycle", "0 0 9,15 * * *"), cancelActivity="false").script(
        "s", "=if 次 = null then 1 else 次 + 1", "次"
    ).end("e2")
    house.deploy(drawing)
    case = house.start()
    house.clock.advance(hours=7)  # 16:00, an hour late
    assert house.drain() == 1
    due = [job.due_at.astimezone(house.clock.now.tzinfo).hour for job in house.jobs(case)]
    assert due == [15, 9]


class Crashing:
    """Lets every command on the worker's side fail as long as told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.error: Exception | None = RuntimeError("boom {x}")
        done = IN_CASE["timer"]

        def run(*arguments: Any) -> None:
            if self.error is not None:
                raise self.error
            done(*arguments)

        monkeypatch.setitem(IN_CASE, "timer", run)


def test_a_crash_inside_is_tried_again_and_then_an_incident(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    crashing = Crashing(monkeypatch)
    case = two_timers(house)
    house.clock.advance(hours=1)
    for wait in (10, 40):
        assert house.drain() == 0
        house.clock.advance(seconds=wait - 1)
        assert house.drain() == 0
        assert house.incidents(case) == []
        house.clock.advance(seconds=1)
    assert house.drain() == 0
    (incident,) = house.incidents(case)
    assert "boom {x}" in incident.template.format(**incident.params)
    assert sorted(job.state for job in house.jobs(case)) == [JobState.DUE, JobState.FAILED]

    crashing.error = None
    house.retry(case)
    assert (house.drain(), house.incidents(case), house.variables(case)["一"]) == (1, [], 1)


def test_a_database_that_is_away_counts_as_no_attempt(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    crashing = Crashing(monkeypatch)
    crashing.error = Unavailable(N_("数据库暂时无法使用。"))
    case = two_timers(house)
    house.clock.advance(hours=1)
    assert house.drain() == 0
    assert [job.attempt for job in house.jobs(case)] == [0, 0]

"""A process with a timer start event runs by the clock, on its newest version only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import definitions
from engine.database import Engine
from engine.errors import StepFailed
from engine.execution import ALONE, START_TIMER
from engine.lifecycle import JobState
from engine.model.process import ProcessInstance
from engine.model.work import Job
from engine.people import SYSTEM, org_tree
from engine.worker import Worker
from tests.bpmn_xml import timer
from tests.clock import FrozenClock

DIAGRAM = """<?xml version="1.0"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  id="d" targetNamespace="t">
  <bpmn:process id="weekly" name="周例会" isExecutable="true">
    <bpmn:startEvent id="monday">
      <bpmn:timerEventDefinition id="t">
        <bpmn:timeCycle xsi:type="bpmn:tFormalExpression">{cycle}</bpmn:timeCycle>
      </bpmn:timerEventDefinition>
    </bpmn:startEvent>
    <bpmn:sequenceFlow id="f" sourceRef="monday" targetRef="note"/>
    <bpmn:scriptTask id="note"><bpmn:extensionElements>
      <zeebe:script expression="=1 + 1" resultVariable="结果"/></bpmn:extensionElements></bpmn:scriptTask>
    <bpmn:sequenceFlow id="g" sourceRef="note" targetRef="end"/>
    <bpmn:endEvent id="end"/>
  </bpmn:process>
</bpmn:definitions>"""


def deploy(engine: Engine, cycle: str) -> None:
    with engine.begin(SYSTEM) as tx:
        definitions.deploy_file(tx, "weekly", DIAGRAM.format(cycle=cycle), "")


def drain(engine: Engine) -> int:
    engine.cache.clear()
    worker = Worker(engine)
    return sum(iter(worker.drain, 0))


def started(engine: Engine) -> list[ProcessInstance]:
    with engine.read(SYSTEM) as tx:
        return list(tx.session.scalars(select(ProcessInstance).order_by(ProcessInstance.started_at)))


def test_a_cycle_starts_a_case_each_time_it_is_due(platform: Engine, clock: FrozenClock) -> None:
    deploy(platform, "R/P7D")
    assert drain(platform) == 0

    for week in (1, 2, 3):
        clock.advance(days=7)
        assert drain(platform) == 1
        assert len(started(platform)) == week

    with platform.read(SYSTEM) as tx:
        top = next(iter(org_tree(tx))).id
    assert {case.unit_id for case in started(platform)} == {top}


def test_a_cycle_with_a_count_ends(platform: Engine, clock: FrozenClock) -> None:
    deploy(platform, "R2/P1D")
    for _ in range(4):
        clock.advance(days=1)
        drain(platform)
    assert len(started(platform)) == 2


def test_a_new_version_replaces_the_timer_of_the_old_one(platform: Engine, clock: FrozenClock) -> None:
    deploy(platform, "R/P1D")
    deploy(platform, "R/P30D")
    clock.advance(days=29)
    assert drain(platform) == 0
    clock.advance(days=1)
    assert drain(platform) == 1


def test_a_cron_cycle_starts_cases_by_the_clocks_here(platform: Engine, clock: FrozenClock) -> None:
    deploy(platform, "0 0 9 * * MON-FRI")
    for days, count in ((1, 1), (2, 3), (2, 3), (1, 4)):  # Wednesday; Friday, after a day off; Sunday; Monday
        for _ in range(days):
            clock.advance(days=1)
            drain(platform)
        assert len(started(platform)) == count
    assert {case.started_at.astimezone(clock.now.tzinfo).hour for case in started(platform)} == {9}
    clock.advance(days=10)
    assert drain(platform) == 1  # what nobody did for days comes once
    assert drain(platform) == 0


def test_a_start_that_fails_does_not_end_the_cycle(
    platform: Engine, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StepFailed("坏了")

    monkeypatch.setitem(ALONE, START_TIMER, fail)
    deploy(platform, "R/P7D")
    clock.advance(days=7)
    for _ in range(4):
        drain(platform)
        clock.advance(minutes=5)
    with platform.read(SYSTEM) as tx:
        own = select(Job).where(Job.kind == START_TIMER, Job.type == "weekly")
        jobs = list(tx.session.scalars(own.order_by(Job.due_at)))
    assert [job.state for job in jobs] == [JobState.FAILED, JobState.DUE]
    assert jobs[1].due_at - jobs[0].due_at == timedelta(days=7)


def test_every_timer_of_a_start_event_starts_cases(platform: Engine, clock: FrozenClock) -> None:
    other = timer("Cycle", "R/P10D")
    text = DIAGRAM.format(cycle="R/P7D").replace("</bpmn:startEvent>", other + "</bpmn:startEvent>")
    with platform.begin(SYSTEM) as tx:
        definitions.deploy_file(tx, "weekly", text, "")
    for days, count in ((7, 1), (3, 2), (4, 3), (6, 4)):
        clock.advance(days=days)
        drain(platform)
        assert len(started(platform)) == count

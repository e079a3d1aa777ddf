"""Signals reach everybody who waits, each once."""

from __future__ import annotations

from sqlalchemy import update

from engine.lifecycle import JobState
from engine.model.work import Job
from tests.bpmn_xml import element, event
from tests.engine.commands.house import House, process


def test_a_signal_reaches_every_waiting_case_once(house: House) -> None:
    signal = event("signal", signalRef="s1")
    root = element("bpmn:signal", id="s1", name="停水")
    house.deploy(process("q").catch("wait", signal).user_task().end().root(root))
    waiting = [house.start("q") for _ in range(2)]
    house.deploy(process().throw("say", signal).end().root(root))
    house.start()
    assert house.drain() == 2
    assert [house.open(case) for case in waiting] == [["a"], ["a"]]
    assert (house.subscriptions(waiting[0]), house.drain()) == ([], 0)


def test_a_failing_signal_becomes_an_incident(house: House) -> None:
    signal, root = event("signal", signalRef="s1"), element("bpmn:signal", id="s1", name="停水")
    house.deploy(process("q").catch("wait", signal).user_task().end().root(root))
    case = house.start("q")
    house.deploy(process().throw("say", signal).end().root(root))
    house.start()
    with house.at() as tx:
        tx.session.execute(update(Job).where(Job.instance_id == case).values(payload={"name": "停水"}))
    for _ in range(4):
        house.drain()
        house.clock.advance(minutes=5)
    assert len(house.incidents(case)) == 1
    with house.at() as tx:
        tx.session.execute(update(Job).where(Job.instance_id == case).values(payload={"name": "停水", "values": {}}))
    house.retry(case)
    assert house.drain() == 1
    assert (house.open(case), house.incidents(case)) == (["a"], [])
    assert [job.state for job in house.jobs(case)] == [JobState.DONE]

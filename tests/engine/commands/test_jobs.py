"""Service tasks and timers: done once, tried again with patience, fenced, and never in the way of each other."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine import jobs
from engine import worker as worker_module
from engine.database import Engine, Transaction
from engine.errors import N_, EngineError
from engine.handlers import HANDLERS, BpmnError
from engine.jobs import Ticket
from engine.lifecycle import JobState
from engine.model.notification import Notification
from engine.model.process import ProcessInstance
from engine.worker import Worker
from tests.bpmn_xml import element, event, zeebe
from tests.clock import FrozenClock
from tests.engine.commands.house import Drawing, House, io, process


class Service:
    """A fake service: answers what it was told, and remembers who asked."""

    def __init__(self) -> None:
        self.calls: list[Ticket] = []
        self.answer: Mapping[str, Any] | Exception = {"回执": "OK-1"}

    def __call__(self, engine: Engine, ticket: Ticket) -> Mapping[str, Any]:
        self.calls.append(ticket)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def house(platform: Engine, clock: FrozenClock, service: Service) -> House:
    """The house, with the fake service in the place of notifications."""
    return House(platform, clock, {"notify": service})


def with_service(retries: str = "3") -> Drawing:
    more = io(inputs={"to": "@applicant", "text": '="请看" + 意见'}, outputs={"回执": "=回执"})
    headers = zeebe("taskHeaders", zeebe("header", key="渠道", value="短信"))
    return process(start_form=True).service("c", "notify", more + headers, retries=retries).user_task().end()


def started(house: House, drawing: Drawing, *roots: str) -> UUID:
    house.deploy(drawing.root(*roots))
    return house.start(values={"意见": "公告"})


def states(house: House, case: UUID) -> list[JobState]:
    return [job.state for job in house.jobs(case)]


def test_a_service_sees_its_scope_and_answers_into_the_case(house: House, service: Service) -> None:
    case = started(house, with_service())
    assert (house.open(case), house.drain()) == ([], 1)
    (ticket,) = service.calls
    assert (ticket.type, ticket.attempt, ticket.headers) == ("notify", 1, {"渠道": "短信"})
    assert (ticket.variables["text"], ticket.number) == ("请看公告", house.case(case).business_key)
    assert (house.open(case), house.variables(case)["回执"]) == (["a"], "OK-1")
    assert (states(house, case), house.drain()) == ([JobState.DONE], 0)
    assert house.events(case)[-3:] == ["job_completed", "advanced", "user_task_created"]


def test_a_failing_service_is_asked_again_with_growing_patience(house: House, service: Service) -> None:
    service.answer = EngineError(N_("短信网关没有应答。"))
    case = started(house, with_service())
    assert house.drain() == 1
    for attempt, wait in ((2, 10), (3, 40)):
        house.clock.advance(seconds=wait - 1)
        assert house.drain() == 0
        house.clock.advance(seconds=1)
        assert house.drain() == 1
        assert service.calls[-1].attempt == attempt
    (incident,) = house.incidents(case)
    assert (incident.template, states(house, case)) == ("短信网关没有应答。", [JobState.FAILED])
    house.clock.advance(days=1)
    assert house.drain() == 0

    service.answer = {"回执": "OK-2"}
    house.retry(case)
    assert house.drain() == 1
    assert (house.incidents(case), house.open(case), service.calls[-1].attempt) == ([], ["a"], 1)
    assert {ticket.job_id for ticket in service.calls} == {house.jobs(case)[0].id}  # the idempotency key stays
    assert house.events(case).count("job_failed") == 2


@pytest.mark.parametrize(
    "answer", [{"回执": object()}, ["no", "mapping"], ValueError("{brace}")], ids=["object", "list", "brace"]
)
def test_an_answer_that_makes_no_sense_is_a_failure(house: House, service: Service, answer: Any) -> None:
    service.answer = answer
    case = started(house, with_service(retries="1"))
    house.drain()
    (incident,) = house.incidents(case)
    assert incident.template.format(**incident.params)
    assert states(house, case) == [JobState.FAILED]


def test_an_error_of_the_service_takes_its_boundary(house: House, service: Service) -> None:
    service.answer = BpmnError("满了", "信箱已满")
    drawing = with_service()
    drawing.boundary("full", "c", event("error", errorRef="e1")).user_task("b").end("end2")
    case = started(house, drawing, element("bpmn:error", id="e1", errorCode="满了"))
    assert house.drain() == 1
    assert (house.open(case), house.incidents(case), states(house, case)) == (["b"], [], [JobState.DONE])
    assert house.events(case)[-3:] == ["error_thrown", "advanced", "user_task_created"]


def test_an_error_that_nobody_catches_is_an_incident(house: House, service: Service) -> None:
    service.answer = BpmnError("满了", "信箱已满")
    case = started(house, with_service())
    house.drain()
    (incident,) = house.incidents(case)
    assert "满了" in incident.template.format(**incident.params)
    service.answer = {"回执": "OK"}
    house.retry(case)
    house.drain()
    assert (house.incidents(case), house.open(case)) == ([], ["a"])


def lease(house: House, owner: str) -> Ticket | None:
    with house.at() as tx:
        ((job, _kind),) = jobs.due_jobs(tx)
        return jobs.lease(tx, job, owner)


def test_a_lost_lease_changes_nothing(house: House) -> None:
    case = started(house, with_service())
    slow = lease(house, "slow")
    assert slow is not None
    with house.at() as tx:
        assert jobs.due_jobs(tx) == []
        assert jobs.lease(tx, slow.job_id, "greedy") is None
    house.clock.advance(seconds=61)
    fast = lease(house, "fast")
    assert fast is not None
    before = house.events(case)
    with house.at() as tx:
        assert jobs.succeed(tx, slow, {"回执": "slow"}) is False
        jobs.fail(tx, slow, "慢", {})
        jobs.throw(tx, slow, "慢", "慢")
    assert house.events(case) == before
    with house.at() as tx:
        assert jobs.succeed(tx, fast, {"回执": "fast"}) is True
    with house.at() as tx:
        assert jobs.succeed(tx, fast, {"回执": "again"}) is False
    assert house.variables(case)["回执"] == "fast"


def test_an_answer_after_the_end_of_the_case_changes_nothing(house: House) -> None:
    case = started(house, with_service())
    ticket = lease(house, "w")
    assert ticket is not None
    house.cancel(case)
    with house.at() as tx:
        assert jobs.succeed(tx, ticket, {"回执": "late"}) is False
    assert (states(house, case), "回执" in house.variables(case)) == ([JobState.CANCELED], False)


def test_a_case_that_cannot_be_loaded_stops_no_other(house: House, service: Service) -> None:
    broken = started(house, with_service())
    house.clock.advance(seconds=1)
    healthy = house.start(values={"意见": "公告"})
    with house.at() as tx:
        tx.get(ProcessInstance, broken).token_state = b"damaged"
    assert house.drain() == 1
    assert house.open(healthy) == ["a"]


def test_housekeeping_that_fails_keeps_no_job_waiting(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_tx: Transaction) -> int:
        raise RuntimeError("boom")

    monkeypatch.setattr(worker_module, "forget_old_sessions", fail)
    case = started(house, with_service())
    assert house.drain() == 1
    assert house.open(case) == ["a"]


def test_notifications_are_written_once_for_each_receiver(platform: Engine, clock: FrozenClock) -> None:
    house = House(platform, clock)
    inputs = {"to": "community_clerk@community,@applicant", "text": '="请看" + 意见'}
    house.deploy(process(start_form=True).service("c", "notify", io(inputs=inputs)).user_task().end())
    case = house.start(values={"意见": "公告"})
    ticket = lease(house, "w")
    assert ticket is not None
    for _ in range(2):
        HANDLERS["notify"](platform, ticket)
    house.clock.advance(seconds=61)
    house.drain()
    with house.reading() as tx:
        rows = list(tx.session.scalars(select(Notification).where(Notification.instance_id == case)))
    assert {row.holder for row in rows} == {f"community_clerk@{house.unit('jinxing')}", f"receipt:{case}"}
    assert (len(rows), {row.text for row in rows}, house.open(case)) == (2, {"请看公告"}, ["a"])


def test_the_worker_of_a_process_does_what_a_commit_leaves(house: House, service: Service) -> None:
    worker = Worker(house.engine, {"notify": service})
    worker.start()
    try:
        case = started(house, with_service())
        for _ in range(500):
            if house.open(case):
                break
            time.sleep(0.02)
    finally:
        worker.stop()
    assert house.open(case) == ["a"]
    assert not any(thread.name == worker.name for thread in threading.enumerate())

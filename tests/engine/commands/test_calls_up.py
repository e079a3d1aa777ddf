"""What goes up from a called case: escalations and errors, through as many calls as there are, each under one lock."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from engine import jobs
from engine.handlers import BpmnError
from engine.lifecycle import InstanceState
from engine.model.work import Job
from tests.bpmn_xml import element, event, extension, zeebe
from tests.engine.commands.house import Drawing, House, process

ESCALATION = element("bpmn:escalation", id="up", escalationCode="超期")
ERROR = element("bpmn:error", id="bad", errorCode="谈崩")
RAISE, FAIL = event("escalation", escalationRef="up"), event("error", errorRef="bad")


def calling(key: str, called: str) -> Drawing:
    call = extension(zeebe("calledElement", processId=called))
    return process(key).node("callActivity", "call", call).user_task("after", form="g").end()


def family(house: House, top: UUID) -> list[UUID]:
    """A case, the case that it called, and so on down."""
    found = [top]
    while house.drain() or house.children(found[-1]):
        children = house.children(found[-1])
        if children:
            found.append(children[-1].id)
    return found


def escalating(house: House, key: str = "child") -> None:
    drawing = process(key).user_task("b", form="g").throw("say", RAISE).user_task("c", form="g").end("fin", RAISE)
    house.deploy(drawing.root(ESCALATION))


@pytest.mark.parametrize("interrupting", ["true", "false"])
def test_an_escalation_reaches_the_call_that_waits(house: House, interrupting: str) -> None:
    escalating(house)
    parent = calling("p", "child")
    parent.boundary("late", "call", RAISE, cancelActivity=interrupting).user_task("d", form="g").end("end2")
    house.deploy(parent.root(ESCALATION))
    case, child = family(house, house.start())
    house.complete(child, "b", {})
    house.drain()
    assert house.open(case) == ["d"]
    assert "escalation_received" in house.events(case)
    if interrupting == "true":
        assert house.case(child).state is InstanceState.CANCELED
        return
    house.complete(child, "c", {})
    house.drain()
    assert house.open(case) == ["after", "d", "d"]


def test_the_escalation_of_the_last_event_comes_before_the_end(house: House) -> None:
    house.deploy(process("child").user_task("b", form="g").end("fin", RAISE).root(ESCALATION))
    parent = calling("p", "child")
    parent.boundary("late", "call", RAISE).user_task("d", form="g").end("end2")
    house.deploy(parent.root(ESCALATION))
    case, child = family(house, house.start())
    house.complete(child, "b", {})
    with house.at() as tx:  # a worker that takes the end first
        (end,) = tx.session.scalars(select(Job.id).where(Job.kind == "child_ended"))
        assert jobs.run_inside(tx, end)
    assert house.open(case) == ["d"]
    house.drain()
    assert (house.open(case), house.incidents(case)) == (["d"], [])


def test_an_escalation_passes_calls_that_do_not_catch_it(house: House) -> None:
    escalating(house, "grandchild")
    house.deploy(calling("child", "grandchild"))
    parent = calling("p", "child")
    parent.boundary("late", "call", RAISE, cancelActivity="false").user_task("d", form="g").end("end2")
    house.deploy(parent.root(ESCALATION))
    case, child, grandchild = family(house, house.start())
    house.complete(grandchild, "b", {})
    house.drain()
    assert (house.open(case), house.open(child), house.open(grandchild)) == (["d"], [], ["c"])


def test_an_escalation_that_nobody_catches_changes_nothing(house: House) -> None:
    escalating(house)
    house.deploy(calling("p", "child"))
    case, child = family(house, house.start())
    for step in ("b", "c"):
        house.complete(child, step, {})
        house.drain()
    assert (house.open(case), house.incidents(case), house.incidents(child)) == (["after"], [], [])


def failing(house: House, key: str) -> None:
    house.deploy(process(key).user_task("b", form="g").end("failed_end", FAIL).root(ERROR))


def test_an_error_passes_calls_that_do_not_catch_it(house: House) -> None:
    failing(house, "grandchild")
    house.deploy(calling("child", "grandchild"))
    parent = calling("p", "child")
    parent.boundary("failed", "call", FAIL).user_task("d", form="g").end("end2")
    house.deploy(parent.root(ERROR))
    case, child, grandchild = family(house, house.start())
    house.complete(grandchild, "b", {})
    house.drain()
    assert house.open(case) == ["d"]
    assert [house.case(each).end_reason for each in (child, grandchild)] == ["谈崩", "谈崩"]
    assert [house.incidents(each) for each in (case, child)] == [[], []]


def test_an_error_that_nobody_above_catches_stops_where_it_was_thrown(house: House) -> None:
    failing(house, "grandchild")
    house.deploy(calling("child", "grandchild"))
    house.deploy(calling("p", "child"))
    case, child, grandchild = family(house, house.start())
    house.complete(grandchild, "b", {})
    house.drain()
    (incident,) = house.incidents(grandchild)
    assert (incident.element_id, house.incidents(case), house.incidents(child)) == ("failed_end", [], [])
    assert {house.case(each).state for each in (case, child, grandchild)} == {InstanceState.ACTIVE}
    house.retry(grandchild)
    assert len(house.incidents(grandchild)) == 1


def test_the_error_of_a_service_is_caught_by_the_call_above(house: House) -> None:
    def fail(*_: object) -> dict[str, object]:
        raise BpmnError("谈崩", "对方拒绝")

    house.worker.handlers = {"notify": fail}
    house.deploy(process("child").service("c").end())
    parent = calling("p", "child")
    parent.boundary("failed", "call", FAIL).user_task("d", form="g").end("end2")
    house.deploy(parent.root(ERROR))
    case, child = family(house, house.start())
    assert (house.open(case), house.incidents(child)) == (["d"], [])
    assert house.case(child).end_reason == "谈崩"

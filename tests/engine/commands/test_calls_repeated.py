"""Calls that are repeated, interrupted while several run, or undone after their end."""

from __future__ import annotations

import pytest

from engine.lifecycle import InstanceState
from tests.bpmn_xml import element, event, extension, timer, zeebe
from tests.engine.commands.house import Drawing, House, process

CALL = extension(zeebe("calledElement", processId="child"))
THREE = element("bpmn:loopCardinality", "3")


@pytest.fixture(autouse=True)
def _child(house: House) -> None:
    house.deploy(process("child").user_task("b", form="g").end())


def calling(marker: str) -> Drawing:
    return process("p").node("callActivity", "call", CALL + marker).user_task("after", form="g").end()


def test_a_loop_of_a_call_starts_one_case_after_the_other(house: House) -> None:
    house.deploy(calling(element("bpmn:standardLoopCharacteristics", loopMaximum="2")))
    case = house.start()
    for passes in (1, 2):
        house.drain()
        assert len(house.children(case)) == passes
        house.complete(house.children(case)[-1].id, "b", {})
    house.drain()
    assert (house.open(case), len(house.children(case))) == (["after"], 2)


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_interrupting_many_calls_cancels_those_that_run(house: House, sequential: str) -> None:
    drawing = calling(element("bpmn:multiInstanceLoopCharacteristics", THREE, isSequential=sequential))
    drawing.boundary("late", "call", timer("Duration", "PT1H")).user_task("d", form="g").end("end2")
    house.deploy(drawing)
    case = house.start()
    house.drain()
    house.complete(house.children(case)[0].id, "b", {})
    house.drain()
    house.clock.advance(hours=1)
    house.drain()
    assert house.open(case) == ["d"]
    ended = sorted(child.state.value for child in house.children(case))
    assert ended == sorted(["completed", *["canceled"] * (1 if sequential == "true" else 2)])


def test_a_call_that_has_ended_is_undone_by_its_own_handler(house: House) -> None:
    drawing = process("p").node("callActivity", "call", CALL)
    drawing.throw("undo", event("compensate")).user_task("after", form="g").end()
    drawing.boundary("cancelled", "call", event("compensate")).lift()
    drawing.node("userTask", "back", _task(), isForCompensation="true").lift()
    drawing.raw(element("bpmn:association", id="line", sourceRef="cancelled", targetRef="back"))
    house.deploy(drawing)
    case = house.start()
    house.drain()
    (child,) = house.children(case)
    house.complete(child.id, "b", {})
    house.drain()
    assert house.open(case) == ["back"]
    house.complete(case, "back", {})
    assert house.open(case) == ["after"]
    assert house.case(child.id).state is InstanceState.COMPLETED


def _task() -> str:
    return extension(
        zeebe("userTask"),
        zeebe("formDefinition", formId="g"),
        zeebe("assignmentDefinition", candidateGroups="community_clerk@community"),
    )

"""A call activity starts a case of its own and waits for it; what ends one tells or takes the other."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.execution.calls import MOST_CALLS_DEEP
from engine.lifecycle import InstanceState
from tests.bpmn_xml import element, event, timer, zeebe
from tests.engine.commands.house import Drawing, House, extension, io, process

ERROR = element("bpmn:error", id="e1", errorCode="谈崩")


def call(more: str = "", **attributes: str) -> Drawing:
    called = zeebe("calledElement", **({"processId": "child"} | attributes))
    return process(start_form=True).node("callActivity", "call", extension(called, more))


def child(house: House, drawing: Drawing | None = None) -> None:
    house.deploy(drawing or process("child", numberPrefix="ZX").user_task("b", form="g").script("s", "=7", "七").end())


def called(house: House, parent: Drawing) -> tuple[UUID, UUID]:
    """A case of this process and the case that it has called."""
    house.deploy(parent)
    case = house.start(values={"意见": "请协办"})
    assert (house.children(case), house.drain()) == ([], 1)
    (row,) = house.children(case)
    return case, row.id


def test_a_called_case_has_its_own_number_unit_and_history(house: House) -> None:
    child(house)
    case, inner = called(house, call().user_task().end())
    row = house.case(inner)
    assert (row.business_key, row.unit_id, row.parent_id) == ("ZX-2026-00001", house.unit("jinxing-1"), case)
    (started, data), *_ = house.history(inner)
    assert (started.type, data["parent"], data["definition"]["key"]) == ("instance_started", str(case), "child")
    assert house.variables(inner)["意见"] == "请协办"
    assert house.open(case) == []

    house.complete(inner, "b", {"乙": 5})
    assert house.case(inner).state is InstanceState.COMPLETED
    assert (house.open(case), house.drain(), house.open(case)) == ([], 1, ["a"])
    assert house.events(case)[-4:] == ["child_started", "child_ended", "advanced", "user_task_created"]
    house.complete(case)
    assert house.case(case).state is InstanceState.COMPLETED


@pytest.mark.parametrize(
    ("attributes", "more", "expected"),
    [
        ({"propagateAllChildVariables": "true"}, "", {"乙": 5, "七": 7}),
        ({"propagateAllChildVariables": "false"}, "", {}),
        ({"propagateAllChildVariables": "false"}, io(outputs={"结论": "=乙 * 2"}), {"结论": 10}),
    ],
    ids=["all", "none", "mapped"],
)
def test_what_comes_back(house: House, attributes: dict[str, str], more: str, expected: dict[str, int]) -> None:
    child(house)
    case, inner = called(house, call(more, **attributes).user_task().end())
    house.complete(inner, "b", {"乙": 5})
    house.drain()
    values = house.variables(case)
    assert {name: values.get(name) for name in ("乙", "七", "结论") if name in values} == expected


def test_only_what_is_mapped_goes_in(house: House) -> None:
    child(house)
    more = io(inputs={"事由": '="转办：" + 意见'})
    _case, inner = called(house, call(more, propagateAllParentVariables="false").user_task().end())
    assert house.variables(inner) == {"事由": "转办：请协办"}


def failing_child(house: House) -> None:
    child(house, process("child").user_task("b", form="g").end("bad", event("error", errorRef="e1")).root(ERROR))


def test_the_error_of_a_called_case_takes_the_boundary(house: House) -> None:
    failing_child(house)
    parent = call().user_task().end()
    parent.boundary("failed", "call", event("error", errorRef="e1")).user_task("c").end("end2")
    case, inner = called(house, parent.root(ERROR))
    house.complete(inner, "b", {})
    assert house.drain() == 1
    assert (house.open(case), house.incidents(case)) == (["c"], [])
    assert house.case(inner).end_reason == "谈崩"


def test_an_error_that_the_caller_does_not_catch_stops_the_called_case(house: House) -> None:
    failing_child(house)
    case, inner = called(house, call().user_task().end())
    house.complete(inner, "b", {})
    house.drain()
    (incident,) = house.incidents(inner)
    assert "谈崩" in incident.template.format(**incident.params)
    assert (house.case(inner).state, house.incidents(case)) == (InstanceState.ACTIVE, [])


def interruptible() -> Drawing:
    parent = call().user_task().end()
    parent.boundary("late", "call", timer("Duration", "PT1H")).user_task("c").end("end2")
    return parent


def test_interrupting_the_call_cancels_the_called_case(house: House) -> None:
    child(house)
    case, inner = called(house, interruptible())
    house.clock.advance(hours=1)
    house.drain()
    assert house.open(case) == ["c"]
    assert (house.case(inner).state, house.open(inner)) == (InstanceState.CANCELED, [])
    assert house.case(case).business_key in (house.case(inner).end_reason or "")


def test_after_a_retry_the_running_child_is_the_one_to_cancel(house: House) -> None:
    child(house)
    case, first = called(house, interruptible())
    house.cancel(first)
    house.drain()
    (incident,) = house.incidents(case)
    assert incident.params["number"] == house.case(first).business_key
    house.retry(case)
    house.drain()
    second = house.children(case)[-1].id
    assert house.open(second) == ["b"]
    house.clock.advance(hours=1)
    house.drain()
    assert (house.case(second).state, house.open(second)) == (InstanceState.CANCELED, [])


def test_cancelling_the_caller_cancels_what_it_called_and_so_on_down(house: House) -> None:
    house.deploy(process("grandchild").user_task("b", form="g").end())
    inner_call = zeebe("calledElement", processId="grandchild")
    child(house, process("child").node("callActivity", "call", extension(inner_call)).end())
    house.deploy(call().end())
    case = house.start(values={"意见": "请协办"})
    house.drain()
    (inner,) = house.children(case)
    (innermost,) = house.children(inner.id)
    assert house.open(innermost.id) == ["b"]
    house.cancel(case)
    house.drain()
    assert {house.case(each).state for each in (case, inner.id, innermost.id)} == {InstanceState.CANCELED}
    assert (house.open(innermost.id), house.incidents(case)) == ([], [])


def test_a_call_cancelled_before_it_began_starts_nothing(house: House) -> None:
    child(house)
    house.deploy(call().end())
    case = house.start(values={"意见": "请协办"})
    house.cancel(case)
    house.drain()
    assert house.children(case) == []


def test_a_process_that_does_not_exist_yet_is_an_incident(house: House) -> None:
    house.deploy(call(processId='="chi" + "ld"').user_task().end())
    case = house.start(values={"意见": "请协办"})
    house.drain()
    (incident,) = house.incidents(case)
    assert incident.template.format(**incident.params) == "没有已发布的流程“child”。"
    child(house)
    house.retry(case)
    house.drain()
    assert (len(house.children(case)), house.incidents(case)) == (1, [])


def test_calls_for_each_unit_start_a_case_in_each(house: House) -> None:
    child(house)
    loop = element("bpmn:multiInstanceLoopCharacteristics", extension(
        zeebe("loopCharacteristics", inputCollection='=children(unit, "group")', inputElement="unit")
    ))  # fmt: skip
    inner = extension(zeebe("calledElement", processId="child")) + loop
    house.deploy(process().node("callActivity", "call", inner).end())
    case = house.start(unit="jinxing")
    house.drain()
    rows = house.children(case)
    assert {row.unit_id for row in rows} == {house.unit(f"jinxing-{number}") for number in (1, 2, 3)}
    for row in rows:
        house.complete(row.id, "b", {})
        house.drain()
    assert house.case(case).state is InstanceState.COMPLETED


def test_a_process_that_calls_itself_without_an_end_stops_with_an_incident(house: House) -> None:
    called = extension(zeebe("calledElement", processId="p"))
    house.deploy(process().node("callActivity", "call", called).end())
    case = house.start()
    house.drain()
    chain = [case]
    while below := house.children(chain[-1]):
        (row,) = below
        chain.append(row.id)
    assert len(chain) == MOST_CALLS_DEEP
    (incident,) = house.incidents(chain[-1])
    assert incident.template.format(**incident.params).startswith("事项已经一层层调用到第 20 层")
    house.cancel(case)
    house.drain()
    assert {house.case(each).state for each in chain} == {InstanceState.CANCELED}

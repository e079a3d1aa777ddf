"""Cases and a meeting by their diagrams alone: put on, taken, discussed one by one, decided or postponed."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.database import Engine
from engine.errors import StepFailed
from engine.handlers.agenda import decide_item, leave_agenda, postpone_item, put_on_agenda, take_agenda
from engine.lifecycle import InstanceState
from tests import bpmn_xml
from tests.bpmn_xml import message, timer
from tests.clock import FrozenClock
from tests.engine.commands.house import CLAUSE, House, io, process
from tests.engine.commands.meeting_house import KEY, MeetingHouse, put_on, wait
from tests.engine.handlers.tickets import ticket

OFFICER = "shizhong-officer"


@pytest.fixture
def hall(platform: Engine, clock: FrozenClock) -> MeetingHouse:
    hall = MeetingHouse(House(platform, clock))
    hall.house.deploy(meeting_over_all_items())
    return hall


def meeting_over_all_items() -> bpmn_xml.Drawing:
    """A version of the meeting that discusses each item: what is feasible is decided, the rest postponed."""

    def discuss(drawing: bpmn_xml.Drawing) -> bpmn_xml.Drawing:
        drawing.start("s").user_task("hold", groups="subdistrict_officer@subdistrict", clause=CLAUSE)
        drawing.gateway("exclusive", "x", default="x_later")
        decision = {"item": "=议题.number", "result": "=意见", "opinion": "=意见", "values": "={承办部门: 意见}"}
        drawing.when('=意见 = "可行"').service("decide", "decide_item", io(inputs=decision)).end("e1")
        postponed = io(inputs={"item": "=议题.number", "reason": "=意见"})
        return drawing.at("x").service("later", "postpone_item", postponed).end("e2")

    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics "
        'inputCollection="=议题清单" inputElement="议题"/></bpmn:extensionElements>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    took = io(outputs={"议题清单": "=items"})
    return process("m").service("take", "take_agenda", took).sub_process("each", discuss, inner=loop).end()


def discuss_next(hall: MeetingHouse, meeting: UUID, opinion: str) -> None:
    hall.house.complete(meeting, "hold", {"意见": opinion}, by=OFFICER)
    hall.house.drain()


def test_one_case_is_decided_and_one_postponed(hall: MeetingHouse) -> None:
    cases = [hall.case(unit) for unit in ("jinxing-1", "wenhui-2")]
    meeting = hall.meeting()
    assert hall.house.open(meeting) == ["hold", "hold"]
    discuss_next(hall, meeting, "可行")
    discuss_next(hall, meeting, "材料不全")
    assert hall.house.case(meeting).state is InstanceState.COMPLETED
    assert sorted(hall.states()) == ["decided", "waiting"]
    decided = next(item for item in hall.items() if item.result)
    assert decided.instance_id in cases
    assert hall.house.open(decided.instance_id) == ["a"]
    assert hall.house.variables(decided.instance_id)["承办部门"] == "可行"


def test_an_empty_agenda_holds_nobody_up(hall: MeetingHouse) -> None:
    assert hall.house.case(hall.meeting()).state is InstanceState.COMPLETED


def test_a_case_leaves_the_agenda_by_its_diagram(hall: MeetingHouse) -> None:
    drawing = put_on(process("d")).gateway("eventBased", "g")
    wait(drawing).user_task().end()
    left = io(inputs={"item": KEY, "reason": "逾期未上会"})
    drawing.at("g").catch("late", timer("Duration", "P7D")).service("leave", "leave_agenda", left).user_task("b").end(
        "e2"
    )
    hall.house.deploy(drawing.root(message("m", "会议决定", KEY)))
    case = hall.case(key="d")
    hall.house.clock.advance(days=7)
    hall.house.drain()
    assert (hall.house.open(case), hall.states()) == (["b"], ["withdrawn"])


def test_a_case_acts_for_the_unit_of_its_scope(hall: MeetingHouse) -> None:
    inputs = {"unit": '=按代码查单位("xinhe-2")'}
    drawing = wait(put_on(process("d"), **inputs)).end().root(message("m", "会议决定", KEY))
    hall.house.deploy(drawing)
    hall.case("jinxing-1", key="d")
    item = hall.item()
    assert (item.unit_id, item.from_unit_id) == (hall.house.unit("pengli"), hall.house.unit("xinhe-2"))


@pytest.mark.parametrize(
    ("handler", "inputs", "said"),
    [
        (put_on_agenda, {"meeting": "m", "level": "district"}, "缺少 title"),
        (put_on_agenda, {"meeting": 1, "level": "district", "title": "x"}, "meeting 应当是文本"),
        (leave_agenda, {"reason": "x"}, "缺少 item"),
        (take_agenda, {"meeting": ["m"]}, "meeting 应当是文本"),
        (decide_item, {"item": "YC-1"}, "缺少 result"),
        (decide_item, {"item": "YC-1", "result": "同意", "values": "x"}, "values 应当是上下文"),
        (postpone_item, {"item": "YC-1"}, "缺少 reason"),
    ],
)
def test_wrong_inputs_are_said(nobody: Engine, handler: object, inputs: dict[str, object], said: str) -> None:
    with pytest.raises(StepFailed, match=said):
        handler(nobody, ticket(inputs))  # type: ignore[operator] # one of our handlers

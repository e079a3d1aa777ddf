"""Messages: to the one case that waits for them, with what they carry; and what is said when nobody does."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.errors import InvalidState
from engine.lifecycle import InstanceState
from tests.bpmn_xml import event, extension, message
from tests.engine.commands.house import CLAUSE, Drawing, House, io, process

MESSAGE = event("message", messageRef="m")
GONE = "现在没有事项在等待“补充材料”"


def catching() -> Drawing:
    return process().catch("wait", MESSAGE).user_task().end().root(message())


def number(house: House, case: UUID) -> str:
    return house.case(case).business_key


def test_a_message_finds_its_case_by_key(house: House) -> None:
    house.deploy(catching())
    first, second = house.start(), house.start()
    assert house.subscriptions(second) == [("补充材料", number(house, second))]
    house.correlate("补充材料", number(house, second), {"附言": "已寄出"})
    assert (house.open(first), house.open(second)) == ([], ["a"])
    assert (house.variables(second), house.subscriptions(second)) == ({"附言": "已寄出"}, [])
    assert house.events(second)[-3:] == ["message_received", "advanced", "user_task_created"]
    assert house.subscriptions(first) != []


def test_a_message_for_nobody_is_refused(house: House) -> None:
    house.deploy(catching())
    case = house.start()
    for name, key in (("补充材料", "SX-1999-00001"), ("别的", number(house, case)), ("补充材料", "")):
        with pytest.raises(InvalidState, match="现在没有事项在等待"):
            house.correlate(name, key)
    house.correlate("补充材料", number(house, case))
    with pytest.raises(InvalidState, match=GONE):
        house.correlate("补充材料", number(house, case))


def test_an_ended_case_takes_no_message(house: House) -> None:
    house.deploy(catching())
    case = house.start()
    house.cancel(case)
    with pytest.raises(InvalidState, match=GONE):
        house.correlate("补充材料", number(house, case))
    assert house.case(case).state is InstanceState.CANCELED


def test_a_boundary_message_interrupts_its_task(house: House) -> None:
    drawing = process().user_task().end()
    drawing.boundary("told", "a", MESSAGE).user_task("b").end("end2")
    house.deploy(drawing.root(message()))
    case = house.start()
    house.correlate("补充材料", number(house, case), {"附言": "撤回"})
    assert (house.open(case), house.subscriptions(case)) == (["b"], [])
    assert "user_task_canceled" in house.events(case)
    house.complete(case, "b")
    assert house.variables(case)["附言"] == "撤回"


def test_a_boundary_message_that_does_not_interrupt_comes_again(house: House) -> None:
    drawing = process().user_task().end()
    told = drawing.boundary("told", "a", MESSAGE, cancelActivity="false")
    told.script("s", "=if 次 = null then 1 else 次 + 1", "次").end("end2")
    house.deploy(drawing.root(message()))
    case = house.start()
    for _ in range(3):
        house.correlate("补充材料", number(house, case))
    assert (house.open(case), house.variables(case)) == (["a"], {"次": 3})
    house.complete(case)
    assert (house.case(case).state, house.subscriptions(case)) == (InstanceState.COMPLETED, [])


@pytest.mark.parametrize("interrupting", ["true", "false"])
def test_an_event_sub_process_begins(house: House, interrupting: str) -> None:
    drawing = process().user_task().end()
    drawing.event_sub_process(
        "withdraw",
        lambda inside: (
            inside.start("said", MESSAGE, isInterrupting=interrupting)
            .script("s", "=原因", "记")
            .user_task("b", groups="community_clerk@community", clause=CLAUSE)
            .end("end2")
        ),
    )
    house.deploy(drawing.root(message()))
    case = house.start()
    house.correlate("补充材料", number(house, case), {"原因": "搬走了"})
    assert house.open(case) == (["b"] if interrupting == "true" else ["a", "b"])
    assert house.variables(case)["记"] == "搬走了"
    for element in house.open(case):
        house.complete(case, element)
    assert house.case(case).state is InstanceState.COMPLETED


def test_outputs_take_from_the_payload_what_they_want(house: House) -> None:
    wanted = process().catch("wait", extension(io(outputs={"结论": '=附言 + "。"'})) + MESSAGE)
    house.deploy(wanted.user_task().end().root(message()))
    case = house.start()
    house.correlate("补充材料", number(house, case), {"附言": "已寄出", "秘密": 1})
    assert house.variables(case) == {"结论": "已寄出。"}


def test_a_key_that_comes_out_empty_or_endless_is_an_incident(house: House) -> None:
    house.deploy(process().catch("wait", MESSAGE).end().root(message(key="=没有")))
    (incident,) = house.incidents(house.start())
    assert incident.element_id == "wait"
    long = process("q").catch("wait", MESSAGE).end().root(message(key='="' + "长" * 300 + '"'))
    house.deploy(long)
    (incident,) = house.incidents(house.start("q"))
    assert "最多 200 个字" in incident.template.format(**incident.params)

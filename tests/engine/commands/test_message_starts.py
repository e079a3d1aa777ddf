"""Processes that start by a message or a signal: the newest version, one case at a time for each key."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from engine import instances, messages
from engine.errors import InvalidDefinition, InvalidState
from engine.execution import ALONE
from engine.lifecycle import InstanceState
from engine.messages import Outcome, Published
from engine.model.message import StartSubscription
from engine.model.process import ProcessInstance
from engine.model.work import Job
from tests.bpmn_xml import element, event, extension, message, properties
from tests.engine.commands.house import Drawing, House, io, process

MESSAGE = event("message", messageRef="m")
SIGNAL = event("signal", signalRef="s")
BELL = element("bpmn:signal", id="s", name="停水")


def by_message(key: str = "p", *, task: str = "a", mapping: str = "", unit: str | None = "jinxing-1") -> Drawing:
    drawing = Drawing(key, process_inner=extension(properties(startUnit=unit)) if unit else "")
    start = (extension(mapping) if mapping else "") + MESSAGE
    return drawing.start("told", start).user_task(task).end().root(message(name="新申请", key=None))


def publish(house: House, key: str = "甲", payload: dict[str, Any] | None = None) -> Published:
    with house.at() as tx:
        return messages.publish(tx, "新申请", key, payload)


def cases(house: House, key: str = "p") -> list[ProcessInstance]:
    with house.reading() as tx:
        query = select(ProcessInstance).where(ProcessInstance.process_key == key)
        return list(tx.session.scalars(query.order_by(ProcessInstance.business_key)))


def test_a_message_starts_a_case_with_what_it_carries(house: House) -> None:
    house.deploy(by_message(unit="jinxing"))
    found = publish(house, payload={"事由": "修路"})
    (case,) = cases(house)
    assert found == Published(Outcome.STARTED, case.id)
    assert (house.open(case.id), house.variables(case.id)) == (["a"], {"事由": "修路"})
    assert case.unit_id == house.unit("jinxing")
    (started, data), *_ = house.history(case.id)
    assert (started.type, data["start_event"], data["variables"]) == ("instance_started", "told", {"事由": "修路"})


def test_output_mappings_of_the_start_take_what_they_want(house: House) -> None:
    house.deploy(by_message(mapping=io(outputs={"题": '="关于" + 事由'})))
    publish(house, payload={"事由": "修路", "别的": 1})
    (case,) = cases(house)
    assert house.variables(case.id) == {"题": "关于修路"}


def test_one_case_runs_for_a_key_and_the_next_message_waits_for_its_end(house: House) -> None:
    house.deploy(by_message())
    first = publish(house, payload={"次": 1}).instance_id
    assert first is not None
    assert publish(house, payload={"次": 2}).outcome is Outcome.KEPT
    assert publish(house, payload={"次": 3}).outcome is Outcome.KEPT
    assert publish(house, "乙").outcome is Outcome.STARTED
    house.drain()
    assert len(cases(house)) == 2

    house.complete(first)
    house.drain()
    (second,) = [case for case in cases(house) if case.correlation_key == "甲" and case.state is InstanceState.ACTIVE]
    assert house.variables(second.id)["次"] == 2
    house.cancel(second.id)
    house.drain()
    (third,) = [case for case in cases(house) if case.correlation_key == "甲" and case.state is InstanceState.ACTIVE]
    assert house.variables(third.id)["次"] == 3


def test_without_a_key_every_message_starts_a_case(house: House) -> None:
    house.deploy(by_message())
    assert [publish(house, "").outcome for _ in range(3)] == [Outcome.STARTED] * 3
    assert len(cases(house)) == 3


def test_a_case_that_waits_comes_before_a_start(house: House) -> None:
    house.deploy(by_message())
    waiting = process("q", start_form=True).catch("wait", event("message", messageRef="m2")).user_task().end()
    house.deploy(waiting.root(message("m2", "新申请", "=意见")))
    case = house.start("q", {"意见": "甲"})
    assert publish(house) == Published(Outcome.DELIVERED, case)
    assert publish(house).outcome is Outcome.STARTED


def test_the_newest_version_alone_is_started(house: House) -> None:
    house.deploy(by_message())
    house.deploy(by_message(task="b"))
    publish(house)
    (case,) = cases(house)
    assert house.open(case.id) == ["b"]
    house.deploy(process().user_task("c").end())
    assert publish(house, "乙").outcome is Outcome.KEPT
    with house.reading() as tx:
        own = select(StartSubscription).where(StartSubscription.process_key == "p")
        assert tx.session.scalars(own).all() == []


def test_messages_that_came_before_the_process_start_it_when_it_is_published(house: House) -> None:
    assert publish(house, "甲").outcome is Outcome.KEPT
    assert publish(house, "乙").outcome is Outcome.KEPT
    house.deploy(by_message())
    house.drain()
    assert {case.correlation_key for case in cases(house)} == {"甲", "乙"}


def test_one_message_starts_one_process(house: House) -> None:
    house.deploy(by_message())
    with pytest.raises(InvalidDefinition) as refused:
        house.deploy(by_message("q"))
    assert [found.rule for found in refused.value.findings] == ["message.start-twice"]
    house.deploy(by_message(task="b"))  # the same process may go on with it


def test_a_process_may_start_in_several_ways(house: House) -> None:
    drawing = process(startUnit="jinxing-1").user_task().end()
    drawing.start("told", MESSAGE).user_task("b").end("end2").start("heard", SIGNAL).user_task("c").end("end3")
    house.deploy(drawing.root(message(name="新申请", key=None), BELL))
    by_hand = house.start()
    told = publish(house).instance_id
    with house.at() as tx:
        assert messages.signal(tx, "停水") == 1
    assert house.drain() == 1
    (heard,) = [case.id for case in cases(house) if case.id not in (by_hand, told)]
    assert told is not None
    assert [house.open(case) for case in (by_hand, told, heard)] == [["a"], ["b"], ["c"]]


def test_one_start_event_may_wait_for_several_things(house: House) -> None:
    drawing = Drawing("p", process_inner=extension(properties(startUnit="jinxing-1")))
    drawing.start("either", MESSAGE + MESSAGE + SIGNAL).user_task().end()
    house.deploy(drawing.root(message(name="新申请", key=None), BELL))
    assert publish(house).outcome is Outcome.STARTED
    with house.at() as tx:
        assert messages.signal(tx, "停水") == 1
    house.drain()
    assert [house.open(case.id) for case in cases(house)] == [["a"], ["a"]]


def test_a_signal_starts_every_process_that_listens_and_reaches_every_case(house: House) -> None:
    for key in ("p", "q"):
        house.deploy(Drawing(key).start("heard", SIGNAL).user_task().end().root(BELL))
    house.deploy(process("r").catch("wait", SIGNAL).user_task().end().root(BELL))
    waiting = house.start("r")
    house.deploy(process("t").end("say", extension(io(inputs={"区域": '="东街"'})) + SIGNAL).root(BELL))
    house.start("t", unit="jinxing-2")
    assert house.drain() == 3
    for key in ("p", "q"):
        (case,) = cases(house, key)
        assert (house.open(case.id), house.variables(case.id)) == (["a"], {"区域": "东街"})
        assert case.unit_id == house.unit("jinxing-2")  # the unit of the case that threw it
    assert (house.open(waiting), house.variables(waiting)) == (["a"], {"区域": "东街"})


def test_a_start_that_fails_is_told_to_the_platform(house: House) -> None:
    house.deploy(Drawing("p", process_inner=extension(properties(startUnit="月球")))
                 .start("heard", SIGNAL).user_task().end().root(BELL))  # fmt: skip
    with house.at() as tx:
        messages.signal(tx, "停水")
    for _ in range(4):
        house.drain()
        house.clock.advance(minutes=5)
    failed = [data for row, data in house.history() if row.type == "start_failed"]
    assert [data["process"] for data in failed] == ["p"]
    assert "月球" in failed[0]["message"]


def test_a_start_by_hand_needs_a_start_without_a_trigger(house: House) -> None:
    house.deploy(by_message())
    with pytest.raises(InvalidState, match="不能手工发起"), house.at() as tx:
        instances.start(tx, "p", {}, None)


SEND = {
    "end": lambda d, more: d.end("say", more + MESSAGE),
    "throw": lambda d, more: d.throw("say", more + MESSAGE).end(),
    "sendTask": lambda d, more: d.node("sendTask", "say", more, messageRef="m").end(),
}


@pytest.mark.parametrize("how", list(SEND))
def test_a_message_thrown_without_a_job_goes_through_the_same_door(house: House, how: str) -> None:
    house.deploy(by_message(unit=None))
    sender = process("q", start_form=True)
    more = extension(io(inputs={"事由": "=意见"}))
    house.deploy(SEND[how](sender, more).root(message(name="新申请", key='="甲" + 意见')))
    case = house.start("q", {"意见": "修路"}, unit="jinxing-2")
    assert house.case(case).state is InstanceState.COMPLETED
    assert (cases(house), house.drain()) == ([], 1)
    (started,) = cases(house)
    assert (started.correlation_key, house.variables(started.id)) == ("甲修路", {"事由": "修路"})
    assert started.unit_id == house.unit("jinxing-2")
    with house.reading() as tx:
        (payload,) = tx.session.scalars(select(Job.payload).where(Job.kind == "publish"))
    assert payload["values"] == {}  # the case has them; they may be personal


def test_a_thrown_message_waits_as_long_as_the_diagram_says(house: House) -> None:
    sender = process("q").end("say", extension(properties(messageTtl="P30D")) + MESSAGE)
    house.deploy(sender.root(message(name="新申请", key='="甲"')))
    house.start("q")
    house.drain()
    house.clock.advance(days=29)
    house.deploy(by_message())
    house.drain()
    assert len(cases(house)) == 1


def test_a_thrown_message_that_cannot_be_taken_is_kept_until_it_can(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    house.deploy(process("q").end("say", extension(properties(messageTtl="P1D")) + MESSAGE).root(
        message(name="新申请", key='="甲"')))  # fmt: skip
    with monkeypatch.context() as broken:
        broken.setitem(ALONE, "publish", fail)
        house.start("q")
        for _ in range(4):
            house.drain()
            house.clock.advance(minutes=5)
    assert [data["name"] for row, data in house.history() if row.type == "message_failed"] == ["新申请"]
    house.deploy(by_message())
    house.drain()
    assert [case.correlation_key for case in cases(house)] == ["甲"]


def test_a_thrown_message_without_its_key_is_an_incident(house: House) -> None:
    sender = process("q", start_form=True).throw("say", MESSAGE).end()
    house.deploy(sender.root(message(name="新申请", key="=数量")))
    case = house.start("q", {"意见": "可行"})
    (incident,) = house.incidents(case)
    assert incident.element_id == "say"


def test_a_case_may_tell_itself(house: House) -> None:
    drawing = process(start_form=True).gateway("parallel", "fork").catch("wait", event("message", messageRef="m"))
    drawing.user_task().end().at("fork").throw("say", event("message", messageRef="m")).end("end2")
    house.deploy(drawing.root(message(name="新申请", key="=意见")))
    case = house.start(values={"意见": "甲"})
    house.drain()
    assert house.open(case) == ["a"]

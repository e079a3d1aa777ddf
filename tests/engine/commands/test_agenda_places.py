"""A case keeps its place on the agenda as long as it waits, or may still come to wait; then it is not taken."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine import agendas, jobs
from engine.errors import InvalidState
from engine.model.message import Message
from engine.people import SYSTEM
from tests import bpmn_xml
from tests.bpmn_xml import message, timer
from tests.engine.commands.house import House, process
from tests.engine.commands.meeting_house import KEY, MeetingHouse, put_on, wait, with_deadline


@pytest.fixture
def hall(house: House) -> MeetingHouse:
    """A house with cases that wait for a meeting."""
    return MeetingHouse(house)


def test_a_case_that_does_not_wait_yet_is_taken_and_finds_its_decision_kept(hall: MeetingHouse) -> None:
    case = hall.case(drained=False)
    (job,) = hall.house.jobs(case)
    with hall.house.at() as tx:  # the handler has done its work, and its worker died before it could say so
        jobs.lease(tx, job.id, "w")
        agendas.put_on(tx, case, job.id, "m", "subdistrict", "请求协调")
    meeting = hall.meeting()
    assert hall.states() == ["taken"]
    hall.decide(meeting, "YC-2026-00001")
    hall.house.drain()
    hall.house.clock.advance(days=29)
    hall.house.drain()
    assert hall.house.open(case) == ["a"]


def test_steps_between_the_agenda_and_the_wait_do_not_lose_the_place(hall: MeetingHouse) -> None:
    drawing = wait(put_on(process("d")).user_task("prepare")).user_task().end()
    hall.house.deploy(drawing.root(message("m", "会议决定", KEY)))
    case = hall.case(key="d")
    meeting = hall.meeting()
    assert hall.states() == ["taken"]
    hall.decide(meeting, "YC-2026-00001")
    hall.house.drain()
    hall.house.complete(case, "prepare")
    hall.house.drain()
    assert hall.house.open(case) == ["a"]


def test_a_reminder_while_it_waits_does_not_lose_the_place(hall: MeetingHouse) -> None:
    drawing = put_on(process("d")).gateway("exclusive", "again").gateway("eventBased", "g")
    wait(drawing).user_task().end()
    drawing.at("g").catch("late", timer("Duration", "P2D")).user_task("remind").flow("remind", "again")
    hall.house.deploy(drawing.root(message("m", "会议决定", KEY)))
    hall.case(key="d")
    hall.house.clock.advance(days=2)
    hall.house.drain()
    hall.meeting()
    assert hall.states() == ["taken"]


def test_a_case_that_is_past_its_wait_leaves_when_a_meeting_would_take_it(hall: MeetingHouse) -> None:
    hall.house.deploy(with_deadline("d"))
    hall.case(key="d")
    hall.house.clock.advance(days=2)
    hall.house.drain()
    assert hall.states() == ["waiting"]
    meeting = hall.meeting()
    assert (hall.states(), hall.house.variables(meeting)["议题清单"]) == (["withdrawn"], [])
    (taken,) = [data for row, data in hall.house.history(meeting) if row.type == "agenda_items_taken"]
    assert taken == {"items": [], "withdrawn": ["YC-2026-00001"]}


def test_a_case_that_puts_itself_on_anew_counts_once(hall: MeetingHouse) -> None:
    drawing = process("d").gateway("exclusive", "again")
    put_on(drawing).gateway("eventBased", "g")
    wait(drawing).user_task().end()
    drawing.at("g").catch("late", timer("Duration", "P2D")).user_task("redo").flow("redo", "again")
    hall.house.deploy(drawing.root(message("m", "会议决定", KEY)))
    case = hall.case(key="d")
    hall.house.clock.advance(days=2)
    hall.house.drain()
    hall.house.complete(case, "redo")
    hall.house.drain()
    hall.meeting()
    assert hall.states() == ["withdrawn", "taken"]


def test_every_body_of_a_multi_instance_has_a_place_of_its_own(hall: MeetingHouse) -> None:
    def inside(drawing: bpmn_xml.Drawing) -> bpmn_xml.Drawing:
        return wait(put_on(drawing.start("s"))).end("e")

    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics "
        'inputCollection="=[1,2]" inputElement="n"/></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>'
    )
    drawing = process("d").sub_process("each", inside, inner=loop).user_task().end()
    hall.house.deploy(drawing.root(message("m", "会议决定", KEY)))
    case = hall.case(key="d")
    assert len(hall.house.subscriptions(case)) == 2
    meeting = hall.meeting()
    for number in ("YC-2026-00001", "YC-2026-00002"):
        assert hall.house.open(case) == []
        hall.decide(meeting, number)
        hall.house.drain()
    assert hall.house.open(case) == ["a"]


def test_a_failed_step_on_the_way_to_the_wait_does_not_lose_the_place(hall: MeetingHouse) -> None:
    drawing = put_on(process("d")).gateway("exclusive", "x")
    wait(drawing.when('=意见 = "可行"')).user_task().end()
    hall.house.deploy(drawing.root(message("m", "会议决定", KEY)))
    case = hall.case(key="d")
    assert len(hall.house.incidents(case)) == 1
    hall.meeting()
    assert hall.states() == ["taken"]


def test_a_case_that_is_over_is_not_taken(hall: MeetingHouse) -> None:
    case = hall.case()
    item = hall.item()
    hall.house.cancel(case)
    with hall.house.at() as tx:
        row = tx.session.get_one(type(item), item.id)
        row.state = item.state  # as if it had been put on at the very moment of the end
    hall.meeting()
    assert hall.states() == ["withdrawn"]
    with hall.house.at() as tx, pytest.raises(InvalidState, match="已经终止"):
        agendas.put_on(tx, case, item.id, "m", "subdistrict", "迟到")


def test_a_decision_nobody_takes_is_kept_for_thirty_days(hall: MeetingHouse) -> None:
    case = hall.case(drained=False)
    (job,) = hall.house.jobs(case)
    with hall.house.at() as tx:
        jobs.lease(tx, job.id, "w")
        agendas.put_on(tx, case, job.id, "m", "subdistrict", "请求协调")
    hall.decide(hall.meeting(), "YC-2026-00001")
    hall.house.drain()
    with hall.house.engine.read(SYSTEM) as tx:
        (kept,) = tx.session.scalars(select(Message))
    assert (kept.expires_at - kept.published_at).days == 30

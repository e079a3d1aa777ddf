"""Meetings and cases at the same moment: an item is on one table, and both histories tell of its decision alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from time import sleep
from uuid import UUID

from sqlalchemy import select

from engine import agendas, instances
from engine.errors import InvalidState
from engine.model.agenda import AgendaItem
from engine.people import SYSTEM
from tests import bpmn_xml
from tests.bpmn_xml import message
from tests.engine.commands.house import House, process
from tests.engine.commands.meeting_house import KEY, MeetingHouse, put_on, wait
from tests.engine.commands.test_two_at_once import at_once

ROUNDS = 10
#: Long enough for the other transaction to come to the lock at which it waits.
A_WHILE = 0.5
TWICE = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics "
    'inputCollection="=[1,2]" inputElement="n"/></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>'
)


def test_items_are_locked_in_one_order(house: House) -> None:
    def inside(drawing: bpmn_xml.Drawing) -> bpmn_xml.Drawing:
        return wait(put_on(drawing.start("s"))).end("e")

    hall = MeetingHouse(house)
    drawing = process("d").sub_process("each", inside, inner=TWICE).user_task().end()
    house.deploy(drawing.root(message("m", "会议决定", KEY)))
    case = hall.case(key="d")
    with house.at() as tx:  # two jobs at once: the one that began later got its number first
        first = tx.session.scalars(select(AgendaItem).order_by(AgendaItem.number)).first()
        assert first is not None
        first.added_at += timedelta(seconds=1)
    meeting = house.start("m", unit="shizhong")

    def take() -> None:
        with house.engine.begin(SYSTEM) as tx:
            agendas.take(tx, meeting)

    def leave() -> None:
        with house.engine.begin(house.actor("admin")) as tx:
            instances.cancel(tx, case, "重复")

    with ThreadPoolExecutor(2) as pool:
        with house.engine.begin(SYSTEM) as tx:
            tx.session.scalars(select(AgendaItem).where(AgendaItem.id != first.id).with_for_update()).one()
            taking = pool.submit(take)
            sleep(A_WHILE)
            leaving = pool.submit(leave)
            sleep(A_WHILE)
        taking.result(30)
        leaving.result(30)
    assert hall.states() == ["withdrawn", "withdrawn"]


def test_two_meetings_at_once_share_no_item(house: House) -> None:
    hall = MeetingHouse(house)
    for _ in range(ROUNDS):
        hall.case(), hall.case()
        meetings = [house.start("m", unit="shizhong") for _ in range(2)]
        taken: list[str] = []

        def take(meeting: UUID, into: list[str]) -> None:
            with house.engine.begin(SYSTEM) as tx:
                found = [each.item.number for each in agendas.take(tx, meeting)]
            into.extend(found)

        assert at_once(*(partial(take, meeting, taken) for meeting in meetings)) == ["done", "done"]
        assert len(taken) == len(set(taken)) == 2
        for meeting in meetings:
            house.cancel(meeting)
        for item in hall.items():
            if item.state == "waiting":
                house.cancel(item.instance_id)


def test_a_decision_on_a_case_that_leaves_at_that_moment_is_told_as_it_was(house: House) -> None:
    hall = MeetingHouse(house)
    for _ in range(ROUNDS):
        case, meeting = hall.case(), hall.meeting()
        (item,) = [each for each in hall.items() if each.state == "taken"]

        def decide(number: str = item.number, meeting: UUID = meeting) -> None:
            with house.engine.begin(SYSTEM) as tx:
                agendas.decide(tx, meeting, number, "同意")

        def leave(number: str = item.number, case: UUID = case) -> None:
            with suppress(InvalidState), house.engine.begin(SYSTEM) as tx:
                agendas.leave(tx, case, number)

        assert at_once(decide, leave) == ["done", "done"]
        (wanted,) = [data["wanted"] for row, data in house.history(meeting) if row.type == "agenda_item_decided"]
        left = [row.type for row, _ in house.history(case)].count("agenda_item_left")
        state = next(each.state for each in hall.items() if each.number == item.number)
        assert (str(state), wanted, left) in (("decided", True, 0), ("withdrawn", False, 1))

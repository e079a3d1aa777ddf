"""A meeting takes what waits while a case leaves with several items: they take turns, and neither is thrown out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

from sqlalchemy import select

from engine import agendas, instances
from engine.model.agenda import AgendaItem
from engine.people import SYSTEM
from tests import bpmn_xml
from tests.bpmn_xml import message
from tests.engine.commands.house import House, process
from tests.engine.commands.meeting_house import KEY, MeetingHouse, put_on, wait

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

"""A house with a process whose cases wait for a meeting, and with that meeting."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from engine import agendas
from engine.model.agenda import AgendaItem
from tests import bpmn_xml
from tests.bpmn_xml import event, message, timer
from tests.engine.commands.house import House, io, process

PUT_ON = {"meeting": "m", "level": "subdistrict", "title": '="请求协调：" + 编号'}
KEY = "=议程编号"


def a_case(key: str = "c") -> bpmn_xml.Drawing:
    """Puts itself on the agenda, waits for the decision, and ends with a task."""
    return wait(put_on(process(key))).user_task().end().root(message("m", "会议决定", KEY))


def put_on(drawing: bpmn_xml.Drawing, **inputs: str) -> bpmn_xml.Drawing:
    """The service task that puts the case on the agenda."""
    return drawing.service("put", "put_on_agenda", io(inputs=PUT_ON | inputs, outputs={"议程编号": "=agenda.number"}))


def wait(drawing: bpmn_xml.Drawing) -> bpmn_xml.Drawing:
    """The event that catches the decision."""
    return drawing.catch("wait", event("message", messageRef="m"))


def a_meeting(key: str = "m") -> bpmn_xml.Drawing:
    """Takes what waits, is held, ends."""
    took = io(outputs={"议题清单": "=items"})
    return (
        process(key)
        .service("take", "take_agenda", took)
        .user_task("hold", groups="subdistrict_officer@subdistrict")
        .end()
    )


class MeetingHouse:
    """Cases and meetings in a house, with their items."""

    def __init__(self, house: House) -> None:
        self.house = house
        house.deploy(a_meeting())
        house.deploy(a_case())

    def case(self, unit: str = "jinxing-1", key: str = "c", drained: bool = True) -> UUID:
        """A new case; ``drained`` lets it come as far as it can."""
        case = self.house.start(key, unit=unit)
        if drained:
            self.house.drain()
        return case

    def meeting(self, unit: str = "shizhong") -> UUID:
        """A meeting that has taken what waited."""
        meeting = self.house.start("m", unit=unit)
        self.house.drain()
        return meeting

    def items(self) -> Iterator[AgendaItem]:
        """All items, oldest first."""
        with self.house.reading() as tx:
            yield from tx.session.scalars(select(AgendaItem).order_by(AgendaItem.number))

    def item(self) -> AgendaItem:
        """The only item."""
        (item,) = self.items()
        return item

    def states(self) -> list[str]:
        """The states of all items, oldest first."""
        return [str(item.state) for item in self.items()]

    def decide(self, meeting: UUID, number: str, result: str = "同意", **values: object) -> None:
        """Let the meeting decide."""
        with self.house.at() as tx:
            agendas.decide(tx, meeting, number, result, "尽快办理", values)


def with_deadline(key: str) -> bpmn_xml.Drawing:
    """A case that waits for the decision or for two days, then asks somebody what to do."""
    drawing = put_on(process(key)).gateway("eventBased", "g")
    wait(drawing).user_task().end()
    drawing.at("g").catch("late", timer("Duration", "P2D")).user_task("b").end("end2")
    return drawing.root(message("m", "会议决定", KEY))

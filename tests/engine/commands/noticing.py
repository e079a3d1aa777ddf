"""A process that publishes a notice for seven days, waits, collects the objections and tells the outcome."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from engine import notices
from engine.model.notice import Notice, Objection
from engine.people import ANONYMOUS, Actor
from tests.bpmn_xml import timer
from tests.engine.commands.house import Drawing, House, io, process

TITLE, TEXT = "金星社区停车位改造方案公示", "拟在小区北侧增设停车位 20 个。"
#: Name and telephone of somebody who objects.
WHO = ("王某", "13812345678")
INPUTS = {
    "title": f'="{TITLE}"',
    "text": f'="{TEXT}"',
    "until": '=now() + duration("P7D")',
    "objections": "=true",
    "to": "community_clerk@community",
}


def publishing(**inputs: str | None) -> Drawing:
    """A start event and the task that publishes; an input that is None is left out."""
    wanted = {name: source for name, source in {**INPUTS, **inputs}.items() if source is not None}
    outputs = {"公示编号": "=notice.number", "公示截止": "=notice.until"}
    return process().service("publish", "publish_notice", io(inputs=wanted, outputs=outputs))


def collecting(drawing: Drawing) -> Drawing:
    """Collect the objections, and have them looked at."""
    outputs = {"异议清单": "=objections", "异议数": "=objection_count"}
    drawing.service("collect", "collect_objections", io(inputs={"notice": "=公示编号"}, outputs=outputs))
    drawing.user_task("a")
    return drawing


def whole() -> Drawing:
    """From the publication to the outcome, which is the opinion of whoever looked at the objections."""
    drawing = collecting(publishing().catch("over", timer("Date", "=公示截止")))
    inputs = {"notice": "=公示编号", "outcome": "=意见", "upheld": "=false"}
    drawing.service("conclude", "conclude_notice", io(inputs=inputs))
    return drawing.end()


def noticed(house: House, case: UUID) -> Notice:
    """The one notice of a case."""
    with house.reading() as tx:
        return tx.session.scalars(select(Notice).where(Notice.instance_id == case)).one()


def objections(house: House, case: UUID) -> Sequence[Objection]:
    """What was objected, the first one first."""
    with house.reading() as tx:
        query = select(Objection).join(Notice).where(Notice.instance_id == case)
        return list(tx.session.scalars(query.order_by(Objection.seq)))


def started(house: House, drawing: Drawing, unit: str = "jinxing-1") -> UUID:
    """A case whose notice is on the board."""
    house.deploy(drawing)
    case = house.start(unit=unit)
    house.drain()
    return case


def object_to(house: House, case: UUID, text: str = "车位挡住消防通道。", by: Actor | str = ANONYMOUS) -> str:
    """Object to the notice of a case; the number of the objection."""
    number = noticed(house, case).number
    with house.at(by) as tx:
        return notices.file_objection(tx, number, text, *WHO)

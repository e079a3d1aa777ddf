"""A weekly meeting that begins by itself, once for each subdistrict, at the time that a policy setting gives."""

from __future__ import annotations

from sqlalchemy import select

from engine.database import Engine
from engine.execution import START_TIMER
from engine.lifecycle import JobState
from engine.model.process import ProcessInstance
from engine.model.work import Job
from engine.people import SYSTEM, org_tree
from tests.bpmn_xml import extension, properties, timer
from tests.engine.commands.house import Drawing

POLICY = "例会时间: {value: '0 0 9 * * MON', source: assumption}"


def meeting(cycle: str = "=policy.例会时间", kind: str = "Cycle", level: str | None = "subdistrict") -> Drawing:
    """A process of one task that the clock starts; without a level there is one for the whole district."""
    units = {"startUnits": level} if level else {}
    drawing = Drawing("p", process_inner=extension(properties(title='="例会"', **units)))
    return drawing.start("monday", timer(kind, cycle)).user_task(groups="district_office@district").end()


def due_jobs(engine: Engine) -> list[Job]:
    """The jobs of the next starts of the process ``p``; the library has processes that start by the clock, too."""
    query = select(Job).where(Job.kind == START_TIMER, Job.type == "p", Job.state == JobState.DUE)
    with engine.read(SYSTEM) as tx:
        return list(tx.session.scalars(query.order_by(Job.due_at)))


def due(engine: Engine) -> dict[str, str]:
    """When the next start of each unit is due, by its code: day of the month and hour."""
    with engine.read(SYSTEM) as tx:
        codes = {str(unit.id): unit.code for unit in org_tree(tx)}
    zone = engine.clock().tzinfo
    return {codes.get(job.payload.get("unit"), ""): f"{job.due_at.astimezone(zone):%d %H}" for job in due_jobs(engine)}


def started(engine: Engine) -> list[str]:
    """The codes of the units of all its cases, in the order of their starts."""
    query = select(ProcessInstance).where(ProcessInstance.process_key == "p")
    with engine.read(SYSTEM) as tx:
        codes = {unit.id: unit.code for unit in org_tree(tx)}
        cases = tx.session.scalars(query.order_by(ProcessInstance.started_at, ProcessInstance.id))
        return [codes[case.unit_id] for case in cases if case.unit_id]

"""Processes with deadlines that hang on a setting, and what another value of it does to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from engine import overrides
from engine.clock import TIMEZONE
from engine.lifecycle import DefinitionState, JobState
from engine.model.process import ProcessDefinition
from engine.model.work import Job
from tests.bpmn_xml import extension, timer, zeebe
from tests.engine.commands.house import CLAUSE, Drawing, House, io, process

POLICY = """
期限: {value: 5, unit: 工作日, source: assumption}
提醒: {value: 2, unit: 工作日, source: assumption}
节奏: {value: R/P2D, source: assumption}
"""
DUE = "=工作日后(now(), policy.期限)"


def schedule(due: str) -> str:
    return zeebe("taskSchedule", dueDate=due)


def task(drawing: Drawing, due: str, node_id: str = "a", more: str = "") -> Drawing:
    clerk = {"groups": "community_clerk@community", "clause": CLAUSE}
    return drawing.user_task(node_id, more=schedule(due) + more, **clerk)


def plain() -> Drawing:
    """A task with a deadline, a reminder before it and an alarm at it; then another with the same deadline."""
    drawing = task(task(process(), DUE), DUE, "b").end()
    edges = {"early": "=工作日后(now(), policy.期限 - policy.提醒)", "late": DUE}
    for name, moment in edges.items():
        drawing.boundary(name, "a", timer("Date", moment), cancelActivity="false").end(f"{name}_end")
    return drawing


def inside() -> Drawing:
    """A sub-process whose input mapping works the deadline out; its tasks read it, one by a mapping of its own."""

    def draw(sub: Any) -> Any:
        sub.start("s")
        task(sub, "=本级期限")
        task(sub, "=一半", "b", io(inputs={"一半": '=本级期限 - duration("P1D")'}))
        return sub.end("e")

    drawing = process().user_task("first")
    mapped = extension(io(inputs={"本级期限": DUE}))
    drawing.sub_process("level", draw, inner=mapped)
    drawing.end().boundary("late", "level", timer("Date", "=本级期限"), cancelActivity="false").end("late_end")
    return drawing


def change(house: House, value: Any, code: str = "jinxing-1", move: bool = True, name: str = "期限") -> None:
    with house.at("admin") as tx:
        overrides.override(tx, "p", name, house.unit(code), value, "街道例会纪要", move_deadlines=move)
    house.drain()


def due(house: House, case: UUID) -> dict[str, str]:
    """The deadlines of open tasks and the moments of armed timers, as day and hour."""
    found = {each.element_id: each.due_at for each in house.tasks(case)}
    with house.reading() as tx:
        query = select(Job).where(Job.instance_id == case, Job.kind == "timer", Job.state == JobState.DUE)
        found |= {job.element_id or "": job.due_at for job in tx.session.scalars(query)}
    return {name: f"{moment.astimezone(TIMEZONE):%m-%d %H}" for name, moment in found.items() if moment}


def changed(house: House, case: UUID) -> list[dict[str, Any]]:
    return [data for row, data in house.history(case) if row.type == "deadline_changed"]


def retire_the_library(house: House) -> None:
    """Let no other process start by the clock: days that pass would wind up those of the library, too."""
    with house.at() as tx:
        others = update(ProcessDefinition).where(ProcessDefinition.key != "appeal")
        tx.session.execute(others.values(state=DefinitionState.RETIRED))


BEFORE = {"a": "12-01 18", "early": "11-27 18", "late": "12-01 18"}

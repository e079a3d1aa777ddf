"""What follows a later deadline beside the timers on the step itself: event sub-processes that stand around it."""

from __future__ import annotations

from typing import Any

from engine.lifecycle import InstanceState
from tests.bpmn_xml import extension, timer
from tests.engine.commands.house import Drawing, House, io, process
from tests.engine.commands.running import DUE, POLICY, due, retire_the_library, task
from tests.engine.commands.test_extensions import ask, decide

WEEKS = "=工作日后(now(), policy.期限 * 3)"


def watched(drawing: Drawing, name: str, moment: str, *, interrupting: str = "false") -> Drawing:
    """An event sub-process that something is done in at a moment, beside whatever goes on."""

    def draw(inside: Any) -> Any:
        inside.start(f"{name}_start", timer("Date", moment), isInterrupting=interrupting)
        return inside.script(f"{name}_said", "=1", name).end(f"{name}_end")

    return drawing.event_sub_process(name, draw)


def level() -> Drawing:
    """A level with a deadline of its own, and what watches over it and over the whole case."""

    def draw(sub: Any) -> Any:
        task(sub.start("s"), "=本级期限").end("e")
        return watched(sub, "late", "=本级期限")

    mapped = extension(io(inputs={"本级期限": DUE}))
    drawing = process().sub_process("level", draw, inner=mapped)
    watched(drawing.end(), "far", '=now() + duration("P60D")')
    return watched(drawing, "weeks", WEEKS)


def test_an_event_sub_process_around_the_step_follows_the_deadline_that_it_rests_on(house: House) -> None:
    retire_the_library(house)
    house.deploy(level(), POLICY)
    case = house.start()
    before = due(house, case)
    decide(house, ask(house, case))
    after = due(house, case)
    assert (before["a"], before["late_start"]) == ("12-01 18", "12-01 18")
    assert (after["a"], after["late_start"]) == ("12-07 18", "12-07 18")
    # what rests on the same setting keeps its distance, what rests on nothing of it stays
    assert (before["weeks_start"], after["weeks_start"]) == ("12-15 18", "12-21 18")
    assert after["far_start"] == before["far_start"]
    house.clock.advance(days=8)
    house.drain()
    assert "late" not in house.variables(case)
    house.clock.advance(days=6)
    house.drain()
    assert house.variables(case)["late"] == 1
    house.complete(case)
    assert house.case(case).state is InstanceState.COMPLETED

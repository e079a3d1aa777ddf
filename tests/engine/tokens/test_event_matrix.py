"""Every trigger in every place where something that runs can catch it, interrupting and not (BPMN 2.0, 10.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.bpmn_xml import Drawing, element, event, message, timer
from tests.engine.tokens.case import Case
from tests.engine.tokens.checked import accepted

ROOTS = (
    element("bpmn:signal", id="s", name="重新登记"),
    element("bpmn:error", id="e", errorCode="E"),
    element("bpmn:escalation", id="c", escalationCode="C"),
    message(),
)


@dataclass(frozen=True)
class Trigger:
    """What is caught, what throws it inside (nothing if it comes from outside), and how it comes."""

    name: str
    caught: str
    come: Callable[[Case], object]
    thrown: str = ""
    always_interrupts: bool = False


def _throw(case: Case) -> object:
    return case.complete("b")


TRIGGERS = (
    Trigger("timer", timer("Duration", "PT1H"), lambda case: case.pass_time(hours=1)),
    Trigger("message", event("message", messageRef="m"), lambda case: case.trigger("caught")),
    Trigger("signal from outside", event("signal", signalRef="s"), lambda case: case.signal("重新登记")),
    Trigger("signal from inside", event("signal", signalRef="s"), _throw, event("signal", signalRef="s")),
    Trigger(
        "condition",
        event("conditional", element("bpmn:condition", "=金额 = 9")),
        lambda case: case.complete("b", 金额=9),
    ),
    Trigger("escalation", event("escalation", escalationRef="c"), _throw, event("escalation", escalationRef="c")),
    Trigger("any escalation", event("escalation"), _throw, event("escalation", escalationRef="c")),
    Trigger("error", event("error", errorRef="e"), _throw, event("error", errorRef="e"), always_interrupts=True),
    Trigger("any error", event("error"), _throw, event("error", errorRef="e"), always_interrupts=True),
)


def _work(drawing: Drawing, trigger: Trigger) -> Drawing:
    """Two tasks beside each other; after b the trigger is thrown."""
    drawing.start("begin").gateway("parallel", "fork").user_task("a").end("end_a").at("fork").user_task("b")
    return drawing.end("end_b", trigger.thrown)


def _handler(trigger: Trigger, interrupting: str) -> Callable[[Drawing], Drawing]:
    def draw(drawing: Drawing) -> Drawing:
        return drawing.start("caught", trigger.caught, isInterrupting=interrupting).user_task("h").end("end_h")

    return draw


def _on_boundary(trigger: Trigger, interrupting: str) -> Drawing:
    drawing = Drawing().start().sub_process("sub", lambda inside: _work(inside, trigger)).user_task("after").end()
    return drawing.boundary("caught", "sub", trigger.caught, cancelActivity=interrupting).user_task("h").end("end_h")


def _in_sub_process(trigger: Trigger, interrupting: str) -> Drawing:
    def draw(inside: Drawing) -> Drawing:
        return _work(inside, trigger).event_sub_process("handler", _handler(trigger, interrupting))

    return Drawing().start().sub_process("sub", draw).user_task("after").end()


def _in_process(trigger: Trigger, interrupting: str) -> Drawing:
    return _work(Drawing(), trigger).event_sub_process("handler", _handler(trigger, interrupting))


PLACES = (_on_boundary, _in_sub_process, _in_process)


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda trigger: trigger.name)
@pytest.mark.parametrize("place", PLACES)
def test_one_that_interrupts_ends_all_else_around_it(
    place: Callable[[Trigger, str], Drawing], trigger: Trigger
) -> None:
    case = Case(accepted(place(trigger, "true").root(*ROOTS)), 金额=1, 编号="1")
    trigger.come(case)
    assert case.open == ["h"]
    assert "a" in case.history("interrupted")
    case.complete("h")
    assert case.open == (["after"] if place is _in_sub_process else [])
    assert case.done is (place is not _in_sub_process)


@pytest.mark.parametrize(
    "trigger", [each for each in TRIGGERS if not each.always_interrupts], ids=lambda trigger: trigger.name
)
@pytest.mark.parametrize("place", PLACES)
def test_one_that_does_not_interrupt_runs_beside_the_rest(
    place: Callable[[Trigger, str], Drawing], trigger: Trigger
) -> None:
    case = Case(accepted(place(trigger, "false").root(*ROOTS)), 金额=1, 编号="1")
    trigger.come(case)
    assert {"a", "h"} <= set(case.open)
    assert case.history("interrupted") == []
    for task in ("b", "a", "h", "after"):
        if task in case.open:
            case.complete(task)
    assert case.done


@pytest.mark.parametrize("interrupting", ["true", "false"])
@pytest.mark.parametrize("trigger", [each for each in TRIGGERS if not each.thrown], ids=lambda trigger: trigger.name)
@pytest.mark.parametrize("place", PLACES)
def test_what_never_comes_is_forgotten_with_what_listened(
    place: Callable[[Trigger, str], Drawing], trigger: Trigger, interrupting: str
) -> None:
    case = Case(accepted(place(trigger, interrupting).root(*ROOTS)), 金额=1, 编号="1").complete("a").complete("b")
    assert case.open == ([] if place is _in_process else ["after"])
    assert case.history("interrupted") == []

"""Event sub-processes: what they interrupt, what they see, and that the shared spec stays as it is."""

import pytest

from engine.bpmn.model import EventDefinition
from engine.tokens import Run, WaitKind, build
from engine.variables import Scopes
from tests.builders import TERMINATE, ProcessBuilder, cycle, error, escalation, mappings, message, signal, timer
from tests.engine.tokens.case import Case


def _handler(event: EventDefinition, interrupting: bool = True) -> ProcessBuilder:
    inside = ProcessBuilder().start("on", event, interrupting=interrupting).user("h").end("done")
    return inside.chain("on", "h", "done")


def _with(event: EventDefinition, interrupting: bool = True) -> ProcessBuilder:
    diagram = ProcessBuilder().start().user("a", "b").end().chain("start", "a", "b", "end")
    return diagram.on("handler", _handler(event, interrupting))


@pytest.mark.parametrize("event", [message("撤回"), signal("停"), timer("PT1H")])
def test_an_interrupting_one_cancels_the_rest_of_its_scope(event: EventDefinition) -> None:
    case = Case(_with(event))
    assert case.open == ["a", "on"]
    case.trigger("on")
    assert case.open == ["h"]
    assert case.history("interrupted") == ["a"]
    assert case.complete("h").done
    assert case.history("completed") == ["start", "on", "h", "done", "handler"]


@pytest.mark.parametrize("event", [message("补充"), signal("响")])
def test_one_that_does_not_interrupt_may_run_many_times_beside_the_rest(event: EventDefinition) -> None:
    case = Case(_with(event, interrupting=False)).trigger("on").trigger("on")
    assert case.open == ["a", "h", "h", "on"]
    case.complete("h").complete("a").complete("b")
    assert case.open == ["h", "on"]
    assert case.complete("h").done


def test_the_instance_ends_although_a_timer_still_listens() -> None:
    assert Case(_with(timer("P9D"))).complete("a").complete("b").done


def test_a_cycle_fires_again_and_again() -> None:
    case = Case(_with(cycle("R2/PT1H"), interrupting=False)).pass_time(hours=5)
    assert case.open == ["a", "h", "h"]


def test_an_error_start_catches_and_interrupts() -> None:
    inside = ProcessBuilder().start("s2").parallel("f").user("a", "b").end("fail", error("E"))
    inside.chain("s2", "f", "a", "fail").chain("f", "b").on("handler", _handler(error("E")))
    diagram = ProcessBuilder().start().sub("sub", inside).boundary("far", "sub", error("E")).user("c", "d")
    case = Case(diagram.chain("start", "sub", "c").chain("far", "d"))
    assert case.open == ["a", "b"]
    assert case.complete("a").open == ["h"]
    assert case.complete("h").open == ["c"]


def test_an_error_inside_the_handler_goes_outwards() -> None:
    handler = ProcessBuilder().start("on", error("E")).end("again", error("E")).chain("on", "again")
    inside = ProcessBuilder().start("s2").end("fail", error("E")).chain("s2", "fail").on("handler", handler)
    diagram = ProcessBuilder().start().sub("sub", inside).boundary("far", "sub", error("E")).user("c", "d")
    assert Case(diagram.chain("start", "sub", "c").chain("far", "d")).open == ["d"]


def test_an_error_of_a_handler_that_does_not_interrupt_is_caught_beside_it() -> None:
    faulty = ProcessBuilder().start("m", message("m"), interrupting=False).end("fail", error("E")).chain("m", "fail")
    diagram = ProcessBuilder().start().user("a").chain("start", "a").on("faulty", faulty)
    case = Case(diagram.on("handler", _handler(error("E")))).trigger("m")
    assert case.open == ["h"]


def test_an_escalation_start_that_does_not_interrupt() -> None:
    diagram = ProcessBuilder().start().throw("up", escalation("U")).user("a").chain("start", "up", "a")
    assert Case(diagram.on("handler", _handler(escalation("U"), interrupting=False))).open == ["a", "h"]


def test_what_came_with_the_event_is_local_unless_mapped() -> None:
    diagram = ProcessBuilder().start().user("a").chain("start", "a").on("handler", _handler(message("m")))
    case = Case(diagram, 原因="无").trigger("on", 原因="自行解决")
    assert case.scopes.get(case.wait("h").scope, "原因") == "自行解决"
    assert case.variables == {"原因": "无"}

    mapped = ProcessBuilder().start("on", message("m"), outputs=mappings(("=原因", "撤回原因"))).user("h")
    diagram = ProcessBuilder().start().user("a").chain("start", "a").on("handler", mapped.chain("on", "h"))
    assert Case(diagram).trigger("on", 原因="自行解决").variables == {"撤回原因": "自行解决"}


def test_a_handler_inside_a_sub_process_leaves_the_outside_alone() -> None:
    inside = ProcessBuilder().start("s2").user("a").chain("s2", "a").on("handler", _handler(message("m")))
    diagram = ProcessBuilder().start().parallel("f").sub("sub", inside).boundary("late", "sub", timer("P1D"))
    diagram.user("b", "c", "d").chain("start", "f", "sub", "c").chain("f", "b").chain("late", "d")
    case = Case(diagram).trigger("on")
    assert case.open == ["b", "h", "late"]
    assert case.complete("h").open == ["b", "c"]


def test_terminate_inside_a_handler_ends_only_the_handler() -> None:
    handler = ProcessBuilder().start("on", message("m"), interrupting=False).end("stop", TERMINATE).chain("on", "stop")
    diagram = ProcessBuilder().start().user("a").chain("start", "a").on("handler", handler)
    assert Case(diagram).trigger("on").open == ["a", "on"]


def test_two_instances_of_one_spec_do_not_see_each_others_handlers() -> None:
    process = _with(message("m")).build()
    spec, env = build(process), Case(process).env
    first, second = (Run.start(spec, Scopes(), env) for _ in range(2))
    first.advance()
    second.advance()
    [listening] = [wait for wait in first.waits().values() if wait.kind is WaitKind.MESSAGE]
    first.trigger(listening.token_id)
    first.advance()
    third = Run.start(spec, Scopes(), env)
    third.advance()

    for other in (second, third):
        assert sorted(wait.element.id for wait in other.waits().values()) == ["a", "on"]

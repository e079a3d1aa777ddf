"""Compensation: what was completed is undone, the latest first, each completion once."""

from decimal import Decimal

import pytest

from engine.bpmn.model import Kind, StandardLoop, Text
from tests.builders import ProcessBuilder, compensation, each, error, message
from tests.engine.tokens.case import Case


def _trip() -> ProcessBuilder:
    """Two bookings, each with what undoes it, and a decision."""
    diagram = ProcessBuilder().start().end().user("hotel", "flight", "pay", "done")
    return diagram.undo("hotel", "no_hotel").undo("flight", "no_flight")


def test_all_of_the_scope_is_undone_in_reverse_order_before_the_thrower_goes_on() -> None:
    diagram = _trip().throw("undo", compensation()).chain("start", "hotel", "flight", "pay", "undo", "done", "end")
    case = Case(diagram).complete("hotel").complete("flight").complete("pay")
    assert case.open == ["no_flight"]
    assert case.complete("no_flight").open == ["no_hotel"]
    assert case.complete("no_hotel").open == ["done"]
    assert case.complete("done").done


def test_only_what_was_completed_is_undone() -> None:
    diagram = _trip().parallel("both").throw("undo", compensation())
    diagram.chain("start", "both", "hotel", "end").chain("both", "flight", "undo", "done")
    case = Case(diagram).complete("flight")
    assert case.open == ["hotel", "no_flight"]
    assert case.complete("no_flight").open == ["done", "hotel"]


def test_one_activity_can_be_named_and_each_completion_is_undone_once() -> None:
    diagram = _trip().throw("undo", compensation("hotel")).throw("again", compensation("hotel"))
    case = Case(diagram.chain("start", "hotel", "flight", "undo", "again", "done", "end"))
    case.complete("hotel").complete("flight")
    assert case.open == ["no_hotel"]
    assert case.complete("no_hotel").open == ["done"]


def test_without_anything_to_undo_the_thrower_goes_on() -> None:
    diagram = _trip().throw("undo", compensation()).chain("start", "undo", "hotel", "end")
    assert Case(diagram).open == ["hotel"]


def test_an_end_event_undoes_before_the_instance_ends() -> None:
    diagram = _trip().end("undo", compensation()).chain("start", "hotel", "flight", "undo")
    case = Case(diagram).complete("hotel").complete("flight")
    assert not case.done
    assert case.complete("no_flight").complete("no_hotel").done


def test_a_thrower_that_does_not_wait_goes_on_at_once() -> None:
    diagram = _trip().throw("undo", compensation(wait=False)).chain("start", "hotel", "undo", "done", "end")
    case = Case(diagram).complete("hotel")
    assert case.open == ["done", "no_hotel"]
    assert not case.complete("done").done
    assert case.complete("no_hotel").done


def test_every_run_of_a_loop_in_the_diagram_is_undone() -> None:
    diagram = _trip().exclusive("m", "x").throw("undo", compensation())
    diagram.chain("start", "m", "hotel", "x").flow("x", "m", "=again").flow("x", "undo", default=True)
    diagram.chain("undo", "done", "end")
    case = Case(diagram).complete("hotel", again=True).complete("hotel", again=False)
    assert case.complete("no_hotel").open == ["no_hotel"]
    assert case.complete("no_hotel").open == ["done"]


@pytest.mark.parametrize("sequential", [True, False])
def test_every_instance_is_undone_with_its_own_item(sequential: bool) -> None:
    diagram = ProcessBuilder().start().end().user("room", multi_instance=each("=rooms", "r", sequential=sequential))
    diagram.undo("room", "free", Kind.SCRIPT_TASK, script=Text("append(freed, r)", True), result_variable="freed")
    diagram.throw("undo", compensation()).user("done").chain("start", "room", "undo", "done", "end")
    case = Case(diagram, rooms=["a", "b", "c"], freed=[])
    for _ in range(3):
        case.complete("room")
    assert case.variables["freed"] == ["c", "b", "a"]
    assert case.open == ["done"]


def test_every_run_of_a_standard_loop_is_undone_with_its_own_counter() -> None:
    loop = StandardLoop(condition=Text("loopCounter < 3", True))
    diagram = ProcessBuilder().start().end().user("a", standard_loop=loop).throw("undo", compensation())
    diagram.undo("a", "u", Kind.SCRIPT_TASK, script=Text("append(undone, loopCounter)", True), result_variable="undone")
    case = Case(diagram.chain("start", "a", "undo", "end"), undone=[])
    for _ in range(3):
        case.complete("a")
    assert case.done
    assert case.history("completed").count("u") == 3


def test_a_completed_sub_process_is_undone_from_inside_with_the_variables_that_it_had() -> None:
    inside = _trip().chain("start", "hotel", "flight", "end")
    outer = ProcessBuilder().start("s").end("e").sub("trip", inside, multi_instance=each("=[1, 2]", "traveller"))
    outer.throw("undo", compensation()).user("after").chain("s", "trip", "undo", "after", "e")
    case = Case(outer)
    for id in ("hotel", "flight", "hotel", "flight"):
        case.complete(id)
    assert case.open == ["no_flight"]
    assert case.scopes.get(case.wait("no_flight").scope, "traveller") == Decimal(2)
    for id in ("no_flight", "no_hotel", "no_flight"):
        case.complete(id)
    assert case.scopes.get(case.wait("no_hotel").scope, "traveller") == Decimal(1)
    assert case.complete("no_hotel").open == ["after"]


def test_a_handler_of_the_sub_process_stands_for_what_is_inside() -> None:
    inside = _trip().chain("start", "hotel", "end")
    outer = ProcessBuilder().start("s").end("e").sub("trip", inside).undo("trip", "no_trip")
    case = Case(outer.end("undo", compensation()).chain("s", "trip", "undo")).complete("hotel")
    assert case.open == ["no_trip"]
    assert case.complete("no_trip").done


def test_a_compensation_event_sub_process_undoes_the_sub_process_and_may_undo_what_is_inside() -> None:
    handler = ProcessBuilder().start("on", compensation()).user("tell").throw("inner", compensation()).end("off")
    inside = _trip().chain("start", "hotel", "end").on("handler", handler.chain("on", "tell", "inner", "off"))
    outer = ProcessBuilder().start("s").end("e").sub("trip", inside).throw("undo", compensation("trip")).user("after")
    case = Case(outer.chain("s", "trip", "undo", "after", "e")).complete("hotel")
    assert case.open == ["tell"]
    assert case.complete("tell").open == ["no_hotel"]
    assert case.complete("no_hotel").open == ["after"]


def test_an_event_sub_process_can_undo_what_the_scope_around_it_has_done() -> None:
    handler = ProcessBuilder().start("on", error("E")).end("off", compensation()).chain("on", "off")
    diagram = _trip().end("bad", error("E")).chain("start", "hotel", "flight", "bad").on("handler", handler)
    case = Case(diagram).complete("hotel").complete("flight")
    assert case.complete("no_flight").open == ["no_hotel"]
    assert case.complete("no_hotel").done


def test_an_error_while_a_sub_process_is_undone_reaches_the_scope_in_which_it_is_undone() -> None:
    undoing = (
        ProcessBuilder().start("on", compensation()).user("tell").end("bad", error("E")).chain("on", "tell", "bad")
    )
    inside = _trip().chain("start", "hotel", "end").on("undoing", undoing)
    caught = ProcessBuilder().start("on_error", error("E")).user("fix").chain("on_error", "fix")
    outer = ProcessBuilder().start("s").end("e").sub("trip", inside).throw("undo", compensation()).on("caught", caught)
    case = Case(
        outer.boundary("left", "trip", error("E")).user("wrong").chain("left", "wrong").chain("s", "trip", "undo", "e")
    )
    assert case.complete("hotel").complete("tell").open == ["fix"]


def test_an_interrupted_sub_process_takes_its_undoing_along() -> None:
    inside = _trip().throw("undo", compensation()).chain("start", "hotel", "undo", "end")
    outer = ProcessBuilder().start("s").end("e").sub("trip", inside).boundary("stop", "trip", message("m")).user("b")
    case = Case(outer.chain("s", "trip", "e").chain("stop", "b")).complete("hotel")
    assert case.trigger("stop").open == ["b"]
    assert case.complete("b").done


def test_a_process_without_compensation_remembers_nothing() -> None:
    plain = ProcessBuilder().start().end().user("a", "b").chain("start", "a", "b", "end")
    assert all("h" not in token.internal_data for token in Case(plain).complete("a").run._workflow.live())

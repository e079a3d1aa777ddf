"""Standard loops: an activity that runs again while its condition is true."""

from decimal import Decimal

from engine.bpmn.model import StandardLoop, Text
from tests.builders import ProcessBuilder, error, mappings, message
from tests.engine.tokens.case import Case


def _loop(condition: str | None = None, maximum: str | None = None, before: bool = False) -> StandardLoop:
    texts = (Text.parse(text) if text else None for text in (condition, maximum))
    return StandardLoop(before, *texts)


def _line() -> ProcessBuilder:
    return ProcessBuilder().start().end()


def test_it_runs_once_and_again_while_the_condition_is_true() -> None:
    case = Case(_line().user("a", standard_loop=_loop("=again")).user("b").chain("start", "a", "b", "end"))
    assert case.complete("a", again=True).open == ["a"]
    assert case.complete("a", again=True).open == ["a"]
    assert case.complete("a", again=False).open == ["b"]


def test_tested_before_it_may_not_run_at_all() -> None:
    diagram = _line().user("a", standard_loop=_loop("=again", before=True)).user("b").chain("start", "a", "b", "end")
    assert Case(diagram, again=False).open == ["b"]
    case = Case(diagram, again=True)
    assert case.complete("a", again=False).open == ["b"]


def test_the_maximum_ends_it_whatever_the_condition_says() -> None:
    diagram = _line().user("a", standard_loop=_loop("=true", "=most")).user("b").chain("start", "a", "b", "end")
    assert Case(diagram, most=Decimal(0)).open == ["b"]
    assert Case(diagram, most=Decimal(2)).complete("a").complete("a").open == ["b"]


def test_the_counter_is_local_and_results_go_out() -> None:
    script = ProcessBuilder().start().end().user("b").script("a", "=append(seen, loopCounter)", "seen")
    script.script("s", "=1", "n", standard_loop=_loop("=loopCounter < 3"), outputs=mappings(("=total + n", "total")))
    case = Case(script.chain("start", "a", "s", "b", "end"), seen=[], total=Decimal(0))
    assert case.variables["total"] == 3
    assert "loopCounter" not in case.variables
    assert case.variables["seen"] == [None]


def test_a_loop_over_a_sub_process_gives_each_run_a_scope_of_its_own() -> None:
    inside = (
        ProcessBuilder().start("s").end("e").user("a").script("c", "=loopCounter", "last").chain("s", "a", "c", "e")
    )
    diagram = _line().sub("sub", inside, standard_loop=_loop("=loopCounter < 2")).user("b")
    case = Case(diagram.chain("start", "sub", "b", "end"))
    assert case.complete("a").open == ["a"]
    assert case.complete("a").open == ["b"]
    assert case.variables["last"] == 2


def test_a_boundary_event_ends_the_whole_loop() -> None:
    diagram = _line().user("a", "b", standard_loop=None).boundary("stop", "a", message("m"))
    looping = ProcessBuilder().start().end().user("a", standard_loop=_loop("=true")).user("b")
    looping.boundary("stop", "a", message("m")).chain("start", "a", "end").chain("stop", "b")
    case = Case(looping)
    assert case.complete("a").open == ["a", "stop"]
    assert case.trigger("stop").open == ["b"]
    assert Case(diagram.chain("start", "a", "end").chain("stop", "b")).open == ["a", "stop"]


def test_an_error_inside_is_caught_at_the_boundary_of_the_loop() -> None:
    inside = ProcessBuilder().start("s").user("a").end("bad", error("E")).chain("s", "a", "bad")
    diagram = _line().sub("sub", inside, standard_loop=_loop("=true")).user("b").boundary("caught", "sub", error("E"))
    assert Case(diagram.chain("start", "sub", "end").chain("caught", "b")).complete("a").open == ["b"]


def test_a_failing_condition_is_retried_without_running_the_activity_again() -> None:
    case = Case(_line().user("a", standard_loop=_loop("=wrong(1)")).user("b").chain("start", "a", "b", "end"))
    case.complete("a")
    assert [failure.element_id for failure in case.failures] == ["a"]
    assert case.open == []
    assert case.retry().failures[0].element_id == "a"

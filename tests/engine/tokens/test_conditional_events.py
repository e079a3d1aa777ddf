"""Conditional events: tested after every step, fired when the condition becomes true."""

from decimal import Decimal

from tests.builders import ProcessBuilder, condition, timer
from tests.engine.tokens.case import Case

_MANY = condition("=n > 2")


def _beside(diagram: ProcessBuilder) -> ProcessBuilder:
    """A second branch in which tasks write variables, again and again."""
    diagram.parallel("f").exclusive("m").user("write").chain("start", "f", "m", "write", "m")
    return diagram


def test_a_catch_event_goes_on_when_its_condition_becomes_true() -> None:
    case = Case(_beside(ProcessBuilder().start()).catch("c", _MANY).user("a").chain("f", "c", "a"))
    assert case.open == ["write"]
    assert case.complete("write", n=Decimal(1)).open == ["write"]
    assert case.complete("write", n=Decimal(3)).open == ["a", "write"]


def test_a_condition_that_is_already_true_does_not_wait() -> None:
    assert Case(ProcessBuilder().start().catch("c", _MANY).user("a").chain("start", "c", "a"), n=3).open == ["a"]


def test_an_interrupting_boundary() -> None:
    diagram = _beside(ProcessBuilder().start()).user("a", "b").boundary("c", "a", _MANY).chain("f", "a")
    case = Case(diagram.chain("c", "b"))
    assert case.complete("write", n=Decimal(3)).open == ["b", "write"]
    assert case.history("interrupted") == ["a"]


def test_a_boundary_that_does_not_interrupt_fires_each_time_the_condition_becomes_true() -> None:
    diagram = _beside(ProcessBuilder().start()).user("a", "b").boundary("c", "a", _MANY, interrupting=False)
    case = Case(diagram.chain("f", "a").chain("c", "b"))
    for value, opened in [(3, 1), (4, 1), (1, 1), (5, 2)]:
        assert case.complete("write", n=Decimal(value)).open.count("b") == opened


def test_an_event_sub_process() -> None:
    handler = ProcessBuilder().start("c", _MANY).user("h").chain("c", "h")
    diagram = ProcessBuilder().start().user("a", "b").chain("start", "a", "b").on("handler", handler)
    assert Case(diagram).complete("a", n=Decimal(3)).open == ["h"]


def test_all_conditions_that_are_true_at_the_same_moment_have_come_true() -> None:
    outer = ProcessBuilder().start("c1", _MANY, interrupting=False).user("h1").chain("c1", "h1")
    inner = ProcessBuilder().start("c2", _MANY, interrupting=False).user("h2").chain("c2", "h2")
    inside = ProcessBuilder().start("s").user("a").end("e").chain("s", "a", "e").on("inner", inner)
    diagram = ProcessBuilder().start().sub("sub", inside).end().chain("start", "sub", "end").on("outer", outer)
    assert Case(diagram).complete("a", n=Decimal(3)).open == ["h1", "h2"], "a was the last in its sub-process"


def test_behind_an_event_based_gateway() -> None:
    diagram = _beside(ProcessBuilder().start()).choice("g").catch("c", _MANY).catch("t", timer("PT1H")).user("a", "b")
    case = Case(diagram.chain("f", "g", "c", "a").chain("g", "t", "b"))
    assert case.open == ["t", "write"]
    assert case.complete("write", n=Decimal(3)).open == ["a", "write"]


def test_a_failing_condition_fails_its_own_token_and_can_be_retried() -> None:
    diagram = _beside(ProcessBuilder().start()).catch("c", condition("=no_such_function(n)")).chain("f", "c")
    case = Case(diagram)
    assert [failure.element_id for failure in case.failures] == ["c"]
    assert case.run.failed == {case.failures[0].token_id}
    assert case.open == ["write"]
    case.retry()
    assert len(case.failures) == 1


def test_a_boundary_whose_condition_is_true_from_the_beginning_interrupts_before_anything_happens_inside() -> None:
    inside = ProcessBuilder().start("s").end("e").script("x", '="done"', "x").chain("s", "x", "e")
    diagram = ProcessBuilder().start().sub("sub", inside).boundary("c", "sub", _MANY).user("a", "b")
    case = Case(diagram.chain("start", "sub", "a").chain("c", "b"), n=Decimal(3))
    assert case.open == ["b"]
    assert "x" not in case.variables


def test_a_condition_that_is_true_for_a_moment_only_has_come_true() -> None:
    diagram = ProcessBuilder().start().user("a", "b").script("up", "=3", "n").script("down", "=0", "n")
    diagram.parallel("f").catch("c", _MANY).user("heard").chain("start", "f", "a", "up", "down", "b")
    assert Case(diagram.chain("f", "c", "heard"), n=Decimal(0)).complete("a").open == ["b", "heard"]

"""Exclusive, parallel, inclusive and event-based gateways, in and out of loops."""

from decimal import Decimal

import pytest

from engine.bpmn.model import Kind
from tests.builders import ProcessBuilder, message, signal, timer
from tests.engine.tokens.case import Case


def _choice() -> ProcessBuilder:
    diagram = ProcessBuilder().start().exclusive("x").user("a", "b", "c").chain("start", "x")
    return diagram.flow("x", "a", '=类型 = "维修"').flow("x", "b", '=类型 = "投诉"').flow("x", "c", default=True)


@pytest.mark.parametrize(("kind", "opened"), [("维修", "a"), ("投诉", "b"), ("其他", "c"), (None, "c")])
def test_an_exclusive_gateway_takes_the_first_true_flow_or_the_default(kind: str | None, opened: str) -> None:
    assert Case(_choice(), 类型=kind).open == [opened]


def test_an_exclusive_gateway_passes_every_token_that_comes() -> None:
    diagram = ProcessBuilder().start().parallel("f").user("a", "b", "c").exclusive("m")
    diagram.chain("start", "f", "a", "m", "c").chain("f", "b", "m")
    assert Case(diagram).complete("a").complete("b").open == ["c", "c"]


def _countersign() -> ProcessBuilder:
    diagram = ProcessBuilder().start().exclusive("m", "x").parallel("f", "j").user("a", "b", "z").end()
    diagram.chain("start", "m", "f", "a", "j", "z", "x").chain("f", "b", "j")
    return diagram.flow("x", "m", "=again").flow("x", "end", default=True)


def test_a_parallel_join_in_a_loop_waits_for_every_branch_in_every_pass() -> None:
    case = Case(_countersign(), again=True).complete("a").complete("b").complete("z")
    for first, second in [("b", "a"), ("a", "b"), ("b", "a")] * 3:
        assert case.complete(first).open == [second]
        assert case.complete(second).open == ["z"]
        case.complete("z")
    assert case.complete("a").complete("b").complete("z", again=False).done


def test_a_parallel_join_counts_tokens_by_flow() -> None:
    """A branch that is done twice does not stand in for the one that is not done."""
    diagram = ProcessBuilder().start().parallel("f", "f2", "j").user("a", "b", "z").exclusive("m")
    diagram.chain("start", "f", "f2", "m", "a", "j", "z").chain("f2", "m").chain("f", "b", "j")
    case = Case(diagram)
    assert case.open == ["a", "a", "b"]
    case.complete("a").complete("a")
    assert case.open == ["b"]
    assert case.complete("b").open == ["z"]


def test_a_rework_loop_in_one_branch_does_not_open_the_join() -> None:
    diagram = ProcessBuilder().start().parallel("f", "j").exclusive("m", "x").user("a", "b", "z")
    diagram.chain("start", "f", "a", "j", "z").chain("f", "m", "b", "x")
    diagram.flow("x", "m", "=again").flow("x", "j", default=True)
    case = Case(diagram).complete("b", again=True).complete("b", again=True)
    assert case.open == ["a", "b"]
    assert case.complete("b", again=False).open == ["a"]
    assert case.complete("a").open == ["z"]


def _inclusive() -> ProcessBuilder:
    diagram = ProcessBuilder().start().exclusive("m", "x").inclusive("f", "j").user("q", "a", "b", "z").end()
    diagram.chain("start", "m", "q", "f").chain("a", "j", "z", "x").chain("b", "j")
    diagram.flow("f", "a", "=left").flow("f", "b", "=right")
    return diagram.flow("x", "m", "=again").flow("x", "end", default=True)


def test_an_inclusive_join_in_a_loop_waits_only_for_those_who_are_on_the_way() -> None:
    case = Case(_inclusive(), again=True)
    for left, right in [(True, True), (True, False), (False, True), (True, True)]:
        case.complete("q", left=left, right=right)
        branches = ["a"] * left + ["b"] * right
        assert case.open == branches
        for branch in reversed(branches):
            assert "z" not in case.open
            case.complete(branch)
        assert case.open == ["z"]
        case.complete("z")
    assert case.open == ["q"]


def test_an_inclusive_join_waits_for_a_jump_back_over_it() -> None:
    """A branch that went back above the fork can still arrive, so the join holds the other branch."""
    diagram = ProcessBuilder().start().exclusive("m", "x").inclusive("j").parallel("f").user("a", "b", "z").end()
    diagram.chain("start", "f", "a", "j", "z", "end").chain("f", "m", "b", "x")
    diagram.flow("x", "m", "=again").flow("x", "j", default=True)
    case = Case(diagram).complete("a").complete("b", again=True)
    assert case.open == ["b"]
    assert case.complete("b", again=False).open == ["z"]


def test_an_inclusive_gateway_without_a_true_condition_takes_the_default() -> None:
    diagram = ProcessBuilder().start().inclusive("i").user("a", "b", "c").flow("start", "i")
    diagram.flow("i", "a", "=n > 1").flow("i", "b", "=n > 2").flow("i", "c", default=True)
    assert Case(diagram, n=Decimal(0)).open == ["c"]
    assert Case(diagram, n=Decimal(2)).open == ["a"]
    assert Case(diagram, n=Decimal(3)).open == ["a", "b"]


def test_an_inclusive_join_looks_beyond_boundary_events() -> None:
    """The token in ``a`` can still arrive by its boundary event: the join waits for it."""
    diagram = ProcessBuilder().start().parallel("f").inclusive("j").user("a", "b", "z", "late").end()
    diagram.boundary("t", "a", timer("PT1H")).chain("start", "f", "a", "end").chain("f", "b", "j", "z")
    diagram.chain("t", "late", "j")
    case = Case(diagram).complete("b")
    assert case.open == ["a", "t"]
    case.pass_time(hours=1)
    assert case.open == ["late"]
    assert case.complete("late").open == ["z"]


def test_an_inclusive_join_waits_for_a_token_that_failed_on_leaving_it() -> None:
    diagram = ProcessBuilder().start().parallel("f").task("t", "t2").user("a", "b", "z").inclusive("j")
    diagram.chain("start", "f", "t", "a", "j").chain("f", "t2", "a").chain("b", "j")
    case = Case(diagram.flow("j", "b", "=n > 1").flow("j", "z", "=n < 1"), n=Decimal(1)).complete("a")
    assert [failure.element_id for failure in case.failures] == ["j"]
    case.complete("a")
    assert len(case.failures) == 1, "the failed token may still come round by b"
    assert case.set(n=Decimal(2)).retry().open == ["b"]
    assert case.set(n=Decimal(0)).complete("b").open == ["z"]


def _deferred() -> ProcessBuilder:
    diagram = ProcessBuilder().start().choice("g").user("a", "b", "c", "d", "e").chain("start", "g")
    diagram.catch("soon", timer("PT1H")).catch("late", timer("PT2H")).catch("told", message("m"))
    diagram.catch("rung", signal("s")).add(Kind.RECEIVE_TASK, "got", event=message("n"))
    diagram.chain("g", "soon", "a").chain("g", "late", "b").chain("g", "told", "c").chain("g", "rung", "d")
    return diagram.chain("g", "got", "e")


@pytest.mark.parametrize(
    ("event", "opened"), [("soon", "a"), ("late", "b"), ("told", "c"), ("rung", "d"), ("got", "e")]
)
def test_an_event_based_gateway_follows_the_first_event(event: str, opened: str) -> None:
    case = Case(_deferred())
    assert case.open == ["got", "late", "rung", "soon", "told"]
    assert case.trigger(event).open == [opened]
    assert case.history("completed") == ["start", "g", event]
    assert case.history("interrupted") == []


def test_two_timers_behind_an_event_based_gateway_have_their_own_times() -> None:
    case = Case(_deferred())
    assert case.wait("late").due > case.wait("soon").due
    assert case.pass_time(hours=3).open == ["a"]

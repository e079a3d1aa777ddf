"""Signals inside one instance: whoever waits hears them, in whatever order the branches move."""

import pytest

from tests.builders import ProcessBuilder, several, signal
from tests.engine.tokens.case import Case


@pytest.mark.parametrize("order", [("throw", "catch"), ("catch", "throw")])
def test_a_branch_that_is_on_its_way_to_wait_does_not_miss_a_signal(order: tuple[str, str]) -> None:
    diagram = ProcessBuilder().start().end().parallel("f").task("walk").catch("c", signal("s")).user("a")
    diagram.throw("t", signal("s")).chain("start", "f")
    chains = {"throw": ("f", "t", "end"), "catch": ("f", "walk", "c", "a", "end")}
    for name in order:
        diagram.chain(*chains[name])
    assert Case(diagram).open == ["a"]


def test_two_signals_of_one_event_reach_both_who_wait() -> None:
    diagram = ProcessBuilder().start().end().parallel("f").throw("t", **several(signal("1"), signal("2")))
    diagram.catch("c1", signal("1")).catch("c2", signal("2")).user("a", "b")
    case = Case(diagram.chain("start", "f", "t", "end").chain("f", "c1", "a").chain("f", "c2", "b"))
    assert case.open == ["a", "b"]

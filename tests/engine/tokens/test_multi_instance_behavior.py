"""Multi-instance activities that throw a signal when an instance completes (behaviour None and One)."""

import pytest

from tests.builders import ProcessBuilder, each, signal
from tests.engine.tokens.case import Case


def _line(behavior: str, sequential: bool, interrupting: bool = True) -> ProcessBuilder:
    loop = each(cardinality="3", sequential=sequential, behavior=behavior, thrown=signal("done"))
    diagram = ProcessBuilder().start().end().user("a", multi_instance=loop).user("told", "b")
    diagram.boundary("heard", "a", signal("done"), interrupting=interrupting)
    return diagram.chain("start", "a", "b", "end").chain("heard", "told", "end")


@pytest.mark.parametrize("interrupting", [True, False])
@pytest.mark.parametrize("sequential", [True, False])
def test_each_instance_tells_at_its_end_and_the_others_go_on(sequential: bool, interrupting: bool) -> None:
    case = Case(_line("None", sequential, interrupting))
    for times in (1, 2):
        assert case.complete("a").open.count("told") == times
        assert "a" in case.open
    assert case.complete("a").open == ["b", "told", "told", "told"]
    assert case.history("interrupted") == []


def test_only_the_first_instance_tells() -> None:
    case = Case(_line("One", sequential=False)).complete("a").complete("a").complete("a")
    assert case.open == ["b", "told"]


def test_a_signal_from_elsewhere_still_interrupts_the_whole_activity() -> None:
    case = Case(_line("None", sequential=False)).complete("a").signal("done")
    assert case.open == ["told", "told"]


def test_what_is_thrown_stays_with_the_boundary_of_the_activity() -> None:
    diagram = _line("None", sequential=True).parallel("f").catch("elsewhere", signal("done"))
    diagram.user("x", "z").chain("f", "elsewhere", "x").chain("f", "z")
    case = Case(diagram.chain("told", "f")).complete("a").complete("told").complete("a")
    assert "elsewhere" in case.open
    assert case.thrown == []

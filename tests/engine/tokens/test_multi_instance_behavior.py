"""What the instances of a multi-instance activity throw when they complete: behavior None, One and Complex."""

from typing import Any

import pytest

from engine.bpmn.model import EventDefinition, OnCompletion, Text
from tests.builders import ProcessBuilder, each, escalation, signal
from tests.engine.tokens.case import Case

_DONE = signal("一户完成")
_BOTH = pytest.mark.parametrize("sequential", [True, False])


def _votes(
    then: OnCompletion, catch: EventDefinition = _DONE, interrupting: bool = True, **more: Any
) -> ProcessBuilder:
    vote = each(cardinality="3", then=then, **more)
    diagram = ProcessBuilder().start().user("vote", multi_instance=vote).user("count").user("tell")
    return diagram.boundary("heard", "vote", catch, interrupting).chain("start", "vote", "count").flow("heard", "tell")


@_BOTH
@pytest.mark.parametrize("interrupting", [True, False])
def test_none_throws_at_every_completion_and_goes_on(sequential: bool, interrupting: bool) -> None:
    case = Case(_votes(OnCompletion(_DONE), interrupting=interrupting, sequential=sequential))
    for done in (1, 2, 3):
        case.complete("vote")
        assert case.open.count("tell") == done
    assert case.open == ["count", "tell", "tell", "tell"]
    assert [thrown.name for thrown in case.thrown] == ["一户完成"] * 3


@_BOTH
def test_one_throws_at_the_first_completion_only(sequential: bool) -> None:
    case = Case(_votes(OnCompletion(_DONE, first_only=True), sequential=sequential))
    case.complete("vote").complete("vote").complete("vote")
    assert case.open == ["count", "tell"]


@_BOTH
def test_complex_ends_the_others_when_its_condition_is_true(sequential: bool) -> None:
    enough = OnCompletion(_DONE, Text.parse("=numberOfCompletedInstances >= 2"), ends=True)
    case = Case(_votes(enough, sequential=sequential)).complete("vote")
    assert "tell" not in case.open

    case.complete("vote")

    assert case.open == ["count", "tell"]
    assert case.history("interrupted") == ([] if sequential else ["vote"])


def test_complex_without_an_event_only_ends() -> None:
    case = Case(_votes(OnCompletion(None, Text.parse("=true"), ends=True))).complete("vote")
    assert (case.open, case.thrown) == (["count"], [])


@_BOTH
def test_an_escalation_is_caught_like_a_signal(sequential: bool) -> None:
    case = Case(_votes(OnCompletion(escalation("E")), escalation("E"), sequential=sequential))
    case.complete("vote").complete("vote").complete("vote")
    assert case.open == ["count", "tell", "tell", "tell"]


def test_others_in_the_case_hear_the_signal_too() -> None:
    diagram = _votes(OnCompletion(_DONE)).parallel("fork").catch("wait", _DONE).user("also")
    diagram.user("before").flow("start", "fork").chain("fork", "wait", "also")
    case = Case(diagram).complete("vote")
    assert case.open == ["also", "heard", "tell", "vote", "vote"]


def test_a_handler_around_that_interrupts_ends_the_activity() -> None:
    three = each(cardinality="3", sequential=True, then=OnCompletion(escalation("E")))
    inside = ProcessBuilder().start("s").user("vote", multi_instance=three).chain("s", "vote")
    diagram = ProcessBuilder().start().sub("sub", inside).user("next").user("tell")
    diagram.boundary("heard", "sub", escalation("E")).chain("start", "sub", "next").flow("heard", "tell")
    assert Case(diagram).complete("vote").open == ["tell"]


def test_a_signal_from_outside_interrupts_as_ever() -> None:
    assert Case(_votes(OnCompletion(_DONE))).signal("一户完成").open == ["tell"]


def test_a_name_that_comes_out_empty_is_retried_and_thrown_once() -> None:
    case = Case(_votes(OnCompletion(signal("=名")))).complete("vote")
    assert ([failure.element_id for failure in case.failures], case.thrown) == (["vote"], [])

    case.set(名="一户完成").retry()

    assert case.open == ["heard", "tell", "vote", "vote"]

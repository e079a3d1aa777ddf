"""startQuantity and completionQuantity: how many tokens an activity takes, and how many leave it."""

from tests.builders import ProcessBuilder, each
from tests.engine.tokens.case import Case


def test_an_activity_waits_for_as_many_tokens_as_it_needs() -> None:
    diagram = ProcessBuilder().start().end().user("a", "b").user("both", start_quantity="2").parallel("f")
    case = Case(diagram.chain("start", "f", "a", "both", "end").chain("f", "b", "both"))
    assert case.complete("a").open == ["b"]
    assert case.complete("b").open == ["both"]
    assert case.complete("both").done


def test_tokens_may_come_one_after_the_other_by_the_same_flow() -> None:
    diagram = ProcessBuilder().start().end().user("a", multi_instance=each(cardinality="2"), completion_quantity="3")
    diagram.user("b", start_quantity="2").chain("start", "a", "b", "end")
    case = Case(diagram).complete("a").complete("a")
    assert case.open == ["b"]
    case.complete("b")
    assert case.open == []
    assert not case.done, "one token still waits for another, which never comes"


def test_each_outgoing_flow_gets_as_many_tokens_as_the_activity_gives() -> None:
    diagram = ProcessBuilder().start().end().user("a", completion_quantity="2").user("b", "c")
    case = Case(diagram.chain("start", "a", "b", "end").chain("a", "c", "end")).complete("a")
    assert case.open == ["b", "b", "c", "c"]

"""What would not run as BPMN 2.0 says is refused when the spec is built, with the element's id."""

from collections.abc import Callable

import pytest

from engine.bpmn.model import EventDefinition, EventType, Kind, OnCompletion, StandardLoop, Text
from engine.errors import InvalidDefinition
from engine.tokens import build
from tests.builders import (
    CANCEL,
    ProcessBuilder,
    compensation,
    condition,
    cycle,
    each,
    error,
    link,
    message,
    several,
    signal,
    timer,
)

_LATER = [EventType.COMPENSATION, EventType.CANCEL, EventType.MULTIPLE]
_NO_FEEL = Text("n > 1", False)
Diagram = Callable[[], ProcessBuilder]


def _line() -> ProcessBuilder:
    return ProcessBuilder().start().user("a").end().chain("start", "a", "end")


def _two(gateway: Kind, condition: str | None = None) -> ProcessBuilder:
    diagram = _line().add(gateway, "bad").user("b", "c").flow("a", "bad")
    return diagram.flow("bad", "b", condition).flow("bad", "c", condition)


_CASES: dict[str, Diagram] = {
    **{kind: (lambda kind=kind: _line().add(kind, "bad")) for kind in (
        Kind.COMPLEX, Kind.AD_HOC, Kind.BUSINESS_RULE_TASK)},
    **{f"{type_} boundary": (lambda type_=type_: _line().boundary("bad", "a", EventDefinition(type_)))
       for type_ in _LATER},
    **{f"{type_} catch": (lambda type_=type_: _line().catch("bad", EventDefinition(type_))) for type_ in _LATER},
    **{f"{type_} end": (lambda type_=type_: _line().end("bad", EventDefinition(type_)))
       for type_ in (EventType.CANCEL, EventType.MULTIPLE)},
    "loop that never stops": lambda: _line().user("bad", standard_loop=StandardLoop()),
    "loop condition that is no FEEL": lambda: _line().user("bad", standard_loop=StandardLoop(condition=_NO_FEEL)),
    "loop and multi-instance": lambda: _line().user(
        "bad", standard_loop=StandardLoop(maximum=_NO_FEEL), multi_instance=each(cardinality="2")),
    "compensation activity in the flow": lambda: _line().user("bad", for_compensation=True).flow("a", "bad"),
    "boundary on a compensation activity": lambda: _line().undo("a", "bad").boundary("t", "bad", timer("PT1H")),
    "compensation of what is no compensation activity": lambda: _line().undo("a", "bad").user("bad"),
    "two compensations of one activity": lambda: _line().undo("a", "bad").undo("a", "bad2"),
    "compensation start of a process": lambda: _line().on("h", ProcessBuilder().start("bad", compensation())),
    "cancel outside of a transaction": lambda: _line().sub("s", ProcessBuilder().start("b").end("bad", CANCEL)),
    "cancel boundary of a sub-process": lambda: _line().boundary("bad", "a", CANCEL),
    "transaction without a way out when cancelled": lambda: _line().transaction(
        "bad", ProcessBuilder().start("b").end("e", CANCEL)),
    "start quantity": lambda: _line().user("bad", start_quantity="0"),
    "completion quantity": lambda: _line().user("bad", completion_quantity="-1"),
    "start quantity behind an event gateway": lambda: _line().choice("bad").flow("a", "bad").catch(
        "t", timer("PT1H")).flow("bad", "t").add(
        Kind.RECEIVE_TASK, "r", event=message("m"), start_quantity="2").flow("bad", "r"),
    "several ends of which one is an error": lambda: _line().end("bad", **several(error("E"), signal("s"))),
    "all of several starts of a process": lambda: _line().start(
        "bad", parallel_multiple=True, **several(timer("PT1H"), message("m"))),
    "all of several with a timer, again and again": lambda: _line().boundary(
        "bad", "a", interrupting=False, parallel_multiple=True, **several(timer("PT1H"), message("m"))),
    "all of several with a cycle": lambda: _line().boundary(
        "bad", "a", parallel_multiple=True, **several(cycle("R/PT1H"), message("m"))),
    "all of several with an error": lambda: _line().boundary(
        "bad", "a", parallel_multiple=True, **several(error("E"), message("m"))),
    "several with an error that does not interrupt": lambda: _line().boundary(
        "bad", "a", interrupting=False, **several(error("E"), message("m"))),
    "instantiating gateway": lambda: _line().add(Kind.EVENT_BASED, "bad", instantiate=True),
    "script without text": lambda: _line().add(Kind.SCRIPT_TASK, "bad"),
    "script that is no FEEL": lambda: _line().script("bad", "1 + 1", "x"),
    "collection that is no FEEL": lambda: _line().user("bad", multi_instance=each("items", "item")),
    "completion condition that is no FEEL": lambda: _line().user("bad", multi_instance=each("=x", "y", until="true")),
    "instances that throw what has no name": lambda: _line().user(
        "bad", multi_instance=each(cardinality="2", then=OnCompletion(EventDefinition(EventType.SIGNAL)))),
    "instances that throw a timer": lambda: _line().user(
        "bad", multi_instance=each(cardinality="2", then=OnCompletion(timer("PT1H")))),
    "behavior condition that is no FEEL": lambda: _line().user(
        "bad", multi_instance=each(cardinality="2", then=OnCompletion(None, _NO_FEEL, ends=True))),
    "call of nothing": lambda: _line().add(Kind.CALL_ACTIVITY, "bad"),
    "receive without message": lambda: _line().add(Kind.RECEIVE_TASK, "bad"),
    "timer without time": lambda: _line().catch("bad", EventDefinition(EventType.TIMER)),
    "condition event without condition": lambda: _line().catch("bad", EventDefinition(EventType.CONDITIONAL)),
    "condition event without =": lambda: _line().boundary("bad", "a", condition("n > 1")),
    "message without name": lambda: _line().catch("bad", EventDefinition(EventType.MESSAGE)),
    "condition without =": lambda: _line().user("bad", "b").flow("bad", "b", "n > 1"),
    "condition at parallel gateway": lambda: _two(Kind.PARALLEL, "=true"),
    "exclusive without conditions": lambda: _two(Kind.EXCLUSIVE),
    "inclusive without conditions": lambda: _two(Kind.INCLUSIVE),
    "event gateway to tasks": lambda: _two(Kind.EVENT_BASED),
    "error that does not interrupt": lambda: _line().boundary("bad", "a", error(), interrupting=False),
    "boundary on a gateway": lambda: _line().exclusive("g").boundary("bad", "g", timer("PT1H")),
    "flow into a boundary": lambda: _line().boundary("bad", "a", timer("PT1H")).flow("a", "bad"),
    "flow out of an end": lambda: _line().end("bad").flow("bad", "a"),
    "link to nowhere": lambda: _line().throw("bad", link("L")),
    "sub-process without start": lambda: _line().sub("bad", ProcessBuilder().user("x", "y").chain("x", "y", "x")),
    "timer start of a sub-process": lambda: _line().sub("sub", ProcessBuilder().start("bad", timer("PT1H"))),
    "event sub-process with none start": lambda: _line().on("sub", ProcessBuilder().start("bad")),
    "two starts": lambda: _line().start("bad"),
    "faulty FEEL": lambda: _line().script("bad", "=1 +", "x"),
    "message key that is no FEEL": lambda: _line().catch("bad", message("m", "=(")),
}  # fmt: skip


@pytest.mark.parametrize("diagram", _CASES.values(), ids=_CASES.keys())
def test_it_is_refused_by_name(diagram: Diagram) -> None:
    with pytest.raises(InvalidDefinition, match="bad"):
        build(diagram().build())


def test_the_plain_diagram_under_all_of_them_is_accepted() -> None:
    assert build(_line().build()).name == "p"


def test_ids_used_twice_are_refused() -> None:
    inside = ProcessBuilder().start("s2").user("a").chain("s2", "a")
    with pytest.raises(InvalidDefinition, match="重复"):
        build(_line().sub("sub", inside).build())


def test_a_name_of_a_signal_may_be_feel() -> None:
    event = EventDefinition(EventType.SIGNAL, name=Text('"x" + y', True))
    assert build(_line().catch("ok", event).build())

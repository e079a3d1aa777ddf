"""Events with several definitions: any of them, all of them, or all thrown."""

from tests.builders import ProcessBuilder, condition, cycle, error, escalation, message, several, signal, timer
from tests.engine.tokens.case import Case

_ANY = several(message("m"), timer("PT1H"), signal("s"))


def _line() -> ProcessBuilder:
    return ProcessBuilder().start().end().user("a", "b")


def test_a_catch_event_goes_on_with_the_first_that_comes() -> None:
    diagram = _line().catch("c", **_ANY).chain("start", "c", "b", "end")
    for index in range(3):
        case = Case(diagram)
        assert case.open == ["c", "c", "c"]
        assert case.trigger("c", index, x=index).open == ["b"]
        assert case.variables == {"x": index}
        assert case.complete("b").done
        assert case.history("interrupted") == []
        assert case.history("entered").count("c") == 1


def test_all_of_them_have_to_come_when_the_event_says_so() -> None:
    events = several(message("m"), signal("s"))
    case = Case(_line().catch("c", parallel_multiple=True, **events).chain("start", "c", "b", "end"))
    assert case.trigger("c", 1).open == ["c"]
    assert case.wait("c").name == "m"
    assert case.trigger("c").open == ["b"]


def test_a_condition_may_be_one_of_them() -> None:
    diagram = _line().parallel("f").catch("c", **several(message("m"), condition("=done")))
    case = Case(diagram.chain("start", "f", "c", "b").chain("f", "a"))
    assert case.complete("a", done=True).open == ["b"]


def test_behind_an_event_based_gateway_the_other_branches_fall_away() -> None:
    diagram = _line().choice("g").catch("c", **_ANY).catch("d", message("d")).chain("start", "g", "c", "a")
    diagram.chain("g", "d", "b")
    assert Case(diagram).trigger("c", 2).open == ["a"]
    assert Case(diagram).trigger("d").open == ["b"]


def test_a_boundary_event_interrupts_with_the_first_that_comes() -> None:
    diagram = _line().boundary("c", "a", **_ANY).chain("start", "a", "end").chain("c", "b")
    assert Case(diagram).trigger("c", 1).open == ["b"]
    assert Case(diagram).signal("s").open == ["b"]


def test_a_boundary_event_that_does_not_interrupt_takes_each_of_them_and_keeps_its_rhythm() -> None:
    events = several(message("m"), cycle("R2/PT1H"))
    diagram = _line().boundary("c", "a", interrupting=False, **events).chain("start", "a", "end").chain("c", "b")
    case = Case(diagram).trigger("c", 0)
    assert case.open == ["a", "b", "c", "c"]
    assert case.pass_time(hours=1).open == ["a", "b", "b", "c", "c"]
    assert case.pass_time(hours=1).open == ["a", "b", "b", "b", "c"]


def test_a_boundary_event_may_catch_an_error_besides() -> None:
    inside = ProcessBuilder().start("s").user("x").end("bad", error("E")).chain("s", "x", "bad")
    diagram = _line().sub("sub", inside).boundary("c", "sub", **several(timer("PT1H"), error("E")))
    diagram.chain("start", "sub", "end").chain("c", "b")
    assert Case(diagram).complete("x").open == ["b"]
    assert Case(diagram).pass_time(hours=1).open == ["b"]


def test_a_boundary_event_may_wait_for_all_of_them() -> None:
    events = several(message("m"), timer("PT1H"), signal("s"))
    diagram = _line().boundary("c", "a", parallel_multiple=True, **events).chain("start", "a", "end").chain("c", "b")
    case = Case(diagram).trigger("c", x=1).pass_time(hours=1)
    assert case.open == ["a", "c"]
    assert case.signal("s", y=2).open == ["b"]
    assert case.variables == {"x": 1, "y": 2}


def test_one_that_does_not_interrupt_waits_for_all_of_them_again() -> None:
    events = several(message("m"), condition("=done"))
    diagram = _line().user("c", "d", "x").parallel("f").chain("start", "f", "a", "end").chain("f", "c", "d", "x")
    diagram.boundary("e", "a", interrupting=False, parallel_multiple=True, **events).chain("e", "b")
    case = Case(diagram, done=True)
    assert case.open == ["a", "c", "e"]
    assert case.trigger("e").open == ["a", "b", "c", "e"]
    assert case.trigger("e").open == ["a", "b", "c"], "the condition has to become true anew"
    assert case.complete("c", done=False).open == ["a", "b", "d"]
    assert case.complete("d", done=True).open == ["a", "b", "b", "e", "x"]


def test_an_event_sub_process_may_start_by_all_of_them_and_sees_what_came() -> None:
    handler = ProcessBuilder().start("c", parallel_multiple=True, **several(message("m"), signal("s")))
    case = Case(_line().on("h", handler.user("x").chain("c", "x")).chain("start", "a", "end"))
    assert case.signal("s", y=2).open == ["a", "c"]
    case.trigger("c", z=3)
    assert case.open == ["x"]
    assert {"y": 2, "z": 3}.items() <= case.scopes.view(case.wait("x").scope).items()


def test_an_event_sub_process_starts_by_any_of_them() -> None:
    handler = ProcessBuilder().start("c", interrupting=False, **several(message("m"), escalation("X")))
    diagram = _line().throw("t", escalation("X")).on("h", handler.user("x").chain("c", "x"))
    case = Case(diagram.chain("start", "a", "t", "b", "end"))
    assert case.trigger("c").open == ["a", "c", "x"]
    assert case.complete("a").open == ["b", "c", "x", "x"]


def test_a_throw_event_throws_all_of_them() -> None:
    diagram = _line().parallel("f").catch("one", signal("1")).catch("two", signal("2")).user("x", "y")
    diagram.throw("t", **several(signal("1"), message("m"), signal("2"), escalation("X")))
    diagram.chain("start", "f", "one", "x").chain("f", "two", "y").chain("f", "a", "t", "b")
    case = Case(diagram).complete("a")
    assert case.open == ["b", "x", "y"]
    assert [thrown.name for thrown in case.thrown] == ["1", "m", "2", "X"]


def test_an_end_event_throws_all_of_them() -> None:
    case = Case(_line().end("t", **several(signal("1"), message("m"))).chain("start", "a", "t")).complete("a")
    assert case.done
    assert [thrown.name for thrown in case.thrown] == ["1", "m"]

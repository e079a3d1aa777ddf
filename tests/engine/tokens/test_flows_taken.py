"""Which sequence flows a run has taken: every one each time, and no other."""

from __future__ import annotations

from tests.builders import ProcessBuilder, compensation, each, error, message, timer
from tests.engine.tokens.case import Case


def test_of_several_flows_between_two_nodes_the_one_that_was_chosen() -> None:
    diagram = ProcessBuilder().start().exclusive("which").task("a").end().chain("start", "which")
    diagram.flow("which", "a", "=n = 1").flow("which", "a", "=n = 2").flow("which", "a", default=True).flow("a", "end")
    taken = {n: Case(diagram, n=n).flows[1] for n in (1, 2, 3)}
    assert taken == {1: "which>a", 2: "which>a+", 3: "which>a++"}


def test_a_loop_takes_its_flow_each_time() -> None:
    diagram = ProcessBuilder().start().script("count", "=n + 1", "n").exclusive("again").end()
    diagram.chain("start", "count", "again").flow("again", "count", "=n < 3").flow("again", "end", default=True)
    case = Case(diagram, n=0)
    assert case.flows == ["start>count", *["count>again", "again>count"] * 2, "count>again", "again>end"]


def test_all_branches_of_a_fork_and_the_chosen_ones_of_an_inclusive_one() -> None:
    diagram = ProcessBuilder().start().parallel("fork", "join").inclusive("some", "met").task("a", "b", "c", "d").end()
    diagram.chain("start", "fork", "a", "join").chain("fork", "b", "join").chain("join", "some")
    diagram.flow("some", "c", "=true").flow("some", "d", "=false").chain("c", "met").chain("d", "met", "end")
    case = Case(diagram)
    assert set(case.flows) == {
        "start>fork", "fork>a", "fork>b", "a>join", "b>join", "join>some", "some>c", "c>met", "met>end",
    }  # fmt: skip
    assert len(case.flows) == len(set(case.flows))


def test_of_an_event_gateway_only_the_flow_to_what_happened() -> None:
    diagram = ProcessBuilder().start().choice("wait").catch("come", message("m")).catch("late", timer("PT1H"))
    diagram.end("a").end("b").chain("start", "wait", "come", "a").chain("wait", "late", "b")
    case = Case(diagram)
    assert case.flows == ["start>wait"]
    assert case.trigger("late").flows == ["start>wait", "wait>late", "late>b"]


def test_boundaries_take_their_own_flow_beside_or_instead() -> None:
    diagram = ProcessBuilder().start().user("a").boundary("remind", "a", timer("PT1H"), interrupting=False)
    diagram.boundary("stop", "a", message("m")).end("end").end("reminded").end("stopped")
    diagram.chain("start", "a", "end").chain("remind", "reminded").chain("stop", "stopped")
    case = Case(diagram).trigger("remind")
    assert case.flows == ["start>a", "remind>reminded"]
    assert case.trigger("stop").flows == ["start>a", "remind>reminded", "stop>stopped"]


def test_inside_every_run_of_a_sub_process() -> None:
    inside = ProcessBuilder().start("s").user("a").end("e").chain("s", "a", "e")
    diagram = ProcessBuilder().start().sub("many", inside, multi_instance=each("=[1, 2]", "n")).end()
    case = Case(diagram.chain("start", "many", "end"))
    assert case.flows == ["start>many", "s>a", "s>a"]
    assert case.complete("a").complete("a").flows[3:] == ["a>e", "a>e", "many>end"]


def test_in_an_event_sub_process_and_past_an_error_end() -> None:
    inside = ProcessBuilder().start("s").end("fail", error("E")).chain("s", "fail")
    handler = ProcessBuilder().start("caught", error("E")).task("mend").end("mended").chain("caught", "mend", "mended")
    diagram = ProcessBuilder().start().sub("work", inside).end().chain("start", "work", "end").on("rescue", handler)
    assert Case(diagram).flows == ["start>work", "s>fail", "caught>mend", "mend>mended"]


def test_what_undoes_takes_no_flow_of_what_it_undoes() -> None:
    diagram = ProcessBuilder().start().task("a").undo("a", "undo_a").throw("back", compensation()).end()
    case = Case(diagram.chain("start", "a", "back", "end"))
    assert case.flows == ["start>a", "a>back"]
    assert case.complete("undo_a").flows == ["start>a", "a>back", "back>end"]


def test_as_many_times_as_tokens_leave() -> None:
    diagram = (
        ProcessBuilder().start().task("a", completion_quantity="2").user("b").end().chain("start", "a", "b", "end")
    )
    assert Case(diagram).flows == ["start>a", "a>b", "a>b"]

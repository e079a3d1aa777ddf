"""What SpiffWorkflow 3.2 accepts and runs wrong with its own parser and specs: it runs right here, or is refused.

Every diagram comes as a file through the checker; every step is saved, and loaded with a spec that was built anew.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.bpmn_xml import Drawing, element, event, extension, message, timer, zeebe
from tests.engine.tokens.case import BEGIN, Case
from tests.engine.tokens.checked import accepted

SIGNAL = element("bpmn:signal", id="s", name="重新登记")
ERROR = element("bpmn:error", id="e", errorCode="E")
THROWN = event("signal", signalRef="s")


def _compensation(host: str, handler: str) -> Callable[[Drawing], Drawing]:
    """Draw a compensation event on ``host`` with the task that undoes it."""

    def draw(drawing: Drawing) -> Drawing:
        drawing.boundary(f"undo_{host}", host, event("compensate")).lift()
        drawing.node("manualTask", handler, isForCompensation="true").lift()
        ends = {"sourceRef": f"undo_{host}", "targetRef": handler}
        return drawing.raw(element("bpmn:association", id=f"to_{handler}", associationDirection="One", **ends))

    return draw


@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
def test_a_join_in_a_loop_waits_for_all_branches_in_every_pass(kind: str) -> None:
    drawing = Drawing().start().gateway("exclusive", "again").gateway(kind, "fork")
    condition = None if kind == "parallel" else "=金额 > 0"
    drawing.at("fork", condition).user_task("a").gateway(kind, "join").user_task("z")
    drawing.gateway("exclusive", "x", default="x_end").end().flow("x", "again", "=not(已解决)")
    drawing.at("fork", condition).user_task("b").flow("b", "join")
    case = Case(accepted(drawing), 金额=1, 已解决=False)

    for _ in range(3):
        assert case.open == ["a", "b"]
        assert case.complete("b").open == ["a"]
        assert case.complete("a").open == ["z"]
        case.complete("z")

    case.complete("b")
    assert case.open == ["a"], "what arrived in earlier passes must not count"


def test_link_events_lead_to_their_target() -> None:
    drawing = Drawing().start().throw("away", event("link", name="续"))
    drawing.lift().catch("here", event("link", name="续")).user_task("a").end()
    case = Case(accepted(drawing))
    assert case.open == ["a"]
    assert case.complete("a").done


def test_a_signal_end_event_throws_its_signal() -> None:
    drawing = Drawing().start().gateway("parallel", "fork").catch("heard", THROWN).user_task("a").end()
    drawing.at("fork").user_task("b").end("thrown", THROWN).root(SIGNAL)
    case = Case(accepted(drawing))
    assert case.complete("b").open == ["a"]
    assert [each.name for each in case.thrown] == ["重新登记"]


def test_a_compensation_throw_undoes_what_was_completed() -> None:
    drawing = Drawing().start().user_task("a").throw("undo", event("compensate")).user_task("b").end()
    case = Case(accepted(_compensation("a", "undone")(drawing))).complete("a")
    assert "undone" in case.history("completed")
    assert case.open == ["b"]


def test_a_conditional_flow_leaving_a_task_is_taken_only_when_it_is_true() -> None:
    drawing = Drawing().start().user_task("a").when("=金额 > 5000").user_task("big").end()
    drawing.at("a").user_task("always").end("end2")
    assert Case(accepted(drawing), 金额=100).complete("a").open == ["always"]
    assert Case(accepted(drawing), 金额=9000).complete("a").open == ["always", "big"]


def test_an_interrupting_boundary_with_a_cycle_interrupts() -> None:
    drawing = Drawing().start().user_task("a").end().boundary("late", "a", timer("Cycle", "R/PT1H"))
    case = Case(accepted(drawing.user_task("b").end("end2"))).pass_time(hours=5)
    assert case.open == ["b"]
    assert case.history("interrupted") == ["a"]


def test_two_timers_behind_an_event_based_gateway_keep_their_own_times() -> None:
    drawing = (
        Drawing().start().gateway("eventBased", "g").catch("later", timer("Duration", "PT5H")).user_task("a").end()
    )
    drawing.at("g").catch("sooner", timer("Duration", "PT2H")).user_task("b").end("end2")
    case = Case(accepted(drawing))
    assert case.wait("later").due == BEGIN + timedelta(hours=5)
    assert case.pass_time(hours=3).open == ["b"]


def _handled(start: str, interrupting: str = "true") -> Callable[[Drawing], Drawing]:
    """One task, and an event sub-process with another."""

    def draw(drawing: Drawing) -> Drawing:
        drawing.start("begin").user_task("a").end("done")
        handler = Drawing().start("caught", start, isInterrupting=interrupting).user_task("h").end("handled")
        return drawing.event_sub_process("handler", lambda _: handler)

    return draw


@pytest.mark.parametrize("inside", [False, True], ids=["in the process", "in an embedded sub-process"])
def test_a_signal_starts_an_event_sub_process_that_interrupts(inside: bool) -> None:
    draw = _handled(THROWN)
    drawing = Drawing().start().sub_process("sub", draw).end() if inside else draw(Drawing())
    case = Case(accepted(drawing.root(SIGNAL)))
    assert case.open == ["a", "caught"], "it stands among what the case waits for"

    assert case.signal("重新登记").open == ["h"]
    assert case.history("interrupted") == ["a"]
    assert case.complete("h").done


def test_an_event_sub_process_that_waits_for_a_timer_does_not_hold_the_instance() -> None:
    case = Case(accepted(_handled(timer("Duration", "PT1H"))(Drawing())))
    assert case.complete("a").done


def test_an_event_sub_process_that_a_timer_starts_interrupts() -> None:
    assert Case(accepted(_handled(timer("Duration", "PT1H"))(Drawing()))).pass_time(hours=2).open == ["h"]


def test_an_event_sub_process_for_an_error_starts_only_with_the_error() -> None:
    handler = Drawing().start("caught", event("error", errorRef="e")).user_task("h").end("handled")
    drawing = Drawing().start("begin").user_task("a").gateway("exclusive", "x", default="x_good").end("good")
    drawing.at("x", "=金额 > 0").end("bad", event("error", errorRef="e"))
    drawing.event_sub_process("handler", lambda _: handler).root(ERROR)
    case = Case(accepted(drawing), 金额=1)
    assert case.open == ["a"]
    assert case.complete("a").open == ["h"]
    assert Case(accepted(drawing), 金额=0).complete("a").done


def _votes(condition: str, sequential: str) -> Case:
    loop = extension(
        zeebe("loopCharacteristics", inputCollection="=名单", inputElement="谁", outputCollection="票",
              outputElement="=已解决")
    )  # fmt: skip
    many = loop + element("bpmn:completionCondition", condition)
    drawing = Drawing().start()
    drawing.user_task(inner=element("bpmn:multiInstanceLoopCharacteristics", many, isSequential=sequential))
    return Case(accepted(drawing.user_task("after").end()), 名单=["甲", "乙", "丙"])


@pytest.mark.parametrize("sequential", ["true", "false"])
@pytest.mark.parametrize(
    "condition",
    [
        "=count(票[item = true]) >= 2",
        "=numberOfCompletedInstances = 2",
        "=numberOfCompletedInstances / numberOfInstances > 0.5",
    ],
)
def test_a_completion_condition_sees_all_results_so_far(condition: str, sequential: str) -> None:
    case = _votes(condition, sequential)
    case.complete("a", 已解决=True)
    assert "after" not in case.open
    assert case.complete("a", 已解决=True).open == ["after"]


def test_an_error_that_nobody_catches_is_no_success() -> None:
    drawing = Drawing().start().user_task("a").end("bad", event("error", errorRef="e")).root(ERROR)
    case = Case(accepted(drawing)).complete("a")
    assert not case.done
    assert [failure.element_id for failure in case.failures] == ["bad"]


def test_a_conditional_event_is_seen_whatever_changed_the_variables() -> None:
    waits = event("conditional", element("bpmn:condition", "=金额 > 5000"))
    drawing = Drawing().start().gateway("parallel", "fork").catch("big", waits).user_task("a").end()
    drawing.at("fork").catch("soon", timer("Duration", "PT1H")).script("s", "=9000", "金额").end("end2")
    case = Case(accepted(drawing), 金额=1)
    assert "a" not in case.open
    assert case.pass_time(hours=1).open == ["a"]


def test_a_conditional_event_is_seen_after_a_message() -> None:
    waits = event("conditional", element("bpmn:condition", "=金额 > 5000"))
    drawing = Drawing().start().gateway("parallel", "fork").catch("big", waits).user_task("a").end()
    drawing.at("fork").catch("paid", event("message", messageRef="m")).end("end2").root(message())
    case = Case(accepted(drawing), 金额=1, 编号="1")
    assert case.trigger("paid", 金额=9000).open == ["a"]


def test_a_cycle_that_counts_lets_a_token_go_on_as_often_as_it_says() -> None:
    drawing = Drawing().start().catch("t", timer("Cycle", "R4/PT1S")).user_task("a").end()
    assert Case(accepted(drawing)).pass_time(seconds=9).open == ["a"] * 4

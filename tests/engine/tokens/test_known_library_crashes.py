"""What SpiffWorkflow 3.2.0 rejects, or crashes on: it runs here, or is refused with the name of a rule."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import feel
from tests.bpmn_xml import Drawing, element, event, extension, timer, zeebe
from tests.engine.tokens.case import BEGIN, Case
from tests.engine.tokens.checked import accepted, refused


def test_a_complex_gateway_is_refused() -> None:
    drawing = Drawing().start().gateway("complex", "g", default="g_b").when("=金额 > 0").user_task("a").end()
    drawing.at("g").user_task("b").end("end2")
    assert refused(drawing) == {"support.kind"}


def test_a_compensation_event_on_a_boundary_undoes_its_activity() -> None:
    drawing = Drawing().start().user_task("a").end("end", event("compensate"))
    drawing.boundary("undo", "a", event("compensate")).lift()
    drawing.node("manualTask", "undone", isForCompensation="true").lift()
    ends = {"sourceRef": "undo", "targetRef": "undone", "associationDirection": "One"}
    case = Case(accepted(drawing.raw(element("bpmn:association", id="line", **ends)))).complete("a")
    assert case.history("completed") == ["start", "a", "undone", "end"]
    assert case.done


def test_several_flows_out_of_a_task_fork() -> None:
    drawing = Drawing().start().user_task("a").user_task("b").end().at("a").user_task("c").end("end2")
    case = Case(accepted(drawing)).complete("a")
    assert case.open == ["b", "c"]
    assert case.complete("b").complete("c").done


def test_a_data_store_may_be_drawn() -> None:
    drawing = Drawing().start().user_task("a").end().root(element("bpmn:dataStore", id="archive", name="档案"))
    drawing.raw(element("bpmn:dataStoreReference", id="shown", dataStoreRef="archive", name="档案"))
    assert Case(accepted(drawing)).complete("a").done


def test_a_service_task_that_names_no_service_is_refused() -> None:
    assert refused(Drawing().start().node("serviceTask", "c").end()) == {"job.type"}


@pytest.mark.parametrize("text", ["0 0 9 * * MON", "0 9 * * 1"])
def test_a_cycle_may_be_a_cron_expression(text: str) -> None:
    drawing = Drawing().start().user_task("a").end()
    drawing.boundary("weekly", "a", timer("Cycle", text), cancelActivity="false").user_task("reminded").end("end2")
    case = Case(accepted(drawing))
    first = case.wait("weekly").due
    assert first is not None
    assert first.isoweekday() == 1
    assert case.pass_time(days=14).open.count("reminded") == 2


def _waits_for(duration: str) -> Case:
    return Case(accepted(Drawing().start().catch("t", timer("Duration", duration)).user_task("a").end()))


@pytest.mark.parametrize("text", ["PT1H", '="PT1H"', '=duration("PT1H")'])
def test_a_duration_needs_no_quotes(text: str) -> None:
    case = _waits_for(text)
    assert case.wait("t").due == BEGIN + timedelta(hours=1)
    assert case.pass_time(hours=1).open == ["a"]


def test_a_duration_that_is_a_name_of_nothing_fails_at_its_own_event() -> None:
    case = _waits_for("=PT1H")
    assert [failure.element_id for failure in case.failures] == ["t"]
    assert case.set(PT1H="PT2H").retry().wait("t").due == BEGIN + timedelta(hours=2)


@pytest.mark.parametrize(("value", "inside"), [("1", True), ("10", True), ("0", False), ("10.01", False)])
def test_ranges_are_unary_tests(value: str, inside: bool) -> None:
    assert feel.compile(f"{value} in [1..10]").evaluate({}) is inside


def test_an_ad_hoc_sub_process_is_refused() -> None:
    inside = element("bpmn:manualTask", id="m")
    drawing = Drawing().start().node("adHocSubProcess", "free", inside).end()
    assert refused(drawing) == {"support.kind"}


def test_a_sequence_of_instances_goes_on_after_a_boundary_timer_has_fired() -> None:
    one_by_one = extension(zeebe("loopCharacteristics", inputCollection="=名单", inputElement="谁"))
    drawing = Drawing().start()
    drawing.user_task("a", inner=element("bpmn:multiInstanceLoopCharacteristics", one_by_one, isSequential="true"))
    drawing.user_task("after").end()
    drawing.boundary("slow", "a", timer("Duration", "PT1H"), cancelActivity="false").user_task("hurry").end("end2")
    case = Case(accepted(drawing), 名单=["甲", "乙", "丙"]).pass_time(hours=2)

    for _ in range(3):
        assert case.open == ["a", "hurry"]
        case.complete("a")
    assert case.open == ["after", "hurry"]
    assert case.complete("after").complete("hurry").done


def test_a_script_that_cannot_be_worked_out_waits_for_a_retry_and_is_no_bpmn_error() -> None:
    drawing = Drawing().start().script("s", "=工作日后(3)", "x").user_task("b").end()
    drawing.boundary("caught", "s", event("error")).user_task("c").end("end2")
    case = Case(accepted(drawing))
    assert [failure.element_id for failure in case.failures] == ["s"]
    assert case.open == []
    assert not case.done
    assert case.retry().failures, "the function is still unknown, and nothing else goes on"


def test_nine_hundred_tasks_in_a_row_run() -> None:
    drawing = Drawing().start().user_task("first")
    for number in range(900):
        drawing.node("manualTask", f"t{number:03}")
    case = Case(accepted(drawing.user_task("last").end())).complete("first")
    assert case.open == ["last"]
    assert case.complete("last").done

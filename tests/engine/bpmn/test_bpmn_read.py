"""A file as the desktop modeler writes it becomes plain data, with nothing lost that matters for the run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.bpmn import read
from engine.bpmn.assignment import assignment_of
from engine.bpmn.diagram import Diagram
from engine.bpmn.element import Reference
from engine.bpmn.model import (
    Assignment,
    EventType,
    Kind,
    Mapping,
    MultiInstance,
    Node,
    OnCompletion,
    Process,
    Text,
    TimerDefinition,
)
from tests.bpmn_xml import Drawing, element, event, extension, message, timer, zeebe
from tests.builders import signal


def feel(text: str) -> Text:
    return Text(text, True)


def literal(text: str) -> Text:
    return Text(text, False)


@pytest.fixture(scope="module")
def diagram() -> Diagram:
    return read(Path(__file__).with_name("camunda8.bpmn").read_bytes())


@pytest.fixture
def process(diagram: Diagram) -> Process:
    found = diagram.process("repair")
    assert found is not None
    return found


def node(drawing: Drawing, node_id: str) -> Node:
    return read(drawing.xml()).processes[0].scope.nodes[node_id]


class TestTheProcess:
    def test_it_has_its_name_text_and_properties(self, process: Process) -> None:
        assert (process.key, process.name, process.executable) == ("repair", "维修申请", True)
        assert process.documentation == "居民报修，社区派工。"
        assert process.property("title") == '="维修：" + 地点'
        assert process.property("nothing") is None

    def test_pools_and_the_flows_between_them_are_known(self, diagram: Diagram) -> None:
        assert diagram.participants == {"repair": "社区"}
        assert diagram.pools == {"Pool_1": "repair", "Pool_2": None}
        assert [(flow.source, flow.target) for flow in diagram.message_flows] == [("Pool_2", "Withdrawn")]

    def test_error_codes_have_names(self, diagram: Diagram) -> None:
        assert diagram.errors == {"BROKEN": "修不了"}

    def test_nothing_is_unknown_dangling_or_double(self, diagram: Diagram) -> None:
        assert (diagram.unknown, diagram.duplicate_ids, diagram.without_id) == ((), (), ())
        assert all(reference.found for reference in diagram.references)


class TestLanes:
    def test_the_innermost_lane_counts(self, process: Process) -> None:
        lanes = {key: found.lane for key, found in process.scope.nodes.items()}

        assert (lanes["Filed"], lanes["Check"], lanes["Repair"]) == ("Lane_staff", "Lane_desk", "Lane_workers")

    def test_a_nested_lane_inherits_what_it_does_not_say(self, process: Process) -> None:
        given = {lane.id: dict(lane.properties) for lane in process.lanes}

        assert given["Lane_desk"] == {"candidateGroups": "clerk@community", "colour": "blue"}
        assert given["Lane_workers"] == {"candidateGroups": "group_leader@group", "colour": "blue"}

    def test_a_task_without_assignment_gets_its_lane_s(self, process: Process) -> None:
        found = assignment_of(process, process.scope.nodes["Check"])

        assert found == Assignment(groups=(literal("clerk@community"),))

    def test_what_is_inside_a_sub_process_lies_in_its_lane(self, process: Process) -> None:
        inside = process.scope.nodes["Repair"].scope
        assert inside is not None

        assert inside.nodes["Do"].lane == "Lane_workers"


class TestNodes:
    def test_a_user_task_has_its_form_dates_priority_and_mappings(self, process: Process) -> None:
        check_task = process.scope.nodes["Check"]

        assert check_task.kind is Kind.USER_TASK
        assert check_task.name == "核实 情况"
        assert check_task.form_id == "repair-check"
        assert check_task.due == feel("工作日后(now(), policy.核实期限)")
        assert check_task.follow_up == feel("now()")
        assert check_task.priority == feel("if 紧急 then 80 else 50")
        assert check_task.inputs == (Mapping(feel("地点"), "核实.地点"),)
        assert check_task.outputs == (Mapping(feel("核实.结论"), "结论"),)
        assert check_task.property("clause") == "5.2.2 a; 5.2.2 b"
        assert (check_task.incoming, check_task.outgoing) == (("F1",), ("F2",))
        assert check_task.line == 48

    def test_a_start_event_may_have_a_form(self, process: Process) -> None:
        start = process.scope.nodes["Filed"]

        assert start.form_id == "repair-request"
        assert start.event is not None
        assert start.event.type is EventType.NONE

    def test_a_job_has_type_retries_and_headers(self, process: Process) -> None:
        remind = process.scope.nodes["Remind"]

        assert (remind.job_type, remind.job_retries) == (literal("notify"), literal("3"))
        assert remind.headers == (("template", "overdue"), ("to", "=单位"))

    def test_a_call_says_what_goes_in_and_out(self, process: Process) -> None:
        buy = process.scope.nodes["Buy"]

        assert buy.called_process == literal("purchase")
        assert (buy.propagate_all_children, buy.propagate_all_parent) == (False, False)

    def test_a_script_has_its_expression_and_result(self, process: Process) -> None:
        total = process.scope.nodes["Sum"]

        assert (total.script, total.result_variable) == (feel("count(结果)"), "次数")
        assert total.incoming == ("F5", "F9")

    def test_a_gateway_has_its_default_and_flows_their_conditions(self, process: Process) -> None:
        gateway = process.scope.nodes["Needed"]

        assert (gateway.default_flow, gateway.outgoing) == ("F4", ("F3", "F4"))
        assert process.scope.flows["F3"].condition == feel('结论 = "需要维修"')
        assert process.scope.flows["F3"].name == "要修"
        assert process.scope.flows["F4"].condition is None

    def test_multi_instance_is_complete(self, process: Process) -> None:
        assert process.scope.nodes["Repair"].multi_instance == MultiInstance(
            sequential=True,
            input_collection=feel("工单"),
            input_element="单",
            output_collection="结果",
            output_element=feel("成果"),
            completion=feel('成果 = "停"'),
        )

    @pytest.mark.parametrize(
        ("attributes", "inner", "expected"),
        [
            ("", "", ()),
            ('behavior="All" noneBehaviorEventRef="d"', "", ()),
            ('behavior="None" noneBehaviorEventRef="d"', "", (OnCompletion(signal("完成")),)),
            ('behavior="None"', "", (OnCompletion(None),)),
            ('behavior="One" oneBehaviorEventRef="d"', "", (OnCompletion(signal("完成"), first_only=True),)),
            (
                'behavior="Complex"',
                "<bpmn:complexBehaviorDefinition><bpmn:condition>=够了</bpmn:condition><bpmn:event>"
                "<bpmn:eventDefinitionRef>d</bpmn:eventDefinitionRef></bpmn:event></bpmn:complexBehaviorDefinition>",
                (OnCompletion(signal("完成"), feel("够了"), ends=True),),
            ),
        ],
    )
    def test_what_instances_throw(self, attributes: str, inner: str, expected: tuple[OnCompletion, ...]) -> None:
        loop = f"<bpmn:multiInstanceLoopCharacteristics {attributes}>{inner}</bpmn:multiInstanceLoopCharacteristics>"
        drawing = Drawing().start().user_task("a", inner=loop).end()
        drawing.root('<bpmn:signal id="s" name="完成"/>', event("signal", id="d", signalRef="s"))

        found = node(drawing, "a").multi_instance

        assert found is not None
        thrown = [replace(each, event=each.event and replace(each.event, line=0)) for each in found.on_completion]
        assert tuple(thrown) == expected

    def test_a_decision_is_read(self) -> None:
        drawing = Drawing().start()
        called = extension(zeebe("calledDecision", decisionId="fee", resultVariable="费用"))

        found = node(drawing.node("businessRuleTask", "decide", called).end(), "decide")

        assert (found.decision, found.result_variable) == (literal("fee"), "费用")

    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("clerk@group", (literal("clerk@group"),)),
            (
                "clerk@group, officer@housing，@applicant",
                tuple(map(literal, ("clerk@group", "officer@housing", "@applicant"))),
            ),
            ("=[a, b]", (feel("[a, b]"),)),
            ("clerk@=f(a, b), @applicant", tuple(map(literal, ("clerk@=f(a, b)", "@applicant")))),
        ],
    )
    def test_candidates_are_split_at_commas_outside_expressions(self, written: str, expected: tuple[Text, ...]) -> None:
        found = node(Drawing().start().user_task(groups=written).end(), "a").assignment

        assert found is not None
        assert found.groups == expected

    def test_every_kind_of_node_is_read(self) -> None:
        drawing = Drawing().lift()
        for kind in Kind:
            drawing.node(kind.value, kind.value)

        nodes = read(drawing.xml()).processes[0].scope.nodes

        assert {found.kind for found in nodes.values()} == set(Kind)


class TestEvents:
    def test_a_boundary_timer_knows_its_host(self, process: Process) -> None:
        late = process.scope.nodes["Late"]

        assert (late.attached_to, late.interrupting) == ("Check", False)
        assert late.event is not None
        assert late.event.timer == TimerDefinition("cycle", literal("R/P1D"))

    def test_an_error_has_the_code_of_its_declaration_even_by_a_prefixed_name(self, process: Process) -> None:
        inside = process.scope.nodes["Repair"].scope
        assert inside is not None

        for found in (inside.nodes["Repair_end"], process.scope.nodes["Failed"]):
            assert found.event is not None
            assert (found.event.type, found.event.code) == (EventType.ERROR, "BROKEN")

    def test_a_message_start_of_an_event_sub_process_has_name_and_key(self, process: Process) -> None:
        withdrawal = process.scope.nodes["Withdrawal"]
        assert withdrawal.scope is not None
        start = withdrawal.scope.nodes["Withdrawn"].event

        assert withdrawal.triggered_by_event
        assert start is not None
        assert (start.type, start.name, start.correlation) == (EventType.MESSAGE, literal("撤回"), feel("编号"))

    def test_a_shared_event_definition_is_resolved(self) -> None:
        shared = event("timer", element("bpmn:timeDuration", "PT2H"), id="shared")
        drawing = Drawing().root(shared).start().catch("wait", element("bpmn:eventDefinitionRef", "shared")).end()

        found = node(drawing, "wait").event

        assert found is not None
        assert (found.type, found.timer) == (EventType.TIMER, TimerDefinition("duration", literal("PT2H")))

    def test_several_definitions_are_kept_beside_their_summary(self) -> None:
        found = node(Drawing().start().catch("wait", timer("Date", "=d") + event("message")).end(), "wait")

        assert found.event is not None
        assert found.event.type is EventType.MULTIPLE
        assert [each.type for each in found.events] == [EventType.TIMER, EventType.MESSAGE]

    def test_a_receive_task_has_its_message(self) -> None:
        drawing = Drawing().root(message()).start().node("receiveTask", "wait", messageRef="m").end()

        found = node(drawing, "wait").event

        assert found is not None
        assert (found.name, found.correlation) == (literal("补充材料"), feel("编号"))

    def test_a_reference_that_leads_nowhere_is_noted(self) -> None:
        drawing = Drawing().start().catch("wait", event("message", messageRef="gone")).end()

        diagram = read(drawing.xml())

        missing = [each for each in diagram.references if each.found is None]
        assert [replace(each, line=0) for each in missing] == [
            Reference("wait", "messageEventDefinition", "messageRef", "gone", None, 0)
        ]


def test_attributes_of_other_elements_mean_nothing() -> None:
    drawing = Drawing().start().node("manualTask", "t", triggeredByEvent="true", attachedToRef="b", instantiate="true")
    drawing.node("intermediateThrowEvent", "e", parallelMultiple="true", cancelActivity="false").node("task", "b").end()
    drawing.boundary("on", "b", timer("Duration", "PT1H"), isInterrupting="false").end("late")
    (process,) = read(drawing.xml()).processes
    task, throw, boundary = (process.scope.nodes[id] for id in ("t", "e", "on"))
    assert (task.triggered_by_event, task.attached_to, task.instantiate) == (False, None, False)
    assert (throw.parallel_multiple, throw.interrupting, boundary.interrupting) == (False, True, True)

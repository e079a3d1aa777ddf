"""What the reader notes for the checker, and a modeler's file seen by the checker and as a list."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bpmn import World, check, read
from engine.bpmn.diagram import Diagram
from engine.bpmn.layout import Line, outline
from engine.bpmn.model import Kind, Text
from tests.bpmn_xml import Drawing, element, extension, properties, simple, zeebe


@pytest.fixture(scope="module")
def diagram() -> Diagram:
    return read(Path(__file__).with_name("camunda8.bpmn").read_bytes())


class TestWhatIsNotUnderstood:
    def test_conditions_without_equals_are_literals(self) -> None:
        flow = read(Drawing().start().user_task().when("x > 1").end().xml()).processes[0].scope.flows["a_end"]

        assert flow.condition == Text("x > 1", False)

    def test_unknown_elements_are_noted_with_their_node_and_line(self) -> None:
        drawing = Drawing().start().user_task(more=zeebe("taskListeners") + element("camunda:formData")).end()

        found = [(each.id, each.tag, each.parent) for each in read(drawing.xml()).unknown]

        assert found == [
            ("a", "zeebe:taskListeners", "extensionElements"),
            ("a", "camunda:formData", "extensionElements"),
        ]

    def test_a_node_without_an_id_is_read_and_noted(self) -> None:
        source = simple().xml().replace(b'<bpmn:startEvent id="start">', b"<bpmn:startEvent>")

        diagram = read(source)

        assert [each.tag for each in diagram.without_id] == ["bpmn:startEvent"]
        assert len(diagram.processes[0].scope.nodes) == 3

    def test_properties_of_other_extensions_are_no_node(self) -> None:
        drawing = simple().raw(extension(properties(a="1")))

        assert read(drawing.xml()).unknown == ()


class TestInTheWorld:
    def test_the_whole_file_may_be_deployed_where_all_that_it_names_exists(self, diagram: Diagram) -> None:
        world = World(
            forms={
                "repair-request": frozenset({"地点", "紧急", "工单"}),
                "repair-check": frozenset({"核实"}),
                "repair-done": frozenset({"成果"}),
            },
            positions=frozenset({"clerk", "group_leader"}),
            places=frozenset({"community", "group"}),
            policy=frozenset({"核实期限"}),
            processes=frozenset({"purchase"}),
            handlers=frozenset({"notify"}),
            functions=frozenset({"工作日后"}),
            clauses=frozenset({"5.2.2 a", "5.2.2 b"}),
            variables=frozenset({"policy", "编号"}),
        )

        assert [finding.message for finding in check(diagram, world)] == []

    def test_a_drawing_that_nobody_runs_breaks_no_rule_of_bpmn(self) -> None:
        picture = Drawing(executable=False).start().node("task", "a").end()

        assert check(read(picture.xml()), deploy=False) == ()

    def test_it_reads_as_a_list(self, diagram: Diagram) -> None:
        lines = outline(diagram)

        assert lines[0] == Line("工作人员", "Filed", "收到报修", Kind.START_EVENT)
        order = [line.id for line in lines]
        assert order[:3] == ["Filed", "Check", "Late"]
        assert order.index("Repair") < order.index("Do") < order.index("Failed") < order.index("Buy")
        assert order.index("Buy") < order.index("Sum") < order.index("Done")
        assert order[-3:] == ["Withdrawal", "Withdrawn", "Withdrawal_end"]
        assert len(order) == len(set(order)) == 17

"""The drawing of appeals: one lane a level, nothing crossing, everything readable, and every task with its basis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path

import lxml.etree as etree
import pytest
import yaml

from engine import bpmn, forms, policy
from engine.bpmn.model import Kind, Node, Scope

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "processes" / "appeal"
XML = (FOLDER / "appeal.bpmn").read_bytes()
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle of the drawing."""

    owner: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        beside = self.right <= other.left or other.right <= self.left
        return not beside and self.top < other.bottom and other.top < self.bottom

    def holds(self, other: Box) -> bool:
        """Whether the other lies inside."""
        inside = self.left <= other.left and other.right <= self.right
        return inside and self.top <= other.top and other.bottom <= self.bottom


def nodes(scope: Scope) -> Iterator[Node]:
    for node in scope.nodes.values():
        yield node
        if node.scope:
            yield from nodes(node.scope)


@pytest.fixture(scope="module")
def process() -> bpmn.model.Process:
    found = bpmn.read(XML).process("appeal")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def user_tasks(process: bpmn.model.Process) -> list[Node]:
    return [node for node in nodes(process.scope) if node.kind is Kind.USER_TASK]


def box(owner: str, element: etree._Element) -> Box:
    bounds = element.find(f"{DC}Bounds")
    assert bounds is not None
    left, top, width, height = (float(bounds.get(name, "")) for name in ("x", "y", "width", "height"))
    return Box(owner, left, top, left + width, top + height)


def shapes() -> dict[str, Box]:
    found = etree.fromstring(XML).iter(f"{DI}BPMNShape")
    return {each.get("bpmnElement", ""): box(each.get("bpmnElement", ""), each) for each in found}


def labels() -> list[Box]:
    found = etree.fromstring(XML).iter(f"{DI}BPMNLabel")
    return [box(str(each.getparent().get("bpmnElement")), each) for each in found]


def segments() -> list[tuple[str, Point, Point]]:
    edges = etree.fromstring(XML).iter(f"{DI}BPMNEdge")
    found: list[tuple[str, Point, Point]] = []
    for edge in edges:
        points = [(float(each.get("x", "")), float(each.get("y", ""))) for each in edge.iter(WAYPOINT)]
        found.extend((edge.get("bpmnElement", ""), start, end) for start, end in pairwise(points))
    return found


def crosses(level: tuple[Point, Point], upright: tuple[Point, Point]) -> bool:
    (x1, y), (x2, _) = level
    (x, y1), (_, y2) = upright
    return min(x1, x2) < x < max(x1, x2) and min(y1, y2) < y < max(y1, y2)


def test_nothing_is_found_against_the_real_forms_settings_and_clauses() -> None:
    compiled = [forms.compile(path.read_text()) for path in (ROOT / "forms").glob("appeal_*.form")]
    world = bpmn.World(
        forms={form.id: form.variables for form in compiled},
        policy=frozenset(policy.parse((FOLDER / "policy.yaml").read_text())),
        clauses=frozenset(row["id"] for row in yaml.safe_load((ROOT / "processes" / "clauses.yaml").read_text())),
        handlers=frozenset({"notify"}),
        functions=frozenset({"工作日后"}),
        variables=frozenset({"policy", "编号"}),
    )
    assert [finding.message for finding in bpmn.check(bpmn.read(XML), world)] == []


def test_one_lane_a_level_from_the_district_down_to_the_residents(process: bpmn.model.Process) -> None:
    assert [lane.name for lane in process.lanes] == ["区", "街道", "社区", "居民小组", "居民"]


def test_every_user_task_says_what_to_do_by_when_and_on_what_basis(user_tasks: list[Node]) -> None:
    bare = [
        node.id
        for node in user_tasks
        if not (node.documentation and node.form_id and node.due and node.assignment)
        or not (node.property("clause") or node.property("assumption"))
    ]
    assert bare == []


def test_every_form_and_every_setting_is_used(user_tasks: list[Node]) -> None:
    used = {node.form_id for node in user_tasks} | {"appeal_start"}
    assert used == {path.stem for path in (ROOT / "forms").glob("appeal_*.form")}
    names = policy.parse((FOLDER / "policy.yaml").read_text())
    assert [name for name in names if f"policy.{name}" not in XML.decode()] == []


def test_every_path_out_of_a_decision_is_named(process: bpmn.model.Process) -> None:
    flows = {
        flow.id: flow
        for scope in [process.scope, *(node.scope for node in nodes(process.scope) if node.scope)]
        for flow in scope.flows.values()
    }
    decisions = [node for node in nodes(process.scope) if node.kind is Kind.EXCLUSIVE and len(node.outgoing) > 1]
    assert [node.id for node in decisions if not node.name.endswith("？")] == []
    assert [flow for node in decisions for flow in node.outgoing if not flows[flow].name] == []


def test_flows_run_at_right_angles_and_never_cross() -> None:
    slanted = [flow for flow, (x1, y1), (x2, y2) in segments() if x1 != x2 and y1 != y2]
    level = [(flow, start, end) for flow, start, end in segments() if start[1] == end[1]]
    upright = [(flow, start, end) for flow, start, end in segments() if start[0] == end[0]]
    crossing = [(a[0], b[0]) for a in level for b in upright if a[0] != b[0] and crosses(a[1:], b[1:])]
    assert (slanted, crossing) == ([], [])


def test_labels_overlap_neither_each_other_nor_an_element(process: bpmn.model.Process) -> None:
    # A gateway fills only the middle of its box, and a label may lie inside a sub-process.
    roomy = {node.id for node in nodes(process.scope) if node.kind in (Kind.SUB_PROCESS, Kind.EXCLUSIVE)}
    elements = {node.id for node in nodes(process.scope)} - roomy
    solid = [shape for shape in shapes().values() if shape.owner in elements]
    touching = [(a.owner, b.owner) for a, b in combinations(labels(), 2) if a.overlaps(b)]
    covering = [(a.owner, b.owner) for a in labels() for b in solid if a.overlaps(b)]
    assert (touching, covering) == ([], [])


def test_everything_lies_in_its_lane(process: bpmn.model.Process) -> None:
    drawn = shapes()
    outside = [node for lane in process.lanes for node in lane.nodes if not drawn[lane.id].holds(drawn[node])]
    assert outside == []
    assert {node.id for node in nodes(process.scope)} == {node for lane in process.lanes for node in lane.nodes}

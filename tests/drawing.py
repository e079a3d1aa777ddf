"""A process as it is drawn: its shapes, its labels and the stretches of its flows, read from the file once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import lxml.etree as etree

from engine import bpmn
from engine.bpmn.model import Flow, Lane, Node, Process, Scope

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
_WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
_PROPERTY = "{http://camunda.org/schema/zeebe/1.0}property"
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


@dataclass(frozen=True)
class Stretch:
    """A straight piece of the flow ``owner``."""

    owner: str
    start: Point
    end: Point

    @property
    def level(self) -> bool:
        return self.start[1] == self.end[1]

    @property
    def upright(self) -> bool:
        return self.start[0] == self.end[0]

    @property
    def box(self) -> Box:
        """The rectangle around it; one at right angles has no breadth."""
        (x1, y1), (x2, y2) = self.start, self.end
        return Box(self.owner, min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))

    def crosses(self, other: Stretch) -> bool:
        """Whether this level one and that upright one meet inside both."""
        (one, two), level = (self.box, other.box), self.level and other.upright
        return level and one.left < two.left < one.right and two.top < one.top < two.bottom

    def covers(self, other: Stretch) -> bool:
        """Whether both run along the same line for a while."""
        one, two = self.box, other.box
        if self.level and other.level and one.top == two.top:
            return one.left < two.right and two.left < one.right
        return self.upright and other.upright and one.left == two.left and one.top < two.bottom and two.top < one.bottom


@dataclass(frozen=True)
class Drawing:
    """One file below ``processes``; ``english`` maps the ids of elements to their property ``nameEn``, and
    ``instructions`` to ``documentationEn``."""

    path: Path
    process: Process
    shapes: dict[str, Box]
    labels: list[Box]
    stretches: list[Stretch]
    english: dict[str, str]
    instructions: dict[str, str]
    remarks: dict[str, str] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    around: dict[str, set[str]] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """What the process, its lanes, nodes and flows are called, by their ids."""
        named: list[Lane | Node | Flow] = [*self.process.lanes, *self.nodes.values(), *self.flows.values()]
        return {self.process.key: self.process.name, **{each.id: each.name for each in named}}

    def siblings(self) -> Iterator[list[Node]]:
        """The nodes of each level."""
        scopes = [self.process.scope, *(node.scope for node in self.nodes.values() if node.scope)]
        return ([*scope.nodes.values()] for scope in scopes)


def read(path: Path) -> Drawing:
    """The drawing of the only process of a file."""
    content = path.read_bytes()
    (process,) = bpmn.read(content).processes
    root = etree.fromstring(content)
    found = Drawing(
        path,
        process,
        shapes={each.get("bpmnElement", ""): _box(each) for each in root.iter(f"{_DI}BPMNShape")},
        labels=[_box(each, each.getparent()) for each in root.iter(f"{_DI}BPMNLabel")],
        stretches=[each for edge in root.iter(f"{_DI}BPMNEdge") for each in _stretches(edge)],
        english=dict(_english(root, "nameEn")),
        instructions=dict(_english(root, "documentationEn")),
        remarks={each.get("id", ""): each.findtext(f"{_BPMN}text", "") for each in root.iter(f"{_BPMN}textAnnotation")},
    )
    _collect(found, process.scope, set())
    return found


def _collect(drawing: Drawing, scope: Scope, around: set[str]) -> None:
    """Fill in all nodes and flows with the sub-processes around them."""
    drawing.nodes.update(scope.nodes)
    drawing.flows.update(scope.flows)
    drawing.around.update(dict.fromkeys([*scope.nodes, *scope.flows], around))
    for node in scope.nodes.values():
        if node.scope:
            _collect(drawing, node.scope, around | {node.id})


def _box(element: etree._Element, owner: etree._Element | None = None) -> Box:
    bounds = element.find(_BOUNDS)
    assert bounds is not None
    left, top, width, height = (float(bounds.get(name, "")) for name in ("x", "y", "width", "height"))
    return Box((element if owner is None else owner).get("bpmnElement", ""), left, top, left + width, top + height)


def _stretches(edge: etree._Element) -> Iterator[Stretch]:
    points = [(float(each.get("x", "")), float(each.get("y", ""))) for each in edge.iter(_WAYPOINT)]
    return (Stretch(edge.get("bpmnElement", ""), start, end) for start, end in pairwise(points))


def _english(root: etree._Element, name: str) -> Iterator[tuple[str, str]]:
    for each in root.iter(_PROPERTY):
        if each.get("name") == name:
            # The property lies in properties, in extensionElements, in what it names.
            yield each.getparent().getparent().getparent().get("id", ""), each.get("value", "").strip()

"""Lanes of a process, nested ones included: which lane a node lies in, and what a lane gives to its tasks."""

from __future__ import annotations

import lxml.etree as etree

from engine.bpmn import xml, zeebe
from engine.bpmn.events import local_id
from engine.bpmn.model import Lane
from engine.bpmn.names import BPMN


class Lanes:
    """All lanes below a process in drawing order; a nested lane inherits the properties of the lane around it."""

    def __init__(self, process: etree._Element) -> None:
        found: list[Lane] = []
        for lane_set in process.iter(f"{{{BPMN}}}laneSet"):
            self._collect(lane_set, (), found)
        self.all = tuple(found)
        # A node is listed in every lane around it; the innermost comes last and is the one that counts.
        self._of_node = {node: lane.id for lane in found for node in lane.nodes}

    def of(self, node_id: str) -> str | None:
        """The id of the innermost lane that lists the node."""
        return self._of_node.get(node_id)

    def _collect(self, lane_set: etree._Element, inherited: zeebe.Properties, found: list[Lane]) -> None:
        for element in lane_set.iterfind(f"{{{BPMN}}}lane"):
            properties = tuple((dict(inherited) | dict(zeebe.properties(element))).items())
            nodes = element.iterfind(f"{{{BPMN}}}flowNodeRef")
            name = element.get("name", "").strip()
            found.append(
                Lane(
                    id=element.get("id") or f"lane_{xml.line(element)}",
                    name=name,
                    nodes=tuple(local_id(each.text or "") for each in nodes),
                    properties=properties,
                )
            )
            for child in element.iterfind(f"{{{BPMN}}}childLaneSet"):
                self._collect(child, properties, found)

"""Who a user task goes to: its own assignment, else the default of its lane."""

from __future__ import annotations

from engine.bpmn import zeebe
from engine.bpmn.model import Assignment, Node, Process


def assignment_of(process: Process, node: Node) -> Assignment | None:
    """The assignment of the node itself, else the lane's ``candidateGroups``, else None."""
    return node.assignment or _lane_default(process, node)


def _lane_default(process: Process, node: Node) -> Assignment | None:
    lane = next((each for each in process.lanes if each.id == node.lane), None)
    groups = zeebe.holders(dict(lane.properties).get("candidateGroups", "")) if lane else ()
    return Assignment(groups=groups) if groups else None

"""The diagram as a list: the same steps in the order of the flow, for people who read rather than look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from engine.bpmn.diagram import Diagram
from engine.bpmn.model import Kind, Node, Process, Scope
from engine.bpmn.walk import finish_order


class Line(NamedTuple):
    """One node in reading order: its lane's name (empty: none), id, name (empty: none) and kind."""

    lane: str
    id: str
    name: str
    kind: Kind


def outline(diagram: Diagram) -> list[Line]:
    """All nodes of all processes: each after those that lead to it, loops aside, a sub-process before its content.

    Boundary events follow their activity, event sub-processes come last, and what nothing leads to comes at the end.
    """
    return [line for process in diagram.processes for line in _lines(process, process.scope)]


def _lines(process: Process, scope: Scope) -> Iterator[Line]:
    lanes = {lane.id: lane.name for lane in process.lanes}
    for node in _in_order(scope):
        yield Line(lanes.get(node.lane or "", ""), node.id, node.name, node.kind)
        if node.scope is not None:
            yield from _lines(process, node.scope)


def _in_order(scope: Scope) -> list[Node]:
    nodes = scope.nodes
    starts = [key for key, node in nodes.items() if node.kind is Kind.START_EVENT]
    leads = [key for key, node in nodes.items() if not node.incoming and key not in starts]
    loose = [key for key in leads if nodes[key].kind is not Kind.BOUNDARY_EVENT and not nodes[key].triggered_by_event]
    handlers = [key for key in leads if nodes[key].triggered_by_event]
    following = _following(scope)
    order: dict[str, None] = {}
    for beginning in (*starts, *loose, *handlers, *nodes):
        # The last branch is walked first, so that the first one stands first once the order is turned round.
        for key in reversed(finish_order(beginning, following, order)):
            order[key] = None
    return [nodes[key] for key in order]


def _following(scope: Scope) -> dict[str, list[str]]:
    """What comes after each node, the last first: its boundary events, then the targets of its flows."""
    result: dict[str, list[str]] = {key: [] for key in scope.nodes}
    for key, node in scope.nodes.items():
        if node.attached_to in result:
            result[node.attached_to].append(key)
    for key, node in scope.nodes.items():
        targets = (scope.flows[flow].target for flow in node.outgoing if flow in scope.flows)
        result[key] += [target for target in targets if target in result]
    return {key: targets[::-1] for key, targets in result.items()}

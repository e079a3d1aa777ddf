"""Inclusive joins in the reference game: which of them may go on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.bpmn.model import Kind, Node
from tests.reference.areas import Area


def ready_join(areas: Iterable[Area]) -> tuple[Area, Node] | None:
    """The inclusive join with the smallest id that waits for nobody."""
    joins = [
        (node.id, number, area, node)
        for number, area in enumerate(areas)
        for node in area.scope.nodes.values()
        if node.kind is Kind.INCLUSIVE and len(node.incoming) > 1 and any(area.marks[id] for id in node.incoming)
    ]
    for _, _, area, node in sorted(joins, key=lambda join: join[:2]):
        full = full_flows(area, node)
        if not any(_holds_back(area, node, full, starts) for starts in _positions(area, node)):
            return area, node
    return None


def full_flows(area: Area, join: Node) -> set[str]:
    """The incoming flows on which a token lies."""
    return {id for id in join.incoming if area.marks[id]}


def _positions(area: Area, join: Node) -> Iterator[list[str]]:
    """For every token elsewhere in the area: the flows on which it lies or by which it may leave."""
    for id in +area.marks:
        if id not in join.incoming:
            yield [id]
    for busy in area.busy:
        if not (busy.copy or busy.beside):
            nodes = [busy.node, *(n for n in area.scope.nodes.values() if n.attached_to == busy.node.id)]
            yield [id for node in nodes for id in node.outgoing]


def _holds_back(area: Area, join: Node, full: set[str], starts: list[str]) -> bool:
    seen, todo = set(starts), list(starts)
    while todo:
        target = area.scope.flows[todo.pop()].target
        if target == join.id:
            continue
        nodes = [area.scope.nodes[target], *(n for n in area.scope.nodes.values() if n.attached_to == target)]
        for id in (id for node in nodes for id in node.outgoing):
            if id not in seen:
                seen.add(id)
                todo.append(id)
    reached = seen & set(join.incoming)
    return bool(reached - full) and not reached & full

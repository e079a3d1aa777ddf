"""What tokens can still come to: for the question whether a case may yet wait for something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.bpmn.model import EventType, Kind, Node, Process, Scope
from engine.bpmn.walk import reach

#: A node is passed in three places: about to be entered, being in it, left.
_IN, _AT, _OUT = "in ", "at ", "out "


def ahead(process: Process, entering: Iterable[str], inside: Iterable[str], closed: str) -> set[str]:
    """Ids of the nodes that can still be entered by tokens that enter, or stand inside, the given nodes.

    Paths are sequence flows, links, boundary events, event sub-processes, compensation and the ways into and out of
    sub-processes; conditions are not asked. No path enters the node ``closed``.
    """
    graph = dict(_graph(process.scope, None))
    graph[_IN + closed] = []
    beginnings = [*(_IN + id for id in entering), *(_AT + id for id in inside)]
    found = reach((each for each in beginnings if each != _IN + closed), graph)
    return {place.removeprefix(_IN) for place in found if place.startswith(_IN)} - {closed}


def _graph(scope: Scope, owner: Node | None) -> Iterator[tuple[str, list[str]]]:
    aside = [_IN + node.id for node in scope.nodes.values() if node.triggered_by_event]
    around = [_AT + owner.id] if owner else []
    for node in scope.nodes.values():
        within = [_IN + each.id for each in node.scope.nodes.values() if _is_beginning(each)] if node.scope else []
        yield _IN + node.id, [_AT + node.id, *within]
        yield _AT + node.id, [_OUT + node.id, *_attached(scope, node), *aside, *around]
        again = [_IN + node.id] if is_repeated(node) else []
        yield _OUT + node.id, [*(_IN + target for target in _next(scope, node)), *again]
        if node.scope:
            yield from _graph(node.scope, node)


def is_repeated(node: Node) -> bool:
    """Whether the activity has several runs."""
    return node.multi_instance is not None or node.standard_loop is not None


def _is_beginning(node: Node) -> bool:
    return not node.incoming and node.kind is not Kind.BOUNDARY_EVENT and not node.triggered_by_event


def _attached(scope: Scope, host: Node) -> list[str]:
    return [_IN + node.id for node in scope.nodes.values() if node.attached_to == host.id]


def _next(scope: Scope, node: Node) -> Iterator[str]:
    yield from (flow.target for flow in scope.flows.values() if flow.source == node.id)
    yield from scope.compensations.get(node.id, ())
    if node.kind is Kind.INTERMEDIATE_THROW and node.event and node.event.type is EventType.LINK:
        yield from (
            each.id for each in scope.nodes.values()
            if each.kind is Kind.INTERMEDIATE_CATCH and each.event and each.event.type is EventType.LINK
            and each.event.link == node.event.link
        )  # fmt: skip

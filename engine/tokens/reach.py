"""For inclusive joins: which of their incoming flows a token can still reach from where it is."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn.model import EventType, Kind, Node, Scope
from engine.tokens.elements import Element


def mark_reach(scope: Scope, elements: Mapping[str, Element]) -> bool:
    """Fill ``reach`` of the elements of a scope; say whether it has inclusive joins at all.

    Bit n of ``reach[join]`` is set if a path leads from behind the element to the join's incoming flow n without
    passing the join. Paths are sequence flows, links, and from an activity to its boundary events.
    """
    joins = [node for node in scope.nodes.values() if node.kind is Kind.INCLUSIVE and len(node.incoming) > 1]
    before = _predecessors(scope) if joins else {}
    for join in joins:
        for place, flow in enumerate(sorted(join.incoming)):
            _mark(join, 1 << place, scope.flows[flow].source, before, elements)
    return bool(joins)


def _mark(join: Node, bit: int, source: str, before: Mapping[str, list[str]], elements: Mapping[str, Element]) -> None:
    number = elements[join.id].number
    todo, seen = [source], {source}
    while todo:
        id = todo.pop()
        reach = elements[id].reach
        reach[number] = reach.get(number, 0) | bit
        if id == join.id:
            continue
        for earlier in before[id]:
            if earlier not in seen:
                seen.add(earlier)
                todo.append(earlier)


def _predecessors(scope: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {id: [] for id in scope.nodes}
    for flow in scope.flows.values():
        found[flow.target].append(flow.source)
    for node in scope.nodes.values():
        if node.kind is Kind.BOUNDARY_EVENT and node.attached_to is not None:
            found[node.id].append(node.attached_to)
        if node.kind is Kind.INTERMEDIATE_CATCH and node.event and node.event.type is EventType.LINK:
            found[node.id].extend(_throws(scope, node.event.link))
    return found


def _throws(scope: Scope, link: str | None) -> list[str]:
    return [
        node.id
        for node in scope.nodes.values()
        if node.kind is Kind.INTERMEDIATE_THROW and node.event
        and node.event.type is EventType.LINK and node.event.link == link
    ]  # fmt: skip

"""The ways through a diagram: what can be reached, what can end, and what could turn for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from engine.bpmn.check.context import GATEWAYS, Context, Place
from engine.bpmn.check.events import types_of
from engine.bpmn.check.registry import Problem, at, label, rule
from engine.bpmn.model import EventType, Kind, Node
from engine.errors import N_

#: Nodes at which an instance rests: a person, a job, an event or another process has to come first.
_WAITS = frozenset(
    {Kind.USER_TASK, Kind.SERVICE_TASK, Kind.SEND_TASK, Kind.RECEIVE_TASK, Kind.CALL_ACTIVITY}
    | {Kind.INTERMEDIATE_CATCH, Kind.EVENT_BASED}
)

#: Nodes whose missing flow is a finding of its own.
_NEED_INCOMING = frozenset({Kind.END_EVENT, Kind.INTERMEDIATE_CATCH, Kind.INTERMEDIATE_THROW})
_NEED_OUTGOING = frozenset({Kind.START_EVENT, Kind.BOUNDARY_EVENT, Kind.INTERMEDIATE_CATCH, *GATEWAYS})


@rule(
    "graph.unreachable",
    "10.4.2 Start Event: every other node is the target of a flow",
    N_("从开始事件走不到{element}。请补上连线，或删去它。"),
    deploy=True,
)
def nodes_that_cannot_be_reached(context: Context) -> Iterator[Problem]:
    for place in context.places:
        beginnings = [node for node in place.scope.nodes.values() if _begins(node)]
        if any(node.kind is Kind.START_EVENT for node in beginnings):
            reached = _closure(beginnings, lambda node, place=place: _next(context, place, node))  # type: ignore[misc]
            lost = (node for key, node in place.scope.nodes.items() if key not in reached)
            yield from (at(node) for node in lost if node.incoming or node.kind not in _NEED_INCOMING)


@rule(
    "graph.no-end",
    "10.4.3 End Event: every other node is the source of a flow",
    N_("从{element}出发走不到结束事件。请补上连线，或在后面加一个结束事件。"),
    deploy=True,
)
def nodes_without_a_way_to_an_end(context: Context) -> Iterator[Problem]:
    for place in context.places:
        endings = [node for node in place.scope.nodes.values() if _ends(node)]
        if any(node.kind is Kind.END_EVENT for node in endings):
            ending = _closure(endings, lambda node, place=place: _previous(context, place, node))  # type: ignore[misc]
            stuck = (node for key, node in place.scope.nodes.items() if key not in ending)
            yield from (at(node) for node in stuck if node.outgoing or node.kind not in _NEED_OUTGOING)


@rule(
    "graph.busy-loop",
    "Wuji: automatic steps run in one transaction",
    N_(
        "{element}所在的循环（{nodes}）里没有需要等待的环节，可能不停地转。请加入用户任务、定时事件，或确认循环一定会结束。"
    ),
    severity="warning",
    deploy=True,
)
def loops_without_a_wait(context: Context) -> Iterator[Problem]:
    for place in context.places:
        automatic = {key: node for key, node in place.scope.nodes.items() if not _waits(node)}
        for loop in _loops(context, automatic):
            yield at(loop[0], nodes="、".join(label(node) for node in loop))


def _begins(node: Node) -> bool:
    link_catch = node.kind is Kind.INTERMEDIATE_CATCH and EventType.LINK in types_of(node)
    return node.kind is Kind.START_EVENT or node.triggered_by_event or node.for_compensation or link_catch


def _ends(node: Node) -> bool:
    link_throw = node.kind is Kind.INTERMEDIATE_THROW and EventType.LINK in types_of(node)
    compensates = node.kind is Kind.BOUNDARY_EVENT and EventType.COMPENSATION in types_of(node)
    return node.kind is Kind.END_EVENT or node.triggered_by_event or node.for_compensation or link_throw or compensates


def _next(context: Context, place: Place, node: Node) -> Iterator[Node]:
    nodes = place.scope.nodes
    yield from (nodes[flow.target] for flow in context.outgoing(node) if flow.target in nodes)
    yield from context.boundary.get(node.id, ())


def _previous(context: Context, place: Place, node: Node) -> Iterator[Node]:
    nodes = place.scope.nodes
    yield from (nodes[flow.source] for flow in context.incoming(node) if flow.source in nodes)
    # An activity that only its boundary events leave ends through them.
    if node.kind is Kind.BOUNDARY_EVENT and node.attached_to in nodes and not nodes[node.attached_to].outgoing:
        yield nodes[node.attached_to]


def _closure(beginnings: Iterable[Node], step: Callable[[Node], Iterable[Node]]) -> set[str]:
    waiting = list(beginnings)
    found: set[str] = set()
    while waiting:
        node = waiting.pop()
        if node.id not in found:
            found.add(node.id)
            waiting.extend(step(node))
    return found


def _waits(node: Node) -> bool:
    if node.kind in _WAITS:
        return True
    return node.scope is not None and any(_waits(inner) for inner in node.scope.nodes.values())


def _loops(context: Context, nodes: dict[str, Node]) -> Iterator[list[Node]]:
    """The groups of these nodes that lie on common circles, each in document order."""

    def step(node: Node) -> Iterator[Node]:
        return (nodes[flow.target] for flow in context.outgoing(node) if flow.target in nodes)

    reach = {key: _closure(step(node), step) for key, node in nodes.items()}
    seen: set[str] = set()
    for key in nodes:
        if key in reach[key] and key not in seen:
            loop = [other for other in nodes if other in reach[key] and key in reach[other]]
            seen.update(loop)
            yield [nodes[each] for each in loop]

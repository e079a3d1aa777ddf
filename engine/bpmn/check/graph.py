"""The ways through a diagram: what can be reached, what can end, and what could turn for ever."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.context import ACTIVITIES, GATEWAYS, Context, Place
from engine.bpmn.check.events import is_link
from engine.bpmn.check.links import link_name
from engine.bpmn.check.registry import Problem, at, label, rule
from engine.bpmn.model import EventType, Kind, Node
from engine.bpmn.walk import circles, reach
from engine.errors import N_

#: Nodes at which an instance rests: a person, a job, an event or another process has to come first.
_WAITS = frozenset(
    {Kind.USER_TASK, Kind.SERVICE_TASK, Kind.SEND_TASK, Kind.RECEIVE_TASK, Kind.CALL_ACTIVITY, Kind.EVENT_BASED}
)

#: How many nodes of a loop a sentence names.
_MENTIONED = 8

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
        nodes = place.scope.nodes.values()
        if any(node.kind is Kind.START_EVENT for node in nodes):
            reached = reach((node.id for node in nodes if _begins(node)), _following(context, place))
            lost = (node for node in nodes if node.id not in reached)
            yield from (at(node) for node in lost if node.incoming or node.kind not in _NEED_INCOMING)


@rule(
    "graph.no-incoming",
    "10.4.2 Start Event: where there is one, every other node is the target of a flow",
    N_("{element}没有进入的连线，但这一层有开始事件。请把前一个环节连过来，或删去它。"),
    ext=(150,),
)
def nodes_that_no_flow_reaches(context: Context) -> Iterator[Problem]:
    for place, node in _in_flow(context, Kind.START_EVENT):
        if not context.deploying and context.lacks(node, "incoming"):
            yield from () if _handles_compensation(context, node) or place.is_ad_hoc else [at(node)]


@rule(
    "graph.no-outgoing",
    "10.4.3 End Event: where there is one, every other node is the source of a flow",
    N_("{element}没有离开的连线，但这一层有结束事件。请连到后一个环节，或连到结束事件。"),
    ext=(151,),
)
def nodes_that_no_flow_leaves(context: Context) -> Iterator[Problem]:
    for place, node in _in_flow(context, Kind.END_EVENT):
        if not context.deploying and context.lacks(node, "outgoing"):
            yield from () if _handles_compensation(context, node) or place.is_ad_hoc else [at(node)]


@rule(
    "graph.no-end",
    "10.4.3 End Event: every other node is the source of a flow",
    N_("从{element}出发走不到结束事件。请补上连线，或在后面加一个结束事件。"),
    deploy=True,
)
def nodes_without_a_way_to_an_end(context: Context) -> Iterator[Problem]:
    for place in context.places:
        nodes = place.scope.nodes.values()
        if any(node.kind is Kind.END_EVENT for node in nodes):
            ending = reach((node.id for node in nodes if _ends(node)), _preceding(context, place))
            stuck = (node for node in nodes if node.id not in ending)
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
        automatic = {key for key, node in place.scope.nodes.items() if not _waits(node)}
        following = {
            key: [target for target in _targets(context, place, node) if target in automatic]
            for key, node in place.scope.nodes.items()
            if key in automatic
        }
        for circle in circles(following):
            loop = [node for key, node in place.scope.nodes.items() if key in circle]
            yield at(loop[0], nodes="、".join(label(node) for node in loop[:_MENTIONED]))


def _in_flow(context: Context, kind: Kind) -> Iterator[tuple[Place, Node]]:
    """The activities and gateways of every scope that has events of a kind, and whose references can be trusted."""
    for place in context.places:
        nodes = place.scope.nodes.values()
        misled = context.misdirected & (place.scope.nodes.keys() | place.scope.flows.keys())
        if not misled and any(node.kind is kind for node in nodes):
            yield from ((place, node) for node in nodes if node.kind in ACTIVITIES | GATEWAYS)


def _handles_compensation(context: Context, node: Node) -> bool:
    return node.for_compensation or node.triggered_by_event or node.instantiate or node.id in context.associated


def _begins(node: Node) -> bool:
    return node.kind is Kind.START_EVENT or node.triggered_by_event or node.for_compensation


def _ends(node: Node) -> bool:
    compensates = node.kind is Kind.BOUNDARY_EVENT and EventType.COMPENSATION in node.event_types
    return node.kind is Kind.END_EVENT or node.triggered_by_event or node.for_compensation or compensates


def _following(context: Context, place: Place) -> dict[str, list[str]]:
    """Where a token may be next: along flows and links, and from an activity to its boundary events."""
    return {
        key: _targets(context, place, node) + [event.id for event in context.boundary.get(key, ())]
        for key, node in place.scope.nodes.items()
    }


def _preceding(context: Context, place: Place) -> dict[str, list[str]]:
    result: dict[str, list[str]] = {key: [] for key in place.scope.nodes}
    for key, node in place.scope.nodes.items():
        for target in _targets(context, place, node):
            result[target].append(key)
        # An activity that only its boundary events leave ends through them.
        if not node.outgoing:
            for event in context.boundary.get(key, ()):
                result.get(event.id, []).append(key)
    return result


def _targets(context: Context, place: Place, node: Node) -> list[str]:
    nodes = place.scope.nodes
    targets = [flow.target for flow in context.outgoing(node) if flow.target in nodes]
    if is_link(node, Kind.INTERMEDIATE_THROW):
        name = link_name(node)
        targets += [
            key for key, each in nodes.items() if is_link(each, Kind.INTERMEDIATE_CATCH) and link_name(each) == name
        ]
    return targets


def _waits(node: Node) -> bool:
    if node.kind in _WAITS or (node.kind is Kind.INTERMEDIATE_CATCH and not is_link(node, node.kind)):
        return True
    return node.scope is not None and any(_waits(inner) for inner in node.scope.nodes.values())

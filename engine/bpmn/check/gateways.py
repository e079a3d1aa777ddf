"""Gateways: conditions, directions, and what may follow an event-based gateway."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.context import GATEWAYS, Context
from engine.bpmn.check.registry import Problem, at, rule
from engine.bpmn.model import EventType, Kind, Node
from engine.errors import N_

_AFTER_EVENT_GATEWAY = frozenset({EventType.MESSAGE, EventType.SIGNAL, EventType.TIMER, EventType.CONDITIONAL})


@rule(
    "gateway.condition",
    "10.5.2 Exclusive Gateway, 10.5.3 Inclusive Gateway",
    N_("连线{element}从网关“{gateway}”出发，既没有条件，也不是默认路径。请写条件，或设为默认路径。"),
    deploy=True,
)
def branches_without_a_condition(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.EXCLUSIVE, Kind.INCLUSIVE):
        if len(node.outgoing) < 2:
            continue
        for flow in context.outgoing(node):
            if flow.condition is None and flow.id != node.default_flow:
                yield at(flow, gateway=node.name or node.id)


@rule(
    "gateway.default",
    "10.5.2 Exclusive Gateway: no true condition is an exception at run time",
    N_("网关{element}没有默认路径。若没有一个条件成立，事项会停在这里成为异常。请设一条默认路径。"),
    severity="warning",
    deploy=True,
)
def gateways_without_a_default(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.EXCLUSIVE, Kind.INCLUSIVE):
        if len(node.outgoing) > 1 and node.default_flow is None:
            yield at(node)


@rule(
    "gateway.direction",
    "8.3.8 Gateway, gatewayDirection",
    N_("网关{element}标明的方向是“{direction}”，与它的连线不符（进 {ins} 条，出 {outs} 条）。请改正方向或连线。"),
    ext=(17, 18, 19, 135),
)
def directions_that_the_flows_contradict(context: Context) -> Iterator[Problem]:
    for node in context.nodes(*GATEWAYS):
        ins, outs = (_connected(context, node, side) for side in ("incoming", "outgoing"))
        if not _direction_fits(node, ins, outs):
            yield at(node, direction=node.direction, ins=ins, outs=outs)


@rule(
    "gateway.unconnected",
    "10.5.1 Gateway: Sequence Flow Connections",
    N_("网关{element}没有多条进入或离开的连线，起不到分支或汇合的作用。请补上连线，或删去网关。"),
    ext=(135,),
)
def gateways_that_neither_split_nor_join(context: Context) -> Iterator[Problem]:
    for node in context.nodes(*GATEWAYS - {Kind.EVENT_BASED}):
        ins, outs = (_connected(context, node, side) for side in ("incoming", "outgoing"))
        # One that hands a token on from one flow to another does no harm where it runs.
        passes = ins == outs == 1 and (context.deploying or bool(_misled(context, node)))
        if ins < 2 and outs < 2 and not passes:
            yield at(node)


@rule(
    "gateway.dead-end",
    "10.5.1 Gateway: Sequence Flow Connections",
    N_("网关{element}没有离开的连线。请连到后一个环节。"),
    deploy=True,
)
def gateways_that_lead_nowhere(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes(*GATEWAYS) if not node.outgoing)


@rule(
    "event-gateway.branches",
    "10.5.6 Event-Based Gateway",
    N_("事件网关{element}只有 {count} 条离开的连线，至少要有两条。请补上，或直接用中间事件。"),
    ext=(136,),
)
def event_gateways_with_one_branch(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.EVENT_BASED):
        if len(node.outgoing) < 2:
            yield at(node, count=len(node.outgoing))


@rule(
    "event-gateway.instantiate",
    "10.5.6 Event-Based Gateway, instantiate",
    N_("启动流程的事件网关{element}不能有进入的连线。请删去，或改为不启动流程。"),
    ext=(142,),
)
def instantiating_gateways_with_incoming_flows(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes(Kind.EVENT_BASED) if node.instantiate and node.incoming)


@rule(
    "event-gateway.target",
    "10.5.6 Event-Based Gateway",
    N_("{element}不能接在事件网关后面。请用消息、定时、信号、条件中间事件，或不带边界事件和多实例的接收任务。"),
    ext=(138, 140),
)
def wrong_targets_of_event_gateways(context: Context) -> Iterator[Problem]:
    for node in _targets(context):
        if not _may_follow(context, node):
            yield at(node)


@rule(
    "event-gateway.target-incoming",
    "10.5.6 Event-Based Gateway",
    N_("{element}在事件网关后面，不能再有其他进入的连线。请先用排他网关汇合，或复制一个事件。"),
    ext=(141,),
)
def targets_of_event_gateways_with_other_flows(context: Context) -> Iterator[Problem]:
    for node in _targets(context):
        if len(node.incoming) > 1:
            yield at(node)


@rule(
    "event-gateway.mixed",
    "10.5.6 Event-Based Gateway",
    N_("事件网关{element}后面同时有消息事件和接收任务。请只用其中一种。"),
    ext=(139,),
)
def event_gateways_that_mix_messages_and_receive_tasks(context: Context) -> Iterator[Problem]:
    for gateway in context.nodes(Kind.EVENT_BASED):
        nodes = [context.node[flow.target] for flow in context.outgoing(gateway) if flow.target in context.node]
        catches = [node for node in nodes if node.kind is Kind.INTERMEDIATE_CATCH]
        receives = any(node.kind is Kind.RECEIVE_TASK for node in nodes)
        if receives and any(EventType.MESSAGE in node.event_types for node in catches):
            yield at(gateway)


def _misled(context: Context, node: Node) -> frozenset[str]:
    """The node and its flows that have a reference to something of the wrong kind, which is then the fault."""
    return context.misdirected & {node.id, *node.incoming, *node.outgoing}


def _connected(context: Context, node: Node, side: str) -> int:
    """How many flows are on one side: those that name the node, or as many as the node lists if that is more."""
    named = node.incoming if side == "incoming" else node.outgoing
    return max(len(named), context.listed[node.id, side])


def _direction_fits(node: Node, ins: int, outs: int) -> bool:
    match node.direction:
        case "Diverging":
            return ins <= 1 and outs > 1
        case "Converging":
            return ins > 1 and outs <= 1
        case "Mixed":
            return ins > 1 and outs > 1
        case _:
            return True


def _targets(context: Context) -> Iterator[Node]:
    seen: set[str] = set()
    for gateway in context.nodes(Kind.EVENT_BASED):
        for flow in context.outgoing(gateway):
            if flow.target in context.node and flow.target not in seen:
                seen.add(flow.target)
                yield context.node[flow.target]


def _may_follow(context: Context, node: Node) -> bool:
    if node.kind is Kind.RECEIVE_TASK:
        return not context.boundary.get(node.id) and node.multi_instance is None
    return node.kind is Kind.INTERMEDIATE_CATCH and node.event_types <= _AFTER_EVENT_GATEWAY

"""Sequence flows and message flows: where they may begin, end and pass."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.context import ACTIVITIES, Context
from engine.bpmn.check.registry import Problem, at, on, rule
from engine.bpmn.element import MessageFlow
from engine.bpmn.events import local_id
from engine.bpmn.model import EventType, Kind, Node
from engine.errors import N_


@rule(
    "flow.ends",
    "8.3.13 Sequence Flow, sourceRef and targetRef",
    N_("连线{element}没有两端都接上。请把它的起点和终点连到环节上，或删去。"),
)
def loose_flows(context: Context) -> Iterator[Problem]:
    return (at(flow) for flow in context.flow.values() if not flow.source or not flow.target)


@rule(
    "flow.border",
    "7.6.1 Sequence Flow Connections, 10.3.5 Sub-Process",
    N_("连线{element}从“{source}”穿到“{target}”，越过了子流程或流程的边界。请在同一层里连接。"),
    ext=(28, 152),
)
def flows_over_borders(context: Context) -> Iterator[Problem]:
    for place in context.places:
        for flow in place.scope.flows.values():
            known = flow.source in context.node and flow.target in context.node
            if known and not (flow.source in place.scope.nodes and flow.target in place.scope.nodes):
                yield at(flow, source=flow.source, target=flow.target)


@rule(
    "flow.into-start",
    "10.4.2 Start Event, Sequence Flow Connections",
    N_("开始事件{element}不能有进入的连线。请删去，或改接到后面的环节。"),
    ext=(96,),
)
def flows_into_start_events(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes(Kind.START_EVENT) if node.incoming)


@rule(
    "flow.out-of-end",
    "10.4.3 End Event, Sequence Flow Connections",
    N_("结束事件{element}不能有离开的连线。请删去，或改用中间事件。"),
    ext=(104,),
)
def flows_out_of_end_events(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes(Kind.END_EVENT) if node.outgoing)


@rule(
    "flow.from-start",
    "10.4.2 Start Event, Sequence Flow Connections",
    N_("开始事件{element}没有离开的连线。请连到第一个环节。"),
    ext=(101,),
)
def start_events_that_lead_nowhere(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes(Kind.START_EVENT) if context.lacks(node, "outgoing"))


@rule(
    "flow.to-end",
    "10.4.3 End Event, Sequence Flow Connections",
    N_("结束事件{element}没有进入的连线。请把前一个环节连过来，或删去。"),
    ext=(107,),
)
def end_events_that_nothing_reaches(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes(Kind.END_EVENT) if context.lacks(node, "incoming"))


@rule(
    "flow.listed",
    "8.3.13 Sequence Flow; 8.3.6 Flow Node, incoming and outgoing",
    N_("连线{element}连着“{node}”，但“{node}”没有列出它（{side}）。请重新连接并保存。"),
    ext=(23, 101, 107),
)
def flows_that_their_nodes_do_not_list(context: Context) -> Iterator[Problem]:
    listed = [each for each in context.diagram.references if each.attribute in ("incoming", "outgoing")]
    if not listed:
        return  # hand-written files often list nothing at all, and then nothing contradicts
    good = {(each.element, each.attribute, local_id(each.target)) for each in listed}
    # Where a node lists something that is no flow, that is its fault and reference.kind says so.
    faulty = {(each.element, each.attribute) for each in listed if each.found != "sequenceFlow"}
    for flow in context.flow.values():
        for node, side in ((flow.source, "outgoing"), (flow.target, "incoming")):
            if node in context.node and (node, side, flow.id) not in good and (node, side) not in faulty:
                yield at(flow, node=node, side=side)


@rule(
    "flow.condition-place",
    "8.3.13 Sequence Flow, conditionExpression",
    N_("连线{element}有条件，但它的起点“{source}”不能按条件选择路径。请去掉条件，或改用排他网关来分支。"),
    ext=(137,),
)
def conditions_where_none_may_be(context: Context) -> Iterator[Problem]:
    for flow in context.flow.values():
        source = context.node.get(flow.source)
        if flow.condition is not None and source is not None and not _may_choose(source):
            yield at(flow, source=source.name or source.id)


@rule(
    "flow.single-conditional",
    "8.3.13 Sequence Flow, conditionExpression",
    N_("{element}只有一条离开的连线，不能带条件：条件不成立时就无路可走。请去掉条件，或增加其他路径。"),
    ext=(25,),
)
def only_flow_with_a_condition(context: Context) -> Iterator[Problem]:
    for node in context.nodes(*ACTIVITIES):
        flows = context.outgoing(node)
        if len(flows) == 1 and flows[0].condition is not None:
            yield at(node)


@rule(
    "flow.default-condition",
    "8.3.13 Sequence Flow, default",
    N_("连线{element}是默认路径，不能再带条件。请去掉条件，或取消默认。"),
)
def default_flows_with_a_condition(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        default = context.flow.get(node.default_flow or "")
        if default is not None and default.condition is not None:
            yield at(default)


@rule(
    "flow.empty-condition",
    "8.4.8 Expression",
    N_("连线{element}的条件是空的。请写上以“=”开头的 FEEL 条件，或去掉条件。"),
)
def empty_conditions(context: Context) -> Iterator[Problem]:
    for place in context.places:
        for flow in place.scope.flows.values():
            # In a drawing that nobody runs, an empty condition only says that there is one.
            if flow.condition is not None and not flow.condition.value and place.process.executable:
                yield at(flow)


@rule(
    "flow.immediate",
    "8.3.13 Sequence Flow, isImmediate: not false where the process runs",
    N_("连线{element}标明中间还可能有别的活动（isImmediate=false），流程要执行就不能这样。请去掉这个标记。"),
    ext=(24,),
)
def flows_that_leave_something_out(context: Context) -> Iterator[Problem]:
    for each in context.find("sequenceFlow"):
        if each.get("isImmediate") in ("false", "0") and context.runs(each) and not context.diagram.dialect:
            yield on(each)


@rule(
    "flow.message-within-pool",
    "9.3 Message Flow",
    N_("消息流“{element}”的两端在同一个参与方里。请改用顺序流。"),
    ext=(31,),
)
def message_flows_within_a_pool(context: Context) -> Iterator[Problem]:
    for each in context.diagram.message_flows:
        if (around := _pool(context, each.source)) and around == _pool(context, each.target):
            yield _message_flow(each)


@rule(
    "flow.message-ends",
    "7.6.2 Message Flow Connections",
    N_("消息流“{element}”不能接在“{node}”上：只能从参与方、活动或抛出消息的事件出发，到参与方、活动或接收消息的事件。"),
    ext=(102, 103, 108, 109, 119),
)
def message_flows_at_wrong_nodes(context: Context) -> Iterator[Problem]:
    for each in context.diagram.message_flows:
        for node_id, sends in ((each.source, True), (each.target, False)):
            node = context.node.get(node_id)
            if node is not None and not _may_talk(node, sends):
                yield Problem(each.id, each.line, {"element": each.id, "node": node.name or node.id})


def _may_choose(node: Node) -> bool:
    return node.kind in ACTIVITIES or node.kind in (Kind.EXCLUSIVE, Kind.INCLUSIVE, Kind.COMPLEX)


def _may_talk(node: Node, sends: bool) -> bool:
    if node.kind in ACTIVITIES:
        return node.kind is not (Kind.RECEIVE_TASK if sends else Kind.SEND_TASK)
    if node.event is None:
        return False
    throws = node.kind in (Kind.END_EVENT, Kind.INTERMEDIATE_THROW)
    return throws is sends and node.event.type in (EventType.MESSAGE, EventType.MULTIPLE)


def _pool(context: Context, element: str) -> str:
    if element in context.diagram.pools:
        return context.diagram.pools[element] or element
    place = context.place_of.get(element)
    return place.process.key if place else ""


def _message_flow(each: MessageFlow) -> Problem:
    return Problem(each.id, each.line, {"element": each.id})

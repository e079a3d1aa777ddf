"""Events: which triggers an event may have where it stands, and boundary and link events."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.context import ACTIVITIES, Context, Place
from engine.bpmn.check.registry import Problem, at, rule
from engine.bpmn.model import EventType as T
from engine.bpmn.model import Kind, Node
from engine.errors import N_

_EVENTS = (
    Kind.START_EVENT,
    Kind.END_EVENT,
    Kind.INTERMEDIATE_CATCH,
    Kind.INTERMEDIATE_THROW,
    Kind.BOUNDARY_EVENT,
)

#: Table 10.93 (types of events) by where the event stands.
_TOP_START = frozenset({T.NONE, T.MESSAGE, T.TIMER, T.SIGNAL, T.CONDITIONAL})
_EMBEDDED_START = frozenset({T.NONE})
_EVENT_SUB_START = frozenset({T.MESSAGE, T.TIMER, T.SIGNAL, T.CONDITIONAL, T.ERROR, T.ESCALATION, T.COMPENSATION})
_ALLOWED = {
    Kind.END_EVENT: frozenset(
        {T.NONE, T.MESSAGE, T.ERROR, T.ESCALATION, T.CANCEL, T.COMPENSATION, T.SIGNAL, T.TERMINATE}
    ),
    Kind.INTERMEDIATE_CATCH: frozenset({T.MESSAGE, T.TIMER, T.CONDITIONAL, T.LINK, T.SIGNAL}),
    Kind.INTERMEDIATE_THROW: frozenset({T.NONE, T.MESSAGE, T.ESCALATION, T.COMPENSATION, T.LINK, T.SIGNAL}),
    Kind.BOUNDARY_EVENT: frozenset(
        {T.MESSAGE, T.TIMER, T.ESCALATION, T.ERROR, T.CANCEL, T.COMPENSATION, T.CONDITIONAL, T.SIGNAL}
    ),
}
_ALWAYS_INTERRUPTING = frozenset({T.ERROR, T.CANCEL, T.COMPENSATION})

TYPE_NAMES = {
    T.NONE: N_("无触发条件"),
    T.TIMER: N_("定时"),
    T.MESSAGE: N_("消息"),
    T.SIGNAL: N_("信号"),
    T.ERROR: N_("错误"),
    T.ESCALATION: N_("升级"),
    T.TERMINATE: N_("终止"),
    T.CONDITIONAL: N_("条件"),
    T.LINK: N_("链接"),
    T.COMPENSATION: N_("补偿"),
    T.CANCEL: N_("取消"),
    T.MULTIPLE: N_("多重"),
}


def allowed_types(node: Node, place: Place) -> frozenset[T]:
    """The triggers that BPMN allows for an event of this kind at this place."""
    if node.kind is not Kind.START_EVENT:
        return _ALLOWED[node.kind]
    if place.owner is None:
        return _TOP_START
    return _EVENT_SUB_START if place.is_event_sub_process else _EMBEDDED_START


@rule(
    "event.type",
    "10.4.6 Event Definitions, Table 10.93",
    N_("{element}的触发类型“{type}”在这里不能用。请换一种触发类型，或换一种事件。"),
    ext=(59, 98, 100, 110, 122, 129, 130, 146, 148, 149),
)
def triggers_out_of_place(context: Context) -> Iterator[Problem]:
    for node in context.nodes(*_EVENTS):
        if not node.events and node.id in context.misdirected:
            continue  # its definition is named, but what is named is none: reference.target says so
        for type_ in sorted(node.event_types - allowed_types(node, context.place_of[node.id])):
            yield at(node, type=TYPE_NAMES[type_])


@rule(
    "event.interrupting",
    "10.4.2 Start Event, isInterrupting; 10.4.4 Boundary, cancelActivity",
    N_("{element}是{type}事件，必须是中断的。请改为中断型。"),
    ext=(59, 110),
)
def events_that_must_interrupt(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.START_EVENT, Kind.BOUNDARY_EVENT):
        for type_ in sorted(node.event_types & _ALWAYS_INTERRUPTING):
            if not node.interrupting:
                yield at(node, type=TYPE_NAMES[type_])


@rule(
    "event.cancel-place",
    "10.3.5 Transaction; 10.4.3 Cancel End Event",
    N_("取消事件{element}只能用在事务子流程里或它的边界上。请改用错误事件或终止事件。"),
    ext=(106, 111, 120),
)
def cancel_outside_a_transaction(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.END_EVENT, Kind.BOUNDARY_EVENT):
        owner = context.place_of[node.id].owner
        around = context.node.get(node.attached_to or "") if node.kind is Kind.BOUNDARY_EVENT else owner
        if T.CANCEL in node.event_types and (around is None or around.kind is not Kind.TRANSACTION):
            yield at(node)


@rule(
    "boundary.attached",
    "10.4.4 Intermediate Event, Activity Boundary Connections",
    N_("边界事件{element}没有附着在同一层的活动上。请把它拖到一个活动的边上。"),
    deploy=True,
)
def boundary_events_of_nothing(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.BOUNDARY_EVENT):
        host = context.place_of[node.id].scope.nodes.get(node.attached_to or "")
        if host is None or host.kind not in ACTIVITIES:
            yield at(node)


@rule(
    "boundary.attachment-missing",
    "10.4.4 Intermediate Event, attachedToRef",
    N_("边界事件{element}没有附着在任何活动上（缺少 attachedToRef）。请把它拖到一个活动的边上。"),
)
def boundary_events_without_a_host(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes(Kind.BOUNDARY_EVENT) if not node.attached_to)


@rule(
    "boundary.incoming",
    "10.4.4 Intermediate Event, Activity Boundary Connections",
    N_("边界事件{element}不能有进入的连线。请删去。"),
    ext=(112,),
)
def flows_into_boundary_events(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes(Kind.BOUNDARY_EVENT) if node.incoming)


@rule(
    "boundary.outgoing",
    "10.4.4 Intermediate Event, Activity Boundary Connections",
    N_("边界事件{element}没有离开的连线。请连到触发后要做的环节。"),
    ext=(113,),
)
def boundary_events_that_lead_nowhere(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.BOUNDARY_EVENT):
        if context.lacks(node, "outgoing") and T.COMPENSATION not in node.event_types:
            yield at(node)


@rule(
    "boundary.compensation-flow",
    "10.6.1 Compensation Handler",
    N_("补偿边界事件{element}不能有离开的连线。请用关联线连到补偿活动。"),
    ext=(114,),
)
def flows_out_of_compensation_boundaries(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.BOUNDARY_EVENT):
        if node.outgoing and T.COMPENSATION in node.event_types:
            yield at(node)


@rule(
    "event.intermediate-incoming",
    "10.4.4 Intermediate Event, Sequence Flow Connections",
    N_("中间事件{element}没有进入的连线。请把前一个环节连过来。"),
    ext=(115, 150),
)
def intermediate_events_that_nothing_reaches(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.INTERMEDIATE_CATCH, Kind.INTERMEDIATE_THROW):
        if context.lacks(node, "incoming") and not is_link(node, Kind.INTERMEDIATE_CATCH):
            yield at(node)


@rule(
    "event.intermediate-outgoing",
    "10.4.4 Intermediate Event, Sequence Flow Connections",
    N_("中间事件{element}没有离开的连线。请连到后一个环节。"),
    ext=(116, 151),
)
def intermediate_events_that_lead_nowhere(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.INTERMEDIATE_CATCH, Kind.INTERMEDIATE_THROW):
        if context.lacks(node, "outgoing") and not is_link(node, Kind.INTERMEDIATE_THROW):
            yield at(node)


@rule(
    "event.condition",
    "10.4.6 Conditional Event Definition, condition",
    N_("条件事件{element}没有条件。请写上以“=”开头的 FEEL 条件。"),
    ext=(123,),
)
def conditional_events_without_a_condition(context: Context) -> Iterator[Problem]:
    for node in context.nodes(*_EVENTS):
        missing = any(each.type is T.CONDITIONAL and each.condition is None for each in node.events)
        if missing and context.place_of[node.id].process.executable:
            yield at(node)


def is_link(node: Node, kind: Kind) -> bool:
    """Whether the node is a link event that throws or catches, as ``kind`` says."""
    return node.kind is kind and T.LINK in node.event_types

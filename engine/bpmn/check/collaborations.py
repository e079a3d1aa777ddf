"""Conversations, compensation handlers, ad-hoc sub-processes and resources: who belongs to whom in a drawing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.bpmn.check.context import ACTIVITIES, Context
from engine.bpmn.check.registry import Problem, at, called, on, rule
from engine.bpmn.metamodel import is_a
from engine.bpmn.model import EventType, Kind
from engine.errors import N_


@rule(
    "conversation.global",
    "9.4 Conversations, Global Conversation: it holds no conversation nodes",
    N_("全局会话{element}里不能再有会话节点。请改为协作（collaboration），或删去会话节点。"),
    ext=(32,),
)
def global_conversations_with_nodes(context: Context) -> Iterator[Problem]:
    for each in context.find("globalConversation"):
        if any(is_a(child.tag, ("conversationNode",)) for child in each.children):
            yield on(each)


@rule(
    "conversation.choreography",
    "9.4 and 11: choreographies and global conversations refer to no choreography",
    N_("{element}不能引用编排（choreographyRef），只有协作可以。请删去引用。"),
    ext=(27,),
)
def references_to_choreographies(context: Context) -> Iterator[Problem]:
    for each in context.find("choreography", "globalConversation", "globalChoreographyTask"):
        if each.one("choreographyRef"):
            yield on(each)


@rule(
    "participant.multiplicity",
    "9.2.1 Participant Multiplicity: minimum 0 or more, maximum 1 or more, and not less than the minimum",
    N_("参与方{element}的数量不对：最少 {least}，最多 {most}。最少不小于 0，最多不小于 1，也不小于最少。请改正。"),
    ext=(29, 30),
)
def impossible_multiplicities(context: Context) -> Iterator[Problem]:
    for each in context.find("participantMultiplicity"):
        least, most = (_number(each.get(name)) for name in ("minimum", "maximum"))
        low, high = 0 if least is None else least, 1 if most is None else most
        if low < 0 or high < 1 or high < low:
            yield on(each, element=called(each.parent or each), least=low, most=high)


@rule(
    "conversation.link",
    "9.4 Conversation Link: between a participant and a conversation node",
    N_("会话连线{element}要一端接参与方，另一端接会话节点。请重新连接。"),
)
def conversation_links_between_the_wrong_ends(context: Context) -> Iterator[Problem]:
    for each in context.find("conversationLink"):
        ends = [context.target(each.get(side)) for side in ("sourceRef", "targetRef")]
        tags = [end.tag for end in ends if end is not None]
        nodes = sum(is_a(tag, ("conversationNode",)) for tag in tags)
        if len(tags) == 2 and tags.count("participant") + nodes == 2 and nodes != 1:
            yield on(each)


@rule(
    "compensation.unlinked",
    "10.6.1 Compensation Handler: an association leads from the boundary event to it",
    N_("补偿边界事件{element}没有用关联线连到补偿活动。请连上。"),
    ext=(143,),
)
def compensation_events_without_a_handler(context: Context) -> Iterator[Problem]:
    if context.deploying:
        return  # compensation.association says it of what is to run
    linked = {each.get(end) for each in context.find("association") for end in ("sourceRef", "targetRef")}
    for node in context.nodes(Kind.BOUNDARY_EVENT):
        if EventType.COMPENSATION in node.event_types and node.id not in linked:
            yield at(node)


@rule(
    "compensation.handler",
    "10.6.1 Compensation Handler: an association leads to an activity for compensation",
    N_("补偿边界事件{element}用关联线连到“{handler}”，但它没有标为补偿活动（isForCompensation）。请加上标记。"),
    ext=(144,),
)
def compensation_handlers_without_the_mark(context: Context) -> Iterator[Problem]:
    for line in context.find("association"):
        event, handler = (context.node.get(line.get(side)) for side in ("sourceRef", "targetRef"))
        if event is None or handler is None or event.kind is not Kind.BOUNDARY_EVENT:
            continue
        compensates = EventType.COMPENSATION in event.event_types
        if compensates and handler.kind in ACTIVITIES and not handler.for_compensation:
            yield at(event, handler=handler.name or handler.id)


@rule(
    "compensation.flows",
    "10.6.1 Compensation Handler: outside the normal flow",
    N_("补偿活动{element}不能有进入或离开的连线，它只由补偿触发。请删去连线，或去掉补偿标记。"),
)
def compensation_activities_with_flows(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes() if node.for_compensation and (node.incoming or node.outgoing))


@rule(
    "ad-hoc.content",
    "10.3.5 Ad-Hoc Sub-Process: activities, and neither start nor end events",
    N_("临时（Ad-hoc）子流程{element}里至少要有一个活动，而且不能有开始事件和结束事件。请补上或删去。"),
    ext=(61, 62),
)
def ad_hoc_sub_processes_with_the_wrong_content(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.AD_HOC):
        inside = [each.kind for each in node.scope.nodes.values()] if node.scope else []
        events = Kind.START_EVENT in inside or Kind.END_EVENT in inside
        if events or not any(kind in ACTIVITIES for kind in inside):
            yield at(node)


@rule(
    "resource.choice",
    "10.2.2 Resource Role: a resource with its parameters, or an expression",
    N_("{element}的资源角色同时写了资源和分派表达式，或者没有资源却写了参数。请只用其中一种。"),
)
def resource_roles_that_say_it_twice(context: Context) -> Iterator[Problem]:
    for each in context.find("resourceRole", "performer", "humanPerformer", "potentialOwner"):
        resource, computed = each.one("resourceRef"), each.one("resourceAssignmentExpression")
        if (resource and computed) or (resource is None and each.one("resourceParameterBinding")):
            yield on(each)


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[+-]?\d{1,9}", text, re.ASCII) else None

"""Embedded and event sub-processes: how they begin, and what may be connected to them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.context import Context, Place
from engine.bpmn.check.registry import Problem, at, rule
from engine.bpmn.model import Kind, Node
from engine.errors import N_


@rule(
    "event-sub-process.flows",
    "10.3.5 Event Sub-Process",
    N_("事件子流程{element}不能有进入或离开的连线。请删去，它由自己的开始事件触发。"),
    ext=(21, 22, 57),
)
def flows_at_event_sub_processes(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes() if node.triggered_by_event and (node.incoming or node.outgoing))


@rule(
    "event-sub-process.start",
    "10.3.5 Event Sub-Process",
    N_("事件子流程{element}要有且只有一个开始事件，现在有 {count} 个。请增加或删去。"),
    ext=(58,),
)
def event_sub_processes_without_one_start(context: Context) -> Iterator[Problem]:
    for place, owner in _owned(context):
        starts = _starts(place)
        if place.is_event_sub_process and len(starts) != 1:
            yield at(owner, count=len(starts))


@rule(
    "event-sub-process.loop",
    "10.3.5 Event Sub-Process",
    N_("事件子流程{element}不能是多实例或循环。请去掉标记，或在里面放一个多实例任务。"),
)
def repeated_event_sub_processes(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        if node.triggered_by_event and (node.multi_instance or node.standard_loop):
            yield at(node)


@rule(
    "event-sub-process.boundary",
    "10.3.5 Event Sub-Process",
    N_("边界事件{element}不能附着在事件子流程上。请把它的触发写成另一个事件子流程。"),
)
def boundary_events_on_event_sub_processes(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.BOUNDARY_EVENT):
        host = context.node.get(node.attached_to or "")
        if host is not None and host.triggered_by_event:
            yield at(node)


@rule(
    "sub-process.start",
    "10.3.5 Embedded Sub-Process",
    N_("子流程{element}要有且只有一个开始事件，现在有 {count} 个。请增加或删去。"),
    deploy=True,
)
def sub_processes_without_one_start(context: Context) -> Iterator[Problem]:
    for place, owner in _owned(context):
        starts = _starts(place)
        if not place.is_event_sub_process and owner.kind is not Kind.AD_HOC and len(starts) != 1:
            yield at(owner, count=len(starts))


def _owned(context: Context) -> Iterator[tuple[Place, Node]]:
    return ((place, place.owner) for place in context.places if place.owner is not None)


def _starts(place: Place) -> list[Node]:
    return [node for node in place.scope.nodes.values() if node.kind is Kind.START_EVENT]

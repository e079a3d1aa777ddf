"""Compensation and transactions: who undoes what, and where a cancelled transaction goes on."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.context import ACTIVITIES, Context, Place
from engine.bpmn.check.registry import Problem, at, rule
from engine.bpmn.model import EventType, Kind, Node
from engine.errors import N_


@rule(
    "compensation.association",
    "10.6.1 Compensation Handler: an association leads from the boundary event to it",
    N_("补偿边界事件{element}要用一条关联线连到同一层的一个补偿活动。请连上，或删去多余的关联线。"),
    deploy=True,
)
def compensation_boundaries_without_one_handler(context: Context) -> Iterator[Problem]:
    for node, place in _compensating(context, Kind.BOUNDARY_EVENT):
        found = place.scope.compensations.get(node.id, ())
        if len(found) != 1 or place.scope.nodes[found[0]].kind not in ACTIVITIES:
            yield at(node)


@rule(
    "compensation.several",
    "10.6.1 Compensation Handler: an activity has at most one",
    N_("{element}上有不止一个补偿边界事件。请只留一个，把要撤销的几步放进一个补偿子流程。"),
    deploy=True,
)
def activities_with_several_handlers(context: Context) -> Iterator[Problem]:
    for host, attached in context.boundary.items():
        if host in context.node and len([each for each in attached if EventType.COMPENSATION in each.event_types]) > 1:
            yield at(context.node[host])


@rule(
    "compensation.boundary",
    "Wuji: what runs, what is refused",
    N_("补偿活动{element}上不能有边界事件。请把它们放到补偿子流程里面的活动上。"),
    deploy=True,
)
def boundary_events_on_compensation_activities(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes() if node.for_compensation and context.boundary.get(node.id))


@rule(
    "compensation.start-place",
    "10.3.5 Event Sub-Process; 10.6.1: a compensation event sub-process belongs to a sub-process",
    N_("补偿开始事件{element}只能用在子流程里面的事件子流程：整个流程办结以后，没有谁能补偿它。"),
    deploy=True,
)
def compensation_starts_of_a_process(context: Context) -> Iterator[Problem]:
    for node, place in _compensating(context, Kind.START_EVENT):
        if place.owner is not None and context.place_of[place.owner.id].owner is None:
            yield at(node)


@rule(
    "compensation.activity",
    "10.4.6 Compensation Event Definition, activityRef: visible from the event",
    N_("补偿事件{element}要补偿的“{activity}”不是同一层的活动，也不在外面一层。请改选一个，或留空表示全部。"),
    deploy=True,
)
def compensation_of_what_cannot_be_seen(context: Context) -> Iterator[Problem]:
    for node, place in _compensating(context, Kind.INTERMEDIATE_THROW, Kind.END_EVENT):
        for each in node.events:
            named = each.activity if each.type is EventType.COMPENSATION else None
            if named is not None and not any(_has(seen, named) for seen in _seen(context, place)):
                yield at(node, activity=named)


@rule(
    "transaction.cancel",
    "10.3.5 Transaction: a cancelled one is left by its cancel boundary event",
    N_("事务{element}里有取消结束事件，边界上却没有接取消的边界事件，取消以后无路可走。请加上一个。"),
    deploy=True,
)
def transactions_that_are_cancelled_to_nowhere(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.TRANSACTION):
        inside = node.scope.nodes.values() if node.scope else ()
        cancels = any(each.kind is Kind.END_EVENT and EventType.CANCEL in each.event_types for each in inside)
        if cancels and not any(EventType.CANCEL in each.event_types for each in context.boundary.get(node.id, ())):
            yield at(node)


def _compensating(context: Context, *kinds: Kind) -> Iterator[tuple[Node, Place]]:
    for node in context.nodes(*kinds):
        if EventType.COMPENSATION in node.event_types:
            yield node, context.place_of[node.id]


def _seen(context: Context, place: Place) -> Iterator[Place]:
    """The scope in which an event stands and, from an event sub-process, the one around it."""
    yield place
    while place.owner is not None and place.owner.triggered_by_event:
        place = context.place_of[place.owner.id]
        yield place


def _has(place: Place, activity: str) -> bool:
    return activity in place.scope.nodes and place.scope.nodes[activity].kind in ACTIVITIES

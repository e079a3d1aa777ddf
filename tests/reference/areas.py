"""What lies where in the reference game, and what can be read off a diagram."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.bpmn.model import EventDefinition, EventType, Kind, Node, Scope

THROWN = (EventType.ERROR, EventType.ESCALATION)
WAITED_FOR = (EventType.TIMER, EventType.MESSAGE, EventType.SIGNAL, EventType.CONDITIONAL)
WAITING = {Kind.USER_TASK, Kind.SERVICE_TASK, Kind.RECEIVE_TASK, Kind.CALL_ACTIVITY, Kind.INTERMEDIATE_CATCH}
#: One of the definitions of an event: the event's id and the definition's place.
Trigger = tuple[str, int]


@dataclass(eq=False)
class Area:
    """A running process, sub-process, event sub-process or run of a repeated activity."""

    scope: Scope
    node: Node | None
    owner: Busy | None
    index: int = 0
    marks: Counter[str] = field(default_factory=Counter)
    busy: list[Busy] = field(default_factory=list)
    listening: list[Trigger] = field(default_factory=list)
    was_true: set[Trigger] = field(default_factory=set)
    done: list[Done] = field(default_factory=list)

    def stop(self) -> None:
        """End all that runs or listens."""
        self.marks.clear()
        self.busy.clear()
        self.listening.clear()


@dataclass(eq=False)
class Busy:
    """A node that has begun and not ended.

    ``queue`` is what it still has to undo, ``waiter`` who waits until it has undone something. A ``copy`` of a
    completed sub-process is there to be undone; one ``beside`` the flow only undoes and goes nowhere.
    """

    node: Node
    area: Area
    inner: list[Area] = field(default_factory=list)
    listening: list[Trigger] = field(default_factory=list)
    was_true: set[Trigger] = field(default_factory=set)
    begun: int = 0
    left: list[int] = field(default_factory=list)
    queue: list[Done] = field(default_factory=list)
    waiter: Busy | None = None
    copy: bool = False
    beside: bool = False


@dataclass(eq=False)
class Done:
    """A completed activity that can be undone in ``area``; ``partly``: only what was completed ``inside`` of it."""

    area: Area
    node: Node
    inside: list[Done]
    partly: bool = False


@dataclass(frozen=True)
class Open:
    """A possible event: ``busy`` is the activity or gateway that it concerns, None for an event sub-process."""

    area: Area
    element: str
    busy: Busy | None
    index: int = 0

    @property
    def definition(self) -> EventDefinition | None:
        """The definition of the event, None for a task."""
        definitions = node_in(self.area, self.element).definitions
        return definitions[self.index] if definitions else None

    @property
    def is_condition(self) -> bool:
        """Whether the game itself sees when it happens."""
        return self.definition is not None and self.definition.type is EventType.CONDITIONAL


def possible(area: Area) -> Iterator[Open]:
    """All events that somebody in ``area`` itself waits for."""
    for busy in area.busy:
        if busy.node.kind is Kind.EVENT_BASED:
            for id in busy.node.outgoing:
                target = area.scope.nodes[area.scope.flows[id].target]
                yield from (Open(area, target.id, busy, index) for index, _ in enumerate(target.definitions or (None,)))
        elif busy.node.kind is Kind.INTERMEDIATE_CATCH:
            yield from (Open(area, busy.node.id, busy, index) for index in busy.left)
        elif busy.node.kind in WAITING and not busy.inner:
            yield Open(area, busy.node.id, busy)
        yield from (Open(area, id, busy, index) for id, index in busy.listening)
    yield from (Open(area, id, None, index) for id, index in area.listening)


def triggers(node: Node) -> list[Trigger]:
    """The definitions of an event that somebody waits for."""
    return [(node.id, index) for index, each in enumerate(node.definitions) if each.type in WAITED_FOR]


def node_in(area: Area, id: str) -> Node:
    """The node of the area, or the start event of an event sub-process in it."""
    for node in area.scope.nodes.values():
        if node.id == id:
            return node
        if node.triggered_by_event and start_of(node).id == id:
            return start_of(node)
    raise KeyError(id)


def start_of(handler: Node) -> Node:
    """The start event of an event sub-process."""
    assert handler.scope is not None
    return next(node for node in handler.scope.nodes.values() if node.kind is Kind.START_EVENT)


def type_of(node: Node) -> EventType:
    """The type of an event with one definition."""
    return node.event.type if node.event else EventType.NONE


def catching(scope: Scope, thrower: Node, host: str | None) -> list[Node]:
    """Who catches it: the boundary events of ``host``, or without one the event sub-processes; the same code first."""
    code = thrower.event.code if thrower.event else None
    nodes = [node for node in scope.nodes.values() if host is not None and node.attached_to == host]
    if host is None:
        nodes = [start_of(node) for node in scope.nodes.values() if node.triggered_by_event]
    matching = [n for n in nodes if type_of(n) is type_of(thrower) and n.event and n.event.code in (code, None)]
    return sorted(matching, key=lambda node: node.event is None or node.event.code is None)


def handler_of(scope: Scope, activity: Node) -> Node | None:
    """The compensation activity that undoes an activity."""
    for node in scope.nodes.values():
        if node.attached_to == activity.id and node.id in scope.compensations:
            return scope.nodes[scope.compensations[node.id][0]]
    return None


def undoing_start(scope: Scope | None) -> tuple[Node, Node] | None:
    """The compensation event sub-process of a scope, and its start event."""
    for node in scope.nodes.values() if scope else ():
        if node.triggered_by_event and type_of(start_of(node)) is EventType.COMPENSATION:
            return node, start_of(node)
    return None


def times(node: Node) -> int:
    """How often a multi-instance activity runs."""
    assert node.multi_instance is not None
    assert node.multi_instance.cardinality is not None
    return int(node.multi_instance.cardinality.value)

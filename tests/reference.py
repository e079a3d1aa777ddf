"""A small token game of our own for BPMN 2.0: the oracle that random walks are compared with.

It shares no code and no idea of storage with the engine: tokens lie on sequence flows, as in the standard's text, and
the whole state is searched at every move. It is slow and plain on purpose. Conditions are names of variables; whatever
waits (tasks, timers, messages) goes on when :meth:`Game.fire` is called for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from engine.bpmn.model import EventType, Kind, Node, Process, Scope

_THROWN = (EventType.ERROR, EventType.ESCALATION)
_WAITING = {Kind.USER_TASK, Kind.SERVICE_TASK, Kind.RECEIVE_TASK, Kind.CALL_ACTIVITY, Kind.INTERMEDIATE_CATCH}


@dataclass(eq=False)
class Area:
    """A running process, sub-process, event sub-process or body of a multi-instance task."""

    scope: Scope
    node: Node | None
    owner: Busy | None
    index: int = 0
    marks: Counter[str] = field(default_factory=Counter)
    busy: list[Busy] = field(default_factory=list)
    listening: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Busy:
    """A node that has begun and not ended."""

    node: Node
    area: Area
    inner: list[Area] = field(default_factory=list)
    listening: list[str] = field(default_factory=list)
    begun: int = 0


@dataclass(frozen=True)
class Open:
    """A possible event: ``busy`` is the activity or gateway that it concerns, None for an event sub-process."""

    area: Area
    element: str
    busy: Busy | None


class Game:
    """One instance of a process. ``variables`` are the names that are true in conditions."""

    def __init__(self, process: Process, variables: set[str]) -> None:
        self.true = variables
        self.error: str | None = None
        self.root = Area(process.scope, None, None)
        self._begin(self.root)
        self.settle()

    @property
    def done(self) -> bool:
        return not (self.root.marks.total() or self.root.busy)

    def open(self) -> list[Open]:
        """All that could happen next."""
        return [] if self.done else [found for area in self._areas() for found in _open_in(area)]

    def fire(self, chosen: Open) -> None:
        """Let it happen, then move to rest."""
        area, busy = chosen.area, chosen.busy
        node = _node(area, chosen.element)
        if busy is None:
            self._start_handler(area, node)
        elif node.attached_to is not None:
            self._leave_by_boundary(busy, node)
        else:
            area.busy.remove(busy)
            self._leave(area, node)
        self.settle()

    def settle(self) -> None:
        """Move until nothing can move by itself; inclusive joins last, the one with the smallest id first."""
        while self._move() or self._end_areas() or self._join():
            pass

    def _areas(self) -> Iterator[Area]:
        todo = [self.root]
        for area in todo:
            yield area
            todo.extend(inner for busy in area.busy for inner in busy.inner)

    def _begin(self, area: Area, start: Node | None = None) -> None:
        nodes = area.scope.nodes.values()
        handlers = [_start_of(node) for node in nodes if node.triggered_by_event]
        area.listening = [node.id for node in handlers if _type(node) not in _THROWN]
        first = start or next(n for n in nodes if n.kind is Kind.START_EVENT and _type(n) is EventType.NONE)
        self._leave(area, first)

    def _leave(self, area: Area, node: Node) -> None:
        flows = [area.scope.flows[id] for id in node.outgoing]
        free = [flow.id for flow in flows if flow.condition is None and flow.id != node.default_flow]
        true = [flow.id for flow in flows if flow.condition is not None and flow.condition.value in self.true]
        chosen = free + true
        if not true and node.default_flow is not None:
            chosen.append(node.default_flow)
        area.marks.update(chosen[:1] if node.kind is Kind.EXCLUSIVE else chosen)

    def _move(self) -> bool:
        for area in self._areas():
            for id in sorted(+area.marks):
                node = area.scope.nodes[area.scope.flows[id].target]
                if node.kind is Kind.INCLUSIVE and len(node.incoming) > 1:
                    continue
                taken = list(node.incoming) if node.kind is Kind.PARALLEL else [id]
                if all(area.marks[flow] for flow in taken):
                    area.marks.subtract(taken)
                    self._arrive(area, node)
                    return True
        return False

    def _arrive(self, area: Area, node: Node) -> None:
        if node.kind is Kind.END_EVENT:
            self._end(area, node)
        elif node.kind in _WAITING or node.kind is Kind.EVENT_BASED or node.scope or node.multi_instance:
            self._begin_busy(area, node)
        else:
            self._leave(area, node)

    def _begin_busy(self, area: Area, node: Node, start: Node | None = None) -> None:
        attached = [other for other in area.scope.nodes.values() if other.attached_to == node.id]
        busy = Busy(node, area, listening=[other.id for other in attached if _type(other) not in _THROWN])
        area.busy.append(busy)
        if node.multi_instance is not None and _times(node) == 0:
            area.busy.remove(busy)
            self._leave(area, node)
        elif node.multi_instance is not None:
            for _ in range(1 if node.multi_instance.sequential else _times(node)):
                self._begin_body(busy)
        elif node.scope is not None:
            inner = Area(node.scope, node, busy)
            busy.inner.append(inner)
            self._begin(inner, start)

    def _begin_body(self, busy: Busy) -> None:
        node = replace(busy.node, incoming=(), outgoing=(), default_flow=None, multi_instance=None)
        inner = Area(node.scope or Scope({node.id: node}), node, busy, busy.begun)
        busy.begun += 1
        busy.inner.append(inner)
        if node.scope is not None:
            self._begin(inner)
        else:
            inner.busy.append(Busy(node, inner))

    def _end(self, area: Area, node: Node) -> None:
        if _type(node) is EventType.TERMINATE:
            area.marks.clear()
            area.busy.clear()
            area.listening.clear()
        elif _type(node) in _THROWN and not self._throw(area, node) and _type(node) is EventType.ERROR:
            self.error = node.event.code if node.event else None
            self.root.marks.clear()
            self.root.busy.clear()

    def _throw(self, area: Area, thrower: Node) -> bool:
        """From the inside out: the event sub-processes of the area, then the boundary of what owns it."""
        begun: Node | None = None
        while True:
            for start in _catching(area.scope, thrower, None):
                if begun is None or (not begun.interrupting and start.id != begun.id):
                    self._start_handler(area, start)
                    return True
            if area.owner is None:
                return False
            for boundary in _catching(area.owner.area.scope, thrower, area.owner.node.id):
                self._leave_by_boundary(area.owner, boundary)
                return True
            begun = _start_of(area.owner.node) if area.owner.node.triggered_by_event else None
            area = area.owner.area

    def _leave_by_boundary(self, busy: Busy, boundary: Node) -> None:
        if boundary.interrupting:
            busy.area.busy.remove(busy)
        elif _type(boundary) is EventType.TIMER:
            busy.listening.remove(boundary.id)
        self._leave(busy.area, boundary)

    def _start_handler(self, area: Area, start: Node) -> None:
        if start.interrupting:
            area.marks.clear()
            area.busy.clear()
            area.listening.clear()
        elif _type(start) is EventType.TIMER:
            area.listening.remove(start.id)
        handler = next(n for n in area.scope.nodes.values() if n.triggered_by_event and _start_of(n).id == start.id)
        self._begin_busy(area, handler, start)

    def _end_areas(self) -> bool:
        for area in self._areas():
            busy = area.owner
            if busy is None or area.marks.total() or area.busy:
                continue
            busy.inner.remove(area)
            if busy.node.multi_instance is not None and busy.begun < _times(busy.node):
                self._begin_body(busy)
            elif not busy.inner:
                busy.area.busy.remove(busy)
                self._leave(busy.area, busy.node)
            return True
        return False

    def _join(self) -> bool:
        joins = [
            (node.id, number, area, node)
            for number, area in enumerate(self._areas())
            for node in area.scope.nodes.values()
            if node.kind is Kind.INCLUSIVE and len(node.incoming) > 1 and any(area.marks[id] for id in node.incoming)
        ]
        for _, _, area, node in sorted(joins, key=lambda join: join[:2]):
            full = {id for id in node.incoming if area.marks[id]}
            if not any(_holds_back(area, node, full, starts) for starts in _positions(area, node)):
                area.marks.subtract(full)
                self._leave(area, node)
                return True
        return False


def _open_in(area: Area) -> Iterator[Open]:
    for busy in area.busy:
        if busy.node.kind is Kind.EVENT_BASED:
            for id in busy.node.outgoing:
                yield Open(area, area.scope.flows[id].target, busy)
        elif not busy.inner:
            yield Open(area, busy.node.id, busy)
        for id in busy.listening:
            yield Open(area, id, busy)
    for id in area.listening:
        yield Open(area, id, None)


def _positions(area: Area, join: Node) -> Iterator[list[str]]:
    """For every token elsewhere in the area: the flows on which it lies or by which it may leave."""
    for id in +area.marks:
        if id not in join.incoming:
            yield [id]
    for busy in area.busy:
        nodes = [busy.node, *(n for n in area.scope.nodes.values() if n.attached_to == busy.node.id)]
        yield [id for node in nodes for id in node.outgoing]


def _holds_back(area: Area, join: Node, full: set[str], starts: list[str]) -> bool:
    seen, todo = set(starts), list(starts)
    while todo:
        target = area.scope.flows[todo.pop()].target
        if target == join.id:
            continue
        nodes = [area.scope.nodes[target], *(n for n in area.scope.nodes.values() if n.attached_to == target)]
        for id in (id for node in nodes for id in node.outgoing):
            if id not in seen:
                seen.add(id)
                todo.append(id)
    reached = seen & set(join.incoming)
    return bool(reached - full) and not reached & full


def _catching(scope: Scope, thrower: Node, host: str | None) -> list[Node]:
    """Who catches it: the boundary events of ``host``, or without one the event sub-processes; the same code first."""
    code = thrower.event.code if thrower.event else None
    nodes = [node for node in scope.nodes.values() if host is not None and node.attached_to == host]
    if host is None:
        nodes = [_start_of(node) for node in scope.nodes.values() if node.triggered_by_event]
    matching = [n for n in nodes if _type(n) is _type(thrower) and n.event and n.event.code in (code, None)]
    return sorted(matching, key=lambda node: node.event is None or node.event.code is None)


def _node(area: Area, id: str) -> Node:
    for node in area.scope.nodes.values():
        if node.id == id:
            return node
        if node.triggered_by_event and _start_of(node).id == id:
            return _start_of(node)
    raise KeyError(id)


def _start_of(handler: Node) -> Node:
    assert handler.scope is not None
    return next(node for node in handler.scope.nodes.values() if node.kind is Kind.START_EVENT)


def _type(node: Node) -> EventType:
    return node.event.type if node.event else EventType.NONE


def _times(node: Node) -> int:
    assert node.multi_instance is not None
    assert node.multi_instance.cardinality is not None
    return int(node.multi_instance.cardinality.value)

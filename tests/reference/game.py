"""The reference game itself: how tokens move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.bpmn.model import EventType, Kind, Node, Process, Scope
from tests.reference.areas import (
    THROWN,
    WAITED_FOR,
    WAITING,
    Area,
    Busy,
    Open,
    catching,
    node_in,
    possible,
    start_of,
    times,
    triggers,
    type_of,
)
from tests.reference.joins import full_flows, ready_join
from tests.reference.undoing import Undoing


class Game(Undoing):
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
        """All that could happen next and needs the world."""
        return [] if self.done else [each for each in self._possible() if not each.is_condition]

    def fire(self, chosen: Open) -> None:
        """Let it happen, then move to rest."""
        self._happen(chosen)
        self.settle()

    def jump(self, chosen: Open, element: str) -> None:
        """Let what is busy there be busy elsewhere in the same area instead, then move to rest."""
        assert chosen.busy is not None
        chosen.area.busy.remove(chosen.busy)
        self._arrive(chosen.area, chosen.area.scope.nodes[element])
        self.settle()

    def settle(self) -> None:
        """Move until nothing can move by itself; conditions are looked at after every move."""
        while self._condition() or self._move() or self._end_areas() or self._join():
            pass

    def _possible(self) -> Iterator[Open]:
        return (found for area in self._areas() for found in possible(area))

    def _areas(self) -> Iterator[Area]:
        todo = [self.root]
        for area in todo:
            yield area
            todo.extend(inner for busy in area.busy for inner in busy.inner)

    def _happen(self, chosen: Open) -> None:
        area, busy, node = chosen.area, chosen.busy, node_in(chosen.area, chosen.element)
        if busy is None:
            self._start_handler(area, node, chosen.index)
        elif node.attached_to is not None:
            self._leave_by_boundary(busy, node, chosen.index)
        elif node.parallel_multiple and len(busy.left) > 1:
            busy.left.remove(chosen.index)
        else:
            area.busy.remove(busy)
            self._completed(busy, node)

    def _completed(self, busy: Busy, node: Node) -> None:
        if busy.waiter is not None:
            self.undone(busy.waiter)
            return
        self.remember(busy.area, node, [])
        self._leave(busy.area, node)

    def _begin(self, area: Area, start: Node | None = None) -> None:
        nodes = area.scope.nodes.values()
        handlers = [start_of(node) for node in nodes if node.triggered_by_event]
        area.listening = [each for node in handlers for each in triggers(node)]
        first = start or next(n for n in nodes if n.kind is Kind.START_EVENT and type_of(n) is EventType.NONE)
        self._leave(area, first)

    def _leave(self, area: Area, node: Node) -> None:
        flows = [area.scope.flows[id] for id in node.outgoing]
        free = [flow.id for flow in flows if flow.condition is None and flow.id != node.default_flow]
        true = [flow.id for flow in flows if flow.condition is not None and flow.condition.value in self.true]
        chosen = free + true
        if not true and node.default_flow is not None:
            chosen.append(node.default_flow)
        for _ in range(int(node.completion_quantity)):
            area.marks.update(chosen[:1] if node.kind is Kind.EXCLUSIVE else chosen)

    def _move(self) -> bool:
        for area in self._areas():
            for id in sorted(+area.marks):
                node = area.scope.nodes[area.scope.flows[id].target]
                taken = _taken(area, node, id)
                if taken:
                    area.marks.subtract(taken)
                    self._arrive(area, node)
                    return True
        return False

    def _arrive(self, area: Area, node: Node) -> None:
        if type_of(node) is EventType.COMPENSATION:
            self.throw_compensation(area, node)
        elif node.kind is Kind.END_EVENT:
            self._end(area, node)
        elif node.kind in WAITING or node.kind is Kind.EVENT_BASED or node.scope or _repeats(node):
            self.begin_busy(area, node)
        else:
            self.remember(area, node, [])
            self._leave(area, node)

    def begin_busy(self, area: Area, node: Node, start: Node | None = None) -> Busy:
        attached = [other for other in area.scope.nodes.values() if other.attached_to == node.id]
        busy = Busy(node, area, listening=[each for other in attached for each in triggers(other)])
        busy.left = list(range(max(1, len(node.definitions))))
        area.busy.append(busy)
        if _repeats(node):
            if self._runs(busy) == 0:
                area.busy.remove(busy)
                self._leave(area, node)
            for _ in range(self._runs(busy)):
                self._begin_body(busy)
        elif node.scope is not None:
            inner = Area(node.scope, node, busy)
            busy.inner.append(inner)
            self._begin(inner, start)
        return busy

    def _runs(self, busy: Busy) -> int:
        """How many bodies begin now: all, one after the other, or none."""
        multi, loop = busy.node.multi_instance, busy.node.standard_loop
        if multi is not None:
            rest = times(busy.node) - busy.begun
            return min(rest, 1) if multi.sequential else rest
        assert loop is not None
        if loop.maximum is not None and busy.begun >= int(loop.maximum.value):
            return 0
        is_tested = loop.test_before or busy.begun > 0
        return int(not is_tested or loop.condition is None or loop.condition.value in self.true)

    def _begin_body(self, busy: Busy) -> None:
        alone = {"incoming": (), "outgoing": (), "default_flow": None, "multi_instance": None, "standard_loop": None}
        node = replace(busy.node, **alone)  # type: ignore[arg-type] # the values are of the fields' types
        inner = Area(node.scope or Scope({node.id: node}), node, busy, busy.begun)
        busy.begun += 1
        busy.inner.append(inner)
        if node.scope is not None:
            self._begin(inner)
        else:
            inner.busy.append(Busy(node, inner))

    def _end(self, area: Area, node: Node) -> None:
        if type_of(node) is EventType.TERMINATE:
            area.stop()
        elif type_of(node) is EventType.CANCEL:
            self.cancel(area, node)
        elif type_of(node) in THROWN and not self._throw(area, node) and type_of(node) is EventType.ERROR:
            self.error = node.event.code if node.event else None
            self.root.marks.clear()
            self.root.busy.clear()

    def _throw(self, area: Area, thrower: Node) -> bool:
        """From the inside out: the event sub-processes of the area, then the boundary of what owns it."""
        begun: Node | None = None
        while True:
            is_left = area.owner is not None and area.owner.copy
            for start in [] if is_left else catching(area.scope, thrower, None):
                if begun is None or (not begun.interrupting and start.id != begun.id):
                    self._start_handler(area, start)
                    return True
            if area.owner is None:
                return False
            for boundary in [] if is_left else catching(area.owner.area.scope, thrower, area.owner.node.id):
                self._leave_by_boundary(area.owner, boundary)
                return True
            begun = start_of(area.owner.node) if area.owner.node.triggered_by_event else None
            area = area.owner.area

    def _leave_by_boundary(self, busy: Busy, boundary: Node, index: int = 0) -> None:
        if boundary.interrupting:
            busy.area.busy.remove(busy)
        elif _is_once(boundary, index):
            busy.listening.remove((boundary.id, index))
        self._leave(busy.area, boundary)

    def leave_cancelled(self, busy: Busy) -> None:
        nodes = busy.area.scope.nodes.values()
        cancels = (n for n in nodes if n.attached_to == busy.node.id and type_of(n) is EventType.CANCEL)
        self._leave_by_boundary(busy, next(cancels))

    def leave(self, area: Area, node: Node) -> None:
        self._leave(area, node)

    def _start_handler(self, area: Area, start: Node, index: int = 0) -> None:
        if start.interrupting:
            area.stop()
        elif _is_once(start, index):
            area.listening.remove((start.id, index))
        handler = next(n for n in area.scope.nodes.values() if n.triggered_by_event and start_of(n).id == start.id)
        self.begin_busy(area, handler, start)

    def _end_areas(self) -> bool:
        for area in self._areas():
            busy = area.owner
            if busy is None or area.marks.total() or area.busy:
                continue
            self._end_area(area, busy)
            return True
        return False

    def _end_area(self, area: Area, busy: Busy) -> None:
        busy.inner.remove(area)
        if busy.waiter is None:
            self.remember(busy.area, busy.node, area.done if busy.node.scope else [])
        at_once = busy.node.multi_instance is not None and not busy.node.multi_instance.sequential
        if _repeats(busy.node) and not at_once and not busy.copy:
            for _ in range(self._runs(busy)):
                self._begin_body(busy)
        if busy.inner:
            return
        busy.area.busy.remove(busy)
        if busy.waiter is not None:
            self.undone(busy.waiter)
        else:
            self._leave(busy.area, busy.node)

    def _join(self) -> bool:
        found = ready_join(self._areas())
        if found is not None:
            area, node = found
            area.marks.subtract(full_flows(area, node))
            self._leave(area, node)
        return found is not None

    def _condition(self) -> bool:
        """Let the first event happen whose condition has become true since the last rest, by id."""
        found = [] if self.done else [each for each in self._possible() if each.is_condition]
        for each in sorted(found, key=lambda found: found.element):
            before = (each.busy or each.area).was_true
            definition, trigger = each.definition, (each.element, each.index)
            assert definition is not None
            assert definition.condition is not None
            if definition.condition.value not in self.true:
                before.discard(trigger)
            elif trigger not in before:
                before.add(trigger)
                self._happen(each)
                return True
        return False


def _taken(area: Area, node: Node, arrived: str) -> list[str]:
    """The marks that a node takes when one lies on ``arrived``; none as long as it waits for more."""
    if node.kind is Kind.INCLUSIVE and len(node.incoming) > 1:
        return []
    if node.kind is Kind.PARALLEL:
        return list(node.incoming) if all(area.marks[flow] for flow in node.incoming) else []
    lying = [flow for flow in node.incoming for _ in range(area.marks[flow])]
    needed = int(node.start_quantity)
    return [arrived] if needed == 1 else lying[:needed] if len(lying) >= needed else []


def _repeats(node: Node) -> bool:
    return node.multi_instance is not None or node.standard_loop is not None


def _is_once(event: Node, index: int) -> bool:
    definitions = event.definitions
    type_ = definitions[index].type if definitions else EventType.NONE
    return type_ in WAITED_FOR and type_ is EventType.TIMER

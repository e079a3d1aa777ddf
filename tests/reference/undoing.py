"""Compensation and transactions in the reference game."""

from __future__ import annotations

from abc import ABC, abstractmethod

from engine.bpmn.model import Kind, Node
from tests.reference.areas import Area, Busy, Done, handler_of, undoing_start


class Undoing(ABC):
    """What was completed is remembered where it was, and undone one after the other, the latest first."""

    def remember(self, area: Area, node: Node, inside: list[Done]) -> None:
        """An activity has completed: note it if anything undoes it."""
        if handler_of(area.scope, node) or undoing_start(node.scope) or inside:
            area.done.append(Done(area, node, inside))

    def throw_compensation(self, area: Area, node: Node) -> None:
        """Undo one activity or all, and go on when that is done or, if the event says so, at once."""
        assert node.event is not None
        thrower = Busy(node, area, queue=_taken(area, node.event.activity))
        thrower.beside = bool(thrower.queue) and not node.event.wait_for_completion
        if thrower.queue:
            area.busy.append(thrower)
            self._undo_next(thrower)
        if thrower.beside or thrower not in area.busy:
            self.leave(area, node)

    def cancel(self, area: Area, node: Node) -> None:
        """End all else in the transaction around, undo what was completed, and leave by its boundary."""
        while area.node is None or area.node.kind is not Kind.TRANSACTION:
            assert area.owner is not None
            area = area.owner.area
        assert area.owner is not None
        queue = _collected(area)
        area.stop()
        if not (area.owner.node.multi_instance or area.owner.node.standard_loop):
            area.owner.listening.clear()
        canceller = Busy(node, area, queue=queue, beside=True)
        area.busy.append(canceller)
        if not self._undo_next(canceller):
            self._finish(canceller)

    def undone(self, waiter: Busy) -> None:
        """Something that ``waiter`` had to undo is undone."""
        if waiter in waiter.area.busy and not self._undo_next(waiter):
            self._finish(waiter)

    def _finish(self, waiter: Busy) -> None:
        if waiter.copy:
            return  # its area is empty now, and ends
        if waiter.node.kind is Kind.END_EVENT and waiter.area.node is not None and _cancels(waiter):
            assert waiter.area.owner is not None
            self.leave_cancelled(waiter.area.owner)
            return
        waiter.area.busy.remove(waiter)
        if not waiter.beside:
            self.leave(waiter.area, waiter.node)

    def _undo_next(self, waiter: Busy) -> bool:
        if not waiter.queue:
            return False
        done = waiter.queue.pop()
        handler = handler_of(done.area.scope, done.node)
        if handler is not None and not done.partly:
            self.begin_busy(done.area, handler).waiter = waiter
        else:
            self._undo_inside(done, waiter)
        return True

    def _undo_inside(self, done: Done, waiter: Busy) -> None:
        assert done.node.scope is not None
        copy = Busy(done.node, done.area, waiter=waiter, copy=True)
        done.area.busy.append(copy)
        inner = Area(done.node.scope, done.node, copy)
        inner.done = [Done(inner, each.node, each.inside, each.partly) for each in done.inside]
        copy.inner.append(inner)
        found = undoing_start(done.node.scope)
        if found is not None and not done.partly:
            self.begin_busy(inner, *found)
            return
        copy.queue, inner.done = inner.done, []
        self._undo_next(copy)

    @abstractmethod
    def begin_busy(self, area: Area, node: Node, start: Node | None = None) -> Busy:
        """Begin a node."""

    @abstractmethod
    def leave(self, area: Area, node: Node) -> None:
        """Put tokens on the flows out of a node."""

    @abstractmethod
    def leave_cancelled(self, busy: Busy) -> None:
        """Leave a transaction by its cancel boundary event."""


def _cancels(waiter: Busy) -> bool:
    return waiter.node.event is not None and waiter.node.event.type.value == "cancel"


def _taken(area: Area, activity: str | None) -> list[Done]:
    """Take off what is to be undone, the latest last. From an event sub-process it goes on to the scope around."""
    found = [done for done in area.done if activity in (None, done.node.id)]
    area.done = [done for done in area.done if done not in found]
    if area.owner is not None and area.owner.node.triggered_by_event:
        return _taken(area.owner.area, activity) + found
    return found


def _collected(area: Area) -> list[Done]:
    """All that was completed in a scope, also in what still runs inside of it."""
    found = list(area.done)
    for busy in area.busy:
        for inner in busy.inner:
            inside = _collected(inner) + (busy.queue if busy.copy else [])
            if inside:
                found.append(Done(area, busy.node, inside, partly=True))
        if not busy.copy:
            found += [Done(area, each.node, each.inside, each.partly) for each in busy.queue]
    return found

"""Random diagrams in which work is undone."""

from __future__ import annotations

from tests.builders import CANCEL, ProcessBuilder, compensation
from tests.engine.tokens.diagrams import Blocks, Maker


class Undoing(Blocks):
    """Blocks in which work is undone: compensation of every kind, and transactions."""

    def _leaves(self) -> list[Maker]:
        return [self._undoable, self._user]

    def _more_blocks(self) -> list[Maker]:
        return [self._undoable, *[self._undoable_sub] * 3, *[self._undo] * 6, self._transaction, self._transaction]

    def _undoable(self, diagram: ProcessBuilder, depth: int) -> tuple[str, str]:
        id = self._id("u")
        repeats = self.random.choice([{}, {}, {"multi_instance": self._times()}])
        diagram.user(id, **repeats).undo(id, self._id("undo"))
        return id, id

    def _undoable_sub(self, diagram: ProcessBuilder, depth: int) -> tuple[str, str]:
        id, inside = self._id("sub"), self._scope(depth - 1, may_fail=True)
        if self.random.random() < 0.4:
            inside.on(self._id("handler"), self._undoing_handler())
            diagram.sub(id, inside)
        else:
            diagram.sub(id, inside).undo(id, self._id("undo"))
        return id, id

    def _undoing_handler(self) -> ProcessBuilder:
        start, task, end = self._id("on"), self._id("u"), self._id("end")
        undo = compensation() if self.random.random() < 0.5 else None
        inside = ProcessBuilder().start(start, compensation()).user(task).end(end, undo)
        return inside.chain(start, task, end)

    def _undo(self, diagram: ProcessBuilder, depth: int) -> tuple[str, str]:
        """Something to undo comes before, so that there often is something."""
        first, last = self.random.choice([self._undoable, self._undoable_sub, self._undoable_sub])(diagram, depth)
        task, throw = self._id("u"), self._id("throw")
        named = first if self.random.random() < 0.3 else None
        diagram.user(task).throw(throw, compensation(named, wait=self.random.random() < 0.7))
        diagram.chain(last, task, throw)
        return first, throw

    def _transaction(self, diagram: ProcessBuilder, depth: int) -> tuple[str, str]:
        id, inside = self._id("t"), ProcessBuilder()
        start, end, task, choice = self._id("start"), self._id("end"), self._id("u"), self._id("x")
        cancel = self._id("end")
        inside.start(start).end(end).user(task).exclusive(choice).end(cancel, CANCEL)
        first, last = self._block(inside, depth - 1)
        inside.flow(start, first).chain(last, task, choice)
        inside.flow(choice, cancel, f"={self._condition()}").flow(choice, end, default=True)
        diagram.transaction(id, inside)
        return id, self._guard(diagram, id, CANCEL)

"""An instance and the reference game of the same diagram, kept in step and compared after every step."""

from __future__ import annotations

from collections import Counter
from itertools import cycle
from random import Random
from uuid import UUID

from engine.bpmn.jumps import ways_back
from engine.tokens import Spec, Wait, build
from engine.tokens.activities import SubProcess
from engine.tokens.core import Token
from engine.tokens.listeners import BoundaryListener
from tests.builders import ProcessBuilder
from tests.engine.tokens.case import Case
from tests.engine.tokens.diagrams import CONDITIONS
from tests.reference import Area, Game, Open

_TOO_MANY = 30
_LONG = 2_000


class _Case(Case):
    """Takes two specs by turns, each built for itself: a walk of many steps builds no more."""

    is_called = True
    _specs: cycle[Spec] | None = None

    def spec(self) -> Spec:
        self._specs = self._specs or cycle([build(self.process), build(self.process)])
        return next(self._specs)


class Twin:
    """Fires the same random events in both. A token is told apart by the running scope in which it is."""

    def __init__(self, diagram: ProcessBuilder, random: Random) -> None:
        self.random = random
        true = {name for name in CONDITIONS if random.random() < 0.5}
        self.case = _Case(diagram, **{name: name in true for name in CONDITIONS})
        self.game = Game(self.case.process, true)
        self.ways = ways_back(self.case.process)
        self.areas: dict[UUID, Area] = {}
        self.jumped = 0

    def comes_to_its_end(self) -> bool:
        """Whether the reference game comes to its end when nothing more is sent back, and nothing waits in vain."""
        for _step in range(_LONG):
            possible = self.game.open()
            if not possible:
                return self.game.done
            self.game.true = {name for name in CONDITIONS if self.random.random() < 0.5}
            self.game.fire(self.random.choice(possible))
        return False

    def walk(self, steps: int, jumping: bool = False, alone: bool = False) -> int:
        """Fire up to ``steps`` random events; give how many there were. Raises AssertionError when the two differ.

        With ``jumping``, tokens sometimes go back to where the diagram lets them; with ``alone`` no two may ever be at
        the same element of a scope.
        """
        self.compare()
        for step in range(steps):
            self._change_variables()
            possible = self.game.open()
            if not possible or len(possible) > _TOO_MANY:
                return step
            if jumping:
                self._jump(possible)
                self.compare()
                possible = self.game.open()
            assert not alone or len({(id(each.area), each.element) for each in possible}) == len(possible)
            self._fire(self.random.choice(possible))
            self.compare()
        return steps

    def compare(self) -> None:
        """Both wait for the same things in the same scopes, and have ended in the same way, or not at all."""
        assert not self.case.failures
        assert self.case.done == self.game.done
        assert self.case.run.end_error == self.game.error
        ours = Counter((id(self._area(wait)), wait.element.id) for wait in self.case.waits.values())
        theirs = Counter((id(found.area), found.element) for found in self.game.open())
        assert ours == theirs, (self.case.open, sorted(found.element for found in self.game.open()))

    def _fire(self, chosen: Open) -> None:
        wait = self._wait_of(chosen)
        self.game.fire(chosen)
        self.case.fire(wait.token_id)

    def _wait_of(self, chosen: Open) -> Wait:
        waits = [wait for wait in self.case.waits.values() if wait.element.id == chosen.element]
        waits = [wait for wait in waits if chosen.definition in (None, wait.event)]
        alike = [each for each in self.game.open() if _is_like(each, chosen)]
        place = next(place for place, each in enumerate(alike) if each.busy is chosen.busy)
        return [wait for wait in waits if self._area(wait) is chosen.area][place]

    def _jump(self, possible: list[Open]) -> None:
        """Send a token back, in one case of three, where there is a way that does not fail at once."""
        chosen = self.random.choice(possible)
        ways = self.ways.get(chosen.element, ())
        if not ways or self.random.random() > 0.33:
            return
        target = self.random.choice(ways).target
        token = self._wait_of(chosen).token_id
        self.game.jump(chosen, target)
        self.case.jump(token, target)
        self.jumped += 1

    def _change_variables(self) -> None:
        self.game.true ^= {name for name in CONDITIONS if self.random.random() < 0.2}
        self.case.set(**{name: name in self.game.true for name in CONDITIONS})
        if not self.game.done:  # a change is a step of its own: what it makes true comes before what happens next
            self.case.rest()
            self.game.settle()

    def _area(self, wait: Wait) -> Area:
        token = self.case.run._workflow.tasks[wait.token_id]
        if token.task_spec.is_body:
            return self._map(token)
        around = token.holder.holder if isinstance(token.task_spec, BoundaryListener) else token.holder
        return self._map(_area_token(around))

    def _map(self, token: Token) -> Area:
        """The reference's area for a scope of ours: the one of the same node, index and surroundings not yet taken."""
        if token.is_root:
            return self.game.root
        if token.id not in self.areas:
            parent, node = self._map(_area_token(token.holder)), token.task_spec.node
            taken = {id(area) for area in self.areas.values()}
            self.areas[token.id] = next(
                area
                for busy in parent.busy
                for area in busy.inner
                if busy.node.id == node.id and busy.copy == token.is_beside
                if area.index == token.internal_data.get("x", 0) and id(area) not in taken
            )
        return self.areas[token.id]


def _is_like(one: Open, other: Open) -> bool:
    """Whether two events differ only in what they belong to: two who undo may wait for the same activity."""
    return (one.area, one.element, one.index) == (other.area, other.element, other.index)


def _area_token(token: Token) -> Token:
    while not (isinstance(token.task_spec, SubProcess) or token.task_spec.is_body):
        token = token.holder
    return token

"""Random diagrams: any net of tasks and gateways, and nested blocks of everything that the engine runs.

What happens in one step must not depend on which branch moves first; the standard leaves that open.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from engine.bpmn.model import EventDefinition, EventType, Kind, StandardLoop, Text
from tests.builders import (
    TERMINATE,
    ProcessBuilder,
    condition,
    each,
    error,
    escalation,
    message,
    several,
    signal,
    timer,
)

#: The names of the variables that conditions ask for.
CONDITIONS = ("c0", "c1", "c2", "c3")
#: How deep the blocks of a process are nested.
_WHOLE = 4
_GATEWAYS = (Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE)


def any_net(random: Random) -> ProcessBuilder:
    """Tasks and gateways connected at random, sound or not; every loop passes a task."""
    diagram = ProcessBuilder().start()
    kinds = [Kind.USER_TASK] * random.randint(3, 6) + random.choices((*_GATEWAYS, Kind.TASK), k=random.randint(3, 8))
    random.shuffle(kinds)
    nodes = [f"{kind.value}{place:02}" for place, kind in enumerate(kinds)]
    for id, kind in zip(nodes, kinds, strict=True):
        needs = random.choice("11112") if kind in (Kind.USER_TASK, Kind.TASK) else "1"
        diagram.add(kind, id, start_quantity=needs, completion_quantity=random.choice("1112") if needs == "2" else "1")
    diagram.end()
    targets: dict[str, list[str]] = {id: [] for id in ("start", *nodes)}
    for place, id in enumerate(nodes):
        targets[random.choice([*nodes[:place][-3:], "start"]) if place else "start"].append(id)
    for place, id in enumerate(nodes):
        for _ in range(random.choice((0, 1, 1)) if targets[id] else 1):
            targets[id].append(_target(random, nodes, kinds, place))
    for id, reached in targets.items():
        _flows(random, diagram, id, list(dict.fromkeys(reached)))
    return diagram


def _target(random: Random, nodes: list[str], kinds: list[Kind], place: int) -> str:
    back = [id for id, kind in zip(nodes, kinds, strict=True) if Kind.USER_TASK in (kind, kinds[place])]
    return random.choice([*back, *nodes[place + 1 :], "end"])


def _flows(random: Random, diagram: ProcessBuilder, source: str, targets: list[str]) -> None:
    if source.startswith(Kind.PARALLEL) or len(targets) < 2:
        plain = True
    else:
        plain = not source.startswith((Kind.EXCLUSIVE, Kind.INCLUSIVE)) and random.random() < 0.5
    for target in targets[:-1]:
        diagram.flow(source, target, None if plain else f"={random.choice(CONDITIONS)}")
    if targets:
        diagram.flow(source, targets[-1], default=not plain)


Maker = Callable[[ProcessBuilder, int], tuple[str, str]]


class Blocks:
    """Nested blocks; each has one way in and one way out."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0

    def process(self) -> ProcessBuilder:
        """A whole process, perhaps with event sub-processes; most of it in a loop, so that walks are long."""
        return self._scope(_WHOLE)

    def _scope(self, depth: int, may_fail: bool = False) -> ProcessBuilder:
        diagram = ProcessBuilder()
        start, end = self._id("start"), self._id("end")
        diagram.start(start).end(end)
        first, last = (self._loop if depth == _WHOLE else self._block)(diagram, depth)
        diagram.flow(start, first)
        if may_fail and self.random.random() < 0.6:
            self._breaking_end(diagram, last, end)
        else:
            diagram.flow(last, end)
        for _ in range(self.random.choice((0, 0, 1, 2))):
            self._handler(diagram, depth)
        return diagram

    def _breaking_end(self, diagram: ProcessBuilder, last: str, end: str) -> None:
        """A task decides between the end and one that cancels: then nothing else moves in the same step."""
        task, gateway, bad = self._id("u"), self._id("x"), self._id("bad")
        event = self.random.choice([TERMINATE, error("E"), error("F"), escalation("E"), escalation("F")])
        diagram.user(task).exclusive(gateway).end(bad, event).chain(last, task, gateway)
        diagram.flow(gateway, bad, f"={self._condition()}").flow(gateway, end, default=True)

    def _handler(self, diagram: ProcessBuilder, depth: int) -> None:
        event = self.random.choice([self._event(), self._event(), self._thrown()])
        interrupting = event.type is EventType.ERROR or self.random.random() < 0.5
        inside = ProcessBuilder()
        start, end = self._id("on"), self._id("end")
        inside.start(start, event, interrupting=interrupting).end(end)
        first, last = self._block(inside, min(depth - 1, 1))
        inside.flow(start, first)
        if self.random.random() < 0.3:
            self._breaking_end(inside, last, end)
        else:
            inside.flow(last, end)
        diagram.on(self._id("handler"), inside)

    def _block(self, diagram: ProcessBuilder, depth: int) -> tuple[str, str]:
        makers = self._leaves()
        if depth > 0:
            makers = [
                self._guarded,
                self._row,
                self._split,
                self._split,
                self._split,
                self._loop,
                self._sub,
                self._many,
                self._again,
                self._wait,
                *self._more_blocks(),
            ]
        return self.random.choice(makers)(diagram, depth)

    def _leaves(self) -> list[Maker]:
        return [self._user, self._guarded]

    def _more_blocks(self) -> list[Maker]:
        return []

    def _user(self, diagram: ProcessBuilder, depth: int) -> tuple[str, str]:
        id = self._id("u")
        diagram.user(id)
        return id, id

    def _guarded(self, diagram: ProcessBuilder, depth: int) -> tuple[str, str]:
        id, _ = self._user(diagram, depth)
        return id, self._guard(diagram, id, self._event())

    def _guard(self, diagram: ProcessBuilder, host: str, event: EventDefinition) -> str:
        """A boundary event: one that interrupts comes back to the main way, another has an end of its own."""
        boundary, task, after = self._id("b"), self._id("u"), self._id("m")
        interrupting = event.type in (EventType.ERROR, EventType.CANCEL) or self.random.random() < 0.6
        diagram.boundary(boundary, host, event, interrupting).user(task).exclusive(after).chain(boundary, task)
        if interrupting:
            diagram.flow(task, after)
        else:
            end = self._id("end")
            diagram.end(end).flow(task, end)
        diagram.flow(host, after)
        return after

    def _row(self, diagram: ProcessBuilder, depth: int) -> tuple[str, str]:
        (first, middle), (follower, last) = self._block(diagram, depth - 1), self._block(diagram, depth - 1)
        diagram.flow(middle, follower)
        return first, last

    def _split(self, diagram: ProcessBuilder, depth: int) -> tuple[str, str]:
        kind = self.random.choice(_GATEWAYS)
        split, join = self._id("split"), self._id("join")
        diagram.add(kind, split).add(kind, join)
        branches = [self._block(diagram, depth - 1) for _ in range(self.random.randint(2, 3))]
        for place, (first, last) in enumerate(branches):
            default = kind is not Kind.PARALLEL and place == 0
            condition = None if kind is Kind.PARALLEL or default else f"={self._condition()}"
            diagram.flow(split, first, condition, default).flow(last, join)
        return split, join

    def _loop(self, diagram: ProcessBuilder, depth: int) -> tuple[str, str]:
        merge, split, task = self._id("m"), self._id("x"), self._id("u")
        first, last = self._row(diagram, depth) if depth == _WHOLE else self._block(diagram, depth - 1)
        diagram.exclusive(merge, split).user(task).chain(merge, first).chain(last, task, split)
        diagram.flow(split, merge, f"={self._condition()}")
        after = self._id("m")
        diagram.exclusive(after).flow(split, after, default=True)
        return merge, after

    def _sub(self, diagram: ProcessBuilder, depth: int) -> tuple[str, str]:
        id = self._id("sub")
        loop = self._times() if self.random.random() < 0.3 else None
        diagram.sub(id, self._scope(depth - 1, may_fail=True), multi_instance=loop)
        if self.random.random() < 0.3:
            return id, id
        return id, self._guard(diagram, id, self.random.choice([self._event(), self._thrown(), self._thrown()]))

    def _many(self, diagram: ProcessBuilder, depth: int) -> tuple[str, str]:
        id = self._id("u")
        diagram.user(id, multi_instance=self._times())
        return (id, id) if self.random.random() < 0.5 else (id, self._guard(diagram, id, self._event()))

    def _again(self, diagram: ProcessBuilder, depth: int) -> tuple[str, str]:
        id, maximum = self._id("u"), self.random.choice([None, "1", "2", "3"])
        asks = maximum is None or self.random.random() < 0.6
        loop = StandardLoop(
            test_before=self.random.random() < 0.5,
            condition=Text(self._condition(), True) if asks else None,
            maximum=Text(maximum, False) if maximum is not None else None,
        )
        if self.random.random() < 0.5:
            diagram.user(id, standard_loop=loop)
        else:
            diagram.sub(id, self._waiting_scope(depth - 1), standard_loop=loop)
        return (id, id) if self.random.random() < 0.5 else (id, self._guard(diagram, id, self._event()))

    def _waiting_scope(self, depth: int) -> ProcessBuilder:
        """A scope that never passes at once: a loop of it would not end."""
        diagram, start, task, end = ProcessBuilder(), self._id("start"), self._id("u"), self._id("end")
        diagram.start(start).user(task).end(end)
        first, last = self._block(diagram, depth)
        return diagram.chain(start, task, first).flow(last, end)

    def _times(self) -> object:
        return each(cardinality=str(self.random.randint(0, 3)), sequential=self.random.random() < 0.5)

    def _wait(self, diagram: ProcessBuilder, depth: int) -> tuple[str, str]:
        if self.random.random() < 0.4:
            alone = self._id("catch")
            diagram.catch(alone, **self._one_or_several(), parallel_multiple=self.random.random() < 0.5)
            return alone, alone
        choice, merge = self._id("g"), self._id("m")
        diagram.choice(choice).exclusive(merge)
        for _ in range(self.random.randint(2, 3)):
            id = self._id("catch")
            diagram.catch(id, **self._one_or_several()).chain(choice, id, merge)
        return choice, merge

    def _event(self) -> EventDefinition:
        return self.random.choice([message("m"), timer("PT1H"), condition(f"={self._condition()}")])

    def _one_or_several(self) -> dict[str, Any]:
        if self.random.random() < 0.6:
            return {"event": self._event()}
        kinds = [message("m"), timer("PT1H"), signal("s"), condition(f"={self._condition()}")]
        return several(*self.random.sample(kinds, self.random.randint(2, 3)))

    def _thrown(self) -> EventDefinition:
        return self.random.choice([error, escalation])(self.random.choice(["E", None]))

    def _condition(self) -> str:
        return self.random.choice(CONDITIONS)

    def _id(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count:03}"


class PlainBlocks(Blocks):
    """Nested blocks of tasks, gateways, loops and sub-processes only: every token of them is in its place alone."""

    def _handler(self, diagram: ProcessBuilder, depth: int) -> None:
        """None."""

    def _breaking_end(self, diagram: ProcessBuilder, last: str, end: str) -> None:
        diagram.flow(last, end)

    def _leaves(self) -> list[Maker]:
        return [self._user]

    def _block(self, diagram: ProcessBuilder, depth: int) -> tuple[str, str]:
        inner = [self._row, self._row, self._split, self._split, self._loop, self._sub]
        return self.random.choice(inner if depth > 0 else self._leaves())(diagram, depth)

    def _sub(self, diagram: ProcessBuilder, depth: int) -> tuple[str, str]:
        id = self._id("sub")
        diagram.sub(id, self._scope(depth - 1))
        return id, id

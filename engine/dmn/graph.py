"""The elements of a requirement graph with their compiled logic, and how their values are found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.dmn.errors import N_, DmnModelError
from engine.dmn.evaluation import Evaluation
from engine.dmn.expressions import frame
from engine.dmn.types import ItemType
from engine.feel.frame import Frame, Run
from engine.feel.functions import Code, Lambda
from engine.feel.types import MISFIT


@dataclass(eq=False)
class InputNode:
    """A value from outside; ``variable`` is the other name that it may have."""

    id: str
    name: str
    namespace: str
    type: ItemType
    variable: str


@dataclass(eq=False)
class FunctionNode:
    """A business knowledge model: ``code`` works its body out, ``functions`` are those that the body may call.

    ``reads`` are names that it reads though they are no parameters of it: they are null (DMN 1.5, 6.3.9).
    """

    id: str
    name: str
    namespace: str
    type: ItemType
    parameters: tuple[str, ...] = ()
    functions: dict[str, Any] = field(default_factory=dict)
    code: Code | None = None
    reads: frozenset[str] = frozenset()
    fault: DmnModelError | None = None

    def value(self) -> Lambda:
        """The node as a function value; what it does is looked up when it is called, so nodes link in any order."""
        return Lambda(tuple((name, None) for name in self.parameters), self._call, 10, frame({}))

    def _call(self, inside: Frame) -> Any:
        if self.fault is not None:
            raise self.fault
        if self.code is None:
            inside.run.note(N_("“{name}”没有函数，按空值处理。"), name=self.name)
            return None
        value = self.code(frame({**self.functions, **inside.local}, inside.run))
        return value if self.type.feel.name == "function" else self.type.coerce(inside.run, value, self.name)


@dataclass(eq=False)
class DecisionNode:
    """A decision. ``functions`` are those that its logic may call.

    ``reads`` are names that it reads unrequired, ``free`` those and names that may as well be entries of an item.
    ``fault`` says why it can't be worked out; it is raised by whoever needs it. Without logic its value is null.
    """

    id: str
    name: str
    namespace: str
    type: ItemType
    variable: str
    requires: tuple[Requirement, ...] = ()
    functions: dict[str, Any] = field(default_factory=dict)
    code: Code | None = None
    free: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    fault: DmnModelError | None = None


@dataclass(eq=False)
class ServiceNode:
    """A decision service: its outputs as a function of its inputs, in the order of its parameters."""

    id: str
    name: str
    namespace: str
    type: ItemType
    parameters: tuple[Source, ...] = ()
    outputs: tuple[DecisionNode, ...] = ()
    fault: DmnModelError | None = None

    def value(self) -> Lambda:
        """The service as a function value, which FEEL may call by position or by name (DMN 1.5, 10.4)."""
        names = tuple((node.name, None) for node in self.parameters)
        return Lambda(names, self._call, 10, frame({}))

    def _call(self, inside: Frame) -> Any:
        return self.serve(inside.run, {node: inside.local[node.name] for node in self.parameters})

    def serve(self, run: Run, given: Mapping[Source, Any]) -> Any:
        """Return the value of its decision, or a context of several; null if an input does not fit its type."""
        if self.fault is not None:
            raise self.fault
        fitted: dict[Source, Any] = {}
        for node, value in given.items():
            fitted[node] = node.type.fit(run, value)
            if fitted[node] is MISFIT:
                node.type.complain(run, value, node.name)
                return None
        values = Values(run, fitted)
        if len(self.outputs) == 1:
            return values.of(self.outputs[0])
        return {node.name: values.of(node) for node in self.outputs}


Node = InputNode | DecisionNode | ServiceNode | FunctionNode
Source = InputNode | DecisionNode


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a decision requires, under which import's name (empty for one of its own file), and under which names.

    DMN knows the name only. Models from Camunda also read the result of a decision by its variable or its id.
    """

    prefix: str
    node: Source
    names: tuple[str, ...]


def place(values: dict[str, Any], prefix: str, name: str, value: Any) -> None:
    """Put a value under its name, or under its name in the context that stands for an import."""
    if prefix:
        values[prefix] = {**values.get(prefix, {}), name: value}
    else:
        values[name] = value


class Values:
    """The values of nodes, each worked out once: those of a whole evaluation, or of one call of a service."""

    def __init__(self, run: Run, given: Mapping[Source, Any], outside: Mapping[str, Any] | None = None) -> None:
        self._run = run
        self._found: dict[Source, Any] = dict(given)
        self._outside = outside or {}

    def of(self, wanted: DecisionNode) -> Any:
        """Return the value of a decision; raise its fault, or that of one that it requires."""
        waiting: list[Source] = [wanted]
        while waiting:  # a stack of our own: chains of decisions may be longer than Python's stack
            node = waiting[-1]
            missing = [] if node in self._found else [each for each in _required(node) if each not in self._found]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if node not in self._found:
                self._found[node] = self._work_out(node)
        return self._found[wanted]

    def _work_out(self, node: Source) -> Any:
        if isinstance(node, InputNode):
            self._run.note(N_("没有给出输入“{name}”，按空值处理。"), name=node.name)
            return None
        if node.fault is not None:
            raise node.fault
        values = dict(node.functions)
        inputs: dict[str, Any] = {}
        for requirement in node.requires:
            value = self._found[requirement.node]
            for name in requirement.names:
                place(values, requirement.prefix, name, value)
            place(inputs, requirement.prefix, requirement.node.name, value)
        for name in node.free & self._outside.keys():
            inputs[name] = self._outside[name]
        return self._kept(node, values, inputs)

    def _kept(self, node: DecisionNode, values: dict[str, Any], inputs: dict[str, Any]) -> Any:
        run = self._run
        run.spend(1 + len(values))
        outer = _begin(run)
        value = None
        if node.code is None:
            run.note(N_("“{name}”没有决策逻辑，按空值处理。"), name=node.name)
        else:
            value = node.type.coerce(run, node.code(frame(values, run, self._outside)), node.name)
        if isinstance(run, Evaluation):
            run.keep_step(node.name, node.id, inputs, value, outer)
        return value


def _begin(run: Run) -> list[Any]:
    if not isinstance(run, Evaluation) or run.record is None:
        return []
    outer, run.record.tables = run.record.tables, []
    return outer


def _required(node: Source) -> Iterator[Source]:
    if isinstance(node, DecisionNode) and node.fault is None:
        yield from (requirement.node for requirement in node.requires)

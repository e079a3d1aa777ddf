"""The public face of the package: loading a model, evaluating its decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.dmn.cycles import refuse_cycles
from engine.dmn.errors import N_, DmnError, DmnEvaluationError, DmnModelError
from engine.dmn.evaluation import DEFAULT, Evaluation, Outcome, Record
from engine.dmn.graph import DecisionNode, FunctionNode, InputNode, ServiceNode, Source, Values
from engine.dmn.linking import File, Linker
from engine.dmn.read import read
from engine.feel import Environment, FeelError
from engine.feel.conversion import enter, leave
from engine.feel.types import MISFIT
from engine.feel.values import kind_name

_Worked = DecisionNode | ServiceNode | FunctionNode


@dataclass(frozen=True, slots=True)
class Input:
    """A value that a decision needs from outside: its name and the name of its type (``Any`` if it has none)."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What can be evaluated. ``kind`` is decision, service or function.

    ``inputs`` are all inputs that it needs, also through others; ``reads`` are names that it, or a decision that it
    requires, reads without requiring them, which are taken from the given values as they are. For a function, which
    sees only what it is given, they are null.
    """

    name: str
    id: str
    kind: str
    type: str
    inputs: tuple[Input, ...]
    reads: frozenset[str]


class Model:
    """A loaded model; threads may share it, for nothing in it changes.

    ``problems`` are the faults of its parts. A part at fault can't be evaluated; the others can. ``tables`` are its
    decision tables, for ``analyse``; ``table.where`` names the decision.
    """

    def __init__(self, own: File, files: Iterable[File]) -> None:
        self.namespace = own.definitions.namespace
        self.name = own.definitions.name
        self.definitions = own.definitions
        self.tables = tuple(own.tables)
        self._nodes: dict[str, _Worked] = {
            id_: node for id_, node in own.nodes.items() if not isinstance(node, InputNode)
        }
        self._needs: dict[DecisionNode, list[InputNode]] = {}
        self._prefixes = {namespace: name for namespace, (name, _) in own.imports.items()}
        faults = (node.fault for node in self._nodes.values())
        self.problems: tuple[DmnModelError, ...] = (*own.problems, *(fault for fault in faults if fault))
        self.decisions: dict[str, Decision] = {node.name: _described(node) for node in self._nodes.values()}
        self._declared = frozenset(node.name for file in files for node in file.nodes.values())

    def evaluate(self, decision: str, inputs: Mapping[str, Any], env: Environment = DEFAULT) -> Any:
        """Return the value of the decision (or service, or function) with this name or id.

        ``inputs`` are Python values by the name of the input data; one of an imported model is also found as
        ``{namespace}name``, or inside a mapping under the import's name. What is missing is null. A decision that reads
        names that the model does not declare finds them here too. Raises DmnEvaluationError and DmnModelError.
        """
        return self._work_out(decision, inputs, Evaluation(env))

    def trace(self, decision: str, inputs: Mapping[str, Any], env: Environment = DEFAULT) -> Outcome:
        """Like ``evaluate``, and say how the value came about. Values inside are FEEL values."""
        record = Record()
        run = Evaluation(env, record)
        value = self._work_out(decision, inputs, run)
        return Outcome(value, tuple(record.steps), tuple(run.trace or ()), tuple(run.violations))

    def _work_out(self, decision: str, inputs: Mapping[str, Any], run: Evaluation) -> Any:
        node = self._find(decision)
        try:
            return leave(run, self._value(node, inputs, run))
        except DmnError:
            raise
        except FeelError as error:
            message = N_("“{node}”无法计算：{reason}")
            raise DmnEvaluationError(message, node=node.name, reason=error) from error
        except RecursionError:
            raise DmnEvaluationError(N_("“{node}”的计算嵌套过深。"), node=node.name) from None

    def _find(self, decision: str) -> _Worked:
        for node in self._nodes.values():
            if node.name == decision:
                return node
        found = self._nodes.get(decision)
        if found is None:
            names = "、".join(list(self.decisions)[:20])
            raise DmnEvaluationError(N_("没有决策“{name}”。可用的有：{names}。"), name=decision, names=names)
        return found

    def _value(self, node: _Worked, inputs: Mapping[str, Any], run: Evaluation) -> Any:
        if isinstance(node, ServiceNode):
            return node.serve(run, {each: self._given(each, inputs, run) for each in node.parameters})
        if isinstance(node, FunctionNode):
            return node.value().call(run, [enter(run, inputs.get(name)) for name in node.parameters])
        given: dict[Source, Any] = {}
        for each in self._needed(node):
            value = self._given(each, inputs, run)
            if value is not None:
                given[each] = _fitted(each, each.type.completed(value), run)
        outside = {name: value for name, value in inputs.items() if name not in self._declared}
        return Values(run, given, outside).of(node)

    def _needed(self, node: DecisionNode) -> list[InputNode]:
        found = self._needs.get(node)
        if found is None:
            found = self._needs[node] = _inputs_of(node)
        return found

    def _given(self, node: Source, inputs: Mapping[str, Any], run: Evaluation) -> Any:
        qualified = f"{{{node.namespace}}}{node.name}"
        prefix = self._prefixes.get(node.namespace)
        if qualified in inputs:
            return enter(run, inputs[qualified])
        if prefix and isinstance(inputs.get(prefix), Mapping) and node.name in inputs[prefix]:
            return enter(run, inputs[prefix][node.name])
        return enter(run, inputs.get(node.name, inputs.get(node.variable)))


def _fitted(node: InputNode, value: Any, run: Evaluation) -> Any:
    found = node.type.fit(run, value)
    if found is not MISFIT:
        return found
    message = N_("输入“{name}”应为“{type}”，得到的是{kind}。")
    run.violated(message, name=node.name, type=node.type.name, kind=kind_name(value))
    return None


def _described(node: _Worked) -> Decision:
    if isinstance(node, ServiceNode):
        inputs = tuple(Input(each.name, each.type.name) for each in node.parameters)
        return Decision(node.name, node.id, "service", node.type.name, inputs, frozenset())
    if isinstance(node, FunctionNode):
        inputs = tuple(Input(name, "Any") for name in node.parameters)
        return Decision(node.name, node.id, "function", node.type.name, inputs, node.reads)
    needed = tuple(Input(each.name, each.type.name) for each in _inputs_of(node))
    reads = frozenset(name for each in _required(node) if isinstance(each, DecisionNode) for name in each.reads)
    return Decision(node.name, node.id, "decision", node.type.name, needed, reads)


def _inputs_of(decision: DecisionNode) -> list[InputNode]:
    """The inputs of a decision and of all that it requires, in the order of the requirements."""
    return [node for node in _required(decision) if isinstance(node, InputNode)]


def _required(decision: DecisionNode) -> Iterable[Source]:
    """The decision and all that it requires, directly or through others."""
    seen: dict[Source, None] = {}
    waiting: list[Source] = [decision]
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen[node] = None
            if isinstance(node, DecisionNode):
                waiting += [requirement.node for requirement in reversed(node.requires)]
    return seen


def load(xml: bytes | str, imports: Iterable[bytes | str] = (), names: Iterable[str] = ()) -> Model:
    """Return the model of a DMN file, versions 1.1 to 1.5; ``imports`` are the files that it may need, by any route.

    ``names`` are functions of several words that the environment of the evaluation will have.
    Raises DmnModelError, with a line, for what can't be read at all. Faults of single parts are in ``problems``.
    """
    own = read(xml)
    others = {each.namespace: each for each in map(read, imports)}
    files = {namespace: File(definitions) for namespace, definitions in {**others, own.namespace: own}.items()}
    try:
        _link(list(files.values()), names)
    except RecursionError:
        raise DmnModelError(N_("类型一层套一层，太深了。请减少层次。")) from None
    return Model(files[own.namespace], list(files.values()))


def _link(files: list[File], names: Iterable[str]) -> None:
    by_namespace = {file.definitions.namespace: file for file in files}
    for file in files:
        file.adopt(by_namespace)
    for file in files:
        file.make_nodes()
    for file in files:
        file.set_parameters()
    for file in files:
        Linker(file, names).link()
    refuse_cycles([node for file in files for node in file.nodes.values() if isinstance(node, DecisionNode)])

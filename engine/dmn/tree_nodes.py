"""What a decision model adds to FEEL's trees: types that values are fitted to, and decision tables."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.dmn import model
from engine.dmn.errors import N_
from engine.dmn.types import ItemType
from engine.feel.frame import Frame
from engine.feel.functions import Code
from engine.feel.nodes import Filter, Node, UnaryTests
from engine.feel.scope import Scope, compiles
from engine.feel.types import MISFIT
from engine.feel.values import kind_name


@dataclass(frozen=True, slots=True)
class Fitted(Node):
    """A value that must fit a type, or is null; ``what`` names it for people."""

    value: Node
    type: ItemType
    what: str


@dataclass(frozen=True, slots=True)
class TypedBody(Node):
    """The body of a function; it is null unless every argument fits its type."""

    parameters: tuple[tuple[str, ItemType], ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """A boxed conditional: unlike FEEL's ``if``, it has no value when its test is neither boolean nor null."""

    test: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Selection(Node):
    """A boxed filter: unlike FEEL's filter, it has no value when its condition is neither boolean, number nor null."""

    items: Node
    match: Node


@dataclass(frozen=True, slots=True)
class _Condition(Node):
    condition: Node


class _NoCondition(Exception):
    """The condition came to a value that says neither yes nor no."""


@dataclass(frozen=True, slots=True)
class Row(Node):
    """A row of a relation: a context whose entries do not see each other."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class InputColumn:
    """A column of conditions, with a cell for each rule."""

    value: Node
    type: ItemType
    allowed: UnaryTests | None
    cells: tuple[UnaryTests, ...]


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """A column of results, with a cell for each rule."""

    name: str
    type: ItemType
    allowed: UnaryTests | None
    default: Node | None
    cells: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Table(Node):
    """A decision table; ``where`` names the element that it belongs to."""

    where: str
    table: model.DecisionTable
    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]

    def texts(self, column: int) -> list[str]:
        """The cells of an input column as they are written: those that are written alike are the same test."""
        return [rule.tests[column].text.strip() for rule in self.table.rules]


@compiles(Fitted)
def _fitted(node: Fitted, scope: Scope) -> Code:
    code, kind, what = scope.compile(node.value), node.type, node.what
    return lambda frame: kind.coerce(frame.run, code(frame), what)


@compiles(Choice)
def _choice(node: Choice, scope: Scope) -> Code:
    test, then, otherwise = (scope.compile(part) for part in (node.test, node.then, node.otherwise))

    def choice(frame: Frame) -> Any:
        met = test(frame)
        if met is not None and type(met) is not bool:
            frame.run.note(N_("条件应为是或否，却是{kind}，按空值处理。"), kind=kind_name(met))
            return None
        return then(frame) if met is True else otherwise(frame)

    return choice


@compiles(Selection)
def _selection(node: Selection, scope: Scope) -> Code:
    code = scope.compile(Filter(node.items, _Condition(node.match)))

    def selection(frame: Frame) -> Any:
        try:
            return code(frame)
        except _NoCondition:
            return None

    return selection


@compiles(_Condition)
def _condition(node: _Condition, scope: Scope) -> Code:
    code = scope.compile(node.condition)

    def condition(frame: Frame) -> Any:
        met = code(frame)
        if met is not None and type(met) not in (bool, Decimal):
            frame.run.note(N_("条件应为是或否，却是{kind}，按空值处理。"), kind=kind_name(met))
            raise _NoCondition
        return met

    return condition


@compiles(Row)
def _row(node: Row, scope: Scope) -> Code:
    entries = [(key, scope.compile(value)) for key, value in node.entries]
    return lambda frame: {key: code(frame) for key, code in entries}


@compiles(TypedBody)
def _typed_body(node: TypedBody, scope: Scope) -> Code:
    code, parameters = scope.compile(node.body), node.parameters

    def body(frame: Frame) -> Any:
        local = dict(frame.local)
        for name, kind in parameters:
            local[name] = kind.fit(frame.run, frame.local[name])
            if local[name] is MISFIT:
                kind.complain(frame.run, frame.local[name], name)
                return None
        return code(Frame(frame.root, local, frame.run))

    return body

"""Closures for decision tables: columns first, so that most cells are never looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.dmn.errors import N_
from engine.dmn.evaluation import Evaluation, RuleHit, TableHit
from engine.dmn.hit_policies import LISTS, Match, choose, without_match
from engine.dmn.tree_nodes import InputColumn, OutputColumn, Table
from engine.dmn.types import ItemType
from engine.feel import nodes
from engine.feel.frame import Frame
from engine.feel.functions import Code
from engine.feel.scope import Scope, compiles
from engine.feel.types import MISFIT

_ANY = -1  # the test of a cell that every value meets


@compiles(Table)
def _table(node: Table, scope: Scope) -> Code:
    inputs = [_Inputs(column, scope, node.texts(index)) for index, column in enumerate(node.inputs)]
    outputs = [_Outputs(column, scope, node.where) for column in node.outputs]
    body = _Body(node, inputs, outputs)
    return body.work_out


class _Body:
    def __init__(self, node: Table, inputs: list[_Inputs], outputs: list[_Outputs]) -> None:
        self._where = node.where
        self._table = node.table
        self._policy = node.table.hit_policy + node.table.aggregation
        self._inputs = inputs
        self._outputs = outputs

    def work_out(self, frame: Frame) -> Any:
        values = [column.value(frame) for column in self._inputs]
        if any(not column.permits(frame, value) for column, value in zip(self._inputs, values, strict=True)):
            return self._kept(frame, values, [], None)
        hits = self._matching(frame, values)
        if self._policy == "F":
            hits = hits[:1]
        return self._kept(frame, values, hits, self._value(frame, hits))

    def _matching(self, frame: Frame, values: list[Any]) -> list[int]:
        """The indexes of the rules that match, narrowed column by column."""
        hits: Iterable[int] = range(len(self._table.rules))
        for column, value in zip(self._inputs, values, strict=True):
            hits = column.narrow(frame, value, hits)
            if not hits:
                break
        return list(hits)

    def _value(self, frame: Frame, hits: list[int]) -> Any:
        if not hits:
            return self._default(frame)
        ranked = self._policy in "PO"
        matches = [self._match(frame, index, ranked) for index in hits]
        return choose(frame.run, self._where, self._policy, matches)

    def _match(self, frame: Frame, index: int, ranked: bool) -> Match:
        values = [column.value(frame, index) for column in self._outputs]
        columns = self._outputs if ranked else ()
        rank = tuple(column.rank(frame, value) for column, value in zip(columns, values, strict=False))
        return Match(index + 1, self._joined(values), rank)

    def _joined(self, values: list[Any]) -> Any:
        if len(self._outputs) == 1:
            return values[0]
        return {column.name: value for column, value in zip(self._outputs, values, strict=True)}

    def _default(self, frame: Frame) -> Any:
        if all(column.default is None for column in self._outputs):
            frame.run.note(N_("“{table}”没有规则命中。"), table=self._where)
            return without_match(self._policy)
        value = self._joined([column.fallback(frame) for column in self._outputs])
        return [value] if self._policy in LISTS else value

    def _kept(self, frame: Frame, values: list[Any], hits: list[int], value: Any) -> Any:
        run = frame.run
        if isinstance(run, Evaluation) and run.record is not None:
            rules = tuple(RuleHit(index + 1, self._table.rules[index].id) for index in hits)
            run.keep_table(TableHit(self._where, self._table.id, self._policy, tuple(values), rules, value))
        return value


class _Inputs:
    """A column of conditions. Cells with the same text are one test; plain values and ranges of numbers are indexed."""

    def __init__(self, column: InputColumn, scope: Scope, texts: list[str]) -> None:
        inner = scope.binding("?")
        self._code = scope.compile(column.value)
        self._type: ItemType = column.type
        self._allowed = None if column.allowed is None else inner.compile(column.allowed)
        self._tests: list[tuple[Code, int]] = []
        self._constants: dict[Any, set[int]] = {}
        self._constant: set[int] = set()
        self._ranges: dict[int, list[_Span]] = {}
        numbers: dict[str, int] = {}
        cells = zip(column.cells, texts, strict=True)
        self._cells = [self._number(cell, text, numbers, inner) for cell, text in cells]

    def _number(self, cell: nodes.UnaryTests, text: str, numbers: dict[str, int], scope: Scope) -> int:
        if not cell.tests:
            return _ANY
        if text not in numbers:
            numbers[text] = len(self._tests)
            self._tests.append(scope.weigh(cell))
            self._index(cell, numbers[text])
        return numbers[text]

    def _index(self, cell: nodes.UnaryTests, number: int) -> None:
        if cell.negated:
            return
        constants = [_constant(test, _HASHED) for test in cell.tests]
        spans = [_span(test) for test in cell.tests]
        if None not in constants:
            self._constant.add(number)
            for constant in constants:
                self._constants.setdefault(constant, set()).add(number)
        elif None not in spans:
            self._ranges[number] = [span for span in spans if span is not None]

    def value(self, frame: Frame) -> Any:
        return self._type.coerce(frame.run, self._code(frame), "?")

    def permits(self, frame: Frame, value: Any) -> bool:
        """Say whether the value is one of those that the column lists; null is told by the rules themselves."""
        if self._allowed is None or value is None or self._allowed(frame.bind("?", value)) is True:
            return True
        frame.run.note(N_("输入值不在决策表列出的允许值之内。"))
        return False

    def narrow(self, frame: Frame, value: Any, hits: Iterable[int]) -> list[int]:
        """The rules among ``hits`` whose cell the value meets."""
        cells, run = self._cells, frame.run
        needed = {cells[index] for index in hits}
        run.spend(len(needed))
        met = {_ANY}
        if type(value) in _HASHED:
            met |= self._constants.get(value, _NONE)
            needed -= self._constant
        if type(value) is Decimal and self._ranges:
            ranges = self._ranges
            met.update(each for each in needed & ranges.keys() if any(span.holds(value) for span in ranges[each]))
            needed -= self._ranges.keys()
        inside = frame.bind("?", value)
        for number in needed - met:
            code, cost = self._tests[number]
            run.spend(cost)
            if code(inside) is True:
                met.add(number)
        return [index for index in hits if cells[index] in met]


#: Kinds of which equal ones have the same hash, and that equal nothing of another kind.
_HASHED = (str, Decimal)
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Span:
    """A range whose ends are numbers; None is no bound."""

    low: Decimal | None
    low_included: bool
    high: Decimal | None
    high_included: bool

    def holds(self, value: Decimal) -> bool:
        above = self.low is None or (self.low <= value if self.low_included else self.low < value)
        if not above or self.high is None:
            return above
        return value <= self.high if self.high_included else value < self.high


def _constant(node: nodes.Node | None, kinds: tuple[type, ...]) -> Any:
    return node.value if isinstance(node, nodes.Literal) and type(node.value) in kinds else None


def _span(test: nodes.Node) -> _Span | None:
    if not isinstance(test, nodes.RangeLiteral):
        return None
    low, high = _constant(test.start, (Decimal,)), _constant(test.end, (Decimal,))
    if (low is None) is not (test.start is None) or (high is None) is not (test.end is None):
        return None
    return _Span(low, test.start_included, high, test.end_included)


class _Outputs:
    """A column of results."""

    def __init__(self, column: OutputColumn, scope: Scope, where: str) -> None:
        inner = scope.binding("?")
        self.name = column.name
        self.default = None if column.default is None else scope.compile(column.default)
        self._what = column.name or where
        self._type = column.type
        self._cells = [scope.compile(cell) for cell in column.cells]
        tests = column.allowed.tests if column.allowed is not None and not column.allowed.negated else ()
        self._ranks = [inner.compile(nodes.UnaryTests((test,), False)) for test in tests]
        self._allowed = None if column.allowed is None else inner.compile(column.allowed)

    def value(self, frame: Frame, index: int) -> Any:
        return self._fitted(frame, self._cells[index](frame))

    def fallback(self, frame: Frame) -> Any:
        return None if self.default is None else self._fitted(frame, self.default(frame))

    def _fitted(self, frame: Frame, value: Any) -> Any:
        found = self._type.fit(frame.run, value)
        if found is MISFIT:
            self._type.complain(frame.run, value, self._what)
            return None
        if found is None or self._allowed is None or self._allowed(frame.bind("?", found)) is True:
            return found
        frame.run.note(N_("“{name}”的结果不在决策表列出的输出值之内，按空值处理。"), name=self._what)
        return None

    def rank(self, frame: Frame, value: Any) -> int:
        """The place of the value among the output values, from 0; whatever is not listed comes last."""
        inside = frame.bind("?", value)
        return next((place for place, code in enumerate(self._ranks) if code(inside) is True), len(self._ranks))

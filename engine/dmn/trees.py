"""Boxed expressions → FEEL trees, so that both mean the same (DMN 1.5, 10.2 tells it by such translations)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from engine.dmn import model
from engine.dmn.errors import N_, DmnModelError
from engine.dmn.expressions import Vocabulary
from engine.dmn.item_types import Types
from engine.dmn.tree_nodes import Choice, Fitted, InputColumn, OutputColumn, Row, Selection, Table, TypedBody
from engine.dmn.types import ANY, ItemType
from engine.feel import nodes

_RESULT: Final = "="  # no expression can write it as a name


@dataclass(frozen=True)
class Trees:
    """Translates the logic of one element; raises DmnModelError where it can't. ``tables`` collects its tables."""

    node: str
    vocabulary: Vocabulary
    types: Types
    tables: list[Table]

    def of(self, logic: model.Boxed) -> nodes.Node:
        """Return the tree of an expression, fitted to the type that it says it has."""
        tree = _TRANSLATORS[type(logic)](self, logic)
        if isinstance(logic, model.DecisionTable):  # its type may be that of one result or of the list of them
            return tree
        return self.fitted(tree, self.type_of(logic.type_ref, logic.line), self.node)

    def body_of(self, logic: model.FunctionDefinition) -> nodes.Node:
        """Return the tree of a function's body, which is null unless the arguments fit; Java and PMML are refused."""
        if logic.kind != "FEEL":
            message = N_("第 {line} 行：“{node}”的函数用 {kind} 写成，不能运行。请改用 FEEL。")
            raise DmnModelError(message, logic.line, self.node, kind=logic.kind)
        typed = tuple((each.name, self.type_of(each.type_ref, logic.line)) for each in logic.parameters)
        body = self.fitted(self.of(logic.body), self.type_of(logic.type_ref, logic.line), self.node)
        return TypedBody(typed, body) if any(kind is not ANY for _, kind in typed) else body

    def type_of(self, type_ref: str, line: int) -> ItemType:
        """Return the type of that name."""
        return self.types.of(type_ref, line, self.node)

    def fitted(self, tree: nodes.Node, kind: ItemType, what: str) -> nodes.Node:
        """Return the tree whose value is fitted to the type; functions keep their shape, so that they may recur."""
        return tree if kind is ANY or isinstance(tree, nodes.FunctionDefinition) else Fitted(tree, kind, what)


def _literal(trees: Trees, logic: model.Literal) -> nodes.Node:
    return trees.vocabulary.parse(logic, trees.node)


def _context(trees: Trees, logic: model.BoxedContext) -> nodes.Node:
    entries = [
        (entry.name, trees.fitted(trees.of(entry.value), trees.type_of(entry.type_ref, entry.line), entry.name))
        for entry in logic.entries
    ]
    if logic.result is None:
        return nodes.ContextLiteral(tuple(entries))
    entries.append((_RESULT, trees.of(logic.result)))
    return nodes.Path(nodes.ContextLiteral(tuple(entries)), _RESULT)


def _invocation(trees: Trees, logic: model.Invocation) -> nodes.Node:
    names = tuple(binding.name for binding in logic.bindings)
    arguments = tuple(trees.of(binding.value) for binding in logic.bindings)
    return nodes.Call(trees.of(logic.function), arguments, names)


def _function(trees: Trees, logic: model.FunctionDefinition) -> nodes.Node:
    return nodes.FunctionDefinition(tuple((each.name, None) for each in logic.parameters), trees.body_of(logic))


def _relation(trees: Trees, logic: model.Relation) -> nodes.Node:
    kinds = [trees.type_of(column.type_ref, logic.line) for column in logic.columns]
    names = [column.name for column in logic.columns]

    def row(cells: tuple[model.Boxed, ...]) -> nodes.Node:
        values = [
            trees.fitted(trees.of(cell), kind, name) for cell, kind, name in zip(cells, kinds, names, strict=True)
        ]
        return Row(tuple(zip(names, values, strict=True)))

    return nodes.ListLiteral(tuple(row(cells) for cells in logic.rows))


def _list(trees: Trees, logic: model.BoxedList) -> nodes.Node:
    return nodes.ListLiteral(tuple(trees.of(item) for item in logic.items))


def _conditional(trees: Trees, logic: model.Conditional) -> nodes.Node:
    return Choice(trees.of(logic.test), trees.of(logic.then), trees.of(logic.otherwise))


def _filter(trees: Trees, logic: model.Filter) -> nodes.Node:
    return Selection(trees.of(logic.items), trees.of(logic.match))


def _loop(trees: Trees, logic: model.Loop) -> nodes.Node:
    iterators = ((logic.variable, trees.of(logic.items)),)
    body = trees.of(logic.body)
    return nodes.For(iterators, body) if logic.kind == "for" else nodes.Quantified(logic.kind, iterators, body)


def _table(trees: Trees, logic: model.DecisionTable) -> nodes.Node:
    inputs = tuple(_input_column(trees, logic, index) for index in range(len(logic.inputs)))
    outputs = tuple(_output_column(trees, logic, index) for index in range(len(logic.outputs)))
    trees.tables.append(Table(trees.node, logic, inputs, outputs))
    return trees.tables[-1]


def _input_column(trees: Trees, logic: model.DecisionTable, index: int) -> InputColumn:
    clause = logic.inputs[index]
    if not clause.expression.text.strip():
        raise DmnModelError(
            N_("第 {line} 行：“{node}”的决策表第 {number} 个输入列没有表达式。请补上。"),
            clause.expression.line,
            trees.node,
            number=index + 1,
        )
    return InputColumn(
        trees.vocabulary.parse(clause.expression, trees.node),
        trees.type_of(clause.expression.type_ref, clause.expression.line),
        None if clause.allowed is None else trees.vocabulary.parse_tests(clause.allowed, trees.node),
        tuple(trees.vocabulary.parse_tests(rule.tests[index], trees.node) for rule in logic.rules),
    )


def _output_column(trees: Trees, logic: model.DecisionTable, index: int) -> OutputColumn:
    clause = logic.outputs[index]
    alone = len(logic.outputs) == 1 and logic.hit_policy in "UAPF"
    kind = trees.type_of(clause.type_ref or (logic.type_ref if alone else ""), logic.line)
    return OutputColumn(
        clause.name,
        kind,
        kind.tests if clause.allowed is None else trees.vocabulary.parse_tests(clause.allowed, trees.node),
        None if clause.default is None else trees.vocabulary.parse(clause.default, trees.node),
        tuple(_result(trees, rule.results[index]) for rule in logic.rules),
    )


def _result(trees: Trees, cell: model.Literal) -> nodes.Node:
    return nodes.Literal(None) if cell.text.strip() == "-" else trees.vocabulary.parse(cell, trees.node)


_TRANSLATORS: dict[type, Callable[[Trees, Any], nodes.Node]] = {
    model.Literal: _literal,
    model.BoxedContext: _context,
    model.Invocation: _invocation,
    model.FunctionDefinition: _function,
    model.Relation: _relation,
    model.BoxedList: _list,
    model.Conditional: _conditional,
    model.Filter: _filter,
    model.Loop: _loop,
    model.DecisionTable: _table,
}

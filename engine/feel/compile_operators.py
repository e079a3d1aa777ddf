"""Closures for operators: arithmetic, comparison, logic, membership, ranges, ``instance of``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel import nodes
from engine.feel.arithmetic import calculate, negate
from engine.feel.comparison import DIRECT, ORDER, compare, contains, equal, includes
from engine.feel.errors import N_
from engine.feel.frame import Frame, Run
from engine.feel.functions import Code
from engine.feel.scope import Scope, compiles
from engine.feel.types import is_instance
from engine.feel.values import Range, kind_name


@compiles(nodes.Arithmetic)
def _arithmetic(node: nodes.Arithmetic, scope: Scope) -> Code:
    left, right, sign = scope.compile(node.left), scope.compile(node.right), node.operator
    return lambda frame: calculate(frame.run, sign, left(frame), right(frame))


@compiles(nodes.Negation)
def _negation(node: nodes.Negation, scope: Scope) -> Code:
    operand = scope.compile(node.operand)
    return lambda frame: negate(frame.run, operand(frame))


@compiles(nodes.Comparison)
def _comparison(node: nodes.Comparison, scope: Scope) -> Code:
    left, right = scope.compile(node.left), scope.compile(node.right)
    if node.operator == "=":
        return _equality(left, right)
    if node.operator == "!=":
        same = _equality(left, right)
        return lambda frame: opposite(same(frame))
    return _order(node.operator, left, right)


def _equality(left: Code, right: Code) -> Code:
    def equality(frame: Frame) -> bool | None:
        one, other = left(frame), right(frame)
        if type(one) is type(other) and type(one) in DIRECT:
            return bool(one == other)
        return equal(frame.run, one, other)

    return equality


def _order(sign: str, left: Code, right: Code) -> Code:
    holds = ORDER[sign]

    def order(frame: Frame) -> bool | None:
        one, other = left(frame), right(frame)
        if type(one) is Decimal is type(other):
            return holds(one, other)
        return compare(frame.run, sign, one, other)

    return order


def opposite(value: bool | None) -> bool | None:
    """Return the logical opposite; null of null."""
    return None if value is None else not value


@compiles(nodes.Logic)
def _logic(node: nodes.Logic, scope: Scope) -> Code:
    operands = [scope.compile(operand) for operand in node.operands]
    decisive = node.operator == "or"
    return _two(decisive, *operands) if len(operands) == 2 else _many(decisive, operands)


def _two(decisive: bool, left: Code, right: Code) -> Code:
    """Short-circuit: what stands right of a decisive value is not worked out."""

    def logic(frame: Frame) -> bool | None:
        one = left(frame)
        if one is decisive:
            return one is True
        other = right(frame)
        if other is decisive:
            return other is True
        return not decisive if type(one) is bool is type(other) else _undecided(frame.run, one, other)

    return logic


def _many(decisive: bool, operands: list[Code]) -> Code:
    def logic(frame: Frame) -> bool | None:
        found = []
        for operand in operands:
            value = operand(frame)
            if value is decisive:
                return value is True
            found.append(value)
        return not decisive if all(type(value) is bool for value in found) else _undecided(frame.run, *found)

    return logic


def _undecided(run: Run, *found: Any) -> bool | None:
    for value in found:
        if value is not None and type(value) is not bool:
            run.note(N_("and、or 两边应为是或否，不能是{kind}。"), kind=kind_name(value))
    return None


@compiles(nodes.Between)
def _between(node: nodes.Between, scope: Scope) -> Code:
    value, low, high = (scope.compile(part) for part in (node.value, node.low, node.high))

    def between(frame: Frame) -> bool | None:
        run, found = frame.run, value(frame)
        above, below = compare(run, ">=", found, low(frame)), compare(run, "<=", found, high(frame))
        if above is False or below is False:
            return False
        return None if above is None or below is None else True

    return between


@compiles(nodes.In)
def _in(node: nodes.In, scope: Scope) -> Code:
    value = scope.compile(node.value)
    inner = scope.binding("?")
    tests = [_membership(test, inner) for test in node.tests]

    def membership(frame: Frame) -> bool | None:
        inside = frame.bind("?", value(frame))
        return any_true(test(inside) for test in tests)

    return membership


def any_true(results: Any) -> bool | None:
    """Return true if any result is, else null if any is null, else false."""
    found: bool | None = False
    for result in results:
        if result is True:
            return True
        if result is None:
            found = None
    return found


def _membership(test: nodes.Node, scope: Scope) -> Code:
    if isinstance(test, nodes.Test):
        return scope.compile(nodes.Comparison(test.operator, nodes.Name("?"), test.operand))
    code = scope.compile(test)
    if isinstance(test, nodes.RangeLiteral):
        return lambda frame: _in_range(frame, code(frame))
    return lambda frame: contains(frame.run, frame.local["?"], code(frame))


def _in_range(frame: Frame, span: Range | None) -> bool | None:
    return None if span is None else includes(frame.run, span, frame.local["?"])


@compiles(nodes.Test)
def _test(node: nodes.Test, scope: Scope) -> Code:
    """``(= 5)`` by itself is a range of one value; ``(!= 5)`` is no value at all."""
    if node.operator == "!=":
        return lambda frame: frame.run.note(N_("“!=”的测试只能放在 in 后面。"))
    return scope.compile(nodes.RangeLiteral(node.operand, node.operand, True, True))


@compiles(nodes.UnaryTests)
def _unary_tests(node: nodes.UnaryTests, scope: Scope) -> Code:
    tests = [_unary_test(test, scope) for test in node.tests]

    def cell(frame: Frame) -> bool | None:
        return any_true(test(frame) for test in tests) if tests else True

    return (lambda frame: opposite(cell(frame))) if node.negated else cell


def _unary_test(test: nodes.Node, scope: Scope) -> Code:
    """A test is met if it is true by itself, or if the input value equals it or lies in it (DMN 1.5, 7.3.3)."""
    if isinstance(test, nodes.Test):
        return scope.compile(nodes.Comparison(test.operator, nodes.Name("?"), test.operand))
    inner = scope.binding("?")
    code, subject = inner.compile(test), scope.compile(nodes.Name("?"))
    by_itself = "?" in inner.used
    # What is written as a value is never a condition: an input that is null does not meet the test `true`.
    is_value = isinstance(test, nodes.Literal | nodes.Name | nodes.Path) and not by_itself

    def holds(frame: Frame) -> bool | None:
        value = subject(frame)
        found = code(frame.bind("?", value))
        if by_itself or (type(found) is bool and type(value) is not bool and not is_value):
            return found if type(found) is bool else None
        return contains(frame.run, value, found)

    return holds


@compiles(nodes.RangeLiteral)
def _range(node: nodes.RangeLiteral, scope: Scope) -> Code:
    start = scope.compile(node.start) if node.start else None
    end = scope.compile(node.end) if node.end else None
    included = node.start_included, node.end_included

    def span(frame: Frame) -> Range | None:
        low, high = start and start(frame), end and end(frame)
        if (start and low is None) or (end and high is None):
            frame.run.note(N_("区间的端点是空值。"))
            return None
        if start and end and type(low) is not type(high):
            message = N_("区间两端类型不同：{low}与{high}。")
            frame.run.note(message, low=kind_name(low), high=kind_name(high))
            return None
        return Range(low, high, *included)

    return span


@compiles(nodes.InstanceOf)
def _instance_of(node: nodes.InstanceOf, scope: Scope) -> Code:
    value, wanted = scope.compile(node.value), node.type
    return lambda frame: is_instance(value(frame), wanted, frame.run.spend)

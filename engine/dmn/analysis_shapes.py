"""Which cells an analysis can see through, and the values at which they turn from no to yes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Final

from engine.dmn.evaluation import DEFAULT, Evaluation
from engine.dmn.expressions import compiled, frame
from engine.feel import FeelError, Range, nodes

_SUBJECT: Final = nodes.Name("?")
#: Built-ins that give another value each time.
_CHANGING: Final = frozenset(("now", "today"))


class Opaque(Exception):
    """The cell is an expression that only a value can decide."""


class TooLarge(Exception):
    """There are more combinations than can be looked at in reasonable time."""


def turning_points(cell: nodes.UnaryTests) -> Iterator[Any]:
    """The constants that the input value is compared with; between two of them the cell does not change.

    Raises Opaque for a cell that compares anything else.
    """
    for test in cell.tests:
        yield from _points(test)


def orders(cell: nodes.UnaryTests) -> bool:
    """Say whether the cell asks for more than equality."""
    return any(
        isinstance(each, nodes.RangeLiteral | nodes.Between)
        or (isinstance(each, nodes.Comparison) and each.operator not in ("=", "!="))
        for each in _within(cell)
    )


def _points(node: nodes.Node) -> Iterator[Any]:
    if isinstance(node, nodes.RangeLiteral):
        for end in (node.start, node.end):
            yield from () if end is None else _flat(_constant(end))
    elif isinstance(node, nodes.Test):
        yield from _flat(_constant(node.operand))
    elif isinstance(node, nodes.Logic):
        for operand in node.operands:
            yield from _condition(operand)
    elif isinstance(node, nodes.Comparison | nodes.Between | nodes.In) or _is_not(node):
        yield from _condition(node)
    else:
        yield from _flat(_constant(node))


def _condition(node: nodes.Node) -> Iterator[Any]:
    """The same for a condition that names the input value ``?`` itself."""
    if isinstance(node, nodes.Logic):
        for operand in node.operands:
            yield from _condition(operand)
    elif isinstance(node, nodes.Call) and _is_not(node):
        yield from _condition(node.arguments[0])
    elif isinstance(node, nodes.Comparison) and _SUBJECT in (node.left, node.right):
        yield from _flat(_constant(node.right if node.left == _SUBJECT else node.left))
    elif isinstance(node, nodes.Between) and node.value == _SUBJECT:
        yield from (*_flat(_constant(node.low)), *_flat(_constant(node.high)))
    elif isinstance(node, nodes.In) and node.value == _SUBJECT:
        for test in node.tests:
            yield from _points(test)
    else:
        raise Opaque


def _is_not(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Call) and node.callee == nodes.Name("not") and len(node.arguments) == 1


def _constant(node: nodes.Node) -> Any:
    if any(isinstance(each, nodes.Name) and each.name in _CHANGING for each in _within(node)):
        raise Opaque
    code, reads = compiled(node, ())
    if reads.variables or reads.uncertain or reads.functions:
        raise Opaque
    try:
        return code(frame({}, Evaluation(DEFAULT)))
    except FeelError:
        raise Opaque from None


def _within(part: Any) -> Iterator[Any]:
    if isinstance(part, tuple):
        for each in part:
            yield from _within(each)
    elif isinstance(part, nodes.Node) and is_dataclass(part):
        yield part
        for each in fields(part):
            yield from _within(getattr(part, each.name))


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _flat(item)
    elif isinstance(value, Range):
        yield from (end for end in (value.start, value.end) if end is not None)
    elif isinstance(value, dict):
        raise Opaque
    else:
        yield value

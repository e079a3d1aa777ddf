"""Built-ins that relate points and ranges (DMN 1.5, 10.3.4.9, table 81), and ``range``.

Every end becomes a cut between values: ``(5, 0)`` lies just before 5, ``(5, 1)`` just after it. ``[1..5]`` runs from
``(1, 0)`` to ``(5, 1)``, ``(1..5)`` from ``(1, 1)`` to ``(5, 0)``, and the point 5 from ``(5, 0)`` to ``(5, 1)``;
so the table's long conditions become comparisons of two cuts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from engine.feel import nodes
from engine.feel.comparison import compare, equal
from engine.feel.errors import N_, FeelSyntaxError
from engine.feel.frame import Run
from engine.feel.functions import BUILTINS, builtin
from engine.feel.parser import parse_range
from engine.feel.values import Range

_LOWEST, _HIGHEST = -1, 2  # sides of the cuts of a range without a bound


class _Incomparable(Exception):
    """The values of two cuts are of different kinds."""


class Cut:
    """A place between values."""

    __slots__ = ("_run", "_side", "_value")

    def __init__(self, run: Run, value: Any, side: int) -> None:
        self._run = run
        self._value = value
        self._side = side

    def __lt__(self, other: Cut) -> bool:
        if self.at_value(other):
            return self._side < other._side
        if self._unbounded or other._unbounded:
            return self._side == _LOWEST or other._side == _HIGHEST
        return self._ask(compare(self._run, "<", self._value, other._value))

    def __le__(self, other: Cut) -> bool:
        return not other < self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cut) and self.at_value(other) and self._side == other._side

    @property
    def _unbounded(self) -> bool:
        return self._side in (_LOWEST, _HIGHEST)

    def at_value(self, other: Cut) -> bool:
        """Say whether both cuts are next to the same value, on any side."""
        if self._unbounded or other._unbounded:
            return self._side == other._side
        return self._ask(equal(self._run, self._value, other._value))

    def touches(self, other: Cut) -> bool:
        """Say whether both contain one and the same value: this one just after it, the other just before."""
        return self._side == 1 and other._side == 0 and self.at_value(other)

    def _ask(self, answer: bool | None) -> bool:
        if answer is None:
            raise _Incomparable
        return answer


Span = tuple[Cut, Cut]
Relation = Callable[[Span, Span], bool]


def _span(run: Run, value: Any) -> Span:
    if type(value) is not Range:
        return Cut(run, value, 0), Cut(run, value, 1)
    start = Cut(run, value.start, _LOWEST if value.start is None else int(not value.start_included))
    end = Cut(run, value.end, _HIGHEST if value.end is None else int(value.end_included))
    return start, end


def _register(name: str, signature: str, relation: Relation) -> None:
    @builtin(name, signature)
    def related(run: Run, one: Any, other: Any) -> bool | None:
        try:
            return relation(_span(run, one), _span(run, other))
        except _Incomparable:
            return None


_ANY = "point|range"
_RELATIONS: tuple[tuple[str, str, str, Relation], ...] = (
    ("before", _ANY, _ANY, lambda a, b: a[1] <= b[0]),
    ("after", _ANY, _ANY, lambda a, b: b[1] <= a[0]),
    ("meets", "range", "range", lambda a, b: a[1].touches(b[0])),
    ("met by", "range", "range", lambda a, b: b[1].touches(a[0])),
    ("overlaps", "range", "range", lambda a, b: a[0] < b[1] and b[0] < a[1]),
    ("overlaps before", "range", "range", lambda a, b: a[0] < b[0] and b[0] < a[1] and a[1] <= b[1]),
    ("overlaps after", "range", "range", lambda a, b: b[0] < a[0] and a[0] < b[1] and b[1] <= a[1]),
    ("finishes", _ANY, "range", lambda a, b: a[1] == b[1] and b[0] <= a[0]),
    ("finished by", "range", _ANY, lambda a, b: a[1] == b[1] and a[0] <= b[0]),
    ("includes", "range", _ANY, lambda a, b: a[0] <= b[0] and b[1] <= a[1]),
    ("during", _ANY, "range", lambda a, b: b[0] <= a[0] and a[1] <= b[1]),
    ("starts", _ANY, "range", lambda a, b: a[0] == b[0] and a[1] <= b[1]),
    ("started by", "range", _ANY, lambda a, b: a[0] == b[0] and b[1] <= a[1]),
    ("coincides", _ANY, _ANY, lambda a, b: a[0] == b[0] and a[1] == b[1]),
)
_NAMES: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("range", "range"): (("range1", "range2"),),
    (_ANY, _ANY): (("point1", "point2"), ("point", "range"), ("range", "point"), ("range1", "range2")),
    (_ANY, "range"): (("point", "range"), ("range1", "range2")),
    ("range", _ANY): (("range", "point"), ("range1", "range2")),
}
for _name, _left, _right, _relation in _RELATIONS:
    for _first, _second in _NAMES[_left, _right]:
        _register(_name, f"{_first}: {_left}, {_second}: {_right}", _relation)


#: A side without a bound is written open: ``(..5]``, ``[5..)``.
_NO_START = re.compile(r"\s*[(\]]\s*\.\.(?P<end>.+?)(?P<border>[\])\[])\s*", re.DOTALL)
_NO_END = re.compile(r"\s*(?P<border>[\[(\]])(?P<start>.+?)\.\.\s*[)\[]\s*", re.DOTALL)
_CONSTRUCTORS = ("date", "time", "date and time", "duration")


@builtin("range", "from: string")
def range_of_text(run: Run, text: str) -> Range | None:
    """Read a range with literal ends, as ``[1..10)``, ``(@"2026-01-01"..@"2026-12-31"]`` or ``(..5]``."""
    run.spend(20 + len(text))
    try:
        tree = parse_range(_half_bounded(text) or text)
    except FeelSyntaxError:
        tree = None
    found = None if tree is None else _literal_range(run, tree)
    if found is None:
        run.note(N_("“{text}”不是区间。"), text=text[:40])
    return found


def _half_bounded(text: str) -> str | None:
    """Return the comparison that says the same as a range with one bound, or None for any other text."""
    if found := _NO_START.fullmatch(text):
        return f"({'<=' if found['border'] == ']' else '<'} {found['end']})"
    if found := _NO_END.fullmatch(text):
        return f"({'>=' if found['border'] == '[' else '>'} {found['start']})"
    return None


def _literal_range(run: Run, tree: nodes.RangeLiteral) -> Range | None:
    start, end = (None if node is None else _constant(run, node) for node in (tree.start, tree.end))
    if (tree.start and start is None) or (tree.end and end is None):
        return None
    if tree.start and tree.end and compare(run, "<=", start, end) is not True:
        return None
    return Range(start, end, tree.start_included, tree.end_included)


def _constant(run: Run, node: nodes.Node) -> Any:
    """Return the value of a literal, or of ``date("…")`` and its like; else None."""
    if isinstance(node, nodes.Literal):
        return node.value
    if not isinstance(node, nodes.Call) or not isinstance(node.callee, nodes.Name):
        return None
    name, arguments = node.callee.name, node.arguments
    if name not in _CONSTRUCTORS or len(arguments) != 1 or not isinstance(arguments[0], nodes.Literal):
        return None
    return BUILTINS[name].call(run, [arguments[0].value])

"""A column of conditions cut into segments, inside which no cell changes; each has a value that stands for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from engine.dmn.analysis_shapes import Opaque, TooLarge, orders, turning_points
from engine.dmn.evaluation import DEFAULT, Evaluation
from engine.dmn.expressions import compiled, frame
from engine.dmn.tree_nodes import InputColumn
from engine.feel import YearsMonths, nodes

_MOST_TESTS: Final = 200_000
#: For kinds with an order: the smallest step to a neighbour, and whether there is nothing between neighbours.
_STEPS: Final[dict[type, tuple[Any, bool]]] = {
    Decimal: (Decimal(1), False),
    date: (timedelta(days=1), True),
    datetime: (timedelta(days=1), False),
    timedelta: (timedelta(days=1), False),
    YearsMonths: (1, True),
}


@dataclass(frozen=True, slots=True)
class Segment:
    """Values that all cells treat alike: one value, or those between two (None: without end).

    ``sample`` is one of them; ``other`` are the texts that no cell names.
    """

    low: Any
    high: Any
    sample: Any
    other: bool = False

    @property
    def is_point(self) -> bool:
        """Whether it is a single value."""
        return self.low is not None and self.low == self.high


class Column:
    """The segments of a column and, as bits over them, where each cell is met.

    ``opaque`` are the rules whose cell can't be seen through. ``domain`` are the segments that the input may take:
    those of its allowed values, and never null. Raises Opaque for a column that can't be cut, TooLarge for one with too
    many segments.
    """

    def __init__(self, label: str, column: InputColumn, texts: list[str]) -> None:
        self.label = label
        self.opaque: set[int] = set()
        points: list[Any] = []
        for index, cell in enumerate(column.cells):
            try:
                points += turning_points(cell)
            except Opaque:
                self.opaque.add(index)
        allowed, bounds = _allowed(column)
        self.segments = _segments([*points, *bounds], column)
        if any(segment.other for segment in self.segments):
            self.opaque |= {index for index, cell in enumerate(column.cells) if orders(cell)}
        run = Evaluation(DEFAULT)
        self._frames = [frame({"?": segment.sample}, run) for segment in self.segments]
        self._seen: dict[object, int] = {}
        cells = enumerate(zip(column.cells, texts, strict=True))
        self.cells = [0 if index in self.opaque else self._met(cell, text) for index, (cell, text) in cells]
        self.domain = self._domain(allowed)

    def _met(self, cell: nodes.UnaryTests, key: object) -> int:
        if key not in self._seen:
            if (len(self._seen) + 1) * len(self.segments) > _MOST_TESTS:
                raise TooLarge
            code, _reads = compiled(cell, ("?",))
            met = (code(inside) is True for inside in self._frames)
            self._seen[key] = sum(1 << index for index, yes in enumerate(met) if yes)
        return self._seen[key]

    def _domain(self, allowed: list[nodes.UnaryTests]) -> int:
        domain = sum(1 << index for index, segment in enumerate(self.segments) if segment.sample is not None)
        for tests in allowed:
            domain &= self._met(tests, id(tests))
        return domain


def _allowed(column: InputColumn) -> tuple[list[nodes.UnaryTests], list[Any]]:
    """The tests of the allowed values that can be seen through, and their turning points."""
    found: list[nodes.UnaryTests] = []
    points: list[Any] = []
    for tests in (column.allowed, column.type.tests):
        if tests is None:
            continue
        try:
            own = list(turning_points(tests))
        except Opaque:
            continue
        if orders(tests) and any(isinstance(point, str) for point in own):
            continue
        found.append(tests)
        points += own
    return found, points


def _segments(points: list[Any], column: InputColumn) -> list[Segment]:
    """Cut the values of a column at these points. Raises Opaque if they are of several kinds, or of one without use."""
    if column.type.item is not None:
        raise Opaque
    values = [point for point in points if point is not None]
    null = [Segment(None, None, None)] if len(values) < len(points) else []
    kinds: set[type | None] = {type(value) for value in values} or {_KINDS.get(column.type.feel.name)}
    kind = kinds.pop()
    if kinds:
        raise Opaque
    if kind is bool:
        return [Segment(each, each, each) for each in (True, False)] + null
    if kind is str:
        return [Segment(each, each, each) for each in dict.fromkeys(values)] + [_other(values)] + null
    if kind is None:
        return [Segment(None, None, "…", other=True), *null]
    if kind not in _STEPS or (kind is datetime and len({value.tzinfo is None for value in values}) > 1):
        raise Opaque
    return _ordered(sorted(set(values)), *_STEPS[kind]) + null


_KINDS: Final[dict[str, type]] = {"boolean": bool}


def _other(named: Iterable[str]) -> Segment:
    sample = "其他"  # zh: a text that stands for all others
    while sample in named:
        sample += "…"
    return Segment(None, None, sample, other=True)


def _ordered(values: list[Any], step: Any, discrete: bool) -> list[Segment]:
    first, last = values[0], values[-1]
    found = [(None, first, _shifted(first, step, -1))]
    for low, high in pairwise(values):
        found += [(low, low, low), (low, high, _between(low, high, step, discrete))]
    found += [(last, last, last), (last, None, _shifted(last, step, 1))]
    return [Segment(low, high, sample) for low, high, sample in found if sample is not None]


def _shifted(value: Any, step: Any, sign: int) -> Any:
    """The neighbour of a value, None beyond the last one that there is."""
    if isinstance(value, YearsMonths):
        return YearsMonths(value.months + sign * step)
    try:
        return value + sign * step
    except OverflowError:
        return None


def _between(low: Any, high: Any, step: Any, discrete: bool) -> Any:
    """A value between two, None if there is none."""
    middle = _shifted(low, step, 1) if discrete else low + (high - low) / 2
    return middle if low < middle < high else None

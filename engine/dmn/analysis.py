"""Is a decision table complete, and do its rules get in each other's way? (DMN 1.5, 8.2.8 and 8.2.11)

The input columns are cut into segments inside which no cell changes, so a table is a set of boxes in a space of few
cells. Cells that are arbitrary expressions can't be placed in it: their rules are listed as not analysed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any, Final

from engine.dmn.analysis_columns import Column
from engine.dmn.analysis_shapes import Opaque, TooLarge
from engine.dmn.analysis_text import tests_of
from engine.dmn.tree_nodes import Table

MOST_GAPS: Final = 10
MOST_OVERLAPS: Final = 20
_MOST_WORK = 2_000_000


@dataclass(frozen=True, slots=True)
class Gap:
    """Inputs that no rule takes: a test in FEEL and an example for each input column, in order; ``-`` is any value."""

    tests: tuple[str, ...]
    example: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rules, by number from 1, that match the same input; ``differ`` if their results are not written alike."""

    rules: tuple[int, int]
    example: tuple[Any, ...]
    differ: bool


@dataclass(frozen=True, slots=True)
class NotAnalysed:
    """A cell that is an arbitrary expression: rule number and input column from 1; rule 0 is the whole column."""

    rule: int
    column: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found. ``inputs`` label the columns.

    ``gaps`` is empty if there is a default output. With ``not_analysed`` cells a gap is only likely: their rules may
    fill it. ``unreachable`` are rules of a table with hit policy FIRST that earlier ones always precede. ``complete``
    is false if a whole column is opaque or the table is too large to be looked through.
    """

    inputs: tuple[str, ...]
    gaps: tuple[Gap, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    unreachable: tuple[int, ...] = ()
    not_analysed: tuple[NotAnalysed, ...] = ()
    complete: bool = True


def analyse(table: Table) -> Analysis:
    """Return the gaps of a table, the overlaps of one with hit policy U or A, and what could not be analysed."""
    labels = tuple(clause.label or clause.expression.text.strip() for clause in table.table.inputs)
    columns: list[Column] = []
    unknown: list[NotAnalysed] = []
    for number, (label, column) in enumerate(zip(labels, table.inputs, strict=True), 1):
        try:
            columns.append(Column(label, column, table.texts(number - 1)))
        except (Opaque, TooLarge):
            return Analysis(labels, not_analysed=(NotAnalysed(0, number),), complete=False)
        unknown += (NotAnalysed(index + 1, number) for index in sorted(columns[-1].opaque))
    try:
        return _Space(table, columns, {each.rule - 1 for each in unknown}).analysed(labels, tuple(unknown))
    except TooLarge:
        return Analysis(labels, not_analysed=tuple(unknown), complete=False)


class _Space:
    """The boxes of the rules that can be placed; sets of rules and of segments are bits of an integer."""

    def __init__(self, table: Table, columns: list[Column], unknown: set[int]) -> None:
        self._table = table
        self._columns = columns
        self._rules = [index for index in range(len(table.table.rules)) if index not in unknown]
        self._meeting = [self._by_segment(column) for column in columns]
        self._work = 0

    def _by_segment(self, column: Column) -> list[int]:
        found = [0] * len(column.segments)
        for rule in self._rules:
            for index in range(len(found)):
                found[index] |= (column.cells[rule] >> index & 1) << rule
        return found

    def analysed(self, labels: tuple[str, ...], unknown: tuple[NotAnalysed, ...]) -> Analysis:
        policy = self._table.table.hit_policy
        has_default = any(output.default is not None for output in self._table.outputs)
        gaps = () if has_default else tuple(islice(self._gaps(), MOST_GAPS))
        overlaps = tuple(islice(self._overlaps(), MOST_OVERLAPS)) if policy in "UA" else ()
        unreachable = tuple(self._unreachable()) if policy == "F" else ()
        return Analysis(labels, gaps, overlaps, unreachable, unknown)

    def _gaps(self) -> Iterator[Gap]:
        everything = sum(1 << rule for rule in self._rules)
        for box in self._uncovered([each.domain for each in self._columns], 0, everything, {}):
            if not all(box):
                continue  # allowed values that exclude each other leave nothing to take
            tests = tuple(tests_of(column, part) for column, part in zip(self._columns, box, strict=True))
            yield Gap(tests, self._example(box))

    def _uncovered(
        self, space: list[int], depth: int, rules: int, covered: dict[tuple[int, int], bool]
    ) -> Iterator[list[int]]:
        """The boxes of this space that none of the rules takes, as segments of each column from ``depth`` on."""
        if not rules:
            yield space[depth:]
        elif depth < len(space) and not covered.get((depth, rules)):
            found = False
            for meeting, part in self._split(space[depth], depth, rules).items():
                for rest in self._uncovered(space, depth + 1, meeting, covered):
                    found = True
                    yield [part, *rest]
            covered[depth, rules] = not found

    def _split(self, allowed: int, depth: int, rules: int) -> dict[int, int]:
        """The segments of a column, by the rules that take them."""
        self._work += len(self._meeting[depth])
        if self._work > _MOST_WORK:
            raise TooLarge
        groups: dict[int, int] = {}
        for index, taking in enumerate(self._meeting[depth]):
            if allowed >> index & 1:
                groups[rules & taking] = groups.get(rules & taking, 0) | 1 << index
        return groups

    def _overlaps(self) -> Iterator[Overlap]:
        for one, other in combinations(self._rules, 2):
            self._work += 1
            if self._work > _MOST_WORK:
                raise TooLarge
            box = [column.cells[one] & column.cells[other] for column in self._columns]
            if all(box):
                yield Overlap((one + 1, other + 1), self._example(box), self._differ(one, other))

    def _differ(self, one: int, other: int) -> bool:
        return any(output.cells[one] != output.cells[other] for output in self._table.outputs)

    def _unreachable(self) -> Iterator[int]:
        earlier = 0
        for rule in self._rules:
            space = [column.cells[rule] for column in self._columns]
            if all(space) and next(self._uncovered(space, 0, earlier, {}), None) is None:
                yield rule + 1
            earlier |= 1 << rule

    def _example(self, box: list[int]) -> tuple[Any, ...]:
        return tuple(
            column.segments[(part & -part).bit_length() - 1].sample
            for column, part in zip(self._columns, box, strict=True)
        )

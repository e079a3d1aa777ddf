"""What the checker has to know of the decisions beside a diagram: what they need, what is wrong with their tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any

from engine import decisions, dmn
from engine.bpmn.world import Decision, TableFault

#: A few are enough to begin with mending; more would only hide other findings.
_MOST_OF_A_KIND = 3
_LONGEST_TEST = 60


def known(texts: Mapping[str, str]) -> dict[str, Decision]:
    """The decisions in these DMN files, by id. Raises InvalidDefinition for a faulty file."""
    return dict(_known(tuple(sorted(texts.items()))))


@lru_cache(maxsize=32)
def _known(files: tuple[tuple[str, str], ...]) -> dict[str, Decision]:
    faults: dict[int, tuple[TableFault, ...]] = {}
    found = {}
    for each in decisions.load(dict(files)):
        for table in each.tables:
            if id(table) not in faults:  # decisions share the tables that they require
                faults[id(table)] = tuple(_faults_of(table.where, table.table.hit_policy, dmn.analyse(table)))
        own = [fault for table in each.tables for fault in faults[id(table)]]
        own += [TableFault("unseen", model, (), name) for model, name in each.unseen]
        found[each.id] = Decision(each.name, frozenset(each.inputs), tuple(own))
    return found


def _faults_of(table: str, hit_policy: str, analysis: dmn.Analysis) -> Iterator[TableFault]:
    yield from islice(_together(table, hit_policy, analysis), _MOST_OF_A_KIND)
    if not analysis.not_analysed:  # a rule that can't be placed may fill the gap
        for gap in analysis.gaps[:_MOST_OF_A_KIND]:
            yield TableFault("gap", table, (), _inputs(analysis, gap))
    for number in analysis.unreachable[:_MOST_OF_A_KIND]:
        yield TableFault("unreachable", table, (number,))


def _together(table: str, hit_policy: str, analysis: dmn.Analysis) -> Iterator[TableFault]:
    """Rules of a unique table that match the same input, and those of an ANY table that then differ."""
    kind = "overlap" if hit_policy == "U" else "conflict"
    for each in analysis.overlaps:
        if kind == "overlap" or each.differ:
            yield TableFault(kind, table, each.rules, _example(analysis, each))


def _example(analysis: dmn.Analysis, overlap: dmn.Overlap) -> str:
    pairs = zip(analysis.inputs, overlap.example, strict=True)
    return "、".join(f"{label} = {_literal(value)}" for label, value in pairs)


def _inputs(analysis: dmn.Analysis, gap: dmn.Gap) -> str:
    """The inputs that nothing takes, as tests; as an example where a test is long."""
    parts = []
    for label, test, value in zip(analysis.inputs, gap.tests, gap.example, strict=True):
        if len(test) > _LONGEST_TEST:
            parts.append(f"{label} = {_literal(value)}")
        elif test != "-":
            parts.append(f"{label} {test}")
    return "、".join(parts) or "-"


def _literal(value: Any) -> str:
    """The value as FEEL writes it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return f'"{value}"' if isinstance(value, str) else str(value)

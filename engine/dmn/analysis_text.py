"""Segments of a column as tests in FEEL, for people."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.dmn.analysis_columns import Column, Segment
from engine.dmn.evaluation import DEFAULT, Evaluation
from engine.feel.functions import BUILTINS


def tests_of(column: Column, part: int) -> str:
    """The segments in these bits as unary tests; ``-`` if they are all that the input may be."""
    if part == column.domain:
        return "-"
    chosen = [index for index in range(len(column.segments)) if part >> index & 1]
    if any(column.segments[index].other for index in chosen):
        left_out = [each for index, each in enumerate(column.segments) if each.is_point and index not in chosen]
        return f"not({', '.join(_literal(segment.low) for segment in left_out)})" if left_out else "-"
    return ", ".join(_text(run) for run in _runs(column.segments, chosen))


def _runs(segments: list[Segment], chosen: list[int]) -> list[list[Segment]]:
    """Neighbours together where there is an order: a point and the values after it are one range."""
    runs: list[list[Segment]] = []
    before = -2
    for index in chosen:
        segment = segments[index]
        if index == before + 1 and not isinstance(segment.sample, str | bool | None):
            runs[-1].append(segment)
        else:
            runs.append([segment])
        before = index
    return runs


def _text(run: list[Segment]) -> str:
    first, last = run[0], run[-1]
    if len(run) == 1 and first.sample is None:
        return "null"
    if len(run) == 1 and first.is_point:
        return _literal(first.low)
    if first.low is None:
        return f"{'<=' if last.is_point else '<'} {_literal(last.high)}"
    if last.high is None:
        return f"{'>=' if first.is_point else '>'} {_literal(first.low)}"
    opening, closing = "[" if first.is_point else "(", "]" if last.is_point else ")"
    return f"{opening}{_literal(first.low)}..{_literal(last.high)}{closing}"


def _literal(value: Any) -> str:
    """The value as FEEL writes it."""
    run = Evaluation(DEFAULT)
    text = str(BUILTINS["string"].call(run, [value]))
    if isinstance(value, str):
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return text if isinstance(value, Decimal | bool) else f'@"{text}"'

"""The figures of a run as tables for people."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from bench.promises import Figures, Promise

_COLUMNS = ("wall_median", "wall_p5", "wall_p95", "cpu_median", "cpu_p5", "cpu_p95")
_HEAD = ("", "wall ms 用时", "p5", "p95", "CPU ms 处理器", "p5", "p95", "ratio 倍")


def lines(figures: Figures, promises: Iterable[Promise]) -> Iterator[str]:
    """The report, line by line."""
    yield "，".join(f"{key}: {value}" for key, value in figures["run"].items())
    if "steps" in figures:
        yield "\n1. Completing a task 办结一个环节 (ratio: CPU against raw JSON, and of the page against the command)"
        for kind, found in figures["steps"].items():
            yield from _step(kind, found)
    for number, (name, title) in enumerate(_GROWTH.items(), 2):
        if name in figures:
            yield f"\n{number}. {title}"
            for kind, series in figures[name].items():
                yield from _growth(kind, series)
    if "expressions" in figures:
        yield "\n4. Expressions 表达式 (µs; ratio: against the same in Python)"
        yield from _expressions(figures["expressions"])
    yield "\n5. Promises 承诺"
    yield from verdict(promises)


def verdict(promises: Iterable[Promise]) -> Iterator[str]:
    """What was promised, what was measured, and whether it is kept."""
    yield from table([("", "limit 上限", "measured 实测", ""), *(_verdict(promise) for promise in promises)])


_GROWTH = {
    "history": "By length of history 历史越长是否越慢 (ratio: wall against the shortest)",
    "instances": "By instances in the database 事项越多是否越慢 (ratio: wall against the fewest)",
}


def _step(kind: str, found: Figures) -> Iterator[str]:
    times, page, count = found["times"], found["page"], found["counts"]
    yield from table([(kind, *_HEAD[1:]), *_rows(times, times["raw JSON"]["cpu_median"], "cpu_median")])
    yield from table([(kind, *_HEAD[1:]), *_rows(page, page["command"]["cpu_median"], "cpu_median")])
    yield f"  {count['statements']} statements 语句, {count['commits']} commit 提交"
    yield f"  {count['rows_written']} rows written 写入行数, {count['history_events']} of them history 留痕"
    yield f"  token state 令牌状态: {count['token_state_bytes']} bytes"


def _rows(series: Figures, base: float, by: str) -> Iterator[tuple[str, ...]]:
    for name, one in series.items():
        yield (name, *(f"{one[column]:.2f}" for column in _COLUMNS), f"{one[by] / base:.2f}")


def _growth(kind: str, series: Figures) -> Iterator[str]:
    times = {name: one for name, one in series.items() if isinstance(one, dict) and "wall_median" in one}
    base = next(iter(times.values()))["wall_median"]
    yield from table([(kind, *_HEAD[1:]), *_rows(times, base, "wall_median")])
    if "token_state_bytes" in series:
        yield f"  token state after the longest 令牌状态: {series['token_state_bytes']} bytes"
    for count, idle in series.get("idle", {}).items():
        yield f"  idle worker among {count} 闲置时: {idle['statements']} statements, {idle['commits']} commits"


def _expressions(found: Figures) -> Iterator[str]:
    bases = {"condition": "Python condition", "table": "Python rules"}
    rows = [("", "wall µs 用时", "p5", "p95", "ratio 倍")]
    for name, one in found.items():
        base = found[bases[name]]["wall_median"] if name in bases else None
        ratio = f"{one['wall_median'] / base:.1f}" if base else ""
        rows.append((one["what"], *(f"{one[f'wall_{part}']:.2f}" for part in ("median", "p5", "p95")), ratio))
    yield from table(rows)


def _verdict(promise: Promise) -> tuple[str, ...]:
    return promise.what, f"≤ {promise.limit:g}", f"{promise.measured:g}", "PASS" if promise.kept else "FAIL"


def table(rows: list[tuple[Any, ...]]) -> Iterator[str]:
    """Columns side by side, the first to the left and the others to the right."""
    widths = [max(width(str(row[column])) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        first, *others = (str(cell) for cell in row)
        cells = [first + " " * (widths[0] - width(first))]
        cells += [" " * (wide - width(cell)) + cell for cell, wide in zip(others, widths[1:], strict=True)]
        yield "  " + "  ".join(cells)


def width(text: str) -> int:
    """Columns that a text takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)

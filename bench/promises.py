"""What the platform promises about its cost, and whether the figures of a run keep it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Figures = dict[str, Any]

MOST_STATEMENTS = 8
MOST_COMMITS = 1
MOST_CPU = 4.0
MOST_WALL = 2.5
MOST_BY_HISTORY = 1.1
MOST_BY_INSTANCES = 1.2
MOST_TOKEN_BYTES = 2048
#: Microseconds.
MOST_CONDITION = 5.0
MOST_COMPILE = 500.0
MOST_TABLE = 1000.0


@dataclass(frozen=True)
class Promise:
    """One line: what was promised, the limit, the figure."""

    what: str
    limit: float
    measured: float

    @property
    def kept(self) -> bool:
        """Whether the figure is within the limit."""
        return self.measured <= self.limit

    def as_json(self) -> Figures:
        """For the file of figures."""
        return {"what": self.what, "limit": self.limit, "measured": self.measured, "kept": self.kept}


def judge(figures: Figures) -> list[Promise]:
    """All promises that the measured sections allow to judge."""
    judges = {"steps": _steps, "history": _history, "instances": _instances, "expressions": _expressions}
    return [promise for name, judged in judges.items() if name in figures for promise in judged(figures[name])]


def _steps(steps: Figures) -> Iterator[Promise]:
    for kind, found in steps.items():
        times, count = found["times"], found["counts"]
        command, orm, json = times["command"], times["ORM rows"], times["raw JSON"]
        yield Promise(f"{kind}: SQL statements 语句", MOST_STATEMENTS, count["statements"])
        yield Promise(f"{kind}: commits 提交", MOST_COMMITS, count["commits"])
        yield Promise(f"{kind}: token state, bytes 令牌状态", MOST_TOKEN_BYTES, count["token_state_bytes"])
        yield Promise(f"{kind}: CPU / raw JSON 处理器", MOST_CPU, _ratio(command, json, "cpu_median"))
        yield Promise(f"{kind}: wall / ORM rows 用时", MOST_WALL, _ratio(command, orm, "wall_median"))


def _history(history: Figures) -> Iterator[Promise]:
    for kind, series in history.items():
        if kind == "raw JSON":
            continue
        first, *_, last = [name for name in series if name.endswith(" loops")]
        ratio = _ratio(series[last], series[first], "wall_median")
        yield Promise(f"{kind}: {last} / {first}, wall 历史长短", MOST_BY_HISTORY, ratio)
        yield Promise(f"{kind}: token state, {last} 令牌状态", MOST_TOKEN_BYTES, series["token_state_bytes"])


def _instances(instances: Figures) -> Iterator[Promise]:
    for kind, series in instances.items():
        few, *_, many = [name for name in series if name.endswith(" instances")]
        ratio = _ratio(series[many], series[few], "wall_median")
        yield Promise(f"{kind}: {many} / {few}, wall 事项多少", MOST_BY_INSTANCES, ratio)
        idle = list(series["idle"].values())
        more = idle[-1]["statements"] - idle[0]["statements"] + sum(each["commits"] for each in idle)
        yield Promise(f"{kind}: statements and commits for idle ones 闲置", 0, more)


def _expressions(expressions: Figures) -> Iterator[Promise]:
    yield Promise("FEEL condition, µs 条件", MOST_CONDITION, expressions["condition"]["wall_median"])
    yield Promise("FEEL compile, µs 编译", MOST_COMPILE, expressions["compile"]["wall_median"])
    yield Promise("DMN table of 200 rules, µs 决策表", MOST_TABLE, expressions["table"]["wall_median"])


def _ratio(one: Figures, other: Figures, name: str) -> float:
    return round(float(one[name]) / float(other[name]), 3)

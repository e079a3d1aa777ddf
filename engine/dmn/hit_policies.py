"""What a decision table gives when rules match: the hit policies and the aggregations of COLLECT (DMN 1.5, 8.2.8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from engine.dmn.errors import N_
from engine.dmn.evaluation import Evaluation
from engine.feel.comparison import equal
from engine.feel.frame import Run
from engine.feel.functions import BUILTINS


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that matched: its number from 1, its result, and its rank by output values, 0 the highest."""

    number: int
    value: Any
    rank: tuple[int, ...]


#: The policies whose value is a list, empty where nothing matches.
LISTS: Final = "ROC"
_Choice = Callable[[Run, str, list[Match]], Any]


def choose(run: Run, where: str, policy: str, matches: list[Match]) -> Any:
    """Return the value of a table with at least one match; ``policy`` is a letter and perhaps an aggregation."""
    return _CHOICES[policy](run, where, matches)


def without_match(policy: str) -> Any:
    """Return the value of a table where no rule matches and there is no default."""
    if policy == "C#":
        return Decimal(0)
    return [] if policy in LISTS else None


def _unique(run: Run, where: str, matches: list[Match]) -> Any:
    if len(matches) == 1:
        return matches[0].value
    message = N_("“{table}”的命中策略是唯一（U），却有 {count} 条规则同时命中：{rules}。")
    return _violated(run, message, where, matches)


def _any(run: Run, where: str, matches: list[Match]) -> Any:
    if all(equal(run, matches[0].value, each.value) is True for each in matches[1:]):
        return matches[0].value
    message = N_("“{table}”的命中策略是任意（A），命中的 {count} 条规则结果却不同：{rules}。")
    return _violated(run, message, where, matches)


def _violated(run: Run, message: str, where: str, matches: list[Match]) -> None:
    rules = "、".join(str(each.number) for each in matches[:10])
    report = run.violated if isinstance(run, Evaluation) else run.note
    report(message, table=where, count=len(matches), rules=rules)


def _in_order(run: Run, where: str, matches: list[Match]) -> list[Any]:
    return [each.value for each in matches]


def _by_rank(run: Run, where: str, matches: list[Match]) -> list[Any]:
    return [each.value for each in sorted(matches, key=lambda each: each.rank)]


def _aggregated(name: str) -> _Choice:
    return lambda run, where, matches: BUILTINS[name].call(run, [_in_order(run, where, matches)])


_CHOICES: dict[str, _Choice] = {
    "U": _unique,
    "A": _any,
    "P": lambda run, where, matches: min(matches, key=lambda each: each.rank).value,
    "F": lambda run, where, matches: matches[0].value,
    "R": _in_order,
    "O": _by_rank,
    "C": _in_order,
    "C+": _aggregated("sum"),
    "C<": _aggregated("min"),
    "C>": _aggregated("max"),
    "C#": lambda run, where, matches: Decimal(len(matches)),
}

"""One evaluation of a model: its budget, and what happened on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from engine.feel.environment import Environment, Limits
from engine.feel.frame import Reason, Run

#: A graph may hold many expressions, so it may cost more than one alone. Ends any model within a second.
LIMITS: Final = Limits(steps=300_000)
DEFAULT: Final = Environment(limits=LIMITS)
_MOST_STEPS = 1_000
_MOST_TABLES = 100


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A rule that matched: its place in the table from 1, and the id that the editor gave it."""

    number: int
    id: str


@dataclass(frozen=True, slots=True)
class TableHit:
    """A table that was worked out: where it stands, its id and policy, what was tested, what matched, what came out."""

    where: str
    id: str
    hit_policy: str
    inputs: tuple[Any, ...]
    rules: tuple[RuleHit, ...]
    value: Any


@dataclass(frozen=True, slots=True)
class Step:
    """A decision that was worked out, with the values that it used, its own value and its tables."""

    name: str
    id: str
    inputs: Mapping[str, Any]
    value: Any
    tables: tuple[TableHit, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a decision.

    ``steps`` are the decisions in the order in which they were worked out. ``notes`` say why values are null.
    ``violations`` are inputs of a wrong type, and tables whose rules matched in a way that their hit policy
    forbids: DMN makes their value null, and whoever runs a process should not go on with it.
    """

    value: Any
    steps: tuple[Step, ...] = ()
    notes: tuple[Reason, ...] = ()
    violations: tuple[Reason, ...] = ()


@dataclass
class Record:
    """What an evaluation writes down when somebody wants to know."""

    steps: list[Step] = field(default_factory=list)
    tables: list[TableHit] = field(default_factory=list)


class Evaluation(Run):
    """The budget of a whole evaluation; with ``record`` it also keeps each step."""

    __slots__ = ("record", "violations")

    def __init__(self, env: Environment, record: Record | None = None) -> None:
        super().__init__(env, [])
        self.record = record
        self.violations: list[Reason] = []

    def violated(self, message: str, **params: Any) -> None:
        """Note that an input does not have its type, or that a table broke its hit policy."""
        self.note(message, **params)
        if len(self.violations) < _MOST_TABLES:
            self.violations.append(Reason(message, params))

    def keep_table(self, hit: TableHit) -> None:
        """Keep what a table did for the step at hand."""
        if self.record is not None and len(self.record.tables) < _MOST_TABLES:
            self.record.tables.append(hit)

    def keep_step(self, name: str, id_: str, inputs: Mapping[str, Any], value: Any, outer: list[TableHit]) -> None:
        """Keep a decision with the tables since it began, and go back to those of ``outer``."""
        if self.record is None:
            return
        if len(self.record.steps) < _MOST_STEPS:
            self.record.steps.append(Step(name, id_, inputs, value, tuple(self.record.tables)))
        self.record.tables = outer

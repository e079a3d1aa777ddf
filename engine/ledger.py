"""Ledgers (台账): the process property ``ledger`` is a FEEL context whose entries are the columns of a table of cases.

``={编号: 编号, 诉求: 诉求标题, 办结时间: 办结时间}``. Beside the variables of a case it reads what expressions do, and
``办结时间`` (its end, null while it runs) and ``状态`` (办理中, 已办结, 已终止).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import feel
from engine.bpmn.model import Process, Text
from engine.expressions import compile_expression, context_entries
from engine.feel import Environment, FeelError


@dataclass(frozen=True)
class Ledger:
    """The columns by name, each with the variables that it may read, and the expression that fills them."""

    columns: Mapping[str, frozenset[str]]
    expression: feel.Expression

    @classmethod
    def of(cls, process: Process) -> Ledger | None:
        """The ledger that a process keeps, None without one that can be read."""
        text = Text.parse(process.property("ledger") or "")
        if not text.is_feel:
            return None
        try:
            columns = context_entries(text.value)
            return cls(columns, compile_expression(text.value)) if columns else None
        except FeelError:
            return None  # the checker says so; a process without a ledger still runs

    def cells(self, values: Mapping[str, Any], env: Environment) -> list[Any]:
        """The values of one case, column by column; all empty when they can't be worked out."""
        try:
            found = self.expression.evaluate(values, env)
        except FeelError:
            found = {}
        return [found.get(name) for name in self.columns] if isinstance(found, dict) else [None] * len(self.columns)

    def personal(self, names: frozenset[str]) -> list[bool]:
        """Which columns read one of these variables."""
        return [not reads.isdisjoint(names) for reads in self.columns.values()]

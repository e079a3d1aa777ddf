"""Publishing results (办理结果公开): what the process properties ``publishedResult`` and ``publishedWhen`` declare.

``={类别: 诉求类别, 结果: 办结方式, 摘要: 公开摘要}`` says what everybody may read once a case is settled, and
``=事项性质 = "共性问题"`` of which cases. Entries that read personal data are never published, whatever is declared,
and what personal fields hold is blacked out in the summary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine import feel
from engine.bpmn.model import Process, Text
from engine.expressions import compile_expression, context_entries
from engine.feel import Environment, FeelError
from engine.forms.terms import show
from engine.masking import black_out

CATEGORY, OUTCOME, SUMMARY = "类别", "结果", "摘要"
#: What may be published of a case besides its unit, its month and its days.
ENTRIES = (CATEGORY, OUTCOME, SUMMARY)


@dataclass(frozen=True)
class Told:
    """What everybody may read of one case; ``summary`` is empty when no official wrote one."""

    category: str
    outcome: str
    summary: str


@dataclass(frozen=True)
class Publication:
    """The entries with the variables that each may read, what fills them, and which cases are published."""

    entries: Mapping[str, frozenset[str]]
    expression: feel.Expression
    condition: feel.Expression | None

    @classmethod
    def of(cls, process: Process) -> Publication | None:
        """What a process publishes, None for one that declares nothing that can be read."""
        result = Text.parse(process.property("publishedResult") or "")
        when = Text.parse(process.property("publishedWhen") or "")
        if not result.is_feel:
            return None
        try:
            entries = context_entries(result.value)
            condition = compile_expression(when.value) if when.is_feel else None
            return cls(entries, compile_expression(result.value), condition) if entries else None
        except FeelError:
            return None  # the checker says so; a process that publishes nothing still runs

    def told(
        self, values: Mapping[str, Any], env: Environment, personal: frozenset[str], secrets: Iterable[str]
    ) -> Told | None:
        """What is published of a case with these values; None when it is not, or can't be worked out.

        ``personal`` are the names of personal variables, ``secrets`` the texts that they hold.
        """
        try:
            is_wanted = self.condition is None or self.condition.evaluate(values, env) is True
            found = self.expression.evaluate(values, env) if is_wanted else None
        except FeelError:
            return None
        if not isinstance(found, dict):
            return None
        known = {name: show(found.get(name)).strip() for name in ENTRIES if self._is_open(name, personal)}
        summary = black_out(known.get(SUMMARY, ""), secrets)
        return Told(known.get(CATEGORY, ""), known.get(OUTCOME, ""), summary)

    def _is_open(self, name: str, personal: frozenset[str]) -> bool:
        return name in self.entries and self.entries[name].isdisjoint(personal)

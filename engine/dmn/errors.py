"""What can go wrong with a decision model, as sentences for people."""

from __future__ import annotations

from typing import Any

from engine.errors import N_, EngineError
from engine.feel import FeelError, FeelSyntaxError

__all__ = ["N_", "DmnError", "DmnEvaluationError", "DmnModelError", "in_expression"]


class DmnError(EngineError):
    """Anything that is wrong with a decision model; ``str(error)`` is the Chinese sentence."""

    code = "invalid_decision"


class DmnModelError(DmnError):
    """The file is no decision model that can be worked out.

    ``line`` is the line of the file, counted from 1; ``node`` the name of the decision that is at fault, if it is one.
    The sentence may use both.
    """

    def __init__(self, template: str, line: int = 1, node: str = "", **params: Any) -> None:
        super().__init__(template, line=line, node=node, **params)
        self.line = line
        self.node = node


class DmnEvaluationError(DmnError):
    """The decision cannot be worked out: it does not exist, a limit is exceeded, or its logic is at fault."""

    code = "decision_failed"


def in_expression(error: FeelError, text: str, line: int, node: str) -> DmnModelError:
    """The fault of an expression, told with the line of the file on which it is."""
    below = error.line - 1 if isinstance(error, FeelSyntaxError) else 0
    before = len(text) - len(text.lstrip())
    below += text[:before].count("\n") if below == 0 else 0
    return DmnModelError(
        N_("第 {line} 行：“{node}”的表达式“{text}”有错：{reason}"),
        line + below,
        node,
        text=_shortened(text),
        reason=error,
    )


def _shortened(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 60 else one_line[:59] + "…"

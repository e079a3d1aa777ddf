"""One evaluation: what it may still spend, and where a closure finds its names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from engine.feel.environment import Environment, Limits
from engine.feel.errors import N_, FeelEvaluationError

_TRACE_LINES = 100


class Reason(NamedTuple):
    """Why a value is null: a template as in :class:`engine.feel.FeelError`, and what fills it."""

    message: str
    params: dict[str, Any]

    def __str__(self) -> str:
        return self.message.format(**self.params)


class Run:
    """The budget and the notes of one evaluation."""

    __slots__ = ("_depth", "_left", "env", "limits", "trace")

    def __init__(self, env: Environment, trace: list[Reason] | None) -> None:
        self.env = env
        self.limits: Limits = env.limits
        self.trace = trace
        self._left = env.limits.steps
        self._depth = 0

    def spend(self, steps: int) -> None:
        """Take this many steps from the budget; raise FeelEvaluationError when it is used up."""
        self._left -= steps
        if self._left < 0:
            message = N_("表达式计算量超过上限（{limit} 步），请缩小区间、列表或循环。")
            raise FeelEvaluationError(message, limit=self.limits.steps)

    def spend_items(self, count: int) -> None:
        """Take the steps for a list or context of this size; raise FeelEvaluationError if it is too long."""
        if count > self.limits.items:
            message = N_("列表超过 {limit} 项，请缩小区间或列表。")
            raise FeelEvaluationError(message, limit=self.limits.items)
        self.spend(count)

    def spend_text(self, length: int) -> None:
        """Take the steps for a text of this length; raise FeelEvaluationError if it is too long."""
        if length > self.limits.characters:
            raise FeelEvaluationError(N_("文本超过 {limit} 个字符。"), limit=self.limits.characters)
        self.spend(1 + length // 64)

    def call(self) -> None:
        """Enter a FEEL function; raise FeelEvaluationError when too many are inside one another."""
        self._depth += 1
        if self._depth > self.limits.depth:
            message = N_("函数互相调用超过 {limit} 层，请检查是否有无尽的递归。")
            raise FeelEvaluationError(message, limit=self.limits.depth)

    def leave(self) -> None:
        """Leave a FEEL function."""
        self._depth -= 1

    def note(self, message: str, **params: Any) -> None:
        """Write down why a value is null."""
        if self.trace is not None and len(self.trace) < _TRACE_LINES:
            self.trace.append(Reason(message, params))


class Frame:
    """Where names are looked up: ``root`` is the caller's context, ``local`` what the expression binds itself."""

    __slots__ = ("local", "root", "run")

    def __init__(self, root: Mapping[str, Any], local: dict[Any, Any], run: Run) -> None:
        self.root = root
        self.local = local
        self.run = run

    def bind(self, name: Any, value: Any) -> Frame:
        """Return a frame with one more local name; this one stays as it is, for functions may have kept it."""
        self.run.spend(1 + len(self.local) // 16)
        return Frame(self.root, {**self.local, name: value}, self.run)

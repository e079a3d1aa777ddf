"""Short ways to work out an expression in a test."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from engine import feel

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # 09:30 in Shanghai, a Monday
ENV = feel.Environment(now=lambda: NOW)


def worth(text: str, context: dict[str, Any] | None = None, names: tuple[str, ...] = ()) -> Any:
    """The value of the expression for this context."""
    return feel.compile(text, names).evaluate(context or {}, ENV)


def reasons(text: str, context: dict[str, Any] | None = None) -> list[str]:
    """What is noted while the expression is worked out."""
    notes: list[feel.Reason] = []
    feel.compile(text).evaluate(context or {}, ENV, notes)
    return [str(note) for note in notes]

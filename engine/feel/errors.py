"""What can go wrong with an expression, as sentences for people.

Messages are templates in Chinese, marked with ``N_`` so that they can be collected for translation;
``str(error)`` is the finished Chinese sentence, a translator formats the translated template with ``params``.
"""

from __future__ import annotations

from typing import Any


def N_(text: str) -> str:
    """Mark a text for translation and return it as it is."""
    return text


class FeelError(Exception):
    """Anything that is wrong with an expression: ``message`` is the template, ``params`` fill it."""

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message, params)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return self.message.format(**self.params)


class FeelSyntaxError(FeelError):
    """The text is not FEEL. ``line`` and ``column`` count from 1 and point at the first wrong character."""

    def __init__(self, message: str, line: int, column: int, **params: Any) -> None:
        super().__init__(message, line=line, column=column, **params)
        self.line = line
        self.column = column


class FeelEvaluationError(FeelError):
    """The expression cannot be worked out: a limit was exceeded or a function does not exist."""

"""The values that a choice offers, and where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine import feel
from engine.forms.terms import Scope, look_up, show


@dataclass(frozen=True)
class Option:
    """One of the values to choose from. ``key`` is how it is sent: the value as text."""

    value: Any
    label: str

    @property
    def key(self) -> str:
        """The text that stands for the value in a page."""
        return option_key(self.value)


@dataclass(frozen=True)
class Options:
    """Where the options come from: written in the form, the variable at ``path``, or an expression."""

    static: tuple[Option, ...] = ()
    path: str | None = None
    expression: feel.Expression | None = None

    @property
    def is_dynamic(self) -> bool:
        """Whether the options depend on variables or on other fields."""
        return self.path is not None or self.expression is not None

    def resolve(self, scope: Scope) -> tuple[Option, ...]:
        """The options under these values. Items without a usable value are left out."""
        if not self.is_dynamic:
            return self.static
        found = look_up(scope.context, self.path) if self.path else scope.evaluate(_certain(self.expression))
        items = [_option(item) for item in found] if isinstance(found, list | tuple) else []
        return tuple({option.key: option for option in items if option is not None}.values())


def option_key(value: Any) -> str:
    """The text that stands for an option's value in a page."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal | int | float):
        number = Decimal(str(value))
        return format(number.normalize() if number.is_finite() and abs(number.adjusted()) < 40 else number, "f")
    return show(value)


def _option(item: Any) -> Option | None:
    if isinstance(item, Mapping):
        value = item.get("value")
        return None if isinstance(value, Mapping | list | None) else Option(value, show(item.get("label", value)))
    return None if isinstance(item, list | None) else Option(item, show(item))


def _certain(expression: feel.Expression | None) -> feel.Expression:
    assert expression is not None  # noqa: S101 (is_dynamic without a path means there is an expression)
    return expression

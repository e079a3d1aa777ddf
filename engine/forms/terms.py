"""Parts of a form that may be FEEL: terms (``=expression`` or a literal) and phrases (text with ``{{expression}}``)."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from engine import expressions, feel
from engine.clock import TIMEZONE
from engine.errors import N_

_PART = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
NOWHERE: Mapping[str, Place] = MappingProxyType({})


@dataclass(frozen=True)
class Place:
    """A row as its expressions see it: its values, its number, and the path of the row around it (empty for none)."""

    values: dict[str, Any]
    number: int
    outer: str


class Scope:
    """What the expressions of a form see: the typed values of its fields, and behind them the case's variables.

    In a row (``at``) they see the row's values before, and as in form-js ``this`` row, its ``parent`` and its number
    ``i``, from 1.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        context: Mapping[str, Any],
        env: feel.Environment,
        places: Mapping[str, Place] = NOWHERE,
    ) -> None:
        self.values = values
        self.context: Mapping[str, Any] = ChainMap(dict(values), context)  # type: ignore[arg-type] # it only reads
        self.case = context
        self.env = env
        self._places = places
        self._inner: dict[str, Scope] = {}

    def at(self, path: str) -> Scope:
        """The scope of the row at this path; the form's own where there is no such row."""
        if path not in self._places:
            return self
        if path not in self._inner:
            place = self._places[path]
            outer = self.at(place.outer)
            local = {**place.values, "this": place.values, "parent": outer.values, "i": Decimal(place.number)}
            inner = Scope(local, outer.context, self.env)
            inner.values, inner.case = place.values, self.case
            self._inner[path] = inner
        return self._inner[path]

    def evaluate(self, expression: feel.Expression) -> Any:
        """The value of the expression; None where it can't be worked out, as FEEL has it for most faults."""
        try:
            return expression.evaluate(self.context, self.env)
        except feel.FeelEvaluationError:
            return None


@dataclass(frozen=True)
class Term:
    """A setting of a field: a literal, or an expression that gives it."""

    literal: Any = None
    expression: feel.Expression | None = None

    @classmethod
    def parse(cls, raw: Any) -> Term:
        """Read a setting. Raises FeelSyntaxError when it is ``=`` with something that is not FEEL."""
        if isinstance(raw, str) and raw.lstrip().startswith("="):
            return cls(expression=compile_expression(raw))
        return cls(raw)

    def value(self, scope: Scope) -> Any:
        """The setting as it is under these values."""
        return self.literal if self.expression is None else scope.evaluate(self.expression)


NOTHING = Term()
NO = Term(False)


@dataclass(frozen=True)
class Phrase:
    """A label, a description or a text: pieces of text and expressions."""

    parts: tuple[str | feel.Expression, ...] = ()

    @classmethod
    def parse(cls, raw: str) -> Phrase:
        """Read a text. Raises FeelSyntaxError when an expression in it is not FEEL."""
        if raw.lstrip().startswith("="):
            return cls((compile_expression(raw),))
        # split() with one group gives text and expression in turn.
        pieces = _PART.split(raw)
        parts = (compile_expression(piece) if index % 2 else piece for index, piece in enumerate(pieces))
        return cls(tuple(part for part in parts if part != ""))

    def render(self, scope: Scope) -> str:
        """The text under these values; an expression without a value leaves nothing."""
        return "".join(text for text, _ in self.pieces(scope))

    def pieces(self, scope: Scope) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it is the value of an expression: data, which is no markup."""
        return [(part, False) if isinstance(part, str) else (tell(scope.evaluate(part)), True) for part in self.parts]

    @property
    def is_dynamic(self) -> bool:
        """Whether any part is an expression."""
        return any(not isinstance(part, str) for part in self.parts)

    def __bool__(self) -> bool:
        return bool(self.parts)


SILENCE = Phrase()


def compile_expression(raw: str) -> feel.Expression:
    """Compile FEEL with or without its leading ``=``. Raises FeelSyntaxError."""
    return expressions.compile_expression(raw.strip().removeprefix("="))


def tell(value: Any) -> str:
    """A value as people read it in a text, which is Chinese: days and moments as they are said."""
    if isinstance(value, datetime):
        local = value.astimezone(TIMEZONE) if value.tzinfo else value
        return f"{tell(local.date())} {local:%H:%M}"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"  # zh: as in the text around it
    return "、".join(map(tell, value)) if isinstance(value, list) else show(value)


def show(value: Any) -> str:
    """A value as it stands in a field."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return N_("是") if value else N_("否")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "、".join(show(item) for item in value)
    if isinstance(value, Mapping):
        return show(value.get("label", value.get("name")))
    return str(value)


def look_up(values: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path, None when there is none; in a list, a name is the place from 0."""
    current: Any = values
    for name in path.split("."):
        if isinstance(current, list) and name.isascii() and name.isdigit():
            current = current[int(name)] if int(name) < len(current) else None
        elif isinstance(current, Mapping):
            current = current.get(name)
        else:
            return None
    return current

"""A form as plain data: the tree of its fields. Made once by the compiler and never changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from engine import feel
from engine.forms.terms import NO, NOTHING, SILENCE, Phrase, Scope, Term, show


class FieldType(StrEnum):
    """The form-js component types that this platform renders; the value is the type's name in the file."""

    TEXTFIELD = "textfield"
    TEXTAREA = "textarea"
    NUMBER = "number"
    DATETIME = "datetime"
    CHECKBOX = "checkbox"
    RADIO = "radio"
    SELECT = "select"
    CHECKLIST = "checklist"
    FILEPICKER = "filepicker"
    GROUP = "group"
    TEXT = "text"
    SEPARATOR = "separator"
    SPACER = "spacer"


@dataclass(frozen=True, kw_only=True)
class Field:
    """Any component. ``id`` is unique in its form; ``hide`` hides it, and all that is inside, when it gives true."""

    id: str
    type: FieldType
    label: Phrase = SILENCE
    hide: feel.Expression | None = None


@dataclass(frozen=True, kw_only=True)
class Block(Field):
    """Something to look at: a text (markdown in ``label``), a line or a gap."""


@dataclass(frozen=True, kw_only=True)
class Group(Field):
    """Fields that belong together. A group with a path puts the values of its fields under that name."""

    children: tuple[Field, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Input(Field):
    """A field with a value, written to the dotted ``path``.

    ``disabled`` and ``readonly`` values are never taken from what was sent. ``personal`` marks personal data.
    """

    path: str
    description: Phrase = SILENCE
    required: bool = False
    disabled: bool = False
    readonly: Term = NO
    default: Term = NOTHING
    personal: bool = False
    autocomplete: str | None = None

    @property
    def empty(self) -> Any:
        """The value of the field when nothing was given."""
        return None

    @property
    def variable(self) -> str:
        """The name of the variable that the field writes to, or writes a part of."""
        return self.path.partition(".")[0]


@dataclass(frozen=True, kw_only=True)
class TextInput(Input):
    """A text of one or (``textarea``) several lines. Lengths count characters; ``pattern`` fits the whole text."""

    min_length: Term = NOTHING
    max_length: Term = NOTHING
    pattern: re.Pattern[str] | None = None
    pattern_message: str | None = None
    #: email, phone or None
    format: str | None = None


@dataclass(frozen=True, kw_only=True)
class NumberInput(Input):
    """A number (Decimal) with at most ``digits`` decimal places, None for any."""

    minimum: Term = NOTHING
    maximum: Term = NOTHING
    digits: int | None = None
    prefix: Phrase = SILENCE
    suffix: Phrase = SILENCE


@dataclass(frozen=True, kw_only=True)
class MomentInput(Input):
    """A date, a time, or both (``subtype`` date, time, datetime), in Shanghai's time."""

    subtype: str
    not_past: bool = False


@dataclass(frozen=True, kw_only=True)
class Checkbox(Input):
    """Yes or no; required means that it must be yes."""

    @property
    def empty(self) -> bool:
        """Not ticked."""
        return False


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


@dataclass(frozen=True, kw_only=True)
class Choice(Input):
    """One value (radio, select) or several (checklist) out of options."""

    options: Options = field(default_factory=Options)

    @property
    def many(self) -> bool:
        """Whether several values may be chosen."""
        return self.type is FieldType.CHECKLIST

    @property
    def empty(self) -> Any:
        """Nothing chosen."""
        return [] if self.many else None


@dataclass(frozen=True, kw_only=True)
class FileInput(Input):
    """Uploaded files: a list of ``{"id", "name", "size", "type"}``. ``accept`` as in HTML: endings and media types."""

    accept: tuple[str, ...] = ()
    multiple: bool = False

    @property
    def empty(self) -> list[Any]:
        """No files."""
        return []


def walk(fields: tuple[Field, ...]) -> Iterator[Field]:
    """All fields of a tree, groups before what is in them."""
    for item in fields:
        yield item
        if isinstance(item, Group):
            yield from walk(item.children)


def look_up(values: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path, None when there is none."""
    current: Any = values
    for name in path.split("."):
        if not isinstance(current, Mapping):
            return None
        current = current.get(name)
    return current


def nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Values by dotted path → values inside one another."""
    result: dict[str, Any] = {}
    for path, value in flat.items():
        *parents, last = path.split(".")
        target = result
        for name in parents:
            target = target.setdefault(name, {})
        target[last] = value
    return result


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

"""A form as plain data: the tree of its fields. Made once by the compiler and never changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from engine import feel
from engine.forms.options import Options
from engine.forms.terms import NO, NOTHING, SILENCE, Phrase, Term


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
    EXPRESSION = "expression"
    GROUP = "group"
    DYNAMICLIST = "dynamiclist"
    TABLE = "table"
    TEXT = "text"
    SEPARATOR = "separator"
    SPACER = "spacer"


@dataclass(frozen=True, kw_only=True)
class Field:
    """Any component. ``id`` is unique in its form; ``hide`` hides it, and all that is inside, when it gives true.

    ``at`` is the path of the row that the component stands in, whose values its expressions see first.
    """

    id: str
    type: FieldType
    label: Phrase = SILENCE
    hide: feel.Expression | None = None
    at: str = ""


@dataclass(frozen=True, kw_only=True)
class Block(Field):
    """Something to look at: a text (markdown in ``label``), a line or a gap."""


@dataclass(frozen=True, kw_only=True)
class Table(Block):
    """Rows to look at: a list of contexts, and which of their entries are shown (key, heading).

    Without ``columns`` the expression gives them; past ``row_count`` rows, the rest folds.
    """

    source: Term = NOTHING
    columns: tuple[tuple[str, Phrase], ...] = ()
    columns_expression: feel.Expression | None = None
    row_count: int = 10


@dataclass(frozen=True, kw_only=True)
class Group(Field):
    """Fields that belong together. A group with a path puts the values of its fields under that name."""

    children: tuple[Field, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Input(Field):
    """A field with a value, written to the dotted ``path``.

    ``disabled`` and ``readonly`` values are never taken from what was sent. ``personal`` marks personal data,
    ``for_applicant`` what applicants read of a step that was done, if it is not personal.
    ``help`` is what one may read before filling it in. Within a list the path has ``[]`` for the row, until it is laid
    out.
    """

    path: str
    description: Phrase = SILENCE
    help: str = ""
    required: bool = False
    disabled: bool = False
    readonly: Term = NO
    default: Term = NOTHING
    personal: bool = False
    for_applicant: bool = False
    autocomplete: str | None = None
    #: In a list: no two rows have the same value.
    unique: bool = False

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
    #: one of engine.forms.formats.FORMATS, or None
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


@dataclass(frozen=True, kw_only=True)
class Choice(Input):
    """One value (radio, select) or several (checklist) out of options; ``searchable`` ones are found by typing."""

    options: Options = field(default_factory=Options)
    searchable: bool = False

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
    """Uploaded files: a list of ``{"id", "name", "size", "type"}``. ``accept`` as in HTML: endings and media types.

    A ``signature`` is one file that is drawn, chosen, or made of a typed name.
    """

    accept: tuple[str, ...] = ()
    multiple: bool = False
    signature: bool = False

    @property
    def empty(self) -> list[Any]:
        """No files."""
        return []

    @property
    def typed_name(self) -> str:
        """Under which a page sends the name that is typed instead of a signature."""
        return f"{self.path}._typed"

    @property
    def typed_sure(self) -> str:
        """Under which a page sends that the typed name stands for the signature."""
        return f"{self.path}._sure"


@dataclass(frozen=True, kw_only=True)
class Computed(Input):
    """A value that the expression gives, never the sender; ``live`` ones are shown while others are filled in."""

    expression: feel.Expression
    live: bool = True
    suffix: str = ""


@dataclass(frozen=True, kw_only=True)
class Row(Group):
    """One row of a list: its path, and its number, from 1."""

    path: str
    number: int

    @property
    def key(self) -> str:
        """What tells the row from the others of its list, as long as the form is being filled in."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, kw_only=True)
class ListInput(Input):
    """A list of contexts: the same fields again in every row.

    ``children`` are the fields as they stand in the form; ``rows`` are there once the form is laid out.
    """

    children: tuple[Field, ...] = ()
    rows: tuple[Row, ...] = ()
    may_change: bool = True
    minimum: int = 0
    maximum: int
    repetitions: int = 1
    row_label: str = ""
    add_label: str = ""

    @property
    def empty(self) -> list[Any]:
        """No rows."""
        return []


def walk(fields: tuple[Field, ...]) -> Iterator[Field]:
    """All fields of a tree, groups and rows before what is in them."""
    for item in fields:
        yield item
        if isinstance(item, Group):
            yield from walk(item.children)
        elif isinstance(item, ListInput):
            yield from walk(item.rows)


def walk_as_written(fields: tuple[Field, ...]) -> Iterator[Field]:
    """All fields of a form as they stand in the file, those of lists once."""
    for item in fields:
        yield item
        if isinstance(item, Group | ListInput):
            yield from walk_as_written(item.children)

"""Rows of a spreadsheet pasted into a list: lines and tabs to what the fields of its rows would have sent.

Excel, WPS and web pages put a table on the clipboard as lines of cells with tabs between them; cells with line breaks
are in quotation marks. A first line of headings chooses the columns, else they stand in the order of the fields.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from engine import feel
from engine.errors import N_
from engine.forms import (
    Checkbox,
    Choice,
    Computed,
    FileInput,
    Form,
    Input,
    ListInput,
    MomentInput,
    NumberInput,
    Scope,
    Sentence,
    walk,
)

#: What stands before the path of the list: in the value of its button, and in the names of its text and first cell.
PASTE, AT = "paste:", "paste-at:"
_YES = frozenset({"是", "有", "√", "✓", "对", "1", "true", "yes", "y", "☑"})  # zh: what people put into cells
_SEVERAL = re.compile(r"[、，,;；\n]")  # zh: what separates several choices
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")  # zh: days as people write them
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
Raw = dict[str, list[str]]
NewKey = Callable[[Sequence[str]], str]


@dataclass(frozen=True)
class Pasted:
    """What was typed, with the rows; and what there was no room for, by path."""

    raw: Raw
    problems: dict[str, list[Sentence]] = field(default_factory=dict)


def paste(
    form: Form, raw: Raw, item: ListInput, text: str, at: str, context: Mapping[str, Any], env: feel.Environment,
    new_key: NewKey,
) -> Pasted:  # fmt: skip
    """Put a table into a list, from the cell named ``at`` on, else below the rows in which something stands."""
    scope = Scope({}, context, env)
    columns, lines = _chosen(item, _lines(text), at, scope)
    keys = [row.key for row in item.rows]
    start = _start(item, raw, keys, at)
    room = max(item.maximum - start, 0)
    for place, line in enumerate(lines[:room], start):
        if place == len(keys):
            keys.append(new_key(keys))
            raw = {**raw, item.path: keys[:-1]}
            raw = {**raw, **form.fresh_row(raw, item.path, keys[-1], context, env)}
        prefix = f"{item.path}.{keys[place]}."
        cells = zip(columns, line, strict=False)
        raw = {**raw, **{prefix + _name(item, each): _typed(each, cell.strip(), scope) for each, cell in cells}}
    left = len(lines) - room
    sentence = Sentence(N_("只放得下前 {n} 行，其余 {left} 行没有放进来。"), n=room, left=left)
    return Pasted({**raw, item.path: keys}, {item.path: [sentence]} if left > 0 else {})


def _chosen(
    item: ListInput, lines: list[list[str]], at: str, scope: Scope
) -> tuple[Sequence[Input], Sequence[list[str]]]:
    """The fields that the cells of a line are for, and the lines below the headings, if there are any."""
    columns = _columns(item)
    by_label = {each.label.render(scope).strip(): each for each in columns}
    if lines and all(cell.strip() in by_label for cell in lines[0]):
        return [by_label[cell.strip()] for cell in lines[0]], lines[1:]
    first = next((place for place, each in enumerate(columns) if at.endswith(f".{_name(item, each)}")), 0)
    return columns[first:], lines


def _columns(item: ListInput) -> list[Input]:
    """The fields of a row that a text can fill in; a list within the row is none."""
    inside = [each for each in walk(item.children) if isinstance(each, Input) and "[]" not in _name(item, each)]
    return [each for each in inside if not isinstance(each, FileInput | Computed | ListInput)]


def _name(item: ListInput, column: Input) -> str:
    return column.path.removeprefix(f"{item.path}[].")


def _lines(text: str) -> list[list[str]]:
    """The cells of each line that is not empty."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        rows = list(csv.reader(StringIO(text), delimiter="\t"))
    except csv.Error:  # a quotation mark that nobody closed makes a cell of everything that follows
        rows = [line.split("\t") for line in text.split("\n")]
    return [row for row in rows if any(cell.strip() for cell in row)]


def _start(item: ListInput, raw: Raw, keys: Sequence[str], at: str) -> int:
    if at:
        inside = at.removeprefix(f"{item.path}.").partition(".")[0]
        return keys.index(inside) if inside in keys else len(keys)
    filled = [place for place, key in enumerate(keys) if _is_filled(raw, f"{item.path}.{key}.")]
    return filled[-1] + 1 if filled else 0


def _is_filled(raw: Raw, prefix: str) -> bool:
    return any(name.startswith(prefix) and any(text.strip() for text in texts) for name, texts in raw.items())


def _typed(column: Input, cell: str, scope: Scope) -> list[str]:
    """A cell as the field's control would send it; what does not fit is sent as it is, and found wrong there."""
    if isinstance(column, Checkbox):
        return ["true"] if cell.lower() in _YES else []
    if isinstance(column, Choice):
        asked = [part.strip() for part in _SEVERAL.split(cell)] if column.many else [cell]
        known = {option.label: option.key for option in column.options.resolve(scope)}
        return [known.get(each, each) for each in asked if each]
    if isinstance(column, MomentInput) and (found := _DAY.fullmatch(cell)):
        return [f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}"]
    if isinstance(column, NumberInput) and _THOUSANDS.fullmatch(cell):
        return [cell.replace(",", "")]
    return [cell if column.type == "textarea" else " ".join(cell.split("\n"))]

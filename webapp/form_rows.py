"""Rows of lists on a page: adding one, taking one away, pasting many, what each is called. None needs JavaScript."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine import feel
from engine.forms import Form, ListInput, Row, Sentence
from webapp.i18n import _
from webapp.pasting import PASTE, paste

#: What stands before the path of the list or the row in the value of a button.
ADD, REMOVE = "add:", "remove:"
_HIGHEST_KEY = 9_999


@dataclass(frozen=True)
class Changed:
    """What was typed, with other rows; the path that gets the focus; what there was no room for, by path."""

    raw: dict[str, list[str]]
    focus: str = ""
    problems: dict[str, list[Sentence]] = field(default_factory=dict)


def change_rows(
    form: Form,
    raw: dict[str, list[str]],
    change: str,
    context: Mapping[str, Any],
    env: feel.Environment,
    pasted: tuple[str, str] = ("", ""),
) -> Changed:
    """Add a row, take one away, or put in what was ``pasted`` (text, name of the first cell or nothing).

    Nothing changes for what is no list whose rows may change.
    """
    path = change.partition(":")[2]
    lists = {item.path: item for item in form.lay_out(raw, context).lists if item.may_change} if path else {}
    if change.startswith(ADD) and path in lists:
        return _with_row(form, raw, lists[path], context, env)
    if change.startswith(PASTE) and path in lists:
        found = paste(form, raw, lists[path], *pasted, context, env, _new_key)
        return Changed(found.raw, path, found.problems)
    above, _dot, key = path.rpartition(".")
    if change.startswith(REMOVE) and above in lists:
        inside = f"{path}."
        left = {name: texts for name, texts in raw.items() if not name.startswith(inside)}
        return Changed({**left, above: [each for each in raw.get(above, ()) if each != key]}, above)
    return Changed(raw)


def _with_row(
    form: Form, raw: dict[str, list[str]], item: ListInput, context: Mapping[str, Any], env: feel.Environment
) -> Changed:
    keys = [row.key for row in item.rows]
    if len(keys) >= item.maximum:
        return Changed(raw, item.path)
    key = _new_key(keys)
    fresh = form.fresh_row(raw, item.path, key, context, env)
    return Changed({**raw, item.path: [*keys, key], **fresh}, f"{item.path}.{key}")


def _new_key(keys: Sequence[str]) -> str:
    highest = max(map(int, keys), default=-1)
    return str(highest + 1) if highest < _HIGHEST_KEY else next(key for key in map(str, range(999)) if key not in keys)


def row_title(item: ListInput, row: Row) -> str:
    """How people call a row."""
    return f"{_(item.row_label)} {row.number}" if item.row_label else _("第 {n} 项", n=row.number)

"""Rows of lists on a page: adding one, taking one away, and how each is called. All of it without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import feel
from engine.forms import Form, ListInput, Row
from webapp.i18n import _

#: What stands before the path of the list or the row in the value of a button.
ADD, REMOVE = "add:", "remove:"
_HIGHEST_KEY = 9_999


def change_rows(
    form: Form, raw: dict[str, list[str]], change: str, context: Mapping[str, Any], env: feel.Environment
) -> tuple[dict[str, list[str]], str]:
    """What was typed, with a row more or less, and the path that gets the focus. Nothing for what is no such list."""
    path = change.partition(":")[2]
    lists = {item.path: item for item in form.lay_out(raw, context).lists if item.may_change} if path else {}
    if change.startswith(ADD) and path in lists:
        return _with_row(form, raw, lists[path], context, env)
    above, _dot, key = path.rpartition(".")
    if change.startswith(REMOVE) and above in lists:
        inside = f"{path}."
        left = {name: texts for name, texts in raw.items() if not name.startswith(inside)}
        return {**left, above: [each for each in raw.get(above, ()) if each != key]}, above
    return raw, ""


def _with_row(
    form: Form, raw: dict[str, list[str]], item: ListInput, context: Mapping[str, Any], env: feel.Environment
) -> tuple[dict[str, list[str]], str]:
    keys = [row.key for row in item.rows]
    if len(keys) >= item.maximum:
        return raw, item.path
    highest = max(map(int, keys), default=-1)
    key = str(highest + 1) if highest < _HIGHEST_KEY else next(key for key in map(str, range(999)) if key not in keys)
    fresh = form.fresh_row(raw, item.path, key, context, env)
    return {**raw, item.path: [*keys, key], **fresh}, f"{item.path}.{key}"


def row_title(item: ListInput, row: Row) -> str:
    """How people call a row."""
    return f"{item.row_label} {row.number}" if item.row_label else _("第 {n} 项", n=row.number)

"""Filled-in forms to be read: labels with what stands after them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import url_for

from engine import feel, forms
from engine.forms import Bound, Choice, Computed, FileInput, Form, Input, ListInput, NumberInput, Row, walk
from engine.masking import mask
from webapp.i18n import _
from webapp.phrases import label_of, spoken


@dataclass(frozen=True)
class Rows:
    """What a list holds: the headings, and row by row a fact for each of them."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Fact, ...], ...]


@dataclass(frozen=True)
class Fact:
    """One filled-in field to read: its label, and its value as text, as files (name, address) or as rows."""

    label: str
    text: str
    files: tuple[tuple[str, str], ...] = ()
    rows: Rows | None = None


def facts(
    form: Form, values: Mapping[str, Any], env: feel.Environment = feel.DEFAULT, masked: bool = False
) -> list[Fact]:
    """The fields that have a value in these variables, to be read; ``masked`` covers personal data."""
    bound = form.initial(values, env)
    found = []
    for item in walk(bound.layout.fields):
        if not isinstance(item, Input) or item.at or item.id not in bound.visible or not bound.label(item):
            continue
        known = forms.look_up(values, item.path)
        if known in (None, [], ""):
            continue
        if isinstance(item, ListInput):
            found.append(_list(item, bound, values, masked))
        else:
            found.append(fact_of(item, bound, _accepted(item, bound, values), masked and item.personal))
    return found


def _accepted(item: Input, bound: Bound, values: Mapping[str, Any]) -> Any:
    """The value as it was accepted: an option may have left the list since, and what was computed stays."""
    if isinstance(item, Computed):
        return forms.look_up(values, item.path)
    return bound.settled.given.typed[item.path]


def _list(item: ListInput, bound: Bound, values: Mapping[str, Any], masked: bool) -> Fact:
    inside = [_columns(row, bound) for row in item.rows]
    whole = masked and item.personal and not any(each.personal for each in (inside[0] if inside else ()))
    rows = tuple(
        tuple(_cell(each, bound, values, whole or (masked and each.personal)) for each in columns) for columns in inside
    )
    headings = tuple(fact.label for fact in rows[0]) if rows else ()
    return Fact(label_of(bound, item), _("{count} 项", count=len(rows)), rows=Rows(headings, rows))


def _columns(row: Row, bound: Bound) -> list[Input]:
    inside = (item for item in walk(row.children) if isinstance(item, Input) and item.at == row.path)
    return [item for item in inside if bound.label(item)]


def _cell(item: Input, bound: Bound, values: Mapping[str, Any], masked: bool) -> Fact:
    if isinstance(item, ListInput):
        inner = _list(item, bound, values, masked).rows
        lines = (_("，").join(cell.text for cell in row if cell.text) for row in (inner.rows if inner else ()))
        return Fact(label_of(bound, item), _("；").join(line for line in lines if line))
    value = _accepted(item, bound, values)
    if item.id not in bound.visible or value in (None, [], ""):
        return Fact(label_of(bound, item), "")
    return fact_of(item, bound, value, masked)


def fact_of(item: Input, bound: Bound, value: Any, masked: bool) -> Fact:
    """One field to read."""
    if isinstance(item, FileInput):
        links = [] if masked else [(one["name"], url_for("files.show", file_id=one["id"])) for one in value]
        return Fact(label_of(bound, item), _("{count} 个文件", count=len(value)), tuple(links))
    if masked:
        value = mask(value)
    elif isinstance(item, Choice):
        labels = {option.key: _(option.label) for option in bound.options(item)}
        chosen = value if isinstance(value, list) else [value]
        value = [labels.get(forms.option_key(one), one) for one in chosen]
    elif isinstance(item, NumberInput) and value is not None:
        scope = bound.scope_of(item)
        units = spoken(item.prefix, scope), spoken(item.suffix, scope)
        return Fact(label_of(bound, item), f"{units[0]} {readable(value)} {units[1]}".strip())
    elif isinstance(item, Computed):
        return Fact(label_of(bound, item), "" if value is None else f"{readable(value)} {_(item.suffix)}".strip())
    return Fact(label_of(bound, item), readable(value))


def readable(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return f"{readable(value.date())} {value:%H:%M}"
    if isinstance(value, date):
        return _("{year}年{month}月{day}日", year=value.year, month=value.month, day=value.day)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return _("、").join(map(readable, value)) if isinstance(value, list) else forms.show(value)

"""One field of a form as the macros need it: plain texts and flags, no engine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.files import LARGEST
from engine.forms import (
    Bound,
    Checkbox,
    Choice,
    Computed,
    Field,
    FileInput,
    Group,
    Input,
    ListInput,
    MomentInput,
    NumberInput,
    Row,
    Table,
    TextInput,
    look_up,
)
from webapp import markdown
from webapp.facts import fact_of, readable
from webapp.form_rows import ADD, REMOVE, row_title
from webapp.i18n import _
from webapp.phrases import label_of, spoken

_WIRE = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "time": re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?"),
    "datetime": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?"),
}
# type=email would make the browser refuse first, in its own words and language.
_FORMATS = {
    "email": ("text", "email"),
    "phone": ("tel", "tel"),
    "mobile": ("tel", "tel"),
    "landline": ("tel", "tel"),
    "postcode": ("text", "numeric"),
}
#: What browsers may fill in by themselves, where the form does not say.
_AUTOCOMPLETE = {
    "email": "email",
    "phone": "tel",
    "mobile": "tel",
    "postcode": "postal-code",
    "address": "street-address",
}
#: The rows of a table that are shown at all.
_MOST_ROWS = 500


@dataclass(frozen=True)
class Widget:
    """``kind`` chooses the macro: text, textarea, select, radio, checklist, checkbox, files, group, shown (a value that
    can't be changed), carried (a hidden field's text), text (a block), separator, spacer, options (in a select: some
    of its options under a common name), combo (a select to type in), signature, table, list and row.

    ``is_title`` says that the title of the page is the label, which is not shown again.

    ``add`` and ``remove`` are what the buttons of a list and a row send, ``paste`` is the path of a list that takes
    rows of a spreadsheet; ``focus`` says where somebody is at work.
    ``cells`` are the texts of a table, ``folded`` how many of its rows are shown at first.

    ``options`` are (value, label, whether chosen); ``files`` are the kept uploads; ``links`` (name, address) of files.
    """

    kind: str
    id: str
    name: str = ""
    label: str = ""
    hint: str = ""
    limit: str = ""
    errors: tuple[str, ...] = ()
    value: str = ""
    options: tuple[tuple[str, str, bool], ...] = ()
    required: bool = False
    optional: bool = False
    input_type: str = "text"
    inputmode: str | None = None
    autocomplete: str | None = None
    prefix: str = ""
    suffix: str = ""
    accept: str = ""
    multiple: bool = False
    files: tuple[dict[str, Any], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    children: tuple[Widget, ...] = ()
    help: str = ""
    focus: bool = False
    add: str = ""
    add_label: str = ""
    remove: str = ""
    paste: str = ""
    headings: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()
    folded: int = 0
    is_title: bool = False

    @property
    def described_by(self) -> str:
        """The ids of what explains the field, for aria-describedby."""
        notes = {"hint": self.hint, "limit": self.limit, "error": self.errors, "unit": self.prefix or self.suffix}
        return " ".join(f"{self.id}-{name}" for name, note in notes.items() if note)


def widget_of(item: Input, bound: Bound, errors: tuple[str, ...]) -> Widget:
    """The widget of a field that is shown and may be filled in, with exactly what was typed."""
    texts = bound.raw.get(item.path, [])
    common: dict[str, Any] = {
        "id": f"f-{item.path}",
        "name": item.path,
        "label": label_of(bound, item),
        "hint": spoken(item.description, bound.scope_of(item)),
        "help": _(item.help),
        "errors": errors,
        "required": item.required,
        "optional": not item.required and not isinstance(item, Checkbox),
        "autocomplete": item.autocomplete,
    }
    if isinstance(item, Choice):
        options = tuple((option.key, option.label, option.key in texts) for option in bound.options(item))
        if item.searchable:  # what is typed is compared with the labels as they stand in the form
            value = next((label for _key, label, is_chosen in options if is_chosen), texts[0] if texts else "")
            return Widget(kind="combo", options=options, value=value, **common)
        options = tuple((key, _(label), is_chosen) for key, label, is_chosen in options)
        return Widget(kind=str(item.type), options=options, **common)
    if isinstance(item, FileInput):
        return _files(item, bound, common)
    value = texts[0] if texts else ""
    if isinstance(item, Checkbox):
        return Widget(kind="checkbox", options=(("true", common["label"], value in ("true", "on")),), **common)
    return _line(item, bound, value, common)


def _files(item: FileInput, bound: Bound, common: dict[str, Any]) -> Widget:
    kept = tuple(bound.files.get(item.path, ()))
    if item.signature:
        typed = (bound.raw.get(item.typed_name) or [""])[0]
        common["options"] = (("true", "", bound.raw.get(item.typed_sure) == ["true"]),)
        name, sure = item.typed_name, item.typed_sure
        return Widget(
            kind="signature", files=kept, accept="image/png,image/jpeg", value=typed, add=name, remove=sure, **common
        )
    common["limit"] = _("每个文件不超过 {limit} MB。", limit=LARGEST // 1024 // 1024)
    return Widget(kind="files", files=kept, accept=",".join(item.accept), multiple=item.multiple, **common)


def _line(item: Input, bound: Bound, value: str, common: dict[str, Any]) -> Widget:
    if isinstance(item, NumberInput):
        # type=number drops what it can't read; as text, it comes back as typed.
        mode = "numeric" if item.digits == 0 else "decimal"
        scope = bound.scope_of(item)
        prefix, suffix = spoken(item.prefix, scope), spoken(item.suffix, scope)
        return Widget(kind="line", value=value, inputmode=mode, prefix=prefix, suffix=suffix, **common)
    if isinstance(item, MomentInput):
        return Widget(kind="line", value=value, input_type=_moment_type(item.subtype, value), **common)
    kind = "textarea" if item.type == "textarea" else "line"
    format_ = (item.format or "") if isinstance(item, TextInput) else ""
    input_type, inputmode = _FORMATS.get(format_, ("text", None))
    # In a list, a browser would put the same person into every row.
    common["autocomplete"] = common["autocomplete"] or (None if item.at else _AUTOCOMPLETE.get(format_))
    return Widget(kind=kind, value=value, inputmode=inputmode, input_type=input_type, **common)


def _moment_type(subtype: str, value: str) -> str:
    """The native input, unless it would swallow what was typed because it is no date that it can show."""
    if value and not _WIRE[subtype].fullmatch(value):
        return "text"
    return "datetime-local" if subtype == "datetime" else subtype


def widgets_of(bound: Bound, errors: Mapping[str, tuple[str, ...]]) -> tuple[Widget, ...]:
    """All widgets of a bound form; ``errors`` are sentences by path. What is hidden carries along what was typed."""
    return tuple(_Widgets(bound, errors).of(bound.layout.fields, hidden=False))


class _Widgets:
    def __init__(self, bound: Bound, errors: Mapping[str, tuple[str, ...]]) -> None:
        self.bound = bound
        self.errors = errors

    def of(self, fields: tuple[Field, ...], hidden: bool) -> Iterator[Widget]:
        for item in fields:
            gone = hidden or item.id not in self.bound.visible
            if isinstance(item, ListInput):
                yield from self._list(item, gone)
            elif isinstance(item, Group):
                yield from self._group(item, gone)
            elif isinstance(item, Input):
                yield from self._input(item, gone)
            elif not gone:
                yield self._table(item) if isinstance(item, Table) else self._block(item)

    def _group(self, item: Group, gone: bool) -> Iterator[Widget]:
        children = tuple(self.of(item.children, gone))
        if gone:
            yield from children
        else:
            yield Widget(kind="group", id=f"g-{item.id}", label=label_of(self.bound, item), children=children)

    def _input(self, item: Input, gone: bool) -> Iterator[Widget]:
        if self.bound.is_locked(item):
            shown = not gone and (item.live if isinstance(item, Computed) else True)
            if shown and self.bound.label(item):
                fact = fact_of(item, self.bound, self.bound.value(item), False)
                yield Widget(kind="shown", id=f"f-{item.path}", label=fact.label, value=fact.text, links=fact.files)
        elif gone:
            for text in self.bound.raw.get(item.path, ()):
                yield Widget(kind="carried", id="", name=item.path, value=text)
        else:
            yield widget_of(item, self.bound, self.errors.get(item.path, ()))

    def _list(self, item: ListInput, gone: bool) -> Iterator[Widget]:
        if gone:
            for row in item.rows:
                yield Widget(kind="carried", id="", name=item.path, value=row.key)
                yield from self.of(row.children, True)
            return
        may_add = item.may_change and len(item.rows) < item.maximum
        yield Widget(
            kind="list",
            id=f"f-{item.path}",
            name=item.path,
            label=label_of(self.bound, item),
            hint=spoken(item.description, self.bound.scope_of(item)),
            limit=_row_limits(item),
            help=_(item.help),
            errors=self.errors.get(item.path, ()),
            children=tuple(self._row(item, row) for row in item.rows),
            focus=self.bound.focus == item.path,
            add=ADD + item.path if may_add else "",
            add_label=_(item.add_label) if item.add_label else _("新增一行"),
            paste=item.path if may_add else "",
        )

    def _row(self, item: ListInput, row: Row) -> Widget:
        children = tuple(self.of(row.children, False))
        if self.bound.focus == row.path:
            children = tuple(_focused(children))
        return Widget(
            kind="row",
            id=f"r-{row.path}",
            name=item.path,
            value=row.key,
            label=row_title(item, row),
            children=children,
            remove=REMOVE + row.path if item.may_change else "",
        )

    def _table(self, item: Table) -> Widget:
        scope = self.bound.scope_of(item)
        found = item.source.value(scope)
        rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
        columns = [(key, spoken(label, scope)) for key, label in item.columns]
        if item.columns_expression is not None:
            given = scope.evaluate(item.columns_expression)
            columns = [_column(each) for each in given if isinstance(each, dict)] if isinstance(given, list) else []
        cells = tuple(tuple(readable(look_up(row, key)) for key, _label in columns) for row in rows[:_MOST_ROWS])
        headings = tuple(label for _key, label in columns)
        label = label_of(self.bound, item)
        return Widget(
            kind="table", id=f"g-{item.id}", label=label, headings=headings, cells=cells, folded=item.row_count
        )

    def _block(self, item: Field) -> Widget:
        pieces = item.label.pieces(self.bound.scope_of(item))
        text = markdown.render([(text if is_data else _(text), is_data) for text, is_data in pieces])
        return Widget(kind=str(item.type), id=f"g-{item.id}", label=text if item.type == "text" else "")


def _row_limits(item: ListInput) -> str:
    if not item.may_change:
        return ""
    if item.minimum:
        return _("{low} 至 {high} 项。", low=item.minimum, high=item.maximum)
    return _("最多 {high} 项。", high=item.maximum)


def _column(each: Mapping[str, Any]) -> tuple[str, str]:
    key = str(each.get("key") or "")
    return key, str(each.get("label") or key)


_FOCUSABLE = frozenset({"line", "textarea", "select", "combo", "checkbox", "radio", "checklist", "files"})


def _focused(widgets: tuple[Widget, ...]) -> Iterator[Widget]:
    """The same with the focus on the first that can have it."""
    is_given = False
    for each in widgets:
        takes = not is_given and each.kind in _FOCUSABLE
        is_given |= takes
        yield replace(each, focus=True) if takes else each

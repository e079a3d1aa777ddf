"""Reading the components that hold rows: lists to fill in, and tables to look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import N_
from engine.forms.fields import Input, ListInput, Table, walk_as_written
from engine.forms.layout import HIGHEST_ROWS
from engine.forms.reader import Reader
from engine.forms.terms import NO, Phrase, Term

#: How many rows a list may have when the form does not say.
_USUAL_MOST = 50
#: A wider table can't be read on any screen.
_MOST_COLUMNS = 12


def read_list(reader: Reader, raw: Mapping[str, Any], prefix: str, common: dict[str, Any]) -> ListInput:
    """Read a dynamic list without what is in its rows.

    Our properties: ``minRows`` and ``maxRows``, ``rowLabel`` (what one row is called), ``addLabel`` (the button).
    """
    element, properties = common["id"], raw.get("properties") or {}
    path = reader.path(element, prefix, str(raw.get("path") or raw.get("key") or ""))
    reader.claim(element, path)
    if not common["label"]:
        reader.refuse(element, "form.label", N_("字段“{key}”缺少标签（label）。"), key=path)
    if raw.get("isRepeating") is False:
        reader.refuse(element, "form.list", N_("动态列表的每一行都要能重复，不重复的请用分组（group）。"))
    low = _count(reader, element, properties.get("minRows"), 0)
    high = _count(reader, element, properties.get("maxRows"), _USUAL_MOST)
    if not low <= high or high < 1:
        template = N_("行数要在 1 到 {limit} 之间，最少不能大于最多。")
        reader.refuse(element, "form.limits", template, limit=HIGHEST_ROWS)
    return ListInput(
        **common,
        path=path,
        description=reader.phrase(element, raw.get("description")),
        help=str(properties.get("help") or ""),
        personal=str(properties.get("personal", "")).lower() == "true",
        may_change=raw.get("allowAddRemove") is not False,
        minimum=low,
        maximum=high,
        repetitions=min(_count(reader, element, raw.get("defaultRepetitions"), 1), high),
        row_label=str(properties.get("rowLabel") or ""),
        add_label=str(properties.get("addLabel") or ""),
    )


def _count(reader: Reader, element: str, value: Any, usual: int) -> int:
    if value is None or value == "":
        return usual
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= HIGHEST_ROWS):
        template = N_("行数“{value}”应为不超过 {limit} 的整数。")
        reader.refuse(element, "form.limits", template, value=text, limit=HIGHEST_ROWS)
        return usual
    return int(text)


def check_list(reader: Reader, item: ListInput) -> None:
    """Refuse a list without fields, and one whose rows could not be told apart once some are taken away."""
    inside = [each for each in walk_as_written(item.children) if isinstance(each, Input)]
    if not inside:
        reader.refuse(item.id, "form.list", N_("动态列表里没有可填写的字段。"))
    for each in inside if item.may_change else ():
        if each.disabled or each.readonly != NO:
            template = N_("能增删行的列表里不能有只读字段；请去掉只读，或者不允许增删行（allowAddRemove）。")
            reader.refuse(each.id, "form.list", template)


def read_table(reader: Reader, raw: Mapping[str, Any], common: dict[str, Any]) -> Table:
    """Read a table: rows of the variable or expression ``dataSource``, columns by key or by an expression."""
    element = common["id"]
    source = str(raw.get("dataSource") or "").strip()
    term = reader.term(element, source if source.startswith("=") else f"={source}") if source else Term()
    if term.expression is None:
        reader.refuse(element, "form.table", N_("表格缺少数据来源（dataSource），请填写变量名或者以“=”开头的表达式。"))
    columns, expression = _columns(reader, element, raw.get("columns")), raw.get("columnsExpression")
    dynamic = reader.term(element, expression).expression if expression else None
    if dynamic is None and (not columns or len(columns) > _MOST_COLUMNS):
        template = N_("表格要有 1 到 {limit} 列，每列有字段名（key）和标题（label）。")
        reader.refuse(element, "form.table", template, limit=_MOST_COLUMNS)
    count = raw.get("rowCount")
    return Table(
        **common,
        source=term,
        columns=() if dynamic else columns,
        columns_expression=dynamic,
        row_count=count if isinstance(count, int) and count > 0 else 10,
    )


def _columns(reader: Reader, element: str, raw: Any) -> tuple[tuple[str, Phrase], ...]:
    found = [each for each in raw if isinstance(each, Mapping) and each.get("key")] if isinstance(raw, list) else []
    return tuple((str(each["key"]), reader.phrase(element, each.get("label") or each["key"])) for each in found)

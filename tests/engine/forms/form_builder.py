"""Builds .form files for tests: one function for each component."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine import feel, forms
from engine.clock import TIMEZONE

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=TIMEZONE)
ENV = feel.Environment(now=lambda: NOW)
Component = dict[str, Any]


def form(*components: Component, **more: Any) -> forms.Form:
    """A compiled form of these components."""
    return forms.compile(source(*components, **more))


def source(*components: Component, **more: Any) -> dict[str, Any]:
    """A form as JSON data."""
    return {"id": "测试", "schemaVersion": 19, "type": "default", "components": list(components), **more}


def component(kind: str, key: str, hide: str | None = None, **more: Any) -> Component:
    """A component with a value; its label is its key, its id as well."""
    rules = {name: more.pop(name) for name in list(more) if name in _RULES}
    condition = {"conditional": {"hide": hide}} if hide else {}
    return {"type": kind, "id": key, "key": key, "label": key, "validate": rules, **condition, **more}


_RULES = {"required", "minLength", "maxLength", "min", "max", "pattern", "patternErrorMessage", "validationType"}


def text(key: str, **more: Any) -> Component:
    """One line."""
    return component("textfield", key, **more)


def area(key: str, **more: Any) -> Component:
    """Several lines."""
    return component("textarea", key, **more)


def number(key: str, **more: Any) -> Component:
    """A number."""
    return component("number", key, **more)


def moment(key: str, subtype: str = "date", **more: Any) -> Component:
    """A date, a time or both."""
    return component("datetime", key, subtype=subtype, **more)


def checkbox(key: str, **more: Any) -> Component:
    """A check box."""
    return component("checkbox", key, **more)


def choice(kind: str, key: str, *values: str, **more: Any) -> Component:
    """A radio, select or checklist of these values; their labels have 的 behind."""
    options = {"values": [{"value": value, "label": f"{value}的"} for value in values]} if values else {}
    return component(kind, key, **options, **more)


def upload(key: str, **more: Any) -> Component:
    """A file picker."""
    return component("filepicker", key, **more)


def group(id: str, *children: Component, path: str = "", hide: str | None = None) -> Component:
    """A group of components."""
    condition = {"conditional": {"hide": hide}} if hide else {}
    return {"type": "group", "id": id, "label": id, "path": path, "components": list(children), **condition}


def rows(path: str, *children: Component, hide: str | None = None, **more: Any) -> Component:
    """A list whose rows have these components; its properties are given by their names."""
    properties = {name: str(more.pop(name)) for name in ("minRows", "maxRows", "rowLabel", "addLabel") if name in more}
    condition = {"conditional": {"hide": hide}} if hide else {}
    return {
        "type": "dynamiclist",
        "id": path,
        "label": path,
        "path": path,
        "components": list(children),
        "properties": properties,
        **condition,
        **more,
    }


def computed(key: str, expression: str, **more: Any) -> Component:
    """A field that its expression fills in."""
    return component("expression", key, expression=expression, **more)


def table(id: str, source: str, *columns: str, **more: Any) -> Component:
    """A table with these columns, whose headings have 的 behind."""
    found = [{"key": column, "label": f"{column}的"} for column in columns]
    return {"type": "table", "id": id, "label": id, "dataSource": source, "columns": found, **more}


def bind(compiled: forms.Form, context: dict[str, Any] | None = None, **raw: str | list[str]) -> forms.Bound:
    """Bind texts; a list for several under one name."""
    sent = {name: value if isinstance(value, list) else [value] for name, value in raw.items()}
    return compiled.bind(sent, {}, context or {}, ENV)


def file_ref(name: str = "照片.jpg", media_type: str = "image/jpeg", size: int = 1000, id: str = "1") -> dict[str, Any]:
    """A reference to an upload."""
    return {"id": id, "name": name, "size": size, "type": media_type}

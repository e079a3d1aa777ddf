"""From ``.form`` JSON (form-js, schema 19) to the tree of fields, saying everything that is wrong at once.

What a page could not honour is refused, never ignored: types that are not supported, expressions that are no FEEL,
unknown functions, patterns that could run away.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from engine import feel
from engine.errors import N_, InvalidDefinition
from engine.forms.fields import Block, Field, FieldType, Group, Input, ListInput, walk_as_written
from engine.forms.inputs import read_input
from engine.forms.lists import check_list, read_list, read_table
from engine.forms.reader import Reader
from engine.forms.sections import parts_of

#: The newest version of the file format that is understood.
SCHEMA_VERSION = 19
_LARGEST = 500_000
_MOST_COMPONENTS = 300
_DEEPEST = 6
_IGNORED = {"button"}
#: Shown in another way than form-js does, with the same values.
_ALIKE = {"taglist": "checklist"}
_BLOCKS = (FieldType.TEXT, FieldType.SEPARATOR, FieldType.SPACER)
_INSTEAD = {
    "html": N_("请改用文本组件（text）。"),
    "image": N_("请改用文本组件（text）说明，图片作为附件上传。"),
    "iframe": N_("表单里不能嵌入别的网页，请改用文本组件（text）。"),
    "documentPreview": N_("附件会以链接显示，请改用上传组件（filepicker）。"),
}


def read(
    source: str | bytes | Mapping[str, Any], functions: Collection[str]
) -> tuple[str, str, tuple[Field, ...], dict[str, str]]:
    """Read a form: (id, title, fields, its texts in English).

    Raises InvalidDefinition with a finding for everything that is wrong.
    """
    raw = _json(source)
    reader = Reader(functions)
    form_id = str(raw.get("id") or "")
    if not form_id:
        reader.refuse("", "form.id", N_("表单缺少编号（id）。"))
    version = raw.get("schemaVersion", SCHEMA_VERSION)
    if not isinstance(version, int | Decimal) or version > SCHEMA_VERSION:
        template = N_("表单格式的版本 {version} 比本平台支持的 {supported} 新，请用旧一些的编辑器另存。")
        reader.refuse("", "form.version", template, version=version, supported=SCHEMA_VERSION)
    fields, english = _Tree(reader).components(raw.get("components")), _english(reader, raw.get("english", {}))
    if reader.findings:
        template = N_("表单“{form}”有 {count} 处错误：{first}")
        first = reader.findings[0].message
        raise InvalidDefinition(template, tuple(reader.findings), form=form_id, count=len(reader.findings), first=first)
    return form_id, str(raw.get("title") or raw.get("name") or form_id), fields, english


def _english(reader: Reader, raw: Any) -> dict[str, str]:
    """What the form adds to form-js: its texts in English, by the texts as they stand in it."""
    if isinstance(raw, dict) and all(isinstance(text, str) for text in raw.values()):
        return {str(text): english for text, english in raw.items()}
    reader.refuse("", "form.english", N_("表单的英文（english）应为原文和英文的对照。"))
    return {}


def _json(source: str | bytes | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(source, str | bytes):
        if len(source) > _LARGEST:
            raise InvalidDefinition(N_("表单文件超过 {limit} KB。"), limit=_LARGEST // 1000)
        try:
            source = json.loads(source, parse_float=Decimal)
        except (ValueError, RecursionError) as error:
            raise InvalidDefinition(N_("表单文件不是有效的 JSON：{reason}"), reason=str(error)) from error
    if not isinstance(source, Mapping):
        raise InvalidDefinition(N_("表单文件的最外层应为 JSON 对象。"))
    return source


def _has_personal(fields: tuple[Field, ...]) -> bool:
    return any(isinstance(item, Input) and item.personal for item in walk_as_written(fields))


class _Tree:
    """Walks the components of one form."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._ids: set[str] = set()
        self._count = 0

    def components(self, raw: Any, prefix: str = "", depth: int = 1) -> tuple[Field, ...]:
        """Read a list of components; ``prefix`` is the path of the groups around them."""
        if not isinstance(raw, list) or depth > _DEEPEST:
            template = N_("表单的组件列表缺失，或者分组超过 {limit} 层。")
            self.reader.refuse(prefix, "form.structure", template, limit=_DEEPEST)
            return ()
        found = [self._component(item, prefix, depth) for item in raw[: _MOST_COMPONENTS + 1]]
        return tuple(item for item in found if item is not None)

    def _component(self, raw: Any, prefix: str, depth: int) -> Field | None:
        self._count += 1
        if not isinstance(raw, dict) or self._count > _MOST_COMPONENTS:
            template = N_("表单里有无法识别的组件，或者组件超过 {limit} 个。")
            self.reader.refuse(prefix, "form.structure", template, limit=_MOST_COMPONENTS)
            return None
        kind = _ALIKE.get(str(raw.get("type")), raw.get("type"))
        if kind in _IGNORED:
            return None
        element = self._id(raw)
        if kind not in set(FieldType):
            hint = _INSTEAD.get(str(kind), N_("请换一种组件。"))
            self.reader.refuse(
                element, "form.type", N_("还不支持“{type}”类型的组件。{hint}"), type=str(kind), hint=hint
            )
            return None
        return self._field(FieldType(kind), element, raw, prefix, depth)

    def _field(self, kind: FieldType, element: str, raw: dict[str, Any], prefix: str, depth: int) -> Field:
        source = raw.get("text") if kind is FieldType.TEXT else raw.get("label")
        common: dict[str, Any] = {
            "id": element,
            "type": kind,
            "label": self.reader.phrase(element, source),
            "hide": self._hide(element, raw),
        }
        if kind is FieldType.GROUP:
            path = str(raw.get("path") or "")
            inner = self.reader.path(element, prefix, path) if path else prefix
            return Group(**common, children=self.components(parts_of(raw), inner, depth + 1))
        if kind is FieldType.DYNAMICLIST:
            return self._list(element, raw, prefix, depth, common)
        if kind is FieldType.TABLE:
            return read_table(self.reader, raw, common)
        if kind in _BLOCKS:
            return Block(**common)
        return read_input(self.reader, raw, prefix, common)

    def _list(self, element: str, raw: dict[str, Any], prefix: str, depth: int, common: dict[str, Any]) -> ListInput:
        head = read_list(self.reader, raw, prefix, common)
        children = self.components(raw.get("components", []), f"{head.path}[]", depth + 1)
        found = replace(head, children=children, personal=head.personal or _has_personal(children))
        check_list(self.reader, found)
        return found

    def _id(self, raw: Mapping[str, Any]) -> str:
        element = str(raw.get("id") or raw.get("key") or f"component-{self._count}")
        if element in self._ids:
            self.reader.refuse(element, "form.id", N_("两个组件用了同一个编号“{id}”。"), id=element)
        self._ids.add(element)
        return element

    def _hide(self, element: str, raw: Mapping[str, Any]) -> feel.Expression | None:
        condition = raw.get("conditional")
        text = condition.get("hide") if isinstance(condition, dict) else None
        if not text:
            return None
        if not str(text).lstrip().startswith("="):
            self.reader.refuse(element, "form.condition", N_("隐藏条件要以“=”开头，后面写 FEEL 表达式。"))
        return self.reader.term(element, str(text)).expression

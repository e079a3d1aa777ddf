"""What the standard leaves open: settings with a value and a source, read in FEEL as ``policy.<name>``.

``policy.yaml`` maps each name to ``value``, ``source`` and, as needed, ``unit``, ``clause``, ``note``, ``type``,
``nameEn``, ``unitEn``::

    小组答复期限:
      value: 5
      unit: 工作日
      source: assumption
      note: 标准未规定，参照区级惯例

Types are integer, decimal, text, boolean, duration (ISO 8601, such as P3D) and list; without ``type`` the value tells.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import yaml

from engine import feel
from engine.bpmn.finding import Finding
from engine.errors import N_, InvalidDefinition, InvalidVariables

_MOST_CHARACTERS = 100_000
#: The texts of a setting, by their keys in the file.
_TEXTS = {
    "unit": "unit", "source": "source", "clause": "clause", "note": "note", "nameEn": "english",
    "unitEn": "unit_english",
}  # fmt: skip
_KEYS = frozenset({"value", "type", *_TEXTS})
_DURATION = feel.compile("duration(文本)")


class SettingType(StrEnum):
    """The kinds of values that a setting may have."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    BOOLEAN = "boolean"
    DURATION = "duration"
    LIST = "list"


@dataclass(frozen=True)
class Setting:
    """A setting as policy.yaml gives it. ``raw`` is the value as written, ``value`` the one that expressions see;
    ``english`` and ``unit_english`` are for English pages, empty for what stands in Chinese."""

    name: str
    type: SettingType
    raw: Any
    value: Any
    unit: str
    source: str
    clause: str
    note: str
    english: str = ""
    unit_english: str = ""

    def read(self, raw: Any) -> Any:
        """The value that expressions see for another raw value. Raises InvalidVariables when it does not fit."""
        if not _fits(self.type, raw):
            raise InvalidVariables(
                N_("参数“{name}”应当是{type}，现在是“{value}”。"),
                {self.name: [str(raw)]},
                name=self.name,
                type=_TYPE_NAMES[self.type],
                value=raw,
            )
        return _READERS[self.type](raw)


def type_name(kind: SettingType) -> str:
    """What people call a kind of value."""
    return _TYPE_NAMES[kind]


def parse(text: str) -> dict[str, Setting]:
    """The settings of a policy.yaml by name; none for an empty text.

    Raises InvalidDefinition with a finding for each fault.
    """
    findings: list[Finding] = []
    settings: dict[str, Setting] = {}
    for line, name, entry in _entries(text):
        found = _setting(line, name, entry, frozenset(settings))
        if isinstance(found, Setting):
            settings[found.name] = found
        else:
            findings.append(found)
    if findings:
        raise InvalidDefinition(N_("制度参数文件有 {count} 处错误。"), tuple(findings), count=len(findings))
    return settings


def _entries(text: str) -> list[tuple[int, str, Any]]:
    """Line, name and content of each entry; names that stand twice come twice."""
    if len(text) > _MOST_CHARACTERS:
        raise InvalidDefinition(N_("制度参数文件过大，最多 {most} 个字符。"), most=_MOST_CHARACTERS)
    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return []
        if not isinstance(root, yaml.MappingNode):
            raise InvalidDefinition(N_("制度参数文件应当以参数名称为键，每个参数一项。"))
        return [
            (key.start_mark.line + 1, str(key.value), loader.construct_object(node, deep=True))
            for key, node in root.value
        ]
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvalidDefinition(N_("制度参数文件不是有效的 YAML：{why}"), why=str(error)) from error


def _setting(line: int, name: str, entry: Any, taken: frozenset[str]) -> Setting | Finding:
    fault = _fault(name, entry, taken)
    if fault is not None:
        template, params = fault
        return Finding(name, "policy.setting", "error", template, {"name": name, **params}, line)
    kind = SettingType(entry["type"]) if "type" in entry else _kind_of(entry["value"])
    texts = {field: str(entry.get(key, "")) for key, field in _TEXTS.items()}
    return Setting(name, kind, entry["value"], _READERS[kind](entry["value"]), **texts)


def _fault(name: str, entry: Any, taken: frozenset[str]) -> tuple[str, dict[str, Any]] | None:
    if name in taken:
        return N_("参数“{name}”写了两次，请删去一处。"), {}
    if not isinstance(entry, dict) or "value" not in entry:
        return N_("参数“{name}”缺少取值，请写明 value。"), {}
    unknown = sorted(str(key) for key in entry if key not in _KEYS)
    if unknown:
        return N_("参数“{name}”中的“{key}”不是已知的项。"), {"key": unknown[0]}
    if not entry.get("source") and not entry.get("clause"):
        return N_("参数“{name}”没有写明依据，请填写 source（条款、文件或 assumption）。"), {}
    return _type_fault(entry)


def _type_fault(entry: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    if "type" not in entry:
        if any(_fits(kind, entry["value"]) for kind in SettingType):
            return None
        return N_("参数“{name}”的取值“{value}”不是数字、文本、是否、时长或列表。"), {"value": str(entry["value"])}
    if entry["type"] not in set(SettingType):
        return N_("参数“{name}”的类型“{type}”不存在。"), {"type": str(entry["type"])}
    kind = SettingType(entry["type"])
    if _fits(kind, entry["value"]):
        return None
    params = {"type": _TYPE_NAMES[kind], "value": str(entry["value"])}
    return N_("参数“{name}”应当是{type}，现在是“{value}”。"), params


def _kind_of(raw: Any) -> SettingType:
    return next(kind for kind in _FROM_NARROW_TO_WIDE if _fits(kind, raw))


def _fits(kind: SettingType, raw: Any) -> bool:
    if kind is SettingType.DURATION:
        return isinstance(raw, str) and _duration(raw) is not None
    if kind is SettingType.LIST:
        return isinstance(raw, list) and all(type(item) in (int, float, str, bool) for item in raw)
    return type(raw) in _PYTHON_TYPES[kind]


def _duration(raw: str) -> Any:
    return _DURATION.evaluate({"文本": raw})


def _plain(raw: Any) -> Any:
    """Numbers of YAML become Decimal by their shortest text, so that 0.1 stays 0.1."""
    return Decimal(str(raw)) if type(raw) in (int, float) else raw


_FROM_NARROW_TO_WIDE = (
    SettingType.BOOLEAN,
    SettingType.INTEGER,
    SettingType.DECIMAL,
    SettingType.DURATION,
    SettingType.TEXT,
    SettingType.LIST,
)
_PYTHON_TYPES: dict[SettingType, tuple[type, ...]] = {
    SettingType.INTEGER: (int,),
    SettingType.DECIMAL: (int, float),
    SettingType.TEXT: (str,),
    SettingType.BOOLEAN: (bool,),
}
_READERS: dict[SettingType, Callable[[Any], Any]] = {
    SettingType.INTEGER: _plain,
    SettingType.DECIMAL: _plain,
    SettingType.TEXT: str,
    SettingType.BOOLEAN: bool,
    SettingType.DURATION: _duration,
    SettingType.LIST: lambda raw: [_plain(item) for item in raw],
}
_TYPE_NAMES: dict[SettingType, str] = {
    SettingType.INTEGER: N_("整数"),
    SettingType.DECIMAL: N_("数字"),
    SettingType.TEXT: N_("文本"),
    SettingType.BOOLEAN: N_("是否"),
    SettingType.DURATION: N_("时长"),
    SettingType.LIST: N_("列表"),
}

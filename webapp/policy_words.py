"""Policy settings in words, and what is typed into a form as a value of a setting."""

from __future__ import annotations

import re
from typing import Any

from engine.errors import N_
from engine.policy import Setting, SettingType
from webapp.i18n import _
from webapp.rhythm import describe

_WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,10})?", re.ASCII)
_TRUE, _FALSE = "true", "false"
#: How the value of each kind is to be typed.
HINTS: dict[SettingType, str] = {
    SettingType.INTEGER: N_("整数"),
    SettingType.DECIMAL: N_("数字，可以有小数"),
    SettingType.TEXT: N_("文本"),
    SettingType.DURATION: N_("时长，例如 P3D（3 天）、PT2H（2 小时）"),
    SettingType.LIST: N_("每行一项"),
}


def said(setting: Setting, raw: Any) -> str:
    """A value with its unit: 5 工作日."""
    if isinstance(raw, bool):
        return _("是") if raw else _("否")
    text = _("、").join(map(str, raw)) if isinstance(raw, list) else str(raw)
    if setting.type is SettingType.TEXT and (told := describe("cycle", text)) != text:
        return _("{name}（{value}）", name=told, value=text)
    return f"{text} {_one(_(setting.unit)) if raw == 1 else _(setting.unit)}" if setting.unit else text


def _one(unit: str) -> str:
    """An English unit that stands behind 1; Chinese ones stay."""
    return f"{unit[:-3]}y" if unit.endswith("ies") else unit.removesuffix("s")


def source(setting: Setting) -> str:
    """Where a value comes from, in words; a clause is shown beside."""
    if setting.source == "assumption":
        return _("设定（标准没有规定）")
    return setting.source or _("标准")


def read(setting: Setting, text: str) -> Any:
    """What was typed as a value of the setting's kind; what does not fit stays a text, which the setting refuses."""
    text = text.strip()
    if setting.type is SettingType.LIST:
        return [_plain(line.strip()) for line in text.splitlines() if line.strip()]
    if setting.type is SettingType.BOOLEAN:
        return {_TRUE: True, _FALSE: False}.get(text, text)
    if setting.type in (SettingType.INTEGER, SettingType.DECIMAL):
        whole = setting.type is SettingType.INTEGER
        return _plain(text) if not whole or _WHOLE.fullmatch(text) else text
    return text


def _plain(text: str) -> Any:
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text

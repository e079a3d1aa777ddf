"""Reading the components that have a value: one reader for each type."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError

from engine.errors import N_
from engine.forms.fields import (
    Checkbox,
    Choice,
    Computed,
    FieldType,
    FileInput,
    Input,
    MomentInput,
    NumberInput,
    TextInput,
)
from engine.forms.formats import FORMATS, PERSONAL_FORMATS
from engine.forms.options import Option, Options
from engine.forms.patterns import LONGEST, UnsafePattern, compile_pattern
from engine.forms.reader import Reader
from engine.forms.terms import Term, compile_expression, show
from engine.forms.values import value_field

#: The longest text when a field sets no limit of its own, in characters, and the highest limit it may set.
DEFAULT_LENGTH = Decimal(4000)
LONGEST_TEXT = Decimal(20_000)
_AUTOCOMPLETE = re.compile(r"[a-z]+(?:-[a-z0-9]+)*(?: [a-z]+(?:-[a-z0-9]+)*)*")
#: What a signature may be: a picture, or the name that was typed instead.
SIGNATURES = (".png", ".jpg", ".jpeg", ".txt")
#: What can be told apart at a glance.
_COMPARABLE = {
    FieldType.TEXTFIELD, FieldType.NUMBER, FieldType.DATETIME, FieldType.RADIO, FieldType.SELECT,
}  # fmt: skip
Raw = Mapping[str, Any]


def read_input(reader: Reader, raw: Raw, prefix: str, common: dict[str, Any]) -> Input:
    """Read a component with a value. ``common`` are the parts that all components share."""
    element, rules = common["id"], raw.get("validate") or {}
    properties = raw.get("properties") or {}
    path = reader.path(element, prefix, str(raw.get("key") or ""))
    reader.claim(element, path)
    if not common["label"] and common["type"] is not FieldType.EXPRESSION:
        reader.refuse(element, "form.label", N_("字段“{key}”缺少标签（label）。"), key=path)
    common |= {
        "path": path,
        "description": reader.phrase(element, raw.get("description")),
        "required": rules.get("required") is True,
        "disabled": raw.get("disabled") is True,
        "readonly": reader.term(element, raw.get("readonly", False)),
        "personal": _is_set(properties, "personal"),
        "for_applicant": _is_set(properties, "forApplicant"),
        "unique": _is_unique(reader, element, path, common["type"], properties),
        "help": str(properties.get("help") or ""),
        "autocomplete": _autocomplete(reader, element, properties.get("autocomplete")),
    }
    item = _READERS[common["type"]](reader, raw, rules, common)
    if isinstance(item, Computed):
        return item
    return replace(item, default=_default(reader, item, raw.get("defaultValue")))


def _is_unique(reader: Reader, element: str, path: str, kind: FieldType, properties: Raw) -> bool:
    if not _is_set(properties, "unique"):
        return False
    if "[]" not in path or kind not in _COMPARABLE:
        reader.refuse(element, "form.list", N_("不得重复（unique）只用于动态列表里的文字、数字、日期和单选字段。"))
    return True


def _is_set(properties: Raw, name: str) -> bool:
    return str(properties.get(name, "")).lower() == "true"


def _autocomplete(reader: Reader, element: str, value: Any) -> str | None:
    if not value:
        return None
    if not _AUTOCOMPLETE.fullmatch(str(value)):
        template = N_("自动填写的提示“{value}”不对，应像 name、tel 这样（HTML 的 autocomplete）。")
        reader.refuse(element, "form.autocomplete", template, value=value)
    return str(value)


def _default(reader: Reader, item: Input, raw: Any) -> Term:
    """A default goes through the same reading as what people type, so that it has the right type."""
    term = reader.term(item.id, raw)
    if term.expression is not None or raw in (None, "", []):
        return term
    try:
        value = value_field(item).deserialize(raw)
    except ValidationError as error:
        reason = "".join(str(message) for message in error.messages)
        reader.refuse(item.id, "form.default", N_("默认值不符合这个字段的要求：{reason}"), reason=reason)
        return Term()
    return Term(value)


def _text(reader: Reader, raw: Raw, rules: Raw, common: dict[str, Any]) -> TextInput:
    element = common["id"]
    low = _limit(reader, element, rules.get("minLength"))
    high = _limit(reader, element, rules.get("maxLength"))
    pattern = str(rules.get("pattern") or "")
    if high.expression is None:
        high = Term(high.literal or (Decimal(LONGEST) if pattern else DEFAULT_LENGTH))
        if high.literal % 1 or not 0 < high.literal <= LONGEST_TEXT or (low.literal or 0) > high.literal:
            template = N_("字数限制要在 1 到 {limit} 之间，最少不能大于最多。")
            reader.refuse(element, "form.limits", template, limit=LONGEST_TEXT)
    format_ = _format(reader, element, raw, rules)
    if format_ in PERSONAL_FORMATS and "personal" not in (raw.get("properties") or {}):
        common["personal"] = True
    return TextInput(
        **common,
        min_length=low,
        max_length=high,
        pattern=_pattern(reader, element, pattern, high),
        pattern_message=str(rules["patternErrorMessage"]) if rules.get("patternErrorMessage") else None,
        format=format_,
    )


def _format(reader: Reader, element: str, raw: Raw, rules: Raw) -> str | None:
    """What the text is: by form-js's own ``validationType``, or by the property ``format``."""
    given = rules.get("validationType") or None
    if given not in (None, "email", "phone"):
        template = N_("还不支持“{type}”这种校验，可选 email 或 phone。")
        reader.refuse(element, "form.validation", template, type=given)
        return None
    format_ = (raw.get("properties") or {}).get("format") or given
    if format_ is not None and format_ not in FORMATS:
        template = N_("还不支持“{type}”这种格式，可选的有：{formats}。")
        reader.refuse(element, "form.validation", template, type=format_, formats="、".join(FORMATS))
        return None
    return format_


def _pattern(reader: Reader, element: str, text: str, high: Term) -> re.Pattern[str] | None:
    if not text:
        return None
    try:
        return compile_pattern(text, int(high.literal or LONGEST))
    except UnsafePattern as error:
        reader.refuse(element, "form.pattern", error.template, **error.params)
        return None


def _number(reader: Reader, raw: Raw, rules: Raw, common: dict[str, Any]) -> NumberInput:
    element = common["id"]
    digits = raw.get("decimalDigits")
    appearance = raw.get("appearance") or {}
    low, high = _limit(reader, element, rules.get("min")), _limit(reader, element, rules.get("max"))
    if low.literal is not None and high.literal is not None and low.literal > high.literal:
        reader.refuse(element, "form.limits", N_("最小值不能大于最大值。"))
    if digits is not None and not (isinstance(digits, int) and 0 <= digits <= 12):
        reader.refuse(element, "form.limits", N_("小数位数要在 0 到 12 之间。"))
        digits = None
    if raw.get("serializeToString"):
        reader.refuse(element, "form.number", N_("数字按数字保存，请去掉“输出为字符串”的设置。"))
    return NumberInput(
        **common,
        minimum=low,
        maximum=high,
        digits=digits,
        prefix=reader.phrase(element, appearance.get("prefixAdorner")),
        suffix=reader.phrase(element, appearance.get("suffixAdorner")),
    )


def _limit(reader: Reader, element: str, raw: Any) -> Term:
    """A number, or FEEL that gives one."""
    term = reader.term(element, raw)
    value = term.literal
    if value is None or value == "":
        return Term(expression=term.expression)
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite():
        reader.refuse(element, "form.limits", N_("限制“{value}”应为数字，或者以“=”开头的表达式。"), value=value)
        return Term()
    return Term(number)


def _moment(reader: Reader, raw: Raw, rules: Raw, common: dict[str, Any]) -> MomentInput:
    element = common["id"]
    subtype = raw.get("subtype", "date")
    if subtype not in ("date", "time", "datetime"):
        reader.refuse(element, "form.type", N_("还不支持“{type}”这种日期时间。"), type=subtype)
        subtype = "date"
    if not common["label"]:
        label = raw.get("timeLabel") if subtype == "time" else raw.get("dateLabel")
        common["label"] = reader.phrase(element, label)
    return MomentInput(**common, subtype=subtype, not_past=raw.get("disallowPassedDates") is True)


def _checkbox(reader: Reader, raw: Raw, rules: Raw, common: dict[str, Any]) -> Checkbox:
    return Checkbox(**common)


def _choice(reader: Reader, raw: Raw, rules: Raw, common: dict[str, Any]) -> Choice:
    searchable = common["type"] is FieldType.SELECT and raw.get("searchable") is True
    return Choice(**common, options=_options(reader, common["id"], raw), searchable=searchable)


def _options(reader: Reader, element: str, raw: Raw) -> Options:
    if raw.get("valuesExpression"):
        expression = reader.term(element, raw["valuesExpression"]).expression
        if expression is None:
            reader.refuse(element, "form.options", N_("选项的表达式要以“=”开头。"))
        return Options(expression=expression)
    if raw.get("valuesKey"):
        return Options(path=reader.path(element, "", str(raw["valuesKey"])))
    values = raw.get("values")
    options = tuple(filter(None, map(_option, values))) if isinstance(values, list) else ()
    if not options or len({option.key for option in options}) < len(values or ()):
        reader.refuse(element, "form.options", N_("这个字段没有可选项，或者有重复、不完整的选项。"))
    return Options(static=options)


def _option(item: Any) -> Option | None:
    if not isinstance(item, dict) or item.get("value") in (None, "") or isinstance(item["value"], dict | list):
        return None
    value = item["value"]
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = Decimal(str(value))
    return Option(value, show(item.get("label") or value))


def _files(reader: Reader, raw: Raw, rules: Raw, common: dict[str, Any]) -> FileInput:
    accept = tuple(part.strip() for part in str(raw.get("accept") or "").split(",") if part.strip())
    if _is_set(raw.get("properties") or {}, "signature"):
        if accept or raw.get("multiple") is True or "[]" in common["path"]:
            template = N_(
                "签名只有一个图片文件：请去掉文件类型（accept）和多个文件（multiple）的设置，也不要放在列表里。"
            )
            reader.refuse(common["id"], "form.signature", template)
        return FileInput(**common, accept=SIGNATURES, signature=True)
    return FileInput(**common, accept=accept, multiple=raw.get("multiple") is True)


def _computed(reader: Reader, raw: Raw, rules: Raw, common: dict[str, Any]) -> Computed:
    element, properties = common["id"], raw.get("properties") or {}
    if not common["label"]:
        common["label"] = reader.phrase(element, properties.get("label"))
    expression = reader.term(element, raw.get("expression")).expression
    if expression is None:
        reader.refuse(element, "form.expression", N_("计算字段的表达式要以“=”开头。"))
        expression = compile_expression("null")
    if common["path"] in expression.variables:
        template = N_("计算字段“{key}”的表达式用了它自己，算不出来。")
        reader.refuse(element, "form.expression", template, key=common["path"])
    live = raw.get("computeOn", "change")
    if live not in ("change", "presubmit"):
        reader.refuse(element, "form.expression", N_("计算时机（computeOn）只能是 change 或 presubmit。"))
    suffix = str(properties.get("suffix") or "")
    return Computed(**common, expression=expression, live=live == "change", suffix=suffix)


_READERS: dict[FieldType, Callable[[Reader, Raw, Raw, dict[str, Any]], Input]] = {
    FieldType.TEXTFIELD: _text,
    FieldType.TEXTAREA: _text,
    FieldType.NUMBER: _number,
    FieldType.DATETIME: _moment,
    FieldType.CHECKBOX: _checkbox,
    FieldType.RADIO: _choice,
    FieldType.SELECT: _choice,
    FieldType.CHECKLIST: _choice,
    FieldType.FILEPICKER: _files,
    FieldType.EXPRESSION: _computed,
}

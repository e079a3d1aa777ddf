"""Built-ins that make numbers and texts of other values, and ``not`` and ``is`` (DMN 1.5, 10.3.4.1 and 10.3.4.2)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel import decimals, temporal
from engine.feel.comparison import same
from engine.feel.errors import N_
from engine.feel.frame import Run
from engine.feel.functions import builtin
from engine.feel.values import Range, YearsMonths, kind_name

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,6})?")
#: Keys of a context that need no quotation marks to be read back.
_PLAIN_KEY = re.compile(r"[^\W\d]\w*(?:[ ./'+*-]\w+)*")
_TEMPORAL = (date, time, timedelta, YearsMonths)


@builtin("not", "negand: any")
def negation(run: Run, negand: Any) -> bool | None:
    if type(negand) is bool:
        return not negand
    run.note(N_("函数“{name}”不能用于（{kinds}）。"), name="not", kinds=kind_name(negand))
    return None


@builtin("number", "from: string")
def number(run: Run, text: str) -> Decimal | None:
    return _number(run, text)


@builtin("number", "from: string, grouping separator?: string|null, decimal separator?: string|null")
def number_with_separators(
    run: Run, text: str, grouping: str | None = None, point: str | None = None
) -> Decimal | None:
    """Read a number whose digits are grouped by space, comma or point, and whose decimals follow point or comma."""
    if grouping not in (None, " ", ",", ".") or point not in (None, ".", ",") or (point and grouping == point):
        run.note(N_("number() 的分隔符不对。"))
        return None
    if len(text) > run.limits.digits:
        return _number(run, text)
    plain = text.replace(grouping, "") if grouping else text
    return _number(run, plain.replace(point, ".") if point else plain)


def _number(run: Run, text: str) -> Decimal | None:
    if len(text) > run.limits.digits:
        run.note(N_("数字超过 {limit} 位。"), limit=run.limits.digits)
        return None
    if not _NUMBER.fullmatch(text):
        run.note(N_("“{text}”不是数字。"), text=text[:30])
        return None
    return decimals.from_text(text)


@builtin("string", "from: any")
def string(run: Run, value: Any) -> str | None:
    if value is None:
        return None
    text = value if type(value) is str else _text(run, value)
    run.spend_text(len(text))
    return text


def _text(run: Run, value: Any) -> str:
    """Write a value as FEEL would, texts inside lists and contexts in quotation marks."""
    run.spend(1)
    if value is None or type(value) is bool:
        return {None: "null", True: "true", False: "false"}[value]
    if type(value) is Decimal:
        return decimals.to_text(value)
    if type(value) is str:
        run.spend_text(len(value))
        return _quoted(value)
    if isinstance(value, _TEMPORAL):
        return temporal.to_text(value)
    return _structure(run, value)


def _structure(run: Run, value: Any) -> str:
    if type(value) is list:
        text = "[" + ", ".join(_text(run, item) for item in value) + "]"
    elif type(value) is dict:
        text = "{" + ", ".join(f"{_key(key)}: {_text(run, entry)}" for key, entry in value.items()) + "}"
    elif type(value) is Range:
        text = _range(run, value)
    else:
        text = f"function({', '.join(value.parameters)})"
    run.spend_text(len(text))
    return text


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _key(name: str) -> str:
    return name if _PLAIN_KEY.fullmatch(name) else _quoted(name)


def _range(run: Run, span: Range) -> str:
    if span.start is None:
        return f"{'<=' if span.end_included else '<'} {_end(run, span.end)}"
    if span.end is None:
        return f"{'>=' if span.start_included else '>'} {_end(run, span.start)}"
    inner = f"{_end(run, span.start)}..{_end(run, span.end)}"
    return f"{'[' if span.start_included else '('}{inner}{']' if span.end_included else ')'}"


def _end(run: Run, value: Any) -> str:
    text = _text(run, value)
    return f'@"{text}"' if isinstance(value, _TEMPORAL) else text


@builtin("is", "value1?: any, value2?: any")
def identical(run: Run, one: Any = None, other: Any = None) -> bool:
    """Say whether both are the same element of the same domain: for moments, with the same zone."""
    if isinstance(one, datetime | time) and type(one) is type(other):
        return same(run, one, other) and temporal.zone_text(one.tzinfo) == temporal.zone_text(other.tzinfo)
    return (one is None and other is None) or same(run, one, other)

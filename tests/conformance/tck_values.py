"""Values as the test cases of the DMN TCK write them in XML, and when two values are the same."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import lxml.etree as etree

from engine import feel
from engine.feel import Range, YearsMonths

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_NUMBERS = {"decimal", "double", "float", "integer", "int", "long", "short", "byte"}
_CALLS = {"date": "date", "time": "time", "dateTime": "date and time"}
_MONTHS = re.compile(r"-?P(\d+Y)?(\d+M)?$")


def read(element: etree._Element) -> Any:
    """The value in the element: a ``value``, a ``list`` of items, or components; None where there is nothing."""
    components: dict[str, Any] = {}
    for child in element:
        name = etree.QName(child).localname
        if name == "value":
            return _simple(child)
        if name == "list":
            return None if _is_nil(child) else [read(item) for item in child if etree.QName(item).localname == "item"]
        if name == "component":
            components[child.get("name") or ""] = None if _is_nil(child) else read(child)
    return components or None


def _is_nil(element: etree._Element) -> bool:
    return element.get(f"{_XSI}nil") in ("true", "1")


def _simple(element: etree._Element) -> Any:
    if _is_nil(element):
        return None
    kind = (element.get(f"{_XSI}type") or "xsd:string").rpartition(":")[2]
    text = element.text or ""
    if kind == "string":
        return text
    text = text.strip()
    if kind in _NUMBERS:
        return Decimal(text)
    if kind == "boolean":
        return text in ("true", "1")
    if kind in _CALLS:
        return feel.compile(f'{_CALLS[kind]}("{text}")').evaluate({})
    if kind in ("duration", "dayTimeDuration", "yearMonthDuration"):
        return feel.compile(f'duration("{text}")').evaluate({})
    raise ValueError(f"a value of a kind that is not known: {kind}")


def same(expected: Any, found: Any) -> bool:
    """Whether the value is the expected one; numbers that are written with 8 decimals or more may differ below that."""
    if isinstance(expected, Decimal) and isinstance(found, Decimal):
        return expected == found or (_decimals(expected) >= 8 and abs(expected - found) < Decimal("1e-8"))
    if isinstance(expected, str) and isinstance(found, Range):
        return bool(feel.compile(f"{expected} = r").evaluate({"r": found}) is True)
    if type(expected) is not type(found):
        return False
    if isinstance(expected, list):
        return len(expected) == len(found) and all(map(same, expected, found))
    if isinstance(expected, dict):
        return expected.keys() == found.keys() and all(same(value, found[key]) for key, value in expected.items())
    if isinstance(expected, datetime | time):
        return feel.compile("a = b").evaluate({"a": expected, "b": found}) is True
    return bool(expected == found)


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def shown(value: Any) -> str:
    """The value in one short line."""
    if isinstance(value, dict):
        text = "{" + ", ".join(f"{key}: {shown(each)}" for key, each in value.items()) + "}"
    elif isinstance(value, list):
        text = "[" + ", ".join(map(shown, value)) + "]"
    elif isinstance(value, date | time | timedelta | YearsMonths | Decimal):
        text = str(value)
    else:
        text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"

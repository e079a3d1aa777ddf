"""The values that FEEL knows beyond Python's own, and how people call each kind.

Numbers are ``Decimal``, texts ``str``, days-and-time durations ``timedelta``, lists ``list``, contexts ``dict``;
date, time and datetime are Python's. A datetime or time without a zone is local: the environment's zone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any

from engine.feel.errors import N_


@dataclass(frozen=True, order=True, slots=True)
class YearsMonths:
    """A years-and-months duration, as its whole number of months (DMN 1.5, 10.3.2.3.8)."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """A range of comparable values (DMN 1.5, 10.3.2.7). ``None`` as an end means: no bound there."""

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True


@dataclass(frozen=True)
class Function:
    """A function that expressions may call, by position or by name.

    ``callable`` gets one FEEL value for each parameter (numbers are ``Decimal``, a missing optional one is left
    out) and returns any value that a context may hold. ``required`` says how many parameters must be given; all of
    them by default. It may raise ``FeelEvaluationError``; whatever else it raises passes through unchanged.
    """

    name: str
    parameters: tuple[str, ...]
    callable: Callable[..., Any]
    required: int | None = None


NAMES: dict[type, str] = {
    NoneType: N_("空值"),
    Decimal: N_("数字"),
    str: N_("文本"),
    bool: N_("是否"),
    date: N_("日期"),
    time: N_("时间"),
    datetime: N_("日期时间"),
    timedelta: N_("时长"),
    YearsMonths: N_("年月时长"),
    list: N_("列表"),
    dict: N_("上下文"),
    Range: N_("区间"),
}


def kind_name(value: Any) -> str:
    """Return what people call this kind of value, in Chinese."""
    return NAMES.get(type(value), N_("函数"))

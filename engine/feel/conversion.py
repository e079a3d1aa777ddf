"""Python values → FEEL values on the way in, and a check of what goes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation, Overflow
from math import isfinite
from types import NoneType
from typing import Any

from engine.feel.decimals import DECIMAL128, spelled_out
from engine.feel.errors import N_, FeelEvaluationError
from engine.feel.frame import Run
from engine.feel.values import Function, Range, YearsMonths


def enter(run: Run, value: Any) -> Any:
    """Return the FEEL value for a value of the context; containers are copied.

    Raises FeelEvaluationError for a kind of value that FEEL does not have.
    """
    convert = _BY_TYPE.get(type(value))
    if convert is not None:
        return convert(run, value)
    for kind, convert in _BY_KIND:
        if isinstance(value, kind):
            return convert(run, value)
    message = N_("变量里有表达式不认识的类型“{kind}”。")
    raise FeelEvaluationError(message, kind=type(value).__name__)


def _same(run: Run, value: Any) -> Any:
    return value


def _decimal(run: Run, value: Decimal) -> Decimal | None:
    try:
        number = DECIMAL128.plus(value)
    except (InvalidOperation, Overflow):
        run.note(N_("数字超出范围，按空值处理。"))
        return None
    if number.is_finite():
        return number
    run.note(N_("不是有限的数字，按空值处理。"))
    return None


def _integer(run: Run, value: int) -> Decimal | None:
    if value.bit_length() > run.limits.digits * 4:
        raise FeelEvaluationError(N_("数字超过 {limit} 位。"), limit=run.limits.digits)
    return DECIMAL128.create_decimal(int(value))


def _float(run: Run, value: float) -> Decimal | None:
    if not isfinite(value):
        run.note(N_("不是有限的数字，按空值处理。"))
        return None
    return DECIMAL128.create_decimal(repr(float(value)))


def _datetime(run: Run, value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=run.env.timezone)


def _list(run: Run, value: Any) -> list[Any]:
    run.spend(len(value))
    return [enter(run, item) for item in value]


def _context(run: Run, value: Mapping[Any, Any]) -> dict[str, Any]:
    run.spend(len(value))
    return {str(key): enter(run, entry) for key, entry in value.items()}


_BY_TYPE: dict[type, Callable[[Run, Any], Any]] = {
    Decimal: _decimal,
    int: _integer,
    float: _float,
    datetime: _datetime,
    list: _list,
    tuple: _list,
    dict: _context,
    **dict.fromkeys((NoneType, str, bool, date, time, timedelta, YearsMonths, Range, Function), _same),
}
_BY_KIND: list[tuple[type, Callable[[Run, Any], Any]]] = [
    (str, lambda run, value: str.__str__(value)),
    (int, _integer),
    (float, _float),
    (datetime, lambda run, value: enter(run, datetime.fromisoformat(value.isoformat()))),
    (Mapping, _context),
]


def keep(kind: type) -> None:
    """Let values of this class of ours pass unchanged."""
    _BY_TYPE[kind] = _same


def leave(run: Run, value: Any) -> Any:
    """Return the value as the caller gets it: local datetimes get the environment's zone, numbers their digits.

    A small expression can make a value that is huge once it is written out (a list of twice the same list, and so
    on); so every item is paid for here. Raises FeelEvaluationError when the budget does not suffice.
    """
    kind = type(value)
    if kind is Decimal:
        return spelled_out(value)
    if kind is datetime:
        return _datetime(run, value)
    if kind is list:
        run.spend_items(len(value))
        return [leave(run, item) for item in value]
    if kind is dict:
        run.spend_items(len(value))
        return {key: leave(run, entry) for key, entry in value.items()}
    return value

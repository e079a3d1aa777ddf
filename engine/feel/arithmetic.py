"""``+ - * / **`` and unary minus by the kinds of their operands (DMN 1.5, tables 45 to 48 and 57)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any

from engine.feel.comparison import instant
from engine.feel.decimals import DECIMAL128, ZERO
from engine.feel.errors import N_
from engine.feel.frame import Run
from engine.feel.values import YearsMonths, kind_name

_MICROSECOND = timedelta(microseconds=1)
_MILLION = Decimal(1_000_000)
_FAULTS = (ArithmeticError, InvalidOperation, Overflow, OverflowError, ValueError)

Operation = Callable[[Run, Any, Any], Any]


def calculate(run: Run, sign: str, left: Any, right: Any) -> Any:
    """Return ``left sign right``, or null with a note if the kinds do not fit or the result has no value."""
    operation = OPERATIONS[sign].get((type(left), type(right)))
    if operation is None:
        message = N_("“{sign}”不能用于{left}与{right}。")
        run.note(message, sign=sign, left=kind_name(left), right=kind_name(right))
        return None
    try:
        return operation(run, left, right)
    except (DivisionByZero, ZeroDivisionError):
        run.note(N_("除数为零。"))
        return None
    except _FAULTS:
        run.note(N_("“{sign}”的结果超出范围。"), sign=sign)
        return None


def negate(run: Run, value: Any) -> Any:
    """Return ``-value`` for numbers and durations, else null."""
    if type(value) is Decimal:
        return value.copy_negate() if value else ZERO
    if type(value) is YearsMonths:
        return YearsMonths(-value.months)
    if type(value) is timedelta:
        return calculate(run, "-", timedelta(), value)
    run.note(N_("“-”不能用于{kind}。"), kind=kind_name(value))
    return None


def seconds_of(value: timedelta) -> Decimal:
    """Return a days-and-time duration in seconds."""
    return DECIMAL128.divide(Decimal(value // _MICROSECOND), _MILLION)


def add_months(value: Any, months: int) -> Any:
    """Return the date or datetime that many months later, on the month's last day if it is shorter."""
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError
    return value.replace(year=year, month=month + 1, day=min(value.day, monthrange(year, month + 1)[1]))


def _join(run: Run, left: str, right: str) -> str:
    run.spend_text(len(left) + len(right))
    return left + right


def _later(run: Run, moment: datetime, duration: timedelta) -> datetime:
    # Real time passes: across a change of the clocks the detour over UTC keeps the duration exact.
    if moment.tzinfo is None:
        return moment + duration
    return (moment.astimezone(UTC) + duration).astimezone(moment.tzinfo)


def _date_later(run: Run, day: date, duration: timedelta) -> date:
    return (datetime.combine(day, time()) + duration).date()


def _time_later(run: Run, moment: time, duration: timedelta) -> time:
    shifted = datetime.combine(date(2000, 1, 1), moment.replace(tzinfo=None)) + duration % timedelta(days=1)
    return shifted.time().replace(tzinfo=moment.tzinfo)


def _months_later(run: Run, day: Any, duration: YearsMonths) -> Any:
    return add_months(day, duration.months)


def _between(run: Run, left: Any, right: Any) -> Any:
    return instant(run, _moment(left)) - instant(run, _moment(right))


def _moment(value: Any) -> Any:
    return datetime.combine(value, time()) if type(value) is date else value


def _scale(run: Run, duration: timedelta, factor: Decimal) -> timedelta:
    micros = DECIMAL128.multiply(Decimal(duration // _MICROSECOND), factor)
    return timedelta(microseconds=_small(micros))


def _scale_months(run: Run, duration: YearsMonths, factor: Decimal) -> YearsMonths:
    return YearsMonths(_small(DECIMAL128.multiply(Decimal(duration.months), factor)))


def _shrink(run: Run, duration: timedelta, divisor: Decimal) -> timedelta:
    micros = DECIMAL128.divide(Decimal(duration // _MICROSECOND), divisor)
    return timedelta(microseconds=_small(micros))


def _shrink_months(run: Run, duration: YearsMonths, divisor: Decimal) -> YearsMonths:
    return YearsMonths(_small(DECIMAL128.divide(Decimal(duration.months), divisor)))


def _small(number: Decimal) -> int:
    if number.copy_abs() > 10**24:
        raise OverflowError
    return int(number)


def _power(run: Run, base: Decimal, exponent: Decimal) -> Decimal:
    run.spend(10 if exponent == exponent.to_integral_value() else 60)  # a root takes a logarithm and an exponential
    return DECIMAL128.power(base, exponent)


def _swapped(operation: Operation) -> Operation:
    return lambda run, left, right: operation(run, right, left)


def _negated(operation: Operation) -> Operation:
    return lambda run, left, right: operation(run, left, -right)


_ADD: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): lambda run, left, right: DECIMAL128.add(left, right),
    (str, str): _join,
    (timedelta, timedelta): lambda run, left, right: left + right,
    (YearsMonths, YearsMonths): lambda run, left, right: YearsMonths(left.months + right.months),
    (date, timedelta): _date_later,
    (datetime, timedelta): _later,
    (time, timedelta): _time_later,
    (date, YearsMonths): _months_later,
    (datetime, YearsMonths): _months_later,
}
_ADD |= {(right, left): _swapped(_ADD[left, right]) for left, right in list(_ADD) if left is not right}

_MOMENTS = (date, datetime)
_SUBTRACT: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): lambda run, left, right: DECIMAL128.subtract(left, right),
    (timedelta, timedelta): lambda run, left, right: left - right,
    (YearsMonths, YearsMonths): lambda run, left, right: YearsMonths(left.months - right.months),
    (date, timedelta): _negated(_date_later),
    (datetime, timedelta): _negated(_later),
    (time, timedelta): _negated(_time_later),
    (date, YearsMonths): lambda run, left, right: add_months(left, -right.months),
    (datetime, YearsMonths): lambda run, left, right: add_months(left, -right.months),
    (time, time): _between,
    **{(left, right): _between for left in _MOMENTS for right in _MOMENTS},
}
_MULTIPLY: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): lambda run, left, right: DECIMAL128.multiply(left, right),
    (timedelta, Decimal): _scale,
    (YearsMonths, Decimal): _scale_months,
}
_MULTIPLY |= {(right, left): _swapped(_MULTIPLY[left, right]) for left, right in list(_MULTIPLY) if left is not right}
_DIVIDE: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): lambda run, left, right: DECIMAL128.divide(left, right),
    (timedelta, Decimal): _shrink,
    (YearsMonths, Decimal): _shrink_months,
    (timedelta, timedelta): lambda run, left, right: DECIMAL128.divide(seconds_of(left), seconds_of(right)),
    (YearsMonths, YearsMonths): lambda run, left, right: DECIMAL128.divide(Decimal(left.months), Decimal(right.months)),
}
OPERATIONS: dict[str, dict[tuple[type, type], Operation]] = {
    "+": _ADD,
    "-": _SUBTRACT,
    "*": _MULTIPLY,
    "/": _DIVIDE,
    "**": {(Decimal, Decimal): _power},
}

"""Built-ins for numbers (DMN 1.5, 10.3.4.5)."""

from __future__ import annotations

from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from engine.feel.decimals import DECIMAL128, WIDE, ZERO, whole
from engine.feel.errors import N_
from engine.feel.frame import Run
from engine.feel.functions import builtin
from engine.feel.values import YearsMonths

_COSTLY = 100  # steps of a logarithm or an exponential
_SMALLEST_SCALE, _LARGEST_SCALE = -6111, 6176


def round_to(run: Run, number: Decimal, scale: Decimal, rounding: str) -> Decimal | None:
    """Return the number with ``scale`` decimals; null beyond the scales of decimal128."""
    places = whole(DECIMAL128.to_integral_value(scale.quantize(Decimal(1), ROUND_DOWN, WIDE)))
    if places is None or not _SMALLEST_SCALE <= places <= _LARGEST_SCALE:
        run.note(N_("小数位数应在 {low} 到 {high} 之间。"), low=_SMALLEST_SCALE, high=_LARGEST_SCALE)
        return None
    run.spend(10)
    return DECIMAL128.plus(number.quantize(Decimal(1).scaleb(-places, WIDE), rounding, WIDE))


def _register(name: str, rounding: str, signature: str = "n: number, scale?: number") -> None:
    @builtin(name, signature)
    def rounded(run: Run, number: Decimal, scale: Decimal | None = None) -> Decimal | None:
        return round_to(run, number, ZERO if scale is None else scale, rounding)


for _name, _rounding in {
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
    "round up": ROUND_UP,
    "round down": ROUND_DOWN,
    "round half up": ROUND_HALF_UP,
    "round half down": ROUND_HALF_DOWN,
}.items():
    _register(_name, _rounding)
_register("decimal", ROUND_HALF_EVEN, "n: number, scale: number")


@builtin("abs", "n: number")
def absolute(run: Run, number: Decimal) -> Decimal:
    return number.copy_abs()


@builtin("abs", "n: days")
def absolute_duration(run: Run, duration: timedelta) -> timedelta:
    return abs(duration)


@builtin("abs", "n: months")
def absolute_months(run: Run, duration: YearsMonths) -> YearsMonths:
    return YearsMonths(abs(duration.months))


@builtin("modulo", "dividend: number, divisor: number")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Decimal:
    """Return ``dividend - divisor * floor(dividend / divisor)``: the result has the sign of the divisor."""
    rest = DECIMAL128.remainder(dividend, divisor)
    if rest and rest.is_signed() != divisor.is_signed():
        return DECIMAL128.add(rest, divisor)
    return rest


@builtin("sqrt", "number: number")
def square_root(run: Run, number: Decimal) -> Decimal:
    return DECIMAL128.sqrt(number)


@builtin("log", "number: number")
def logarithm(run: Run, number: Decimal) -> Decimal | None:
    run.spend(_COSTLY)
    if not number:
        run.note(N_("零没有对数。"))
        return None
    return DECIMAL128.ln(number)


@builtin("exp", "number: number")
def exponential(run: Run, number: Decimal) -> Decimal:
    run.spend(_COSTLY)
    return DECIMAL128.exp(number)


@builtin("even", "number: number")
def even(run: Run, number: Decimal) -> bool:
    return _half_is_whole(number)


@builtin("odd", "number: number")
def odd(run: Run, number: Decimal) -> bool:
    return number == number.to_integral_value() and not _half_is_whole(number)


def _half_is_whole(number: Decimal) -> bool:
    # A number with more digits before its point than the precision ends in zeros.
    return number.adjusted() >= DECIMAL128.prec or DECIMAL128.remainder(number, Decimal(2)) == 0

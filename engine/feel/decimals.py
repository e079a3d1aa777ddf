"""Numbers: decimal128 arithmetic, 34 digits, rounding half to even (DMN 1.5, 10.3.2.3.1); never binary floats."""

from __future__ import annotations

from decimal import MAX_EMAX, ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

DECIMAL128 = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow]
)
#: For moving the decimal point of a number without rounding its digits away.
WIDE = Context(prec=13_000, Emin=-MAX_EMAX, Emax=MAX_EMAX, traps=[InvalidOperation])
ZERO = Decimal(0)
_ONE = Decimal(1)


def from_text(text: str) -> Decimal | None:
    """Return the number that the text writes in FEEL (``-1.5e3``), or None beyond decimal128's range."""
    try:
        return DECIMAL128.create_decimal(text)
    except (Overflow, InvalidOperation):
        return None


def to_text(number: Decimal) -> str:
    """Write the number in plain digits, without an exponent and without needless zeros."""
    if number == ZERO:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def spelled_out(number: Decimal) -> Decimal:
    """Return the same number without sign on zero, and without exponent if its digits fit: 1E+3 as 1000."""
    if not number:
        return ZERO if number.is_signed() else number
    places = number.as_tuple().exponent
    if isinstance(places, int) and places > 0 and number.adjusted() < DECIMAL128.prec:
        return number.quantize(_ONE, context=WIDE)
    return number


def whole(number: Decimal) -> int | None:
    """Return the number as an int if it is one, small enough to be a size, a position or a part of a date."""
    if number != number.to_integral_value() or number.copy_abs() > 10**18:
        return None
    return int(number)

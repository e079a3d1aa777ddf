"""Personal data for eyes that need not see all of it: 138****1234."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from typing import Any

_MOBILE = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}")
_ID_CARD = re.compile(r"[1-9][0-9]{16}[0-9Xx]|[1-9][0-9]{14}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_NAME = re.compile(r"[\u3400-\u9fff·]{2,4}")


#: Telephone numbers and numbers of identity cards, anywhere in a text; other long numbers are nobody's business either.
_NUMBERS = re.compile(r"(?<![0-9])\+?[0-9](?:[ -]?[0-9]){6,18}[Xx]?(?![0-9])")
_BLACK = "＊＊＊"


def black_out(text: str, secrets: Iterable[str]) -> str:
    """The text for everybody: without these secrets, and without numbers of seven digits and more.

    Secrets of a single character (such as the 3 of a house) stay, for they would take too much with them.
    """
    for secret in sorted({each.strip() for each in secrets}, key=len, reverse=True):
        if len(secret) > 1:
            text = text.replace(secret, _BLACK)
    return _NUMBERS.sub(_BLACK, text)


def mask(value: Any) -> Any:
    """The value with its telling part replaced by ``*``; lists and dicts item by item, yes/no and nothing as they are.

    Mobile numbers keep 3 and 4 digits, identity cards (GB 11643) 3 and 4, names their first character, mail addresses
    their first character and the host; anything else keeps at most its first character.
    """
    if value is None or isinstance(value, bool) or value == "":
        return value
    if isinstance(value, list | tuple):
        return [mask(item) for item in value]
    if isinstance(value, dict):
        return {key: mask(item) for key, item in value.items()}
    if isinstance(value, str):
        return _mask_text(value)
    return "****" if isinstance(value, int | float | Decimal | date | time) else "***"


def _mask_text(text: str) -> str:
    plain = text.strip()
    if _MOBILE.fullmatch(plain) or _ID_CARD.fullmatch(plain):
        return plain[:3] + "*" * (len(plain) - 7) + plain[-4:]
    if _EMAIL.fullmatch(plain):
        name, _, host = plain.partition("@")
        return f"{name[0]}***@{host}"
    if _NAME.fullmatch(plain):
        return plain[0] + "*" * (len(plain) - 1)
    # A fixed number of stars: the length of an address says something, too.
    return plain[:1] + "****" if len(plain) > 4 else "****"

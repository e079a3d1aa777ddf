"""Values of variables and their JSON form with type tags.

Allowed are None, bool, str, int, float, Decimal, date, time, datetime, timedelta, years-and-months durations, lists and
dicts with string keys. A tagged value is ``{"$": tag, "v": text}``; a dict of the user that has the key ``$`` is
wrapped, so no key that a form may use can break loading.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.errors import N_, InvalidVariables
from engine.feel import YearsMonths
from engine.feel.values import kind_name

_ENCODERS: dict[type, tuple[str, Callable[[Any], Any]]] = {
    Decimal: ("n", str),
    datetime: ("dt", datetime.isoformat),
    date: ("d", date.isoformat),
    time: ("t", time.isoformat),
    timedelta: ("dur", lambda value: _microseconds(value)),
    YearsMonths: ("ym", lambda value: value.months),
}
_DECODERS: dict[str, Callable[[Any], Any]] = {
    "n": Decimal,
    "dt": datetime.fromisoformat,
    "d": date.fromisoformat,
    "t": time.fromisoformat,
    "dur": lambda value: timedelta(microseconds=value),
    "ym": YearsMonths,
    "c": lambda value: {key: decode(item) for key, item in value.items()},
}
_PLAIN = (str, int, float, bool, type(None))


def encode(value: Any) -> Any:
    """Turn a value into plain JSON data with tags. Raises InvalidVariables for a type that no variable may have."""
    if type(value) in _PLAIN:
        return value
    if type(value) is dict:
        items = {str(key): encode(item) for key, item in value.items()}
        return {"$": "c", "v": items} if "$" in items else items
    if type(value) in (list, tuple):
        return [encode(item) for item in value]
    if type(value) in _ENCODERS:
        tag, encoder = _ENCODERS[type(value)]
        return {"$": tag, "v": encoder(value)}
    raise InvalidVariables(N_("变量不能保存“{type}”类型的值。"), {}, type=type(value).__name__)


def ensure_storable(value: Any) -> None:
    """Raise InvalidVariables for what no variable may hold: ranges, functions, and texts with a NUL in them."""
    kind = type(value)
    if kind is str:
        if "\0" in value:  # PostgreSQL has no such texts
            raise InvalidVariables(N_("变量不能保存带空字符（NUL）的文本。"), {})
    elif kind is dict:
        for key, item in value.items():
            ensure_storable(key)
            ensure_storable(item)
    elif kind in (list, tuple):
        for item in value:
            ensure_storable(item)
    elif kind not in _PLAIN and kind not in _ENCODERS:
        raise InvalidVariables(N_("变量不能保存“{type}”类型的值。"), {}, type=kind_name(value))


def decode(value: Any) -> Any:
    """The inverse of :func:`encode`."""
    if type(value) is list:
        return [decode(item) for item in value]
    if type(value) is dict:
        if "$" in value:
            return _DECODERS[value["$"]](value["v"])
        return {key: decode(item) for key, item in value.items()}
    return value


def _microseconds(value: timedelta) -> int:
    return value // timedelta(microseconds=1)


def pack(values: Mapping[str, Any]) -> bytes:
    """Values by name as compressed JSON with type tags."""
    return zlib.compress(json.dumps(encode(dict(values)), ensure_ascii=False, separators=(",", ":")).encode(), 1)


def unpack(blob: bytes) -> dict[str, Any]:
    """The inverse of :func:`pack`."""
    values: dict[str, Any] = decode(json.loads(zlib.decompress(blob)))
    return values

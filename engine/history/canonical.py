"""Canonical JSON (RFC 8785) and commitments to personal values.

The format is a wall: once written, it never changes. Numbers are integers or, as Decimals, strings; moments are ISO
8601 in UTC with milliseconds and ``Z``.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from engine.values import encode

_FORMAT: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":"), "allow_nan": False}
#: Sorts in C. Within the basic plane the order by code points is the order by UTF-16 code units.
_BY_CODE_POINT = json.JSONEncoder(sort_keys=True, **_FORMAT)
_AS_GIVEN = json.JSONEncoder(**_FORMAT)


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no white space, nothing escaped that need not be."""
    text = _BY_CODE_POINT.encode(value)
    if len(text.encode("utf-16-le", "surrogatepass")) == 2 * len(text):
        return text
    return _AS_GIVEN.encode(_sorted(value))


def moment(value: datetime) -> str:
    """A moment as history writes it, e.g. 2026-11-23T08:15:00.000Z."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"


def commit_to(value: Any) -> tuple[dict[str, str], list[Any]]:
    """Hide a personal value: (what stands in the event, [salt, value] to keep aside).

    Without the salt, nobody can find the value by trying; with both, everybody can check it.
    """
    salt = secrets.token_hex(16)
    return {"commitment": digest(salt, value)}, [salt, encode(value)]


def digest(salt: str, value: Any) -> str:
    """SHA-256 over the salt and the canonical JSON of the value, hexadecimal."""
    return hashlib.sha256(bytes.fromhex(salt) + canonical(plain(value)).encode()).hexdigest()


def plain(value: Any) -> Any:
    """A variable's value as JSON without floats: Decimals and dates as tagged strings."""
    return _without_floats(encode(value))


def _without_floats(value: Any) -> Any:
    if isinstance(value, float):
        return {"$": "n", "v": repr(value)}
    if isinstance(value, dict):
        return {key: _without_floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_floats(item) for item in value]
    return value


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value, key=_utf16)}
    if isinstance(value, list | tuple):
        return [_sorted(item) for item in value]
    return value


def _utf16(key: str) -> bytes:
    """RFC 8785 sorts by UTF-16 code units, which differs from Python's order beyond the basic plane."""
    return key.encode("utf-16-be")

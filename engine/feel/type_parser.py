"""Parses type expressions: ``number``, ``list<string>``, ``context<a: date>``, ``function<number> -> string``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.feel.errors import N_
from engine.feel.types import GENERIC, SIMPLE, Type

if TYPE_CHECKING:
    from engine.feel.cursor import Cursor

_KNOWN = {*SIMPLE, *GENERIC, "Any", "Null"}
_WORDS = ("date", "days", "years", "time", "and", "months", "duration")


def parse_type(cursor: Cursor) -> Type:
    """Parse the type at the cursor; raise FeelSyntaxError for an unknown one."""
    defined = cursor.known.match_type(cursor.tokens, cursor.position)
    if defined is not None:
        for _ in range(defined[1]):
            cursor.take()
        return defined[0]
    cursor.enter()
    name = _type_name(cursor)
    found = _PARSERS[name](cursor) if name in _PARSERS else Type(name)
    cursor.leave()
    return found


def _type_name(cursor: Cursor) -> str:
    # `and` continues a type only if the whole is one: `x instance of date and y` is a conjunction.
    for length in (4, 3, 1):
        name = " ".join(token.text for token in cursor.tokens[cursor.position : cursor.position + length])
        if name in _KNOWN or (length == 1 and name == "null"):
            for _ in range(length):
                cursor.take()
            return "Null" if name == "null" else name
    cursor.fail(N_("没有类型“{found}”（第 {line} 行第 {column} 列）。"), found=cursor.token.text)


def _one_argument(name: str, cursor: Cursor) -> Type:
    if not cursor.at("<"):
        return Type(name)
    cursor.take()
    inner = parse_type(cursor)
    cursor.expect(">")
    return Type(name, (inner,))


def _context(cursor: Cursor) -> Type:
    if not cursor.at("<"):
        return Type("context")
    keys: list[str] = []
    types: list[Type] = []
    while not keys or cursor.at(","):
        cursor.take()
        keys.append(cursor.words_until(":"))
        cursor.expect(":")
        types.append(parse_type(cursor))
    cursor.expect(">")
    return Type("context", tuple(types), tuple(keys))


def _function(cursor: Cursor) -> Type:
    if not cursor.at("<"):
        return Type("function")
    cursor.take()
    types = []
    while not cursor.at(">"):
        types.append(parse_type(cursor))
        if not cursor.at(">"):
            cursor.expect(",")
    cursor.take()
    cursor.expect("->")
    types.append(parse_type(cursor))
    return Type("function", tuple(types))


_PARSERS = {
    "list": lambda cursor: _one_argument("list", cursor),
    "range": lambda cursor: _one_argument("range", cursor),
    "context": _context,
    "function": _function,
}

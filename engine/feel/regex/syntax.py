"""Pattern → tree: XML Schema regular expressions with XPath's anchors, groups, lazy quantifiers and flags."""

from __future__ import annotations

from dataclasses import dataclass

from engine.feel.regex import classes
from engine.feel.regex.classes import CharacterSet

MAX_NESTING = 30
MAX_REPEAT = 1000


class PatternError(Exception):
    """The pattern is not a regular expression, or one that we do not run."""


class Piece:
    """Any part of a pattern."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Character(Piece):
    matches: CharacterSet


@dataclass(frozen=True, slots=True)
class Anchor(Piece):
    """``^``, ``$``, ``b`` (word border) or ``B``."""

    kind: str


@dataclass(frozen=True, slots=True)
class Sequence(Piece):
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Choice(Piece):
    branches: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Repeat(Piece):
    """``most`` is None for no upper bound."""

    piece: Piece
    least: int
    most: int | None
    lazy: bool


@dataclass(frozen=True, slots=True)
class Group(Piece):
    """A capturing group with its number."""

    piece: Piece
    number: int


def _without_blanks(pattern: str) -> str:
    """Remove the white space outside of character classes."""
    kept, depth, escaped = [], 0, False
    for sign in pattern:
        if depth or sign not in " \t\n\r":
            kept.append(sign)
        if not escaped:
            depth += (sign == "[") - (sign == "]" and depth > 0)
        escaped = sign == "\\" and not escaped
    return "".join(kept)


class PatternParser:
    """Reads a pattern character by character."""

    def __init__(self, pattern: str, flags: str) -> None:
        self._text = _without_blanks(pattern) if "x" in flags and "q" not in flags else pattern
        self._position = 0
        self._flags = flags
        self._nesting = 0
        self.groups = 0

    def parse(self) -> Piece:
        """Return the tree of the whole pattern; raise PatternError."""
        if "q" in self._flags:
            return Sequence(tuple(self._character(classes.exactly(sign)) for sign in self._text))
        tree = self._choice()
        if self._position < len(self._text):
            raise PatternError
        return tree

    def _next(self) -> str:
        return self._text[self._position : self._position + 1]

    def _take(self) -> str:
        sign = self._text[self._position : self._position + 1]
        if not sign:
            raise PatternError
        self._position += 1
        return sign

    def _choice(self) -> Piece:
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise PatternError
        branches = [self._sequence()]
        while self._next() == "|":
            self._take()
            branches.append(self._sequence())
        self._nesting -= 1
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _sequence(self) -> Piece:
        pieces: list[Piece] = []
        while self._next() not in ("", "|", ")"):
            pieces.append(self._quantified(self._atom()))
        return Sequence(tuple(pieces))

    def _quantified(self, piece: Piece) -> Piece:
        sign = self._next()
        if sign not in ("?", "*", "+", "{") or not sign:
            return piece
        self._take()
        least, most = {"?": (0, 1), "*": (0, None), "+": (1, None)}.get(sign) or self._counts()
        lazy = self._next() == "?"
        if lazy:
            self._take()
        if self._next() in ("?", "*", "+", "{") and self._next():
            raise PatternError
        return Repeat(piece, least, most, lazy)

    def _counts(self) -> tuple[int, int | None]:
        inner, closed, _ = self._text[self._position :].partition("}")
        low, comma, high = inner.partition(",")
        if not closed or not low.isdecimal() or (high and not high.isdecimal()) or len(inner) > 9:
            raise PatternError
        self._position += len(inner) + 1
        least = int(low)
        most = (int(high) if high else None) if comma else least
        if max(least, most or 0) > MAX_REPEAT or (most is not None and most < least):
            raise PatternError
        return least, most

    def _atom(self) -> Piece:
        sign = self._take()
        if sign == "(":
            return self._group()
        if sign == "[":
            return Character(self._class())
        if sign in "^$":
            return Anchor(sign)
        if sign == ".":
            return Character(lambda _: True) if "s" in self._flags else Character(lambda other: other not in "\n\r")
        if sign == "\\":
            return self._escaped_atom()
        if sign in "?*+{}])":
            raise PatternError
        return self._character(classes.exactly(sign))

    def _escaped_atom(self) -> Piece:
        if self._next() in ("b", "B") and self._next():
            return Anchor(self._take())
        return self._character(self._escape()[0])

    def _character(self, matches: CharacterSet) -> Piece:
        return Character(classes.ignoring_case(matches) if "i" in self._flags else matches)

    def _group(self) -> Piece:
        capturing = not self._text.startswith("?:", self._position)
        if capturing:
            self.groups += 1
        else:
            self._position += 2
        number = self.groups
        inner = self._choice()
        if self._take() != ")":
            raise PatternError
        return Group(inner, number) if capturing else inner

    def _escape(self) -> tuple[CharacterSet, str]:
        """Return what the escape matches, and its character if it is a single one."""
        letter = self._take()
        if letter in classes.ESCAPES:
            return classes.ESCAPES[letter], ""
        if letter in "pP":
            return self._category(letter == "P"), ""
        if letter in classes.PLAIN:
            return classes.exactly(classes.PLAIN[letter]), classes.PLAIN[letter]
        raise PatternError

    def _category(self, inverted: bool) -> CharacterSet:
        name, closed, _ = self._text[self._position :].partition("}")
        found = classes.category(name[1:]) if closed and name.startswith("{") else None
        if found is None:
            raise PatternError
        self._position += len(name) + 1
        return classes.inverse(found) if inverted else found

    def _class(self) -> CharacterSet:
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise PatternError
        inverted = self._text.startswith("^", self._position)
        self._position += inverted
        members: list[CharacterSet] = []
        removed: CharacterSet | None = None
        while not self._text.startswith("]", self._position):
            if self._text.startswith("-[", self._position) and members:
                self._position += 2
                removed = self._class()
                break
            members.append(self._member())
        if self._take() != "]" or not members:
            raise PatternError
        self._nesting -= 1
        found = classes.inverse(classes.any_of(members)) if inverted else classes.any_of(members)
        return classes.without(found, removed) if removed else found

    def _member(self) -> CharacterSet:
        """Read a character or range; case is ignored here, before ``^`` inverts the class."""
        found, first = self._single()
        if first and self._text.startswith("-", self._position) and self._ranges():
            self._take()
            _, last = self._single()
            if not last or last < first:
                raise PatternError
            found = classes.between(first, last)
        return classes.ignoring_case(found) if "i" in self._flags else found

    def _ranges(self) -> bool:
        return self._text[self._position + 1 : self._position + 2] not in ("]", "[", "")

    def _single(self) -> tuple[CharacterSet, str]:
        sign = self._take()
        if sign == "\\":
            return self._escape()
        if sign == "[":
            raise PatternError
        return classes.exactly(sign), sign

"""Sets of characters: escapes such as ``\\d``, categories such as ``\\p{L}``, blocks, ranges."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

CharacterSet = Callable[[str], bool]

_BLOCKS = {
    "BasicLatin": (0x0, 0x7F),
    "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F),
    "Greek": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x4FF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
}
_CATEGORIES = frozenset(
    (
        *("L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No"),
        *("P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp"),
        *("S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co", "Cn"),
    )
)


def exactly(character: str) -> CharacterSet:
    """Return the set of one character."""
    return lambda other: other == character


def between(first: str, last: str) -> CharacterSet:
    """Return the set of the characters from first to last."""
    return lambda character: first <= character <= last


def inverse(inner: CharacterSet) -> CharacterSet:
    """Return the set of all characters that are not in the other."""
    return lambda character: not inner(character)


def any_of(members: list[CharacterSet]) -> CharacterSet:
    """Return the union of the sets."""
    if len(members) == 1:
        return members[0]
    return lambda character: any(member(character) for member in members)


def without(inner: CharacterSet, removed: CharacterSet) -> CharacterSet:
    """Return the first set less the second."""
    return lambda character: inner(character) and not removed(character)


def ignoring_case(inner: CharacterSet) -> CharacterSet:
    """Return the set with the upper and lower case of its characters."""
    return lambda character: inner(character) or inner(character.lower()) or inner(character.upper())


def is_word(character: str) -> bool:
    """Say whether ``\\w`` takes the character: anything but punctuation, separators and controls."""
    return unicodedata.category(character)[0] not in "PZC"


def _is_name_start(character: str) -> bool:
    return character in "_:" or unicodedata.category(character)[0] == "L"


def _is_name_part(character: str) -> bool:
    return character in "-_:.·" or unicodedata.category(character)[0] in "LMN"


#: The class escapes by their letter; a capital letter means all other characters.
ESCAPES: dict[str, CharacterSet] = {
    "d": lambda character: unicodedata.category(character) == "Nd",
    "s": lambda character: character in " \t\n\r",
    "w": is_word,
    "i": _is_name_start,
    "c": _is_name_part,
}
ESCAPES |= {letter.upper(): inverse(inner) for letter, inner in list(ESCAPES.items())}
PLAIN = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", **{sign: sign for sign in "\\|.-^?*+{}()[]$/\"' ,:;=<>!@#%&_~`"}}


def category(name: str) -> CharacterSet | None:
    """Return the set of a Unicode category (``Lu``) or block (``IsGreek``), or None for an unknown one."""
    if name.startswith("Is") and name[2:] in _BLOCKS:
        low, high = _BLOCKS[name[2:]]
        return between(chr(low), chr(high))
    if name not in _CATEGORIES:
        return None
    return lambda character: unicodedata.category(character).startswith(name)

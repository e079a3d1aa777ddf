"""Text → tokens (DMN 1.5, 10.3.1.2, rules 27 to 37)."""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from engine.feel.errors import N_, FeelSyntaxError

KEYWORDS = frozenset(
    [
        "for",
        "in",
        "return",
        "if",
        "then",
        "else",
        "some",
        "every",
        "satisfies",
        "between",
        "function",
        "and",
        "or",
        "true",
        "false",
        "null",
    ]
)
MAX_CHARACTERS = 20_000

_SPACE = "\\t\\n\\v\\f\\r \\x85\\xa0\\u1680\\u180e\\u2000-\\u200b\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"
# The name characters of the specification, without Chinese punctuation and full-width signs: a person who types
# them by mistake wants to hear so, not to have made a strange name.
_START = (
    "?A-Z_a-z\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\u02ff\\u0370-\\u037d\\u037f-\\u167f\\u1681-\\u180d\\u180f-\\u1fff"
    "\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3005-\\u3007\\u3021-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufefe"
    "\\uff21-\\uff3a\\uff41-\\uff5a\\uff66-\\ufffd\\U00010000-\\U000effff"
)
_PART = _START + "0-9\\xb7\\u0300-\\u036f\\u203f\\u2040\\uff10-\\uff19"

_TOKEN = re.compile(
    rf"(?P<space>[{_SPACE}]+|//[^\n]*|/\*(?s:.*?)\*/)"
    rf"|(?P<name>[{_START}][{_PART}]*|`[^`\n]+`)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r'|(?P<string>"(?:[^"\\\n\r]|\\[^\n\r])*")'
    r"|(?P<sign>\.\.|\*\*|<=|>=|!=|->|/(?!\*)|[-+*=<>()\[\]{},:.@'])"
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_PLAIN_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "'": "'", '"': '"', "\\": "\\"}


class Token(NamedTuple):
    """One token: kind is name, keyword, number, string, sign or end; text is its value, start and end its place."""

    kind: str
    text: str
    start: int
    end: int


def fail(text: str, position: int, message: str, **params: str | int) -> NoReturn:
    """Raise the syntax error for this place of the text."""
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    raise FeelSyntaxError(message, line, column, **params)


def tokenize(text: str) -> list[Token]:
    """Split the text into tokens, the last of kind ``end``; raise FeelSyntaxError where none fits."""
    if len(text) > MAX_CHARACTERS:
        fail(text, MAX_CHARACTERS, N_("表达式超过 {limit} 个字符，请拆成几个。"), limit=MAX_CHARACTERS)
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            _refuse(text, position)
        kind = match.lastgroup or "sign"
        if kind != "space":
            tokens.append(_token(kind, match[0], position, match.end(), text))
        position = match.end()
    tokens.append(Token("end", "", position, position))
    return tokens


def _token(kind: str, found: str, start: int, end: int, text: str) -> Token:
    if kind == "name":
        if found in KEYWORDS:
            return Token("keyword", found, start, end)
        return Token("name", found.strip("`"), start, end)
    if kind == "string":
        return Token("string", _unescape(text, found, start), start, end)
    return Token(kind, found, start, end)


def _unescape(text: str, found: str, start: int) -> str:
    if "\\" not in found:
        return found[1:-1]

    def replace(match: re.Match[str]) -> str:
        code = match[1]
        if len(code) > 1 and int(code[1:], 16) <= 0x10FFFF:
            return chr(int(code[1:], 16))
        # Other backslashes stay: regular expressions are full of them, and Camunda's FEEL reads "\\d" so too.
        return _PLAIN_ESCAPES.get(code, match[0])

    plain = _ESCAPE.sub(replace, found[1:-1])
    try:
        # Two \u escapes may spell one character as a surrogate pair.
        return plain.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        fail(text, start, N_("文本里的 \\u 转义不成字符（第 {line} 行第 {column} 列）。"))


def _refuse(text: str, position: int) -> NoReturn:
    character = text[position]
    if character == '"':
        fail(text, position, N_("文本缺少结尾的双引号（第 {line} 行第 {column} 列）。"))
    if text.startswith("/*", position):
        fail(text, position, N_("注释缺少结尾的“*/”（第 {line} 行第 {column} 列）。"))
    if character in "“”‘’":
        fail(text, position, N_("文本要用半角双引号括起来（第 {line} 行第 {column} 列）。"))
    half = _HALF_WIDTH.get(character) or _fold(character)
    if half:
        message = N_("“{found}”是全角符号，请改用半角“{half}”（第 {line} 行第 {column} 列）。")
        fail(text, position, message, found=character, half=half)
    fail(text, position, N_("表达式里不能用“{found}”（第 {line} 行第 {column} 列）。"), found=character)


_HALF_WIDTH = {"、": ",", "。": ".", "【": "[", "】": "]", "《": "<", "》": ">"}  # zh: signs typed by mistake


def _fold(character: str) -> str:
    return chr(ord(character) - 0xFEE0) if 0xFF01 <= ord(character) <= 0xFF5E else ""

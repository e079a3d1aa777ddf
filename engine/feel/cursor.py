"""The place of the parser in its tokens, and how it complains."""

from __future__ import annotations

import re
from typing import NoReturn

from engine.feel.errors import N_
from engine.feel.names import KnownNames
from engine.feel.tokens import Token, fail

MAX_NESTING = 40
_SIGNS_IN_NAMES = frozenset(("-", "+", "*", "**", "/", ".", "'"))
_BLANKS = re.compile(r"\s+")


class Cursor:
    """Reads tokens one by one; ``enter`` and ``leave`` bound how deeply expressions nest."""

    def __init__(self, text: str, tokens: list[Token], known: KnownNames) -> None:
        self.text = text
        self.tokens = tokens
        self.known = known
        self.position = 0
        self.token = tokens[0]
        self._nesting = 0

    def take(self) -> Token:
        """Return the token at hand and move on; the end stays at hand."""
        token = self.token
        if token.kind != "end":
            self.position += 1
            self.token = self.tokens[self.position]
        return token

    def peek(self) -> Token:
        """Return the token after the one at hand."""
        return self.tokens[min(self.position + 1, len(self.tokens) - 1)]

    def at(self, sign: str) -> bool:
        """Say whether this sign or keyword is at hand."""
        token = self.token
        return token.text == sign and token.kind in ("sign", "keyword")

    def expect(self, wanted: str) -> None:
        """Take this sign or word, or fail."""
        if self.token.text != wanted or self.token.kind not in ("sign", "keyword", "name"):
            if self.token.kind == "end":
                self.fail(N_("表达式没有写完，缺少“{wanted}”（第 {line} 行第 {column} 列）。"), wanted=wanted)
            message = N_("这里应为“{wanted}”，却是“{found}”（第 {line} 行第 {column} 列）。")
            self.fail(message, wanted=wanted, found=self.shown())
        self.take()

    def expect_end(self) -> None:
        """Fail if anything is left."""
        if self.token.kind != "end":
            self.fail(N_("“{found}”放在这里没有意义（第 {line} 行第 {column} 列）。"), found=self.shown())

    def shown(self) -> str:
        """Return the token at hand as it is written, shortened."""
        return self.text[self.token.start : min(self.token.end, self.token.start + 30)]

    def enter(self) -> None:
        """Go one level deeper."""
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            self.fail(N_("嵌套超过 {limit} 层，请拆开写（第 {line} 行第 {column} 列）。"), limit=MAX_NESTING)

    def leave(self) -> None:
        """Come one level back up."""
        self._nesting -= 1

    def words_until(self, *signs: str) -> str:
        """Take the words up to one of the signs as one name, make it known, and leave the sign at hand."""
        first = self.position
        while self._in_name(signs):
            self.take()
        if first == self.position:
            self.fail_unexpected()
        if not any(self.at(sign) for sign in signs):
            self.expect(signs[0])
        written = [token.text for token in self.tokens[first : self.position]]
        if len(written) == 1:
            return written[0]
        name = _BLANKS.sub(" ", self.text[self.tokens[first].start : self.tokens[self.position - 1].end])
        self.known.add(written, name)
        return name

    def _in_name(self, signs: tuple[str, ...]) -> bool:
        if self.token.kind == "sign":
            return self.token.text in _SIGNS_IN_NAMES
        if self.token.kind == "keyword":
            return ":" in signs  # left of a colon there is nothing but a name
        return self.token.kind in ("name", "number")

    def fail_unexpected(self) -> NoReturn:
        """Fail because the token at hand cannot stand here."""
        if self.token.kind == "end":
            self.fail(N_("表达式没有写完（第 {line} 行第 {column} 列）。"))
        self.fail(N_("“{found}”不能放在这里（第 {line} 行第 {column} 列）。"), found=self.shown())

    def fail(self, message: str, **params: str | int) -> NoReturn:
        """Raise the syntax error at the token at hand."""
        fail(self.text, self.token.start, message, **params)

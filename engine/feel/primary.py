"""Parses what operators combine: literals, names, calls, paths, filters, lists, contexts, ranges, for, if, some."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from engine.feel import nodes
from engine.feel.cursor import Cursor
from engine.feel.decimals import from_text
from engine.feel.errors import N_
from engine.feel.names import PROPERTIES, KnownNames
from engine.feel.nodes import Node
from engine.feel.temporal import parse_temporal
from engine.feel.tokens import Token
from engine.feel.type_parser import parse_type

_COMPARISONS = ("<", "<=", ">", ">=", "=", "!=")
_CONSTANTS = {"true": True, "false": False, "null": None}
_AFTER_RANGE = (
    *(")", "]", "}", ",", "=", "!=", "<", "<=", ">", ">=", ".", "and", "or", "then", "else", "return", "satisfies"),
    *("in", "between", "instance"),
)
_PROPERTIES = KnownNames(PROPERTIES)
MAX_POSTFIX = 60


class PrimaryParser(Cursor):
    """Everything but binary operators."""

    #: Position of the parenthesis right of ``in``: only there may several tests stand in one.
    tests_at = -1

    def expression(self, minimum: int = 1) -> Node:
        """Parse an expression whose operators bind at least as tightly as ``minimum``."""
        raise NotImplementedError

    def postfix(self) -> Node:
        """Parse a primary expression and the paths, filters and calls that follow it."""
        node = self._primary()
        for _ in range(MAX_POSTFIX):
            if self.at("."):
                self.take()
                node = nodes.Path(node, self._property())
            elif self.at("[") and not self._closes_range():
                self.take()
                node = nodes.Filter(node, self.expression())
                self.expect("]")
            elif self.at("("):
                node = self._call(node)
            else:
                return node
        self.fail(N_("“.”“[”“(”连用超过 {limit} 次，请拆开写（第 {line} 行第 {column} 列）。"), limit=MAX_POSTFIX)

    def _property(self) -> str:
        if self.token.kind not in ("name", "keyword"):
            self.fail_unexpected()
        known = self.known.match(self.tokens, self.position) or _PROPERTIES.match(self.tokens, self.position)
        return self._take_name(known)

    def _take_name(self, known: tuple[str, int] | None) -> str:
        if known is None:
            return self.take().text
        for _ in range(known[1]):
            self.take()
        return known[0]

    def _closes_range(self) -> bool:
        following = self.peek()
        return self.in_range and (following.kind == "end" or following.text in _AFTER_RANGE)

    #: Whether a range's second end is being read, so that ``[`` may close it.
    in_range = False

    def _call(self, callee: Node) -> Node:
        self.take()
        arguments: list[Node] = []
        names: list[str] = []
        while not self.at(")"):
            name = self._argument_name()
            if name:
                names.append(name)
            arguments.append(self._nested())
            if not self.at(")"):
                self.expect(",")
        self.take()
        if names and len(names) != len(arguments):
            self.fail(N_("一次调用里，参数要么都写名称，要么都不写（第 {line} 行第 {column} 列）。"))
        return nodes.Call(callee, tuple(arguments), tuple(names) or None)

    def _argument_name(self) -> str | None:
        end = self.position
        while self.tokens[end].kind in ("name", "keyword"):
            end += 1
        if end == self.position or self.tokens[end].text != ":" or self.tokens[end].kind != "sign":
            return None
        name = " ".join(token.text for token in self.tokens[self.position : end])
        while not self.at(":"):
            self.take()
        self.take()
        return name

    def _nested(self) -> Node:
        outer, self.in_range = self.in_range, False
        node = self.expression()
        self.in_range = outer
        return node

    def _primary(self) -> Node:
        token = self.token
        if token.kind == "name":
            return self._name(token)
        if token.kind == "number":
            return self._number()
        if token.kind == "string":
            return nodes.Literal(self.take().text)
        if token.kind == "keyword":
            return self._keyword(token.text)
        parse = {"(": self._parenthesis, "[": self._bracket, "]": self._open_range, "{": self._context, "@": self._at}
        if token.kind != "sign" or token.text not in parse:
            self.fail_unexpected()
        return parse[token.text]()

    def _name(self, token: Token) -> Node:
        if token.text == "function" and self.peek().text == "(":
            return self._function()
        return nodes.Name(self._take_name(self.known.match(self.tokens, self.position)))

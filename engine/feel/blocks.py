"""Parses the expressions that begin with a word: if, for, some, every, function."""

from __future__ import annotations

from abc import abstractmethod

from engine.feel import nodes
from engine.feel.cursor import Cursor
from engine.feel.errors import N_
from engine.feel.nodes import Node
from engine.feel.type_parser import parse_type
from engine.feel.types import Type

MAX_ITERATORS = 10


class BlockParser(Cursor):
    """Expressions that take everything to their right."""

    #: Whether the second end of a range is being read, so that ``[`` may close it.
    in_range = False

    @abstractmethod
    def expression(self, minimum: int = 1) -> Node:
        """Parse an expression whose operators bind at least as tightly as ``minimum``."""

    def nested(self) -> Node:
        """Parse an expression inside brackets of its own."""
        outer, self.in_range = self.in_range, False
        node = self.expression()
        self.in_range = outer
        return node

    def block(self, word: str) -> Node:
        """Parse the expression that begins with this keyword."""
        if word == "if":
            return self._if()
        if word == "for":
            self.take()
            iterators = self._iterators()
            self.expect("return")
            return nodes.For(iterators, self.expression())
        if word in ("some", "every"):
            self.take()
            iterators = self._iterators()
            self.expect("satisfies")
            return nodes.Quantified(word, iterators, self.expression())
        if word == "function":
            return self._function()
        self.fail_unexpected()

    def _if(self) -> Node:
        self.take()
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return nodes.If(condition, then, self.expression())

    def _iterators(self) -> tuple[tuple[str, Node], ...]:
        found = [self._iterator()]
        while self.at(","):
            if len(found) == MAX_ITERATORS:
                self.fail(N_("一次循环最多 {limit} 个变量（第 {line} 行第 {column} 列）。"), limit=MAX_ITERATORS)
            self.take()
            found.append(self._iterator())
        return tuple(found)

    def _iterator(self) -> tuple[str, Node]:
        name = self.words_until("in")
        self.expect("in")
        start = self.expression()
        if not self.at(".."):
            return name, start
        self.take()
        return name, nodes.RangeLiteral(start, self.expression(), True, True)

    def _function(self) -> Node:
        self.take()
        self.expect("(")
        parameters: list[tuple[str, Type | None]] = []
        while not self.at(")"):
            parameters.append(self._parameter())
            if not self.at(")"):
                self.expect(",")
        self.take()
        if self.token.text == "external":
            self.fail(N_("这里不支持外部函数 external（第 {line} 行第 {column} 列）。"))
        return nodes.FunctionDefinition(tuple(parameters), self.expression())

    def _parameter(self) -> tuple[str, Type | None]:
        name = self.words_until(":", ",", ")")
        if not self.at(":"):
            return name, None
        self.take()
        return name, parse_type(self)

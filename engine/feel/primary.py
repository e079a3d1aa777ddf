"""Parses what operators combine: literals, names, calls, paths, filters, lists, contexts and ranges."""

from __future__ import annotations

from engine.feel import nodes
from engine.feel.blocks import BlockParser
from engine.feel.decimals import from_text
from engine.feel.errors import N_
from engine.feel.names import PROPERTIES, KnownNames, words
from engine.feel.nodes import Node
from engine.feel.temporal import parse_temporal

MAX_POSTFIX = 60

_ADDITION = 4  # the precedence of + and -: the ends of a range and the operands of tests hold no comparison
_TESTS = ("<", "<=", ">", ">=", "=", "!=")
_CONSTANTS = {"true": True, "false": False, "null": None}
#: What may follow a range but never begin a filter's condition.
_AFTER_RANGE = frozenset(
    [
        ")",
        "]",
        "}",
        ",",
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        ".",
        "and",
        "or",
        "then",
        "else",
        "return",
        "satisfies",
        "in",
        "between",
        "instance",
    ]
)
_PROPERTIES = KnownNames(PROPERTIES)


class PrimaryParser(BlockParser):
    """Everything but binary operators."""

    #: Position of the parenthesis right of ``in``: only there may several tests stand in one.
    tests_at = -1

    def postfix(self) -> Node:
        """Parse a primary expression and the paths, filters and calls that follow it."""
        node = self._primary()
        for _ in range(MAX_POSTFIX):
            if self.at("."):
                self.take()
                node = nodes.Path(node, self._property())
            elif self.at("[") and not self._closes_range():
                self.take()
                node = nodes.Filter(node, self.nested())
                self.expect("]")
            elif self.at("("):
                node = self._call(node)
            else:
                return node
        self.fail(N_("“.”“[”“(”连用超过 {limit} 次，请拆开写（第 {line} 行第 {column} 列）。"), limit=MAX_POSTFIX)

    def tests(self) -> tuple[Node, ...]:
        """Parse unary tests with commas between them."""
        found = [self.test()]
        while self.at(","):
            self.take()
            found.append(self.test())
        return tuple(found)

    def test(self, minimum: int = 1) -> Node:
        """Parse one unary test: ``< 5``, ``[1..3]`` or an expression."""
        if self.token.kind == "sign" and self.token.text in _TESTS:
            return self._operator_test()
        return self.expression(minimum)

    def _operator_test(self) -> Node:
        operator = self.take().text
        end = self.expression(_ADDITION)
        if operator in ("=", "!="):
            return nodes.Test(operator, end)
        included = operator.endswith("=")
        if operator.startswith("<"):
            return nodes.RangeLiteral(None, end, False, included)
        return nodes.RangeLiteral(end, None, included, False)

    def _property(self) -> str:
        if self.token.kind not in ("name", "keyword"):
            self.fail_unexpected()
        known = self.known.match(self.tokens, self.position) or _PROPERTIES.match(self.tokens, self.position)
        return self._take_name(known)

    def _take_name(self, known: tuple[str, int] | None) -> str:
        if known is None:
            return self.take().text
        name, length = known
        for _ in range(length):
            self.take()
        return name

    def _closes_range(self) -> bool:
        following = self.peek()
        return self.in_range and (following.kind == "end" or following.text in _AFTER_RANGE)

    def _call(self, callee: Node) -> Node:
        self.take()
        arguments: list[Node] = []
        names: list[str] = []
        while not self.at(")"):
            name = self._argument_name()
            if name:
                names.append(name)
            arguments.append(self.nested())
            if not self.at(")"):
                self.expect(",")
        if names and len(names) != len(arguments):
            self.fail(N_("一次调用里，参数要么都写名称，要么都不写（第 {line} 行第 {column} 列）。"))
        self.take()
        return nodes.Call(callee, tuple(arguments), tuple(names) or None)

    def _argument_name(self) -> str | None:
        end = self.position
        while self.tokens[end].kind in ("name", "keyword"):
            end += 1
        if end == self.position or self.tokens[end].kind != "sign" or self.tokens[end].text != ":":
            return None
        name = self.words_until(":")
        self.take()
        return name

    def _primary(self) -> Node:
        token = self.token
        if token.kind == "name":
            return nodes.Name(self._take_name(self.known.match(self.tokens, self.position)))
        if token.kind == "number":
            return self._number()
        if token.kind == "string":
            return nodes.Literal(self.take().text)
        if token.kind == "keyword":
            if token.text in _CONSTANTS:
                return nodes.Literal(_CONSTANTS[self.take().text])
            return self.block(token.text)
        parse = {"(": self._parenthesis, "[": self._bracket, "]": self._open_range, "{": self._context, "@": self._at}
        if token.text not in parse:
            self.fail_unexpected()
        return parse[token.text]()

    def _number(self) -> Node:
        value = from_text(self.token.text)
        if value is None:
            self.fail(N_("数字太大（第 {line} 行第 {column} 列）。"))
        self.take()
        return nodes.Literal(value)

    def _at(self) -> Node:
        self.take()
        if self.token.kind != "string":
            self.fail(N_("“@”后面应为双引号里的日期、时间或时长（第 {line} 行第 {column} 列）。"))
        value = parse_temporal(self.token.text)
        if value is None:
            message = N_("“{found}”不是日期、时间或时长（第 {line} 行第 {column} 列）。")
            self.fail(message, found=self.token.text[:30])
        self.take()
        return nodes.Literal(value)

    def _parenthesis(self) -> Node:
        several = self.position == self.tests_at
        self.take()
        outer, self.in_range = self.in_range, False
        first = self.test()
        if self.at(".."):
            self.in_range = outer
            return self._range(first, start_included=False)
        found = [first]
        while several and self.at(","):
            self.take()
            found.append(self.test())
        self.in_range = outer
        self.expect(")")
        return first if len(found) == 1 else nodes.Tests(tuple(found))

    def _bracket(self) -> Node:
        self.take()
        items: list[Node] = []
        while not self.at("]"):
            outer, self.in_range = self.in_range, False
            items.append(self.test())
            self.in_range = outer
            if self.at("..") and len(items) == 1:
                return self._range(items[0], start_included=True)
            if not self.at("]"):
                self.expect(",")
        self.take()
        return nodes.ListLiteral(tuple(items))

    def _open_range(self) -> Node:
        self.take()
        start = self.expression(_ADDITION)
        if not self.at(".."):
            self.expect("..")
        return self._range(start, start_included=False)

    def _range(self, start: Node, start_included: bool) -> Node:
        self.take()
        outer, self.in_range = self.in_range, True
        end = self.expression(_ADDITION)
        self.in_range = outer
        if not (self.at("]") or self.at(")") or self.at("[")):
            self.expect("]")
        return nodes.RangeLiteral(start, end, start_included, self.take().text == "]")

    def _context(self) -> Node:
        self.take()
        entries: dict[str, Node] = {}
        while not self.at("}"):
            key = self._key()
            if key in entries:
                self.fail(N_("上下文里“{key}”写了两次（第 {line} 行第 {column} 列）。"), key=key)
            self.expect(":")
            entries[key] = self.nested()
            if not self.at("}"):
                self.expect(",")
        self.take()
        return nodes.ContextLiteral(tuple(entries.items()))

    def _key(self) -> str:
        if self.token.kind != "string":
            return self.words_until(":")
        key = self.take().text
        self.known.add(words(key), key)
        return key

"""Tokens → syntax tree: operators by precedence, everything else by its first token (DMN 1.5, 10.3.1.2)."""

from __future__ import annotations

from decimal import Decimal

from engine.feel import nodes
from engine.feel.errors import N_
from engine.feel.names import KnownNames
from engine.feel.nodes import Node
from engine.feel.primary import PrimaryParser
from engine.feel.tokens import tokenize
from engine.feel.type_parser import parse_type

MAX_CHAIN = 250

OR, AND, COMPARISON, ADDITION, MULTIPLICATION, POWER = range(1, 7)
BINARY = {
    "or": OR,
    "and": AND,
    "=": COMPARISON,
    "!=": COMPARISON,
    "<": COMPARISON,
    "<=": COMPARISON,
    ">": COMPARISON,
    ">=": COMPARISON,
    "between": COMPARISON,
    "in": COMPARISON,
    "+": ADDITION,
    "-": ADDITION,
    "*": MULTIPLICATION,
    "/": MULTIPLICATION,
    "**": POWER,
}


def parse(text: str, known: KnownNames) -> Node:
    """Parse one expression; raise FeelSyntaxError with the place of the first fault."""
    parser = Parser(text, tokenize(text), known)
    tree = parser.expression()
    parser.expect_end()
    return tree


def parse_unary(text: str, known: KnownNames) -> Node:
    """Parse unary tests: ``-``, or tests with commas, or ``not(…)`` around them."""
    parser = Parser(text, tokenize(text), known)
    tree = parser.unary_tests()
    parser.expect_end()
    return tree


class Parser(PrimaryParser):
    """Binary operators over the primary expressions."""

    def expression(self, minimum: int = OR) -> Node:
        """Parse an expression whose operators bind at least as tightly as ``minimum``; same level: from the left."""
        self.enter()
        left = self.unary()
        operators = 0
        while (level := self.level()) >= minimum:
            left = self._operation(left, level)
            operators += 1
            if operators > MAX_CHAIN:
                self.fail(N_("一串运算超过 {limit} 项，请拆开写（第 {line} 行第 {column} 列）。"), limit=MAX_CHAIN)
        self.leave()
        return left

    def level(self) -> int:
        """Return the precedence of the operator at hand, 0 if there is none."""
        token = self.token
        return BINARY.get(token.text, 0) if token.kind in ("sign", "keyword") else 0

    def _operation(self, left: Node, level: int) -> Node:
        operator = self.take().text
        if level <= AND:
            return self._logic(operator, left, level)
        if operator == "between":
            low = self.expression(ADDITION)
            self.expect("and")
            return nodes.Between(left, low, self.expression(ADDITION))
        if operator == "in":
            right = self.membership()
            return nodes.In(left, right.tests if isinstance(right, nodes.Tests) else (right,))
        right = self.expression(level + 1)
        if level == COMPARISON:
            return nodes.Comparison(operator, left, right)
        return nodes.Arithmetic(operator, left, right)

    def _logic(self, operator: str, left: Node, level: int) -> Node:
        operands = [left, self.expression(level + 1)]
        while self.token.text == operator and self.token.kind == "keyword":
            self.take()
            operands.append(self.expression(level + 1))
        return nodes.Logic(operator, tuple(operands))

    def unary(self) -> Node:
        """Parse a negation or a primary expression, and ``instance of`` after it."""
        if self.at("-"):
            self.enter()
            self.take()
            operand = self.unary()
            self.leave()
            if isinstance(operand, nodes.Literal) and isinstance(operand.value, Decimal):
                return nodes.Literal(operand.value.copy_negate())
            return nodes.Negation(operand)
        value = self.postfix()
        while self.token.text == "instance" and self.peek().text == "of":
            self.take()
            self.take()
            value = nodes.InstanceOf(value, parse_type(self))
        return value

    def membership(self) -> Node:
        """Parse what stands right of ``in``: one test, or several in parentheses."""
        if self.at("("):
            self.tests_at = self.position
        return self.test(ADDITION)

    def unary_tests(self) -> Node:
        """Parse a cell of a decision table."""
        if self.at("-") and self.peek().kind == "end":
            self.take()
            return nodes.UnaryTests((), False)
        negated = self.token.text == "not" and self.peek().text == "(" and self._closes_at_end()
        if negated:
            self.take()
            self.take()
        tests = self.tests()
        if negated:
            self.expect(")")
        return nodes.UnaryTests(tests, negated)

    def _closes_at_end(self) -> bool:
        # not(a) or b is an expression; only a not(…) around everything negates the tests.
        depth = 0
        for index in range(self.position + 1, len(self.tokens) - 1):
            token = self.tokens[index]
            if token.kind == "sign":
                depth += (token.text in "([{") - (token.text in ")]}")
            if depth == 0:
                return index == len(self.tokens) - 2
        return False


def parse_range(text: str) -> nodes.RangeLiteral | None:
    """Parse a range; return None if the text is another expression."""
    tree = parse(text, KnownNames((), KnownNames(("date and time",))))
    return tree if isinstance(tree, nodes.RangeLiteral) else None

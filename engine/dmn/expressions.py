"""Expressions of a model as parts of one evaluation: names are bound, budget and notes are shared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from engine.dmn.errors import in_expression
from engine.dmn.model import Literal
from engine.feel import DEFAULT, FeelError, nodes
from engine.feel.frame import Frame, Run
from engine.feel.functions import BUILTINS, Code
from engine.feel.names import KnownNames
from engine.feel.parser import parse, parse_unary
from engine.feel.scope import Reads, Scope
from engine.feel.types import Type

_BUILTIN_NAMES: Final = KnownNames(BUILTINS)
#: Stands where functions are made before anything is evaluated; whoever calls them brings a run of their own.
_NO_RUN: Final = Run(DEFAULT, None)


class Vocabulary:
    """What the expressions of a model may call by name: variables of several words, and types."""

    def __init__(
        self, names: Iterable[str] = (), types: Mapping[str, Type] | None = None, parent: Vocabulary | None = None
    ) -> None:
        self._known: KnownNames = KnownNames(names, parent._known if parent else _BUILTIN_NAMES, types)

    def parse(self, literal: Literal, node: str) -> nodes.Node:
        """Return the tree of an expression; an empty one is null. Raises DmnModelError for what is not FEEL."""
        return self._parsed(literal, node, unary=False) if literal.text.strip() else nodes.Literal(None)

    def parse_tests(self, literal: Literal, node: str) -> nodes.UnaryTests:
        """Return the tree of unary tests; a blank cell is met by everything. Raises DmnModelError."""
        found = self._parsed(literal, node, unary=True) if literal.text.strip() else None
        return found if isinstance(found, nodes.UnaryTests) else nodes.UnaryTests((), False)

    def _parsed(self, literal: Literal, node: str, unary: bool) -> nodes.Node:
        reader = parse_unary if unary else parse
        try:
            return reader(literal.text, KnownNames((), self._known))
        except FeelError as error:
            raise in_expression(error, literal.text, literal.line, node) from error


def compiled(tree: nodes.Node, names: Iterable[str]) -> tuple[Code, Reads]:
    """Return the closure of a tree inside a scope that binds these names, and what else it reads.

    A name that is also a built-in function stays free, so that ``date(x)`` works beside a variable ``date``.
    """
    reads = Reads()
    code = Scope(reads, [name for name in names if name not in BUILTINS]).compile(tree)
    return code, reads


def frame(values: Mapping[str, Any], run: Run = _NO_RUN, outside: Mapping[str, Any] | None = None) -> Frame:
    """The frame for closures of ``compiled``: ``values`` by bound name, ``outside`` for names that are free."""
    hidden = {name: value for name, value in values.items() if name in BUILTINS}
    return Frame({**(outside or {}), **hidden}, dict(values), run)

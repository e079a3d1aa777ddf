"""Compiled expressions: the public face of this package."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from engine.feel import (  # noqa: F401 (importing them registers the built-ins and the compilers of all nodes)
    builtins,
    compile_collections,
    compile_functions,
    compile_names,
    compile_operators,
)
from engine.feel.conversion import leave
from engine.feel.environment import DEFAULT, Environment
from engine.feel.errors import N_, FeelEvaluationError
from engine.feel.frame import Frame, Reason, Run
from engine.feel.functions import BUILTINS, Code
from engine.feel.names import KnownNames
from engine.feel.nodes import ContextLiteral, Node
from engine.feel.parser import parse, parse_unary
from engine.feel.scope import Reads, Scope
from engine.feel.tokens import fail

_BUILTIN_NAMES = KnownNames(BUILTINS)
_NOTHING: dict[Any, Any] = {}


class Expression:
    """A compiled expression; immutable, so threads may share it.

    ``variables`` are the names that it reads from its context, ``paths`` what it reads below them
    (``("policy", "小组办理期限")``), ``functions`` the functions that the environment must provide. A name inside a
    filter may be an entry of the item at hand as well as a variable: such names are in ``uncertain``.
    """

    __slots__ = ("_code", "functions", "paths", "text", "uncertain", "variables")

    def __init__(self, text: str, code: Code, reads: Reads) -> None:
        self.text = text
        self.variables = frozenset(reads.variables)
        self.uncertain = frozenset(reads.uncertain - reads.variables)
        self.paths = frozenset(reads.paths)
        self.functions = frozenset(reads.functions)
        self._code = code

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def evaluate(
        self, context: Mapping[str, Any], env: Environment = DEFAULT, trace: list[Reason] | None = None
    ) -> Any:
        """Return the value for this context; what has no value is None, and ``trace`` collects why.

        Raises FeelEvaluationError if a limit is exceeded or a function does not exist.
        """
        run = Run(env, trace)
        try:
            value = self._code(Frame(context, _NOTHING, run))
            return leave(run, value) if type(value) not in _PLAIN else value
        except RecursionError:
            raise FeelEvaluationError(N_("表达式的计算嵌套过深。")) from None


def context_entries(text: str, names: Iterable[str] = ()) -> dict[str, frozenset[str]] | None:
    """The keys of a context literal in order, each with the variables that its value may read.

    None for any other expression. An entry reads what an earlier one reads that it uses. Raises FeelSyntaxError.
    """
    tree = parse(text, KnownNames(names, _BUILTIN_NAMES))
    if not isinstance(tree, ContextLiteral):
        return None
    found: dict[str, frozenset[str]] = {}
    for key, value in tree.entries:
        reads = Reads()
        Scope(reads).compile(value)
        outside = reads.variables | reads.uncertain
        found[key] = frozenset(outside - found.keys()).union(*(found[name] for name in outside & found.keys()))
    return found


_PLAIN = frozenset((bool, str, type(None)))


def compile(text: str, names: Iterable[str] = ()) -> Expression:
    """Return the compiled expression; ``text`` has no leading ``=``. The most recent ones are kept.

    ``names`` are variables and entries of several words (``first name``) that the text may use without backticks.
    Raises FeelSyntaxError with the place of the first fault.
    """
    return _compiled(text, tuple(names), parse)


def compile_unary(text: str, names: Iterable[str] = ()) -> Expression:
    """Return compiled unary tests; they are evaluated with the input value as ``?`` in the context, to true or not.

    Raises FeelSyntaxError with the place of the first fault.
    """
    return _compiled(text, tuple(names), parse_unary)


def forget_compiled() -> None:
    """Drop the expressions that :func:`compile` keeps: to measure what compiling costs."""
    _compiled.cache_clear()


@lru_cache(maxsize=4096)
def _compiled(text: str, names: tuple[str, ...], parser: Callable[[str, KnownNames], Node]) -> Expression:
    reads = Reads()
    try:
        code = Scope(reads).compile(parser(text, KnownNames(names, _BUILTIN_NAMES)))
    except RecursionError:
        fail(text, 0, N_("表达式嵌套过深，请拆开写。"))
    if parser is parse_unary:
        reads.variables.discard("?")
    return Expression(text, code, reads)

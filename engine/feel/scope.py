"""What the compiler knows about names: which are bound, and which the expression reads from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.feel.functions import Code
from engine.feel.nodes import Node


class Reads:
    """What an expression takes from outside, and how large it is."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.uncertain: set[str] = set()
        self.paths: set[tuple[str, ...]] = set()
        self.functions: set[str] = set()
        self.size = 0


class Scope:
    """The names that are bound at a place of the tree.

    A filter binds no names that could be listed: inside it, every name may be an entry of the item at hand, which
    the frame keeps under the key ``item``. ``used`` collects which of the bound names are read.
    """

    def __init__(self, reads: Reads, names: Iterable[str] = (), item: int | None = None) -> None:
        self.reads = reads
        self.used: set[str] = set()
        self._names = set(names)
        self._item = item
        self._outer: Scope | None = None

    def binding(self, *names: str) -> Scope:
        """Return the scope inside a construct that binds these names."""
        return self._inner(names, None)

    def bind(self, name: str) -> None:
        """Bind one more name in this scope."""
        self._names.add(name)

    def filtering(self) -> tuple[Scope, int]:
        """Return the scope inside a filter, and the frame key under which it must keep the item."""
        key = self._depth()
        return self._inner(("item",), key), key

    def _inner(self, names: Iterable[str], item: int | None) -> Scope:
        inner = Scope(self.reads, names, item)
        inner._outer = self
        return inner

    def _depth(self) -> int:
        return 0 if self._outer is None else self._outer._depth() + 1

    def resolve(self, name: str) -> tuple[bool, tuple[int, ...]]:
        """Return whether the name is bound, and the keys of the items to ask for it before, from inside out."""
        items: tuple[int, ...] = ()
        scope: Scope | None = self
        while scope is not None:
            if name in scope._names:
                scope.used.add(name)
                # An entry that is itself called `item` lies nearer than the item.
                return True, items if scope._item is None else (*items, scope._item)
            if scope._item is not None and name != "?":
                items += (scope._item,)
            scope = scope._outer
        return False, items

    def read(self, name: str, items: tuple[int, ...]) -> None:
        """Note that the expression takes this name from outside, or perhaps does."""
        (self.reads.uncertain if items else self.reads.variables).add(name)

    def compile(self, node: Node) -> Code:
        """Return the closure for the node."""
        self.reads.size += 1
        return _COMPILERS[type(node)](node, self)

    def weigh(self, node: Node) -> tuple[Code, int]:
        """Return the closure for the node and its size, the steps that one more run of it costs."""
        before = self.reads.size
        code = self.compile(node)
        return code, self.reads.size - before


Compiler = Callable[..., Code]
_COMPILERS: dict[type[Node], Compiler] = {}


def compiles(kind: type[Node]) -> Callable[[Compiler], Compiler]:
    """Register the compiler for a class of nodes."""

    def register(function: Compiler) -> Compiler:
        _COMPILERS[kind] = function
        return function

    return register

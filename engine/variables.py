"""The variables of one instance: a tree of scopes, as in Camunda 8.

The root scope belongs to the instance; sub-processes, multi-instance bodies and activities with io mappings have local
ones. A write goes to the nearest scope that already has the name, else to the root. Parallel branches share scopes, so
none loses another's update; the same name written twice keeps the last value, and ``changes`` shows both.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, NewType

from engine.values import decode, encode

ScopeId = NewType("ScopeId", str)
ROOT = ScopeId("")


class Change(NamedTuple):
    """One write: the scope that took it, the name and the value."""

    scope: ScopeId
    name: str
    value: Any


class _Scope:
    __slots__ = ("parent", "values")

    def __init__(self, parent: ScopeId | None, values: dict[str, Any]) -> None:
        self.parent = parent
        self.values = values


class Scopes:
    """The scope tree of one instance, with the writes since it was loaded in ``changes``.

    ``is_changed`` says whether it has to be saved: a scope that opens or closes changes the tree without any write.
    """

    def __init__(self) -> None:
        self._scopes: dict[ScopeId, _Scope] = {ROOT: _Scope(None, {})}
        self.changes: list[Change] = []
        self.is_changed = False

    def open(self, scope: ScopeId, parent: ScopeId, values: Mapping[str, Any] | None = None) -> None:
        """Create a local scope under ``parent`` with its first values."""
        self._scopes[scope] = _Scope(parent, {})
        self.is_changed = True
        for name, value in (values or {}).items():
            self.set_local(scope, name, value)

    def close(self, scope: ScopeId) -> None:
        """Drop a local scope and all below it; the root stays."""
        for child in [key for key, item in self._scopes.items() if item.parent == scope]:
            self.close(child)
        if scope != ROOT and self._scopes.pop(scope, None) is not None:
            self.is_changed = True

    def __contains__(self, scope: ScopeId) -> bool:
        return scope in self._scopes

    def parent(self, scope: ScopeId) -> ScopeId | None:
        """The scope around ``scope``, None for the root."""
        return self._scopes[scope].parent

    def get(self, scope: ScopeId, name: str) -> Any:
        """The value that ``name`` has when read from ``scope``; None when no scope around it has one."""
        return self.view(scope).get(name)

    def set(self, scope: ScopeId, name: str, value: Any) -> None:
        """Write ``name`` to the nearest scope that has it, else to the root."""
        self.set_local(self._owner(scope, name), name, value)

    def set_local(self, scope: ScopeId, name: str, value: Any) -> None:
        """Write ``name`` to exactly this scope."""
        self._scopes[scope].values[name] = value
        self.is_changed = True
        self.changes.append(Change(scope, name, value))

    def locals(self) -> list[ScopeId]:
        """All local scopes, those around others first."""
        return [scope for scope in self._scopes if scope != ROOT]

    def local(self, scope: ScopeId) -> dict[str, Any]:
        """A copy of the values that belong to exactly this scope."""
        return dict(self._scopes[scope].values)

    def view(self, scope: ScopeId, globals: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """What an expression sees in ``scope``: its values, those around it, and last the read-only ``globals``."""
        layers = [item.values for item in self._chain(scope)]
        return _View([*layers, globals or {}])

    def dump(self) -> bytes:
        """The tree as compressed JSON with type tags."""
        rows = [[key, item.parent, encode(item.values)] for key, item in self._scopes.items()]
        return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 1)

    @classmethod
    def load(cls, blob: bytes) -> Scopes:
        """The inverse of :meth:`dump`, with no changes noted."""
        scopes = cls()
        for key, parent, values in json.loads(zlib.decompress(blob)):
            scopes._scopes[ScopeId(key)] = _Scope(parent, decode(values))
        return scopes

    def _chain(self, scope: ScopeId) -> Iterator[_Scope]:
        current: ScopeId | None = scope
        while current is not None:
            item = self._scopes[current]
            yield item
            current = item.parent

    def _owner(self, scope: ScopeId, name: str) -> ScopeId:
        current: ScopeId | None = scope
        while current is not None:
            if name in self._scopes[current].values:
                return current
            current = self._scopes[current].parent
        return ROOT


class _View(Mapping[str, Any]):
    """A read-only chain of dicts, the innermost first."""

    def __init__(self, layers: list[Mapping[str, Any]]) -> None:
        self._layers = layers

    def __getitem__(self, name: str) -> Any:
        for layer in self._layers:
            if name in layer:
                return layer[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for layer in self._layers for name in layer))

    def __len__(self) -> int:
        return len(dict.fromkeys(name for layer in self._layers for name in layer))

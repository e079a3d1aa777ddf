"""Closures for literals, names, paths and ``is defined``."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.feel import nodes
from engine.feel.conversion import enter
from engine.feel.errors import N_
from engine.feel.frame import Frame, Run
from engine.feel.functions import BUILTINS, Code
from engine.feel.properties import MISSING, property_of
from engine.feel.scope import Scope, compiles
from engine.feel.values import kind_name


@compiles(nodes.Literal)
def _literal(node: nodes.Literal, scope: Scope) -> Code:
    value = node.value
    return lambda frame: value


@compiles(nodes.Name)
def _name(node: nodes.Name, scope: Scope) -> Code:
    name = node.name
    bound, items = scope.resolve(name)
    if bound:
        outer = _local(name)
    else:
        scope.read(name, items)
        outer = variable(name)
    return _item_entry(name, items, outer) if items else outer


def _local(name: str) -> Code:
    return lambda frame: frame.local[name]


def variable(name: str) -> Code:
    def read(frame: Frame) -> Any:
        value = frame.root.get(name, MISSING)
        if type(value) is str:
            return value
        return absent(frame, name) if value is MISSING else enter(frame.run, value)

    return read


def absent(frame: Frame, name: str) -> Any:
    """Return the function of that name, or null: there is no such variable."""
    function = frame.run.env.functions.get(name) or BUILTINS.get(name)
    if function is None:
        frame.run.note(N_("没有变量“{name}”，按空值处理。"), name=name)
    return function


def _item_entry(name: str, items: tuple[int, ...], outer: Code) -> Code:
    def entry(frame: Frame) -> Any:
        for key in items:
            item = frame.local[key]
            if type(item) is dict and name in item:
                return item[name]
        return outer(frame)

    return entry


@compiles(nodes.Path)
def _path(node: nodes.Path, scope: Scope) -> Code:
    chain = _variable_path(node)
    if chain:
        bound, items = scope.resolve(chain[0])
        if not bound and not items:
            scope.read(chain[0], items)
            scope.reads.paths.add(chain)
            return _root_path(chain)
    base, name = scope.compile(node.base), node.name
    return lambda frame: step(frame.run, base(frame), name)


def _variable_path(node: nodes.Node) -> tuple[str, ...] | None:
    names: list[str] = []
    while isinstance(node, nodes.Path):
        names.append(node.name)
        node = node.base
    return (node.name, *reversed(names)) if isinstance(node, nodes.Name) else None


def _root_path(chain: tuple[str, ...]) -> Code:
    """Walk the caller's own mappings, so that reading one setting does not convert all of them."""

    def path(frame: Frame) -> Any:
        value: Any = frame.root.get(chain[0], MISSING)
        for index in range(1, len(chain)):
            if not isinstance(value, Mapping):
                value = absent(frame, chain[0]) if value is MISSING else enter(frame.run, value)
                return walk(frame.run, value, chain[index:])
            value = value.get(chain[index], MISSING)
            if value is MISSING:
                frame.run.note(N_("“{base}”里没有“{name}”。"), base=chain[index - 1], name=chain[index])
                return None
        return enter(frame.run, value)

    return path


def walk(run: Run, value: Any, names: tuple[str, ...]) -> Any:
    """Follow the names from a value."""
    for name in names:
        value = step(run, value, name)
    return value


def step(run: Run, value: Any, name: str) -> Any:
    """Return ``value.name``: an entry, a part of a date, or for a list those of its items; else null."""
    kind = type(value)
    if kind is dict:
        if name in value:
            return value[name]
        run.note(N_("上下文里没有“{name}”。"), name=name)
        return None
    if kind is list:
        run.spend_items(len(value))
        return [step(run, item, name) for item in value]
    if value is None:
        run.note(N_("{kind}没有“{name}”。"), kind=kind_name(value), name=name)
        return None
    found = property_of(value, name)
    if found is MISSING:
        run.note(N_("{kind}没有“{name}”。"), kind=kind_name(value), name=name)
        return None
    return Decimal(found) if type(found) is int else found


def definedness(node: nodes.Node, scope: Scope) -> Code:
    """Return the closure that says whether the name or path leads to something, null included."""
    if isinstance(node, nodes.Name):
        return _name_defined(node.name, scope)
    if isinstance(node, nodes.Path):
        base, name = scope.compile(node.base), node.name
        return lambda frame: _step_defined(base(frame), name)
    code = scope.compile(node)
    return lambda frame: code(frame) is not None


def _name_defined(name: str, scope: Scope) -> Code:
    bound, items = scope.resolve(name)
    if bound:
        return lambda frame: True
    scope.read(name, items)

    def defined(frame: Frame) -> bool:
        in_item = any(type(frame.local[key]) is dict and name in frame.local[key] for key in items)
        return in_item or name in frame.root

    return defined


def _step_defined(base: Any, name: str) -> bool:
    if type(base) is dict:
        return name in base
    if type(base) is list:
        return bool(base) and all(_step_defined(item, name) for item in base)
    return base is not None and property_of(base, name) is not MISSING

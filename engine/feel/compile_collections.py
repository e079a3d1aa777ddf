"""Closures for lists, contexts, filters, ``if``, ``for``, ``some`` and ``every``."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.feel import nodes
from engine.feel.decimals import whole
from engine.feel.errors import N_
from engine.feel.frame import Frame, Run
from engine.feel.functions import Code
from engine.feel.iteration import NotIterable, iterate
from engine.feel.scope import Scope, compiles
from engine.feel.values import kind_name

Iterators = list[tuple[str, Code]]


@compiles(nodes.ListLiteral)
def _list(node: nodes.ListLiteral, scope: Scope) -> Code:
    items = [scope.compile(item) for item in node.items]
    return lambda frame: [item(frame) for item in items]


@compiles(nodes.ContextLiteral)
def _context(node: nodes.ContextLiteral, scope: Scope) -> Code:
    inner = scope.binding()
    entries = []
    for key, value in node.entries:
        if isinstance(value, nodes.FunctionDefinition):
            inner.bind(key)  # a function may call itself
        entries.append((key, inner.compile(value)))
        inner.bind(key)

    def context(frame: Frame) -> dict[str, Any]:
        found: dict[str, Any] = {}
        local = dict(frame.local)
        inside = Frame(frame.root, local, frame.run)
        for key, code in entries:
            local[key] = found[key] = code(inside)
        return found

    return context


@compiles(nodes.If)
def _if(node: nodes.If, scope: Scope) -> Code:
    condition, then, otherwise = (scope.compile(part) for part in (node.condition, node.then, node.otherwise))

    def choice(frame: Frame) -> Any:
        met = condition(frame)
        if type(met) is not bool:
            frame.run.note(N_("if 的条件应为是或否，却是{kind}，按否处理。"), kind=kind_name(met))
        return then(frame) if met is True else otherwise(frame)

    return choice


def _iterators(pairs: tuple[tuple[str, nodes.Node], ...], scope: Scope) -> tuple[Iterators, Scope]:
    compiled: Iterators = []
    for name, domain in pairs:
        compiled.append((name, scope.compile(domain)))
        scope = scope.binding(name)
    return compiled, scope


def _frames(frame: Frame, iterators: Iterators) -> Iterator[Frame]:
    """Yield a frame for each combination; the last iterator runs fastest, and may depend on those before."""
    (name, domain), rest = iterators[0], iterators[1:]
    for value in iterate(frame.run, domain(frame)):
        inside = frame.bind(name, value)
        if rest:
            yield from _frames(inside, rest)
        else:
            yield inside


@compiles(nodes.For)
def _for(node: nodes.For, scope: Scope) -> Code:
    iterators, inner = _iterators(node.iterators, scope)
    inner = inner.binding("partial")
    body, cost = inner.weigh(node.body)
    needs_partial = "partial" in inner.used

    def loop(frame: Frame) -> list[Any] | None:
        run = frame.run
        found: list[Any] = []
        try:
            for inside in _frames(frame, iterators):
                run.spend(cost)
                if needs_partial:
                    run.spend_items(len(found))
                    inside = inside.bind("partial", list(found))
                found.append(body(inside))
        except NotIterable:
            return None
        run.spend_items(len(found))
        return found

    return loop


@compiles(nodes.Quantified)
def _quantified(node: nodes.Quantified, scope: Scope) -> Code:
    iterators, inner = _iterators(node.iterators, scope)
    condition, cost = inner.weigh(node.condition)
    decisive = node.quantifier == "some"

    def quantified(frame: Frame) -> bool | None:
        run, found = frame.run, not decisive
        undecided = False
        try:
            for inside in _frames(frame, iterators):
                run.spend(cost)
                met = condition(inside)
                if met is decisive:
                    return met is True
                if met is not found:
                    undecided = True
                    message = N_("satisfies 后面应为是或否，却是{kind}。")
                    run.note(message, kind=kind_name(met))
        except NotIterable:
            return None
        return None if undecided else found

    return quantified


@compiles(nodes.Filter)
def _filter(node: nodes.Filter, scope: Scope) -> Code:
    base = scope.compile(node.base)
    if isinstance(node.condition, nodes.Literal) and type(node.condition.value) is Decimal:
        position = node.condition.value
        return lambda frame: _at(frame.run, _items(base(frame)), position)
    inner, key = scope.filtering()
    condition, cost = inner.weigh(node.condition)

    def select(frame: Frame) -> Any:
        run, items, found = frame.run, _items(base(frame)), []
        for index, item in enumerate(items or [None]):
            run.spend(cost)
            met = condition(Frame(frame.root, {**frame.local, "item": item, key: item}, run))
            if met is True:
                found.append(item)
            elif index == 0 and type(met) is Decimal:
                return _at(run, items, met)
            elif met is not None and type(met) is not bool:
                run.note(N_("筛选条件应为是或否，却是{kind}。"), kind=kind_name(met))
        return found if items else []

    return select


def _items(value: Any) -> list[Any]:
    if type(value) is list:
        return value
    return [] if value is None else [value]


def _at(run: Run, items: list[Any], position: Decimal) -> Any:
    """Return the item at a position that counts from 1, or from -1 at the end; null outside the list."""
    index = whole(position)
    if index is None or index == 0 or abs(index) > len(items):
        run.note(N_("列表有 {count} 项，没有第 {position} 项。"), count=len(items), position=position)
        return None
    return items[index - 1 if index > 0 else index]

"""Built-ins for lists (DMN 1.5, 10.3.4.4). Positions count from 1, or from -1 at the end."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from engine.feel.comparison import DIRECT, compare, same
from engine.feel.decimals import whole
from engine.feel.errors import N_
from engine.feel.frame import Run
from engine.feel.functions import Builtin, Lambda, builtin, invoke


@builtin("list contains", "list: list, element: any")
def list_contains(run: Run, items: list[Any], element: Any) -> bool:
    run.spend_items(len(items))
    return any(item is None if element is None else same(run, item, element) for item in items)


@builtin("sublist", "list: list, start position: number, length?: number")
def sublist(run: Run, items: list[Any], start: Decimal, length: Decimal | None = None) -> list[Any] | None:
    first, size = whole(start), len(items) if length is None else whole(length)
    if not first or size is None or size < 0 or abs(first) > len(items):
        run.note(N_("sublist() 的起点或长度超出列表。"))
        return None
    begin = first - 1 if first > 0 else len(items) + first
    if length is not None and begin + size > len(items):
        run.note(N_("sublist() 的起点或长度超出列表。"))
        return None
    run.spend_items(size)
    return items[begin : begin + size]


@builtin("append", "list: list, *item: any")
def append(run: Run, items: list[Any], *added: Any) -> list[Any]:
    run.spend_items(len(items) + len(added))
    return [*items, *added]


@builtin("concatenate", "*list: list")
def concatenate(run: Run, *lists: list[Any]) -> list[Any]:
    run.spend_items(sum(map(len, lists)))
    return [item for items in lists for item in items]


@builtin("insert before", "list: list, position: number, newItem: any")
def insert_before(run: Run, items: list[Any], position: Decimal, added: Any) -> list[Any] | None:
    index = _index(run, items, position)
    return None if index is None else [*items[:index], added, *items[index:]]


@builtin("remove", "list: list, position: number")
def remove(run: Run, items: list[Any], position: Decimal) -> list[Any] | None:
    index = _index(run, items, position)
    return None if index is None else [*items[:index], *items[index + 1 :]]


@builtin("list replace", "list: list, position: number, newItem: any")
def list_replace(run: Run, items: list[Any], position: Decimal, new: Any) -> list[Any] | None:
    index = _index(run, items, position)
    return None if index is None else [*items[:index], new, *items[index + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: any")
def list_replace_matching(run: Run, items: list[Any], match: Any, new: Any) -> list[Any] | None:
    found = [invoke(run, match, [item, new]) for item in items]
    if any(type(met) is not bool for met in found):
        run.note(N_("list replace() 的函数没有得出是或否。"))
        return None
    run.spend_items(len(items))
    return [new if met else item for item, met in zip(items, found, strict=True)]


def _index(run: Run, items: list[Any], position: Decimal) -> int | None:
    place = whole(position)
    if not place or abs(place) > len(items):
        run.note(N_("列表有 {count} 项，没有第 {position} 项。"), count=len(items), position=position)
        return None
    run.spend_items(len(items))
    return place - 1 if place > 0 else len(items) + place


@builtin("reverse", "list: list")
def reverse(run: Run, items: list[Any]) -> list[Any]:
    run.spend_items(len(items))
    return items[::-1]


@builtin("index of", "list: list, match: any")
def index_of(run: Run, items: list[Any], match: Any) -> list[Decimal]:
    run.spend_items(len(items))
    return [Decimal(index) for index, item in enumerate(items, 1) if _alike(run, item, match)]


def _alike(run: Run, one: Any, other: Any) -> bool:
    return one is other is None or same(run, one, other)


def distinct(run: Run, items: list[Any]) -> list[Any]:
    """Return the items without repetitions, in the order of their first appearance."""
    seen: set[Any] = set()
    found: list[Any] = []
    others: list[Any] = []
    for item in items:
        run.spend(1)
        if item is None or type(item) in DIRECT or type(item) is bool:
            if (type(item), item) not in seen:
                seen.add((type(item), item))
                found.append(item)
        elif not any(_same_structure(run, item, other) for other in others):
            others.append(item)
            found.append(item)
    return found


def _same_structure(run: Run, one: Any, other: Any) -> bool:
    run.spend(3)
    return same(run, one, other)


@builtin("union", "*list: list")
def union(run: Run, *lists: list[Any]) -> list[Any]:
    return distinct(run, concatenate(run, *lists))


@builtin("distinct values", "list: list")
def distinct_values(run: Run, items: list[Any]) -> list[Any]:
    return distinct(run, items)


@builtin("duplicate values", "list: list")
def duplicate_values(run: Run, items: list[Any]) -> list[Any]:
    """Return, once each, the items that appear more than once (as in Camunda's FEEL; not in the specification)."""
    return [item for item in distinct(run, items) if len(index_of(run, items, item)) > 1]


@builtin("flatten", "list: list")
def flatten(run: Run, items: list[Any]) -> list[Any]:
    found: list[Any] = []
    for item in items:
        run.spend(1)
        found.extend(flatten(run, item) if type(item) is list else [item])
    run.spend_items(len(found))
    return found


@builtin("sort", "list: list, precedes?: function")
def sort(run: Run, items: list[Any], precedes: Lambda | Builtin | None = None) -> list[Any] | None:
    """Sort stably by ``precedes``; without it, numbers, texts, dates or durations of one kind in ascending order."""
    run.spend_items(len(items))
    if isinstance(precedes, Lambda) and len(precedes.parameters) != 2:
        run.note(N_("sort() 的函数应有两个参数。"))
        return None
    before: Callable[[Any, Any], Any] = (
        (lambda one, other: compare(run, "<", one, other))
        if precedes is None
        else (lambda one, other: invoke(run, precedes, [one, other]))
    )

    def order(one: Any, other: Any) -> int:
        run.spend(1)
        if before(one, other) is True:
            return -1
        return 1 if before(other, one) is True else 0

    if precedes is None and any(compare(run, "<=", item, items[0]) is None for item in items):
        return None
    return sorted(items, key=cmp_to_key(order))


@builtin("partition", "list: list, size: number")
def partition(run: Run, items: list[Any], size: Decimal) -> list[list[Any]] | None:
    """Cut the list into lists of this size (as in Camunda's FEEL; not in the specification)."""
    step = whole(size)
    if not step or step < 1:
        run.note(N_("partition() 的大小应为正整数。"))
        return None
    run.spend_items(len(items))
    return [items[start : start + step] for start in range(0, len(items), step)]


@builtin("is empty", "list: list")
def is_empty(run: Run, items: list[Any]) -> bool:
    """Say whether the list is empty (as in Camunda's FEEL; not in the specification)."""
    return not items

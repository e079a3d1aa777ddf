"""Walks through a graph of ids, without recursion: diagrams may be long."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

Graph = Mapping[str, Sequence[str]]


def reach(beginnings: Iterable[str], following: Graph) -> set[str]:
    """All ids that can be reached, the beginnings included."""
    waiting = list(beginnings)
    found: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(following.get(key, ()))
    return found


def finish_order(beginning: str, following: Graph, seen: Container[str] = ()) -> list[str]:
    """What a depth-first walk from ``beginning`` reaches, outside ``seen``, in the order in which it leaves them."""
    if beginning in seen:
        return []
    entered, left = {beginning}, []
    path = [(beginning, iter(following.get(beginning, ())))]
    while path:
        key, rest = path[-1]
        target = next((each for each in rest if each not in entered and each not in seen), None)
        if target is None:
            left.append(key)
            path.pop()
        else:
            entered.add(target)
            path.append((target, iter(following.get(target, ()))))
    return left


def circles(following: Graph) -> list[set[str]]:
    """The groups of ids that lie on common circles (strongly connected components that are not single points)."""
    order: dict[str, None] = {}
    for key in following:
        order.update(dict.fromkeys(finish_order(key, following, order)))
    backwards: dict[str, list[str]] = {key: [] for key in following}
    for key, targets in following.items():
        for target in targets:
            backwards.setdefault(target, []).append(key)
    found: list[set[str]] = []
    assigned: set[str] = set()
    for key in reversed(order):
        group = set(finish_order(key, backwards, assigned))
        assigned |= group
        if len(group) > 1 or (group and key in following[key]):
            found.append(group)
    return found

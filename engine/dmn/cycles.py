"""Decisions that require each other in a circle have no value."""

from __future__ import annotations

from collections.abc import Iterable

from engine.dmn.errors import N_, DmnModelError
from engine.dmn.graph import DecisionNode


def refuse_cycles(decisions: Iterable[DecisionNode]) -> None:
    """Give each decision on a circle of requirements a fault that names the circle."""
    done: set[DecisionNode] = set()
    for start in decisions:
        path: list[DecisionNode] = []
        stack: list[tuple[DecisionNode, int]] = [(start, 0)]
        while stack:
            node, depth = stack.pop()
            del path[depth:]
            if node in path:
                _refuse(path[path.index(node) :])
            elif node not in done:
                done.add(node)
                path.append(node)
                stack += [(each, depth + 1) for each in _required(node)]


def _required(node: DecisionNode) -> list[DecisionNode]:
    return [requirement.node for requirement in node.requires if isinstance(requirement.node, DecisionNode)]


def _refuse(circle: list[DecisionNode]) -> None:
    names = " → ".join(node.name for node in [*circle[:10], circle[0]])
    for node in circle:
        if node.fault is None:
            message = N_("决策互相需要，形成循环：{names}。请去掉其中一个信息需求。")
            node.fault = DmnModelError(message, 1, node.name, names=names)

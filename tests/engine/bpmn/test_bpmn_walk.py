"""Walks through graphs, held against what the definitions say."""

from __future__ import annotations

import random
import time

from engine.bpmn import check, read
from engine.bpmn.layout import outline
from engine.bpmn.walk import circles, finish_order, reach
from tests.bpmn_xml import Drawing
from tests.engine.bpmn.world import WORLD


def graphs() -> list[dict[str, list[str]]]:
    dice = random.Random(7)
    keys = "abcdefgh"
    return [{key: [other for other in keys if dice.random() < 0.2] for key in keys} for _ in range(200)]


def test_circles_are_what_reaches_each_other() -> None:
    for graph in graphs():
        after = {key: reach(graph[key], graph) for key in graph}
        expected = {
            frozenset(other for other in graph if other in after[key] and key in after[other])
            for key in graph
            if key in after[key]
        }

        assert {frozenset(group) for group in circles(graph)} == expected


def test_without_circles_the_finish_order_is_backwards_along_every_edge() -> None:
    for graph in graphs():
        forward = {key: [other for other in targets if other > key] for key, targets in graph.items()}
        order = finish_order("a", forward)

        assert all(order.index(target) < order.index(key) for key in order for target in forward[key])


def test_two_thousand_nodes_in_a_row_are_read_checked_and_listed_in_seconds() -> None:
    drawing = Drawing().start()
    for number in range(990):
        drawing.gateway("exclusive", f"merge{number}").script(f"step{number}", "=金额", "金额")
    source = drawing.end().flow("step900", "merge1", "=金额 > 1").xml()
    began = time.perf_counter()

    diagram = read(source)
    findings = check(diagram, WORLD)

    lines = [line.id for line in outline(diagram)]
    assert lines == ["start", *(f"{kind}{number}" for number in range(990) for kind in ("merge", "step")), "end"]
    assert "graph.busy-loop" in {finding.rule for finding in findings}
    assert time.perf_counter() - began < 5

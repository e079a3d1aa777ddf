"""Which variables hold what others held: mappings and the items of multi-instance carry values from name to name."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.bpmn.model import Node, Text
from engine.expressions import compile_expression


def with_copies(nodes: Collection[Node], names: frozenset[str]) -> frozenset[str]:
    """The names, and those of all variables that the nodes fill from them, directly or over others."""
    while True:
        found = names | {target for node in nodes for source, target in _ways(node) if _reads(source, names)}
        if found == names:
            return names
        names = found


def _ways(node: Node) -> Iterator[tuple[Text, str]]:
    for mapping in (*node.inputs, *node.outputs):
        yield mapping.source, mapping.target.partition(".")[0]
    loop = node.multi_instance
    if loop and loop.input_collection and loop.input_element:
        yield loop.input_collection, loop.input_element
    if loop and loop.output_element and loop.output_collection:
        yield loop.output_element, loop.output_collection


def _reads(source: Text, names: frozenset[str]) -> bool:
    if not source.is_feel or not any(name in source.value for name in names):
        return False  # most expressions need not be compiled
    return not compile_expression(source.value).variables.isdisjoint(names)

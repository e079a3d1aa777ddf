"""What may be under way several times at the same moment."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.model import Kind, Node, Process, Scope


def repeated(process: Process) -> frozenset[str]:
    """The ids of the activities of which several runs may be under way at the same time."""
    return frozenset(_repeated(process.scope, False))


def runs_beside(node: Node) -> bool:
    """Whether an activity itself has several runs at once: bodies, or an event sub-process that starts again."""
    if node.multi_instance is not None:
        return True
    return node.triggered_by_event and node.scope is not None and not _interrupts(node.scope)


def _repeated(scope: Scope, around: bool) -> Iterator[str]:
    for node in scope.nodes.values():
        several = around or runs_beside(node)
        if several:
            yield node.id
        if node.scope is not None:
            yield from _repeated(node.scope, several)


def _interrupts(handler: Scope) -> bool:
    return all(node.interrupting for node in handler.nodes.values() if node.kind is Kind.START_EVENT)

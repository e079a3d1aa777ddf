"""What of a process its scenarios have left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.bpmn.model import EventType, Kind, Node, Scope
from engine.database import Transaction
from engine.execution import latest_release
from engine.release import all_nodes
from engine.scenarios.passage import Passage


@dataclass(frozen=True)
class MissedFlow:
    """A sequence flow that was never taken: its id and name, and what it leads from and to as people call it."""

    id: str
    name: str
    source: str
    target: str


@dataclass(frozen=True)
class Missed:
    """An element that was never reached, or never did what it is for; ``name`` as people call it."""

    id: str
    name: str


@dataclass(frozen=True)
class Gaps:
    """What was left out. ``elements`` are those that were never reached and are not listed as something else."""

    flow_count: int
    flows: tuple[MissedFlow, ...]
    timers: tuple[Missed, ...]
    elements: tuple[Missed, ...]
    ends: tuple[Missed, ...]
    calls: tuple[Missed, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every flow was taken and every timer fired."""
        return not (self.flows or self.timers)


def gaps_of(tx: Transaction, key: str, passage: Passage) -> Gaps:
    """What the passage leaves out of the newest version of a process. Raises NotFound when there is none."""
    scope = latest_release(tx, key).process.scope
    nodes = all_nodes(scope)
    flows = list(_flows(scope))
    unreached = [node for node in nodes if node.id not in passage.elements and not _is_never_entered(node)]
    timers = [node for node in nodes if EventType.TIMER in node.event_types and node.id not in passage.timers]
    ends = [node for node in unreached if node.kind is Kind.END_EVENT]
    calls = [node for node in nodes if node.kind is Kind.CALL_ACTIVITY and node.id not in passage.calls]
    return Gaps(
        flow_count=len(flows),
        flows=tuple(flow for flow in flows if flow.id not in passage.flows),
        timers=_missed(timers),
        elements=_missed(node for node in unreached if node not in (*timers, *ends, *calls)),
        ends=_missed(ends),
        calls=_missed(calls),
    )


def _missed(nodes: Iterable[Node]) -> tuple[Missed, ...]:
    return tuple(Missed(node.id, node.name or node.id) for node in nodes)


def _flows(scope: Scope) -> Iterator[MissedFlow]:
    for flow in scope.flows.values():
        source, target = scope.nodes[flow.source], scope.nodes[flow.target]
        yield MissedFlow(flow.id, flow.name, source.name or source.id, target.name or target.id)
    for node in scope.nodes.values():
        if node.scope is not None:
            yield from _flows(node.scope)


def _is_never_entered(node: Node) -> bool:
    """No token ever stands on a boundary event for compensation: it only ties what is undone to what undoes it."""
    return node.kind is Kind.BOUNDARY_EVENT and EventType.COMPENSATION in node.event_types

"""A scope as places and transitions: tokens lie on sequence flows, nodes move them, and data are left out.

Whatever depends on data or on the outside may happen: every branch of a gateway, every boundary event. A node that only
hands one token on is no transition: the flows before and behind it are one place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import TypeVar

from engine.bpmn.model import EventType, Flow, Kind, Node, Scope
from engine.bpmn.walk import reach

#: Beyond this many conditional branches only single ones, and all at once, are tried.
MAX_SUBSETS = 5
#: Ends that take every token of their scope with them.
_CLEARING = frozenset({EventType.TERMINATE, EventType.ERROR, EventType.CANCEL})

T = TypeVar("T")
Places = tuple[str, ...]


@dataclass(frozen=True)
class Transition:
    """One node at work: takes a token from each place of ``takes`` and puts tokens by one of the ``outcomes``.

    ``clears`` ends the scope. ``waits_for`` holds, of an inclusive join, every incoming place; ``takes`` is then empty,
    and it takes one token from each of them that has one.
    """

    node: str
    takes: Places
    outcomes: tuple[Places, ...]
    clears: bool = False
    waits_for: Places = ()


@dataclass
class Net:
    """``starts`` holds the tokens of each way to begin, by its start event.

    ``joins`` says which places a join waits for; what lies on a ``harmless`` place only comes to its end. ``before``
    holds, for every place, the places that its tokens come from and the nodes that they pass. ``entered`` says from
    which places each node is entered.
    """

    starts: dict[str, Places] = field(default_factory=dict)
    transitions: list[Transition] = field(default_factory=list)
    joins: dict[str, Places] = field(default_factory=dict)
    harmless: frozenset[str] = frozenset()
    before: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    entered: dict[str, Places] = field(default_factory=dict)
    _reached: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)

    @cached_property
    def takers(self) -> dict[str, list[Transition]]:
        """The transitions that may take a token from each place."""
        found: dict[str, list[Transition]] = {}
        for transition in self.transitions:
            for place in dict.fromkeys(transition.takes or transition.waits_for):
                found.setdefault(place, []).append(transition)
        return found

    def reached(self, join: Transition) -> dict[str, frozenset[str]]:
        """For every place, which places of an inclusive join its tokens may come to without passing the join."""
        if join.node not in self._reached:
            found: dict[str, set[str]] = {}
            for place in dict.fromkeys(join.waits_for):
                waiting = [place]
                while waiting:
                    at = waiting.pop()
                    if place not in found.setdefault(at, set()):
                        found[at].add(place)
                        waiting += [earlier for earlier, passed in self.before.get(at, ()) if passed != join.node]
            self._reached[join.node] = {key: frozenset(places) for key, places in found.items()}
        return self._reached[join.node]


def net_of(scope: Scope) -> Net | None:
    """The net of a scope; None where it holds what this abstraction does not know, such as complex gateways."""
    nodes = {key: node for key, node in scope.nodes.items() if _in_flow(node)}
    if any(not _is_known(node) for node in nodes.values()):
        return None
    return _Builder(scope, nodes).net()


def _in_flow(node: Node) -> bool:
    return not (node.triggered_by_event or node.for_compensation)


def _is_known(node: Node) -> bool:
    return node.kind is not Kind.COMPLEX and (node.start_quantity, node.completion_quantity) == ("1", "1")


class _Builder:
    def __init__(self, scope: Scope, nodes: dict[str, Node]) -> None:
        self.nodes = nodes
        self.flows = {key: flow for key, flow in scope.flows.items() if flow.source in nodes and flow.target in nodes}
        self.into: dict[str, list[str]] = {key: [] for key in nodes}
        self.out: dict[str, list[Flow]] = {key: [] for key in nodes}
        for key, flow in self.flows.items():
            self.into[flow.target].append(key)
            self.out[flow.source].append(flow)
        self.boundary: dict[str, list[Node]] = {}
        for node in nodes.values():
            if node.kind is Kind.BOUNDARY_EVENT and EventType.COMPENSATION not in _types(node):
                self.boundary.setdefault(node.attached_to or "", []).append(node)
        self.catches: dict[str, list[str]] = {}
        for node in filter(_is_catching_link, nodes.values()):
            self.catches.setdefault(_link(node), []).append(node.id)
        self.place = {key: key for key in self.flows}
        self.apart = self._side_ways()
        self._join_what_hands_on()

    def net(self) -> Net:
        net = Net()
        for node in self.nodes.values():
            if node.kind is Kind.START_EVENT:
                net.starts[node.id] = self._all(node)
            elif not self._hands_on(node):
                net.transitions += self._transitions(node)
            if node.id in self.apart:
                net.starts[node.id] = self._all(node)
        working = {self.place[key] for key, flow in self.flows.items() if not self._only_ends(flow)}
        net.harmless = frozenset(self.place.values()) - working
        for transition in net.transitions:
            if len(wanted := transition.waits_for or transition.takes) > 1:
                net.joins[transition.node] = wanted
        net.before = self._before()
        net.entered = {key: tuple(dict.fromkeys(self._incoming(node))) for key, node in self.nodes.items()}
        return net

    def _transitions(self, node: Node) -> Iterator[Transition]:
        outcomes = tuple(dict.fromkeys(self._outcomes(node)))
        clears = node.kind is Kind.END_EVENT and not _CLEARING.isdisjoint(_types(node))
        incoming = self._incoming(node)
        if node.kind is Kind.PARALLEL:
            yield Transition(node.id, incoming, outcomes)
        elif node.kind is Kind.INCLUSIVE and len(incoming) > 1:
            yield Transition(node.id, (), outcomes, waits_for=incoming)
        else:
            yield from (Transition(node.id, (place,), outcomes, clears) for place in dict.fromkeys(incoming))

    def _outcomes(self, node: Node) -> Iterator[Places]:
        if node.kind is Kind.END_EVENT:
            yield ()
            return
        if _is_throwing_link(node):
            yield (f"link:{_link(node)}",)
            return
        normal = list(self._normal(node))
        events = self.boundary.get(node.id, [])
        leaving = [self._all(event) for event in events if event.interrupting]
        beside = [self._all(event) for event in events if not event.interrupting and event.id not in self.apart]
        for base in (*normal, *leaving):
            for extra in _subsets(beside, least=0):
                yield _sum((base, *extra))

    def _normal(self, node: Node) -> Iterator[Places]:
        out = self.out[node.id]
        if node.kind in (Kind.EXCLUSIVE, Kind.EVENT_BASED):
            yield from ((self.place[flow.id],) for flow in out) if out else ((),)
        elif node.kind is Kind.PARALLEL:
            yield self._all(node)
        else:
            yield from self._chosen(node, out)

    def _chosen(self, node: Node, out: list[Flow]) -> Iterator[Places]:
        """Flows without a condition always, a choice of the others, the default one only if none is chosen."""
        every = node.kind is Kind.INCLUSIVE and len(out) > 1
        default = [flow for flow in out if flow.id == node.default_flow]
        free = [flow for flow in out if flow.id != node.default_flow and (every or flow.condition is not None)]
        always = [flow for flow in out if flow not in default and flow not in free]
        if not free:
            yield self._of([*always, *default])
            return
        yield from (self._of([*always, *choice]) for choice in _subsets(free, least=1))
        if default or always:
            yield self._of([*always, *default])

    def _incoming(self, node: Node) -> Places:
        places = tuple(self.place[key] for key in self.into[node.id])
        if _is_catching_link(node):
            return (*places, f"link:{_link(node)}")
        return places

    def _all(self, node: Node) -> Places:
        return self._of(self.out[node.id])

    def _of(self, flows: Iterable[Flow]) -> Places:
        return tuple(sorted(self.place[flow.id] for flow in flows))

    def _hands_on(self, node: Node) -> bool:
        plain = node.kind not in (Kind.START_EVENT, Kind.END_EVENT, Kind.BOUNDARY_EVENT)
        one = len(self.into[node.id]) == 1 and len(self.out[node.id]) == 1
        return plain and one and not self.boundary.get(node.id)

    def _join_what_hands_on(self) -> None:
        groups = {key: [key] for key in self.flows}
        for node in self.nodes.values():
            if not self._hands_on(node):
                continue
            large, small = self.place[self.into[node.id][0]], self.place[self.out[node.id][0].id]
            if large == small:
                continue
            if len(groups[large]) < len(groups[small]):
                large, small = small, large
            for key in groups[small]:
                self.place[key] = large
            groups[large] += groups.pop(small)

    def _side_ways(self) -> frozenset[str]:
        """Boundary events that do not interrupt and whose ways never meet the others': they are games of their own.

        However often such an event occurs, its tokens wait for nobody and nobody waits for them.
        """
        beside = [event.id for events in self.boundary.values() for event in events if not event.interrupting]
        if not beside:
            return frozenset()
        following = {node: self._after(node) for node in self.nodes}
        main = reach([key for key, node in self.nodes.items() if node.kind is Kind.START_EVENT], following)
        ways = {key: reach([key], following) for key in beside}
        met = Counter(node for way in ways.values() for node in way)
        return frozenset(key for key, way in ways.items() if not way & main and all(met[node] == 1 for node in way))

    def _after(self, node: str) -> list[str]:
        """The nodes that a token may come to next, by whatever does not stand beside the flow."""
        leaving = [event.id for event in self.boundary.get(node, ()) if event.interrupting]
        throw = self.nodes[node]
        links = self.catches.get(_link(throw), []) if _is_throwing_link(throw) else []
        return [*(flow.target for flow in self.out[node]), *leaving, *links]

    def _only_ends(self, flow: Flow) -> bool:
        """Whether a token on the flow does nothing but end, by itself."""
        at = flow
        for _step in range(len(self.nodes)):
            target = self.nodes[at.target]
            if target.kind is Kind.END_EVENT:
                return target.event is None or target.event.type is EventType.NONE
            if target.kind not in (Kind.EXCLUSIVE, Kind.INCLUSIVE) or len(self.out[target.id]) != 1:
                return False
            at = self.out[target.id][0]
        return False

    def _before(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for key, flow in self.flows.items():
            for place in self._next(self.nodes[flow.target]):
                if place != self.place[key]:
                    found.setdefault(place, []).append((self.place[key], flow.target))
        for link, catches in self.catches.items():
            for catch in catches:
                for place in self._all(self.nodes[catch]):
                    found.setdefault(place, []).append((f"link:{link}", catch))
        return found

    def _next(self, node: Node) -> list[str]:
        links = [f"link:{_link(node)}"] if _is_throwing_link(node) else []
        events = [place for event in self.boundary.get(node.id, ()) for place in self._all(event)]
        return [*self._all(node), *links, *events]


def _types(node: Node) -> frozenset[EventType]:
    return frozenset(each.type for each in node.events)


def _link(node: Node) -> str:
    return next((each.link or "" for each in node.events if each.type is EventType.LINK), "")


def _is_throwing_link(node: Node) -> bool:
    return node.kind is Kind.INTERMEDIATE_THROW and EventType.LINK in _types(node)


def _is_catching_link(node: Node) -> bool:
    return node.kind is Kind.INTERMEDIATE_CATCH and EventType.LINK in _types(node)


def _subsets(of: Collection[T], least: int) -> Iterator[tuple[T, ...]]:
    sizes: Iterable[int] = range(least, len(of) + 1)
    if len(of) > MAX_SUBSETS:
        sizes = sorted({least, 1, len(of)})
    for size in sizes:
        yield from combinations(of, size)


def _sum(parts: Iterable[Places]) -> Places:
    return tuple(sorted(place for part in parts for place in part))

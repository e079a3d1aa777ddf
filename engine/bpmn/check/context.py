"""What the rules look at: the diagram with its nodes by id and where each of them lies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from engine.bpmn.diagram import Diagram
from engine.bpmn.element import Element, Reference
from engine.bpmn.jumps import Judgement, judged
from engine.bpmn.metamodel import TYPES, is_a
from engine.bpmn.model import Flow, Kind, Node, Process, Scope
from engine.bpmn.net import net_of
from engine.bpmn.statespace import Verdict, explore
from engine.bpmn.world import World

ACTIVITIES = frozenset(
    {Kind.TASK, Kind.USER_TASK, Kind.MANUAL_TASK, Kind.SCRIPT_TASK, Kind.SERVICE_TASK, Kind.SEND_TASK}
    | {Kind.RECEIVE_TASK, Kind.BUSINESS_RULE_TASK, Kind.SUB_PROCESS, Kind.TRANSACTION, Kind.AD_HOC, Kind.CALL_ACTIVITY}
)
GATEWAYS = frozenset({Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE, Kind.EVENT_BASED, Kind.COMPLEX})


@dataclass(frozen=True)
class Place:
    """One scope: a process, or a sub-process node (``owner``) inside it."""

    process: Process
    scope: Scope
    owner: Node | None = None

    @property
    def is_event_sub_process(self) -> bool:
        """Whether the scope belongs to an event sub-process."""
        return self.owner is not None and self.owner.triggered_by_event

    @property
    def is_ad_hoc(self) -> bool:
        """Whether the scope belongs to an ad-hoc sub-process, whose activities need no flows."""
        return self.owner is not None and self.owner.kind is Kind.AD_HOC


@dataclass(frozen=True)
class Context:
    """A diagram seen by a rule; ``processes`` are those that the rule is about, ``deploying``: it is to run."""

    diagram: Diagram
    world: World
    processes: tuple[Process, ...]
    deploying: bool = False

    @cached_property
    def elements(self) -> dict[str, list[Element]]:
        """Every BPMN element of the file by its tag, in document order."""
        found: dict[str, list[Element]] = {}
        for each in self.diagram.root.walk():
            found.setdefault(each.tag, []).append(each)
        return found

    @cached_property
    def element(self) -> dict[str, Element]:
        """Every BPMN element of the file by its id."""
        return {each.id: each for each in self.diagram.root.walk() if each.id}

    @cached_property
    def misdirected(self) -> frozenset[str]:
        """Ids of elements with a reference that leads to something of the wrong kind."""
        return frozenset(each.element for each in self.diagram.references if not self.leads_right(each))

    @staticmethod
    def leads_right(reference: Reference) -> bool:
        """Whether a reference leads to what the metamodel expects, or nowhere."""
        type_ = TYPES[reference.tag]
        meant = type_.attributes.get(reference.attribute) or type_.children.get(reference.attribute)
        return reference.found is None or meant is None or is_a(reference.found, meant.kinds)

    @cached_property
    def executable(self) -> frozenset[str]:
        """The keys of the processes that are meant to run."""
        return frozenset(each.key for each in self.diagram.processes if each.executable)

    def find(self, *tags: str) -> Iterator[Element]:
        """Every BPMN element with one of these tags."""
        return (each for tag in tags for each in self.elements.get(tag, ()))

    def target(self, reference: str) -> Element | None:
        """The element that a reference names, with or without a prefix; None when the file has none."""
        return self.element.get(reference.strip().rpartition(":")[2])

    def runs(self, element: Element) -> bool:
        """Whether the element belongs to an executable process."""
        return any(each.tag == "process" and each.id in self.executable for each in element.upwards())

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """All scopes, an outer one before the scopes inside it."""
        return tuple(each for process in self.processes for each in _places(Place(process, process.scope)))

    @cached_property
    def place_of(self) -> dict[str, Place]:
        """The scope in which each node lies, by the node's id."""
        return {node: place for place in self.places for node in place.scope.nodes}

    @cached_property
    def node(self) -> dict[str, Node]:
        """Every node by its id."""
        return {key: node for place in self.places for key, node in place.scope.nodes.items()}

    @cached_property
    def flow(self) -> dict[str, Flow]:
        """Every sequence flow by its id."""
        return {key: flow for place in self.places for key, flow in place.scope.flows.items()}

    @cached_property
    def boundary(self) -> dict[str, list[Node]]:
        """The boundary events of each activity, by the activity's id."""
        found: dict[str, list[Node]] = {}
        for event in self.nodes(Kind.BOUNDARY_EVENT):
            found.setdefault(event.attached_to or "", []).append(event)
        return found

    @cached_property
    def listed(self) -> Counter[tuple[str, str]]:
        """How many flows each node lists itself, by its id and ``incoming`` or ``outgoing``."""
        return Counter((each.element, each.attribute) for each in self.diagram.references)

    def lacks(self, node: Node, side: str) -> bool:
        """Whether a node has no flow on a side, ``incoming`` or ``outgoing``.

        In a drawing, what a node lists counts as well: a flow that leads elsewhere is then the fault, not the node.
        """
        flows = node.incoming if side == "incoming" else node.outgoing
        return not flows and (self.deploying or not self.listed[node.id, side])

    @cached_property
    def verdicts(self) -> tuple[tuple[Place, Verdict], ...]:
        """What can happen to the tokens of every scope, for each way in which it can begin."""
        found: list[tuple[Place, Verdict]] = []
        for place in self.places:
            if net := net_of(place.scope):
                found += [(place, explore(net, start)) for start in net.starts.values() if start]
        return tuple(found)

    @cached_property
    def returns(self) -> dict[str, Judgement]:
        """Where a case may go back from each user task and where not, by the id of the task."""
        return {task: found for process in self.processes for task, found in judged(process).items()}

    @cached_property
    def associated(self) -> frozenset[str]:
        """Ids of what an association leads to: handlers of compensation stand outside the flow."""
        return frozenset(each.get("targetRef") for each in self.find("association"))

    def nodes(self, *kinds: Kind) -> Iterator[Node]:
        """Every node of these kinds, of every kind without any."""
        return (node for node in self.node.values() if not kinds or node.kind in kinds)

    def outgoing(self, node: Node) -> list[Flow]:
        """The flows that leave the node."""
        return [self.flow[each] for each in node.outgoing if each in self.flow]

    def incoming(self, node: Node) -> list[Flow]:
        """The flows that reach the node."""
        return [self.flow[each] for each in node.incoming if each in self.flow]


def names_in(process: Process, name: str) -> list[str]:
    """A process property that lists names, separated by commas of either kind."""
    listed = (process.property(name) or "").replace("，", ",").split(",")
    return [each.strip() for each in listed if each.strip()]


def _places(place: Place) -> Iterator[Place]:
    yield place
    for node in place.scope.nodes.values():
        if node.scope is not None:
            yield from _places(Place(place.process, node.scope, node))

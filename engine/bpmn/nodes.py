"""Flow nodes and sequence flows: the contents of processes and sub-processes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import lxml.etree as etree

from engine.bpmn import behavior, events, xml, zeebe
from engine.bpmn.events import Catalogue, local_id
from engine.bpmn.lanes import Lanes
from engine.bpmn.model import EventDefinition, EventType, Flow, Kind, Node, Scope, Text
from engine.bpmn.names import BPMN, NODE_KINDS

EVENT_KINDS = frozenset(
    {Kind.START_EVENT, Kind.END_EVENT, Kind.INTERMEDIATE_CATCH, Kind.INTERMEDIATE_THROW, Kind.BOUNDARY_EVENT}
)
_CATCHING = frozenset({Kind.START_EVENT, Kind.INTERMEDIATE_CATCH, Kind.BOUNDARY_EVENT})
#: How an event says whether it interrupts; it does unless it says no.
_INTERRUPTS = {Kind.BOUNDARY_EVENT: "cancelActivity", Kind.START_EVENT: "isInterrupting"}
SUB_PROCESS_KINDS = frozenset({Kind.SUB_PROCESS, Kind.TRANSACTION, Kind.AD_HOC})


def associations(definitions: etree._Element) -> dict[str, list[str]]:
    """What associations lead to from each element, in document order; where they are drawn says nothing."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in definitions.iter(f"{{{BPMN}}}association"):
        found[local_id(each.get("sourceRef", ""))].append(local_id(each.get("targetRef", "")))
    return found


#: What is a variable of the element in which it stands (10.3.1); references to it are labels.
_DATA = frozenset({"property", "dataObject"})


@dataclass(frozen=True)
class Flows:
    """All sequence flows of a process, at whatever depth, by the node that they leave or reach.

    The flows' own ends are the truth; the ``incoming`` and ``outgoing`` children of nodes only repeat them.
    """

    leaving: dict[str, list[str]]
    reaching: dict[str, list[str]]

    @classmethod
    def of(cls, process: etree._Element) -> Flows:
        """Collect the flows in document order."""
        result = cls(defaultdict(list), defaultdict(list))
        for element in process.iter(f"{{{BPMN}}}sequenceFlow"):
            result.leaving[local_id(element.get("sourceRef", ""))].append(element.get("id", ""))
            result.reaching[local_id(element.get("targetRef", ""))].append(element.get("id", ""))
        return result


def documentation(element: etree._Element) -> str:
    """The texts of the ``documentation`` children, one paragraph each."""
    found = element.iterfind(f"{{{BPMN}}}documentation")
    return "\n".join(text for each in found if (text := "".join(each.itertext()).strip()))


@dataclass(frozen=True)
class ScopeReader:
    """Reads one process; it knows what the file declares, its associations, the process's flows and its lanes."""

    catalogue: Catalogue
    flows: Flows
    lanes: Lanes
    associations: dict[str, list[str]]

    def scope(self, element: etree._Element, lane: str | None) -> Scope:
        """The nodes and flows directly inside ``element``; ``lane`` is where the element itself lies."""
        result = Scope()
        for child in element:
            if xml.namespace(child) != BPMN:
                continue
            if xml.local(child) == "sequenceFlow":
                result.flows[child.get("id", "")] = _flow(child)
            elif kind := NODE_KINDS.get(xml.local(child)):
                result.nodes[child.get("id", "")] = self._node(child, kind, lane)
        result.compensations.update(self._compensations(result.nodes))
        return result

    def _compensations(self, nodes: dict[str, Node]) -> Iterator[tuple[str, tuple[str, ...]]]:
        for id, node in nodes.items():
            if node.kind is Kind.BOUNDARY_EVENT and EventType.COMPENSATION in node.event_types:
                yield id, tuple(target for target in self.associations.get(id, ()) if target in nodes)

    def _node(self, element: etree._Element, kind: Kind, outer_lane: str | None) -> Node:
        own_id = element.get("id", "")
        lane = self.lanes.of(own_id) or outer_lane
        return Node(
            id=own_id,
            kind=kind,
            name=" ".join(element.get("name", "").split()),
            line=xml.line(element),
            incoming=tuple(self.flows.reaching.get(own_id, ())),
            outgoing=tuple(self.flows.leaving.get(own_id, ())),
            lane=lane,
            scope=self.scope(element, lane) if kind in SUB_PROCESS_KINDS else None,
            multi_instance=behavior.multi_instance(element, self.catalogue),
            standard_loop=zeebe.standard_loop(element),
            documentation=documentation(element),
            declared=_declared(element),
            **_attributes(element, kind),
            **self._events(element, kind),
            **zeebe.extensions(element),
        )

    def _events(self, element: etree._Element, kind: Kind) -> dict[str, Any]:
        if kind in (Kind.SEND_TASK, Kind.RECEIVE_TASK):
            message = events.message_of(element, self.catalogue)
            return {"event": message, "events": (message,)}
        if kind not in EVENT_KINDS:
            return {}
        found: tuple[EventDefinition, ...] = events.definitions_of(element, self.catalogue)
        return {"event": events.summary(found, xml.line(element)), "events": found}


def _declared(element: etree._Element) -> tuple[str, ...]:
    """The names of the properties and data objects directly inside; their ids where they have no name."""
    found = (child for child in element if xml.namespace(child) == BPMN and xml.local(child) in _DATA)
    return tuple(dict.fromkeys(name for each in found if (name := each.get("name", "").strip() or each.get("id", ""))))


def _attributes(element: etree._Element, kind: Kind) -> dict[str, Any]:
    """The attributes that elements of this kind have; the same names on others mean nothing."""
    default, attached = element.get("default"), element.get("attachedToRef")
    return {
        "default_flow": local_id(default) if default else None,
        "attached_to": local_id(attached) if attached and kind is Kind.BOUNDARY_EVENT else None,
        "interrupting": kind not in _INTERRUPTS or element.get(_INTERRUPTS[kind]) not in ("false", "0"),
        "triggered_by_event": kind in SUB_PROCESS_KINDS and _yes(element, "triggeredByEvent"),
        "for_compensation": _yes(element, "isForCompensation"),
        "parallel_multiple": kind in _CATCHING and _yes(element, "parallelMultiple"),
        "instantiate": kind in (Kind.RECEIVE_TASK, Kind.EVENT_BASED) and _yes(element, "instantiate"),
        "direction": element.get("gatewayDirection"),
        "start_quantity": element.get("startQuantity", "1"),
        "completion_quantity": element.get("completionQuantity", "1"),
    }


def _yes(element: etree._Element, attribute: str) -> bool:
    return element.get(attribute) in ("true", "1")


def _flow(element: etree._Element) -> Flow:
    condition = element.find(f"{{{BPMN}}}conditionExpression")
    raw = None if condition is None else "".join(condition.itertext())
    return Flow(
        id=element.get("id", ""),
        source=local_id(element.get("sourceRef", "")),
        target=local_id(element.get("targetRef", "")),
        name=" ".join(element.get("name", "").split()),
        line=xml.line(element),
        condition=None if raw is None else Text.parse(raw),
    )

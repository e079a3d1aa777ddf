"""Diagrams as data, written down quickly: a builder that gives ``engine.bpmn.model`` dataclasses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from engine.bpmn.model import (
    EventDefinition,
    EventType,
    Flow,
    Kind,
    Mapping,
    MultiInstance,
    Node,
    OnCompletion,
    Process,
    Scope,
    Text,
    TimerDefinition,
)


def timer(text: str, kind: str = "duration") -> EventDefinition:
    """A timer; ``kind`` is duration, date or cycle."""
    return EventDefinition(EventType.TIMER, timer=TimerDefinition(kind, Text.parse(text)))


def cycle(text: str) -> EventDefinition:
    """A cycle timer such as ``R3/PT1H``."""
    return timer(text, "cycle")


def message(name: str, key: str | None = None) -> EventDefinition:
    """A message with its correlation key, which is FEEL with ``=``."""
    return EventDefinition(EventType.MESSAGE, name=Text.parse(name), correlation=Text.parse(key) if key else None)


def signal(name: str) -> EventDefinition:
    """A signal."""
    return EventDefinition(EventType.SIGNAL, name=Text.parse(name))


def condition(text: str) -> EventDefinition:
    """A condition; FEEL with ``=``."""
    return EventDefinition(EventType.CONDITIONAL, condition=Text.parse(text))


def error(code: str | None = None) -> EventDefinition:
    """An error; to catch, None means any."""
    return EventDefinition(EventType.ERROR, code=code)


def escalation(code: str | None = None) -> EventDefinition:
    """An escalation; to catch, None means any."""
    return EventDefinition(EventType.ESCALATION, code=code)


def link(name: str) -> EventDefinition:
    """A link."""
    return EventDefinition(EventType.LINK, link=name)


def compensation(activity: str | None = None, wait: bool = True) -> EventDefinition:
    """Compensation; to throw, None means all of the scope."""
    return EventDefinition(EventType.COMPENSATION, activity=activity, wait_for_completion=wait)


def several(*definitions: EventDefinition) -> dict[str, Any]:
    """The fields of an event with several definitions."""
    return {"event": EventDefinition(EventType.MULTIPLE), "events": definitions}


TERMINATE = EventDefinition(EventType.TERMINATE)
CANCEL = EventDefinition(EventType.CANCEL)


def mappings(*pairs: tuple[str, str]) -> tuple[Mapping, ...]:
    """Input or output mappings from pairs of FEEL source (with ``=``) and target."""
    return tuple(Mapping(Text.parse(source), target) for source, target in pairs)


def each(
    collection: str | None = None,
    item: str | None = None,
    *,
    sequential: bool = False,
    output: tuple[str, str] | None = None,
    until: str | None = None,
    cardinality: str | None = None,
    then: OnCompletion | None = None,
) -> MultiInstance:
    """Multi-instance; ``output`` is the collection and the FEEL of one element, ``then`` what a completion does."""
    return MultiInstance(
        sequential=sequential,
        input_collection=Text.parse(collection) if collection else None,
        input_element=item,
        output_collection=output[0] if output else None,
        output_element=Text.parse(output[1]) if output else None,
        completion=Text.parse(until) if until else None,
        cardinality=Text.parse(cardinality) if cardinality else None,
        on_completion=(then,) if then else (),
    )


class ProcessBuilder:
    """Collects nodes and flows of a process or a sub-process. Every method gives the builder back."""

    def __init__(self, key: str = "p") -> None:
        self.key = key
        self._nodes: dict[str, Node] = {}
        self._flows: dict[str, Flow] = {}
        self._compensations: dict[str, tuple[str, ...]] = {}

    def add(self, kind: Kind, id: str, **fields: Any) -> ProcessBuilder:
        """Add any node; its name is its id."""
        self._nodes[id] = Node(id=id, kind=kind, name=id, line=len(self._nodes) + 1, **fields)
        return self

    def start(self, id: str = "start", event: EventDefinition | None = None, **fields: Any) -> ProcessBuilder:
        """Add a start event."""
        return self.add(Kind.START_EVENT, id, event=event, **fields)

    def end(self, id: str = "end", event: EventDefinition | None = None, **fields: Any) -> ProcessBuilder:
        """Add an end event."""
        return self.add(Kind.END_EVENT, id, event=event, **fields)

    def user(self, *ids: str, **fields: Any) -> ProcessBuilder:
        """Add user tasks."""
        return self._each(Kind.USER_TASK, ids, **fields)

    def task(self, *ids: str, **fields: Any) -> ProcessBuilder:
        """Add tasks that pass at once."""
        return self._each(Kind.TASK, ids, **fields)

    def script(self, id: str, expression: str, result: str | None = None, **fields: Any) -> ProcessBuilder:
        """Add a script task; ``expression`` is FEEL with ``=``."""
        return self.add(Kind.SCRIPT_TASK, id, script=Text.parse(expression), result_variable=result, **fields)

    def rule(self, id: str, decision: str | None, result: str | None, **fields: Any) -> ProcessBuilder:
        """Add a business rule task; ``decision`` is an id, or FEEL with ``=``."""
        by = Text.parse(decision) if decision is not None else None
        return self.add(Kind.BUSINESS_RULE_TASK, id, decision=by, result_variable=result, **fields)

    def service(self, id: str, **fields: Any) -> ProcessBuilder:
        """Add a service task."""
        return self.add(Kind.SERVICE_TASK, id, job_type=Text("work", False), **fields)

    def call(self, id: str, **fields: Any) -> ProcessBuilder:
        """Add a call activity."""
        return self.add(Kind.CALL_ACTIVITY, id, called_process=Text("other", False), **fields)

    def exclusive(self, *ids: str) -> ProcessBuilder:
        """Add exclusive gateways."""
        return self._each(Kind.EXCLUSIVE, ids)

    def parallel(self, *ids: str) -> ProcessBuilder:
        """Add parallel gateways."""
        return self._each(Kind.PARALLEL, ids)

    def inclusive(self, *ids: str) -> ProcessBuilder:
        """Add inclusive gateways."""
        return self._each(Kind.INCLUSIVE, ids)

    def choice(self, *ids: str) -> ProcessBuilder:
        """Add event-based gateways."""
        return self._each(Kind.EVENT_BASED, ids)

    def catch(self, id: str, event: EventDefinition | None = None, **fields: Any) -> ProcessBuilder:
        """Add an intermediate catch event."""
        return self.add(Kind.INTERMEDIATE_CATCH, id, event=event, **fields)

    def throw(self, id: str, event: EventDefinition | None = None, **fields: Any) -> ProcessBuilder:
        """Add an intermediate throw event."""
        return self.add(Kind.INTERMEDIATE_THROW, id, event=event, **fields)

    def boundary(
        self, id: str, host: str, event: EventDefinition | None = None, interrupting: bool = True, **fields: Any
    ) -> ProcessBuilder:
        """Add a boundary event on the activity ``host``."""
        return self.add(Kind.BOUNDARY_EVENT, id, attached_to=host, event=event, interrupting=interrupting, **fields)

    def undo(
        self, host: str, handler: str, kind: Kind = Kind.USER_TASK, at: str | None = None, **fields: Any
    ) -> ProcessBuilder:
        """Let the compensation activity ``handler`` undo the activity ``host``; ``at`` is the boundary event's id."""
        at = at or f"{handler}.{host}"
        self.boundary(at, host, compensation()).add(kind, handler, for_compensation=True, **fields)
        self._compensations[at] = (handler,)
        return self

    def transaction(self, id: str, inside: ProcessBuilder, **fields: Any) -> ProcessBuilder:
        """Add a transaction."""
        return self.add(Kind.TRANSACTION, id, scope=inside.scope(), **fields)

    def sub(self, id: str, inside: ProcessBuilder, **fields: Any) -> ProcessBuilder:
        """Add an embedded sub-process."""
        return self.add(Kind.SUB_PROCESS, id, scope=inside.scope(), **fields)

    def on(self, id: str, inside: ProcessBuilder) -> ProcessBuilder:
        """Add an event sub-process."""
        return self.sub(id, inside, triggered_by_event=True)

    def flow(self, source: str, target: str, condition: str | None = None, default: bool = False) -> ProcessBuilder:
        """Add a sequence flow; ``condition`` is FEEL with ``=``."""
        id = f"{source}>{target}"
        while id in self._flows:
            id += "+"
        condition_text = Text.parse(condition) if condition is not None else None
        self._flows[id] = Flow(id, source, target, "", 0, condition_text)
        before, after = self._nodes[source], self._nodes[target]
        default_flow = id if default else before.default_flow
        self._nodes[source] = replace(before, outgoing=(*before.outgoing, id), default_flow=default_flow)
        after = self._nodes[target]
        self._nodes[target] = replace(after, incoming=(*after.incoming, id))
        return self

    def chain(self, *ids: str) -> ProcessBuilder:
        """Connect each node with the next one."""
        for source, target in pairwise(ids):
            self.flow(source, target)
        return self

    def scope(self) -> Scope:
        """What has been collected, as the contents of a sub-process."""
        return Scope(dict(self._nodes), dict(self._flows), dict(self._compensations))

    def build(self) -> Process:
        """What has been collected, as a process."""
        return Process(self.key, self.key, True, self.scope())

    def _each(self, kind: Kind, ids: Iterable[str], **fields: Any) -> ProcessBuilder:
        for id in ids:
            self.add(kind, id, **fields)
        return self

"""Processes as plain data: what the reader understood, what the checker checks and what the token layer builds from.

Names follow BPMN 2.0 (OMG formal/2011-01-03) and the Zeebe dialect of the extension elements. Expressions are FEEL
texts without their leading ``=``; a text that had none is a literal and stands in a field that says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a flow node is; the value is the BPMN element's name."""

    START_EVENT = "startEvent"
    END_EVENT = "endEvent"
    INTERMEDIATE_CATCH = "intermediateCatchEvent"
    INTERMEDIATE_THROW = "intermediateThrowEvent"
    BOUNDARY_EVENT = "boundaryEvent"
    USER_TASK = "userTask"
    MANUAL_TASK = "manualTask"
    TASK = "task"
    SCRIPT_TASK = "scriptTask"
    SERVICE_TASK = "serviceTask"
    SEND_TASK = "sendTask"
    RECEIVE_TASK = "receiveTask"
    BUSINESS_RULE_TASK = "businessRuleTask"
    EXCLUSIVE = "exclusiveGateway"
    PARALLEL = "parallelGateway"
    INCLUSIVE = "inclusiveGateway"
    EVENT_BASED = "eventBasedGateway"
    COMPLEX = "complexGateway"
    SUB_PROCESS = "subProcess"
    TRANSACTION = "transaction"
    AD_HOC = "adHocSubProcess"
    CALL_ACTIVITY = "callActivity"


class EventType(StrEnum):
    """The event definition of an event; NONE when it has none."""

    NONE = "none"
    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    ERROR = "error"
    ESCALATION = "escalation"
    TERMINATE = "terminate"
    CONDITIONAL = "conditional"
    LINK = "link"
    COMPENSATION = "compensate"
    CANCEL = "cancel"
    MULTIPLE = "multiple"


@dataclass(frozen=True)
class Text:
    """A value of a diagram that may be an expression: ``=…`` is FEEL, anything else is a literal."""

    value: str
    is_feel: bool

    @classmethod
    def parse(cls, raw: str) -> Text:
        """Read the raw text of an attribute or element; a leading ``=`` makes it FEEL."""
        raw = raw.strip()
        return cls(raw[1:].strip(), True) if raw.startswith("=") else cls(raw, False)


@dataclass(frozen=True)
class TimerDefinition:
    """``kind`` is date, duration or cycle; ``text`` an ISO 8601 literal (a cycle also cron) or FEEL."""

    kind: str
    text: Text


@dataclass(frozen=True)
class EventDefinition:
    """One event definition of an event node.

    ``name`` is the message or signal name, ``code`` the error or escalation code (None catches all),
    ``correlation`` the FEEL text of the subscription's correlation key, ``activity`` what is compensated, None for all,
    ``wait_for_completion`` whether the thrower goes on only after that.
    """

    type: EventType
    timer: TimerDefinition | None = None
    name: Text | None = None
    code: str | None = None
    correlation: Text | None = None
    condition: Text | None = None
    link: str | None = None
    activity: str | None = None
    wait_for_completion: bool = True
    line: int = 0


@dataclass(frozen=True)
class Mapping:
    """One ``zeebe:input`` or ``zeebe:output``: the FEEL ``source`` is written to the dotted path ``target``."""

    source: Text
    target: str


@dataclass(frozen=True)
class MultiInstance:
    """``zeebe:loopCharacteristics`` of an activity. ``completion`` is FEEL without ``=``."""

    sequential: bool
    input_collection: Text | None
    input_element: str | None
    output_collection: str | None
    output_element: Text | None
    completion: Text | None = None
    cardinality: Text | None = None
    on_completion: tuple[OnCompletion, ...] = ()


@dataclass(frozen=True)
class OnCompletion:
    """What the completion of an instance brings about (``behavior``): it throws ``event``, ``ends`` cancels the others.

    So it is at every completion, with ``first_only`` at the first, with a ``condition`` when that is true.
    """

    event: EventDefinition | None
    condition: Text | None = None
    first_only: bool = False
    ends: bool = False


@dataclass(frozen=True)
class StandardLoop:
    """``standardLoopCharacteristics``: it runs again while ``condition`` is true, ``maximum`` times at most."""

    test_before: bool = False
    condition: Text | None = None
    maximum: Text | None = None


@dataclass(frozen=True)
class Assignment:
    """Who may do a user task: candidate groups ``position@place``, users, one assignee."""

    groups: tuple[Text, ...] = ()
    users: tuple[Text, ...] = ()
    assignee: Text | None = None


@dataclass(frozen=True)
class Node:
    """A flow node with everything that its kind can carry; what does not apply keeps its default.

    ``event`` is the one event definition of an event (NONE without any, MULTIPLE with several, all in ``events``) and
    the message of a send or receive task. ``form_key`` is a form of another engine's kind, which the checker refuses.
    ``called_binding`` says which version is called: latest, deployment or versionTag (then ``called_tag``).
    ``direction``, ``parallel_multiple`` and ``instantiate`` are the attributes of gateways, events and receive tasks,
    ``declared`` the names of its own properties and data objects.
    """

    id: str
    kind: Kind
    name: str
    line: int
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default_flow: str | None = None
    lane: str | None = None
    event: EventDefinition | None = None
    events: tuple[EventDefinition, ...] = ()
    attached_to: str | None = None
    interrupting: bool = True
    scope: Scope | None = None
    triggered_by_event: bool = False
    multi_instance: MultiInstance | None = None
    standard_loop: StandardLoop | None = None
    form_id: str | None = None
    assignment: Assignment | None = None
    due: Text | None = None
    follow_up: Text | None = None
    priority: Text | None = None
    script: Text | None = None
    result_variable: str | None = None
    job_type: Text | None = None
    job_retries: Text | None = None
    headers: tuple[tuple[str, str], ...] = ()
    called_process: Text | None = None
    called_binding: str = "latest"
    called_tag: Text | None = None
    propagate_all_children: bool = True
    propagate_all_parent: bool = True
    decision: Text | None = None
    inputs: tuple[Mapping, ...] = ()
    outputs: tuple[Mapping, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    documentation: str = ""
    for_compensation: bool = False
    form_key: str | None = None
    direction: str | None = None
    parallel_multiple: bool = False
    instantiate: bool = False
    start_quantity: str = "1"
    completion_quantity: str = "1"
    declared: tuple[str, ...] = ()

    @property
    def definitions(self) -> tuple[EventDefinition, ...]:
        """All event definitions of an event; one without any has a single one of type NONE."""
        return self.events or ((self.event,) if self.event else ())

    @property
    def event_types(self) -> frozenset[EventType]:
        """The types of all its event definitions; NONE for an event without any, and for what is no event."""
        return frozenset(each.type for each in self.definitions) or frozenset({EventType.NONE})

    def property(self, name: str) -> str | None:
        """The value of the ``zeebe:property`` called ``name``, None if it is not there."""
        return next((value for key, value in self.properties if key == name), None)


@dataclass(frozen=True)
class Flow:
    """A sequence flow; ``condition`` is FEEL (``is_feel`` false means that the leading ``=`` is missing)."""

    id: str
    source: str
    target: str
    name: str
    line: int
    condition: Text | None = None


@dataclass(frozen=True)
class Lane:
    """A lane with the defaults that it gives to its tasks (extension property ``candidateGroups``)."""

    id: str
    name: str
    nodes: tuple[str, ...]
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Scope:
    """What a process or a sub-process contains.

    ``compensations`` maps each compensation boundary event to the activities that associations lead to from it.
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    compensations: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Process:
    """One ``bpmn:process``; ``key`` is its id, ``version_tag`` what calls of exactly this version name."""

    key: str
    name: str
    executable: bool
    scope: Scope
    lanes: tuple[Lane, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    documentation: str = ""
    line: int = 0
    version_tag: str | None = None

    def property(self, name: str) -> str | None:
        """The value of the ``zeebe:property`` called ``name``, None if it is not there."""
        return next((value for key, value in self.properties if key == name), None)

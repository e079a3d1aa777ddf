"""Namespaces and element names of BPMN 2.0 and of the Zeebe dialect, and what the reader does with each."""

from __future__ import annotations

from engine.bpmn.model import EventType, Kind

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
DMN_MARK = "/DMN/"

#: Namespaces of drawings and of what editors note for themselves: they never change how a process runs.
DRAWING = (
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DC",
    "http://www.omg.org/spec/DD/20100524/DI",
    "http://camunda.org/schema/modeler/1.0",
    "http://bpmn.io/schema/bpmn/biocolor/1.0",
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
)

#: Prefixes for people, so that a message says ``zeebe:script`` and not a web address.
PREFIXES = {BPMN: "bpmn", ZEEBE: "zeebe", "http://camunda.org/schema/1.0/bpmn": "camunda"}

NODE_KINDS = {kind.value: kind for kind in Kind}

EVENT_DEFINITIONS = {
    f"{type_.value}EventDefinition": type_ for type_ in EventType if type_ not in (EventType.NONE, EventType.MULTIPLE)
}

TIMER_KINDS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}

#: Children of processes, sub-processes and flow nodes that the reader understands.
UNDERSTOOD = frozenset(
    {"sequenceFlow", "laneSet", "incoming", "outgoing", "documentation", "extensionElements", "eventDefinitionRef"}
    | {"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"}
    | NODE_KINDS.keys()
    | EVENT_DEFINITIONS.keys()
)

#: Children that say something to readers or to other tools and leave the run as it is.
INERT = frozenset(
    {"textAnnotation", "association", "group", "artifact", "dataObject", "dataObjectReference", "dataStoreReference"}
    | {"property", "auditing", "monitoring", "rendering", "category", "script", "supportedInterfaceRef"}
    | {"resourceRole", "performer", "humanPerformer", "potentialOwner", "correlationSubscription", "supports"}
    | {"ioSpecification", "dataInput", "dataOutput", "inputSet", "outputSet", "ioBinding", "condition"}
)

#: Elements directly below ``definitions`` that are read, or that only describe.
ROOTS = frozenset(
    {"process", "collaboration", "message", "signal", "error", "escalation", "import", "extension", "relationship"}
    | {"itemDefinition", "interface", "resource", "category", "dataStore", "endPoint", "partnerEntity"}
    | {"partnerRole", "correlationProperty", "documentation", "extensionElements"}
    | EVENT_DEFINITIONS.keys()
)

#: ``zeebe:`` extension elements that the reader understands, or that a modeler writes without effect on the run.
ZEEBE_ELEMENTS = frozenset(
    {"userTask", "formDefinition", "assignmentDefinition", "taskSchedule", "priorityDefinition", "ioMapping", "script"}
    | {"taskDefinition", "taskHeaders", "calledElement", "calledDecision", "loopCharacteristics", "properties"}
    | {"subscription", "versionTag", "input", "output", "header", "property", "userTaskForm"}
)

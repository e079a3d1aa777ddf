"""Event definitions, inline and shared, with the messages, signals, errors and escalations that they name."""

from __future__ import annotations

from dataclasses import dataclass, field

import lxml.etree as etree

from engine.bpmn import xml, zeebe
from engine.bpmn.model import EventDefinition, EventType, Text, TimerDefinition
from engine.bpmn.names import BPMN, EVENT_DEFINITIONS, TIMER_KINDS


@dataclass(frozen=True)
class Catalogue:
    """What the file declares once for all its events: elements below ``definitions`` by their id."""

    elements: dict[str, etree._Element] = field(default_factory=dict)

    @classmethod
    def of(cls, definitions: etree._Element) -> Catalogue:
        """Collect the declarations of a file."""
        return cls({child.get("id", ""): child for child in definitions if xml.namespace(child) == BPMN})

    def find(self, name: str, reference: str | None) -> etree._Element | None:
        """The declaration that a reference (perhaps with a prefix) names, if it is of the element ``name``."""
        found = self.elements.get(local_id(reference)) if reference else None
        return found if found is not None and xml.local(found) == name else None


def local_id(reference: str) -> str:
    """The id in a reference: QNames carry a prefix that means this file."""
    return reference.strip().rpartition(":")[2]


def definitions_of(element: etree._Element, catalogue: Catalogue) -> tuple[EventDefinition, ...]:
    """The event definitions of an event node in their order, the shared ones (``eventDefinitionRef``) resolved."""
    found: list[EventDefinition] = []
    for child in element:
        if xml.namespace(child) != BPMN:
            continue
        if xml.local(child) == "eventDefinitionRef":
            shared = catalogue.elements.get(local_id(child.text or ""))
            child = child if shared is None else shared
        if type_ := EVENT_DEFINITIONS.get(xml.local(child)):
            found.append(_definition(type_, child, catalogue))
    return tuple(found)


def shared_definition(reference: str | None, catalogue: Catalogue) -> EventDefinition | None:
    """The event definition below ``definitions`` that a reference names, None when there is no such one."""
    found = catalogue.elements.get(local_id(reference)) if reference else None
    type_ = None if found is None else EVENT_DEFINITIONS.get(xml.local(found))
    return None if found is None or type_ is None else _definition(type_, found, catalogue)


def summary(definitions: tuple[EventDefinition, ...], line: int) -> EventDefinition:
    """The one definition of an event: itself, NONE for none, MULTIPLE for several."""
    if len(definitions) == 1:
        return definitions[0]
    return EventDefinition(EventType.MULTIPLE if definitions else EventType.NONE, line=line)


def message_of(element: etree._Element, catalogue: Catalogue) -> EventDefinition:
    """The message of a message event or of a send or receive task."""
    return _definition(EventType.MESSAGE, element, catalogue)


def _definition(type_: EventType, element: etree._Element, catalogue: Catalogue) -> EventDefinition:
    declared = catalogue.find(type_.value, element.get(f"{type_.value}Ref"))
    subscription = None if declared is None else zeebe.find(declared, "subscription")
    return EventDefinition(
        type=type_,
        timer=_timer(element),
        name=zeebe.text_of(declared, "name"),
        code=_code(type_, declared),
        correlation=zeebe.text_of(subscription, "correlationKey"),
        condition=_condition(element),
        link=element.get("name") if type_ is EventType.LINK else None,
        activity=local_id(element.get("activityRef", "")) or None,
        wait_for_completion=element.get("waitForCompletion") not in ("false", "0"),
        line=xml.line(element),
    )


def _code(type_: EventType, declared: etree._Element | None) -> str | None:
    if declared is None or type_ not in (EventType.ERROR, EventType.ESCALATION):
        return None
    return declared.get(f"{type_.value}Code", "").strip() or None


def _timer(element: etree._Element) -> TimerDefinition | None:
    for child in element:
        if (kind := TIMER_KINDS.get(xml.local(child))) and xml.namespace(child) == BPMN:
            return TimerDefinition(kind, Text.parse("".join(child.itertext())))
    return None


def _condition(element: etree._Element) -> Text | None:
    found = element.find(f"{{{BPMN}}}condition")
    raw = "" if found is None else "".join(found.itertext()).strip()
    return Text.parse(raw) if raw else None

"""What the instances of a multi-instance activity throw when they complete: ``behavior`` of BPMN 2.0, 10.3.7."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import lxml.etree as etree

from engine.bpmn import zeebe
from engine.bpmn.events import Catalogue, definitions_of, shared_definition
from engine.bpmn.model import EventType, MultiInstance, OnCompletion, Text
from engine.bpmn.names import BPMN


def multi_instance(element: etree._Element, catalogue: Catalogue) -> MultiInstance | None:
    """The multi-instance marker of an activity, with what its instances throw."""
    found = zeebe.multi_instance(element)
    loop = element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    if found is None or loop is None:
        return found
    return replace(found, on_completion=tuple(_on_completion(loop, catalogue)))


def throws_what_runs(rule: OnCompletion) -> bool:
    """Whether its event, if any, is one that boundary events can tell from others: a signal or an escalation."""
    event = rule.event
    if event is None:
        return rule.ends
    return bool({EventType.SIGNAL: event.name, EventType.ESCALATION: event.code}.get(event.type))


def _on_completion(loop: etree._Element, catalogue: Catalogue) -> Iterator[OnCompletion]:
    behavior = loop.get("behavior", "All")
    if behavior == "Complex":
        yield from (_complex(each, catalogue) for each in loop.iterfind(f"{{{BPMN}}}complexBehaviorDefinition"))
    elif behavior in ("None", "One"):
        event = shared_definition(loop.get(f"{behavior.lower()}BehaviorEventRef"), catalogue)
        yield OnCompletion(event, first_only=behavior == "One")


def _complex(element: etree._Element, catalogue: Catalogue) -> OnCompletion:
    condition, event = element.find(f"{{{BPMN}}}condition"), element.find(f"{{{BPMN}}}event")
    thrown = () if event is None else definitions_of(event, catalogue)
    text = "" if condition is None else "".join(condition.itertext())
    return OnCompletion(thrown[0] if thrown else None, Text.parse(text), ends=True)

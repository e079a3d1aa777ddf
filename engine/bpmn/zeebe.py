"""The ``zeebe:`` extension elements of an element, as fields of our dataclasses."""

from __future__ import annotations

from typing import Any

import lxml.etree as etree

from engine.bpmn.model import Assignment, Mapping, MultiInstance, StandardLoop, Text
from engine.bpmn.names import BPMN, ZEEBE

Properties = tuple[tuple[str, str], ...]


def find(element: etree._Element, name: str) -> etree._Element | None:
    """The first ``zeebe:name`` in the extension elements of ``element``."""
    found: etree._Element | None = element.find(f"{{{BPMN}}}extensionElements/{{{ZEEBE}}}{name}")
    return found


def text_of(element: etree._Element | None, attribute: str) -> Text | None:
    """The attribute as an expression or a literal; None when it is missing or blank."""
    raw = "" if element is None else element.get(attribute, "")
    return Text.parse(raw) if raw.strip() else None


def properties(element: etree._Element) -> Properties:
    """The ``zeebe:property`` pairs of ``element`` in their order."""
    found = element.findall(f"{{{BPMN}}}extensionElements/{{{ZEEBE}}}properties/{{{ZEEBE}}}property")
    return tuple((each.get("name", "").strip(), each.get("value", "").strip()) for each in found)


def extensions(element: etree._Element) -> dict[str, Any]:
    """Every field of ``Node`` that comes from the extension elements of a flow node."""
    return {
        **_form(element),
        **_job(element),
        **_call(element),
        **_script(element),
        "assignment": assignment(find(element, "assignmentDefinition")),
        "due": text_of(find(element, "taskSchedule"), "dueDate"),
        "follow_up": text_of(find(element, "taskSchedule"), "followUpDate"),
        "priority": text_of(find(element, "priorityDefinition"), "priority"),
        "inputs": _mappings(element, "input"),
        "outputs": _mappings(element, "output"),
        "properties": properties(element),
    }


def version_tag(process: etree._Element) -> str | None:
    """The ``zeebe:versionTag`` of a process."""
    return _attribute(find(process, "versionTag"), "value")


def assignment(found: etree._Element | None) -> Assignment | None:
    """A ``zeebe:assignmentDefinition``; None when it is missing or says nothing."""
    if found is None:
        return None
    result = Assignment(
        groups=holders(found.get("candidateGroups", "")),
        users=holders(found.get("candidateUsers", "")),
        assignee=text_of(found, "assignee"),
    )
    return result if result != Assignment() else None


def holders(raw: str) -> tuple[Text, ...]:
    """Split a comma separated list of candidates; ``=…`` is one FEEL expression, ``post@=…`` keeps its commas."""
    raw = raw.strip()
    if raw.startswith("="):
        return (Text.parse(raw),)
    parts: list[str] = [""]
    depth = 0
    for character in raw:
        depth += (character in "([{") - (character in ")]}")
        if character in ",，" and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return tuple(Text(part.strip(), False) for part in parts if part.strip())


def multi_instance(element: etree._Element) -> MultiInstance | None:
    """The ``multiInstanceLoopCharacteristics`` of an activity with its ``zeebe:loopCharacteristics``."""
    loop = element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    extra = find(loop, "loopCharacteristics")
    return MultiInstance(
        sequential=loop.get("isSequential") in ("true", "1"),
        input_collection=text_of(extra, "inputCollection"),
        input_element=_attribute(extra, "inputElement"),
        output_collection=_attribute(extra, "outputCollection"),
        output_element=text_of(extra, "outputElement"),
        completion=_body(loop, "completionCondition"),
        cardinality=_body(loop, "loopCardinality"),
    )


def standard_loop(element: etree._Element) -> StandardLoop | None:
    """The ``standardLoopCharacteristics`` of an activity; here ``loopMaximum`` may be FEEL, beyond BPMN."""
    loop = element.find(f"{{{BPMN}}}standardLoopCharacteristics")
    if loop is None:
        return None
    before = loop.get("testBefore") in ("true", "1")
    return StandardLoop(before, condition=_body(loop, "loopCondition"), maximum=text_of(loop, "loopMaximum"))


def _form(element: etree._Element) -> dict[str, Any]:
    form = find(element, "formDefinition")
    return {"form_id": _attribute(form, "formId"), "form_key": _attribute(form, "formKey")}


def _job(element: etree._Element) -> dict[str, Any]:
    task = find(element, "taskDefinition")
    headers = element.findall(f"{{{BPMN}}}extensionElements/{{{ZEEBE}}}taskHeaders/{{{ZEEBE}}}header")
    return {
        "job_type": text_of(task, "type"),
        "job_retries": text_of(task, "retries"),
        "headers": tuple((each.get("key", ""), each.get("value", "")) for each in headers),
    }


def _call(element: etree._Element) -> dict[str, Any]:
    called = find(element, "calledElement")
    propagates = {} if called is None else dict(called.attrib)
    return {
        "called_process": text_of(called, "processId"),
        "called_binding": propagates.get("bindingType", "latest").strip(),
        "called_tag": text_of(called, "versionTag"),
        "propagate_all_children": propagates.get("propagateAllChildVariables", "true") != "false",
        "propagate_all_parent": propagates.get("propagateAllParentVariables", "true") != "false",
    }


def _script(element: etree._Element) -> dict[str, Any]:
    script, decision = find(element, "script"), find(element, "calledDecision")
    return {
        "script": text_of(script, "expression"),
        "decision": text_of(decision, "decisionId"),
        "result_variable": _attribute(script, "resultVariable") or _attribute(decision, "resultVariable"),
    }


def _mappings(element: etree._Element, name: str) -> tuple[Mapping, ...]:
    found = element.findall(f"{{{BPMN}}}extensionElements/{{{ZEEBE}}}ioMapping/{{{ZEEBE}}}{name}")
    return tuple(Mapping(Text.parse(each.get("source", "")), each.get("target", "").strip()) for each in found)


def _attribute(element: etree._Element | None, name: str) -> str | None:
    value = "" if element is None else element.get(name, "").strip()
    return value or None


def _body(element: etree._Element, name: str) -> Text | None:
    found = element.find(f"{{{BPMN}}}{name}")
    raw = "" if found is None else "".join(found.itertext()).strip()
    return Text.parse(raw) if raw else None

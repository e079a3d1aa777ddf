"""A process that was built as data, as the file that an editor would have saved."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from engine.bpmn.model import EventDefinition, EventType, Kind, MultiInstance, Node, Process, Scope, StandardLoop, Text
from tests.bpmn_xml import HEADER, element, event, extension, zeebe

_DECLARED = {EventType.MESSAGE, EventType.SIGNAL, EventType.ERROR, EventType.ESCALATION}
_TIMES = {"date": "timeDate", "duration": "timeDuration", "cycle": "timeCycle"}


def as_file(process: Process, task_extensions: str = "") -> str:
    """The process with all that its events refer to; each user task gets ``task_extensions``."""
    roots = dict(_roots(process.scope))
    content = "".join(_scope(process.scope, task_extensions))
    inner = element("bpmn:process", content, id=process.key, name=process.name, isExecutable="true")
    return f"{HEADER}{''.join(roots.values())}{inner}</bpmn:definitions>"


def _roots(scope: Scope) -> Iterator[tuple[str, str]]:
    for node in scope.nodes.values():
        for each in node.definitions:
            if each.type in _DECLARED and (each.name or each.code):
                yield _key(each), _declared(each)
        if node.scope:
            yield from _roots(node.scope)


def _key(definition: EventDefinition) -> str:
    return f"{definition.type.value}_{definition.name.value if definition.name else definition.code}"


def _declared(definition: EventDefinition) -> str:
    name, code, key = definition.name, definition.code, definition.correlation
    subscription = extension(zeebe("subscription", correlationKey=_raw(key))) if key else ""
    codes = {f"{definition.type.value}Code": code} if code else {}
    return element(f"bpmn:{definition.type.value}", subscription, id=_key(definition), name=_raw(name) or code, **codes)


def _scope(scope: Scope, task_extensions: str) -> Iterator[str]:
    for node in scope.nodes.values():
        yield element(f"bpmn:{node.kind.value}", "".join(_node(node, task_extensions)), **_attributes(node))
    for flow in scope.flows.values():
        condition = element("bpmn:conditionExpression", escape(_raw(flow.condition))) if flow.condition else ""
        yield element("bpmn:sequenceFlow", condition, id=_id(flow.id), sourceRef=flow.source, targetRef=flow.target)
    for boundary, activities in scope.compensations.items():
        for activity in activities:
            yield element("bpmn:association", id=f"{boundary}-{activity}", sourceRef=boundary, targetRef=activity)


def _node(node: Node, task_extensions: str) -> Iterator[str]:
    if node.kind is Kind.USER_TASK:
        yield extension(task_extensions)
    if node.script:
        yield extension(zeebe("script", expression=_raw(node.script), resultVariable=node.result_variable or "x"))
    yield from (element("bpmn:incoming", _id(flow)) for flow in node.incoming)
    yield from (element("bpmn:outgoing", _id(flow)) for flow in node.outgoing)
    if node.multi_instance:
        yield _multi_instance(node.multi_instance)
    if node.standard_loop:
        yield _standard_loop(node.standard_loop)
    if node.scope:
        yield from _scope(node.scope, task_extensions)
    yield from (_event(each, f"{node.id}-{number}") for number, each in enumerate(node.definitions) if _is_event(node))


def _is_event(node: Node) -> bool:
    return node.kind.value.endswith("Event") and node.event is not None and node.event.type is not EventType.NONE


def _event(definition: EventDefinition, id: str) -> str:
    inner = ""
    if definition.timer:
        inner = element(f"bpmn:{_TIMES[definition.timer.kind]}", escape(_raw(definition.timer.text)))
    if definition.condition:
        inner = element("bpmn:condition", escape(_raw(definition.condition)))
    refers = definition.type in _DECLARED and (definition.name or definition.code)
    references: dict[str, str | None] = {f"{definition.type.value}Ref": _key(definition)} if refers else {}
    if definition.type is EventType.COMPENSATION:
        references = {"activityRef": definition.activity, "waitForCompletion": _word(definition.wait_for_completion)}
    return event(definition.type.value, inner, id=id, name=definition.link, **references)


def _multi_instance(loop: MultiInstance) -> str:
    inner = element("bpmn:loopCardinality", escape(_raw(loop.cardinality))) if loop.cardinality else ""
    inner += element("bpmn:completionCondition", escape(_raw(loop.completion))) if loop.completion else ""
    return element("bpmn:multiInstanceLoopCharacteristics", inner, isSequential=_word(loop.sequential))


def _standard_loop(loop: StandardLoop) -> str:
    inner = element("bpmn:loopCondition", escape(_raw(loop.condition))) if loop.condition else ""
    maximum = _raw(loop.maximum) if loop.maximum else None
    return element("bpmn:standardLoopCharacteristics", inner, testBefore=_word(loop.test_before), loopMaximum=maximum)


def _attributes(node: Node) -> dict[str, str | None]:
    interrupting = None if node.interrupting else "false"
    return {
        "id": node.id,
        "name": node.name,
        "default": node.default_flow and _id(node.default_flow),
        "attachedToRef": node.attached_to,
        "cancelActivity": interrupting if node.kind is Kind.BOUNDARY_EVENT else None,
        "isInterrupting": interrupting if node.kind is Kind.START_EVENT else None,
        "triggeredByEvent": "true" if node.triggered_by_event else None,
        "isForCompensation": "true" if node.for_compensation else None,
        "parallelMultiple": "true" if node.parallel_multiple else None,
        "startQuantity": node.start_quantity if node.start_quantity != "1" else None,
        "completionQuantity": node.completion_quantity if node.completion_quantity != "1" else None,
    }


def _id(flow: str) -> str:
    """The id of a flow as XML allows it."""
    return flow.replace(">", ".").replace("+", "_")


def _word(value: bool) -> str:
    return "true" if value else "false"


def _raw(text: Text | None) -> str:
    return "" if text is None else f"={text.value}" if text.is_feel else text.value

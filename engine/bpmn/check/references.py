"""Ids and references: every name leads to one thing, and to a thing of the right kind."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.context import ACTIVITIES, GATEWAYS, Context
from engine.bpmn.check.registry import Problem, at, on, rule
from engine.bpmn.element import Reference
from engine.bpmn.model import Kind
from engine.bpmn.names import BPMN, EVENT_DEFINITIONS, NODE_KINDS
from engine.errors import N_

_ACTIVITY_TAGS = frozenset(kind.value for kind in ACTIVITIES)
_SPLIT_TAGS = _ACTIVITY_TAGS | {kind.value for kind in GATEWAYS}

#: What a reference may lead to, where that matters for the run: (tag of the holder or "", attribute) → tags.
_TARGETS: dict[tuple[str, str], frozenset[str]] = {
    ("sequenceFlow", "sourceRef"): frozenset(NODE_KINDS),
    ("sequenceFlow", "targetRef"): frozenset(NODE_KINDS),
    ("boundaryEvent", "attachedToRef"): _ACTIVITY_TAGS,
    ("", "default"): frozenset({"sequenceFlow"}),
    ("", "incoming"): frozenset({"sequenceFlow"}),
    ("", "outgoing"): frozenset({"sequenceFlow"}),
    ("", "flowNodeRef"): frozenset(NODE_KINDS),
    ("", "eventDefinitionRef"): frozenset(EVENT_DEFINITIONS),
    ("", "messageRef"): frozenset({"message"}),
    ("", "signalRef"): frozenset({"signal"}),
    ("", "errorRef"): frozenset({"error"}),
    ("", "escalationRef"): frozenset({"escalation"}),
    ("participant", "processRef"): frozenset({"process"}),
}

_ARTIFACTS = frozenset(
    {"textAnnotation", "group", "association", "dataObject", "dataObjectReference", "dataStoreReference"}
)


@rule(
    "id.duplicate",
    "8.3.1 BaseElement, id",
    N_("id“{id}”用了不止一次。请给每个元素一个不同的 id。"),
    ext=(2,),
)
def duplicate_ids(context: Context) -> Iterator[Problem]:
    for each in context.diagram.duplicate_ids:
        yield Problem(each, context.diagram.lines.get(each, 0), {"id": each})


@rule(
    "id.missing",
    "8.3.1 BaseElement, id",
    N_("第 {line} 行的 {tag} 没有 id。请补上，留痕按 id 记录环节。"),
    deploy=True,
)
def nodes_without_id(context: Context) -> Iterator[Problem]:
    for each in context.diagram.without_id:
        yield Problem(each.id, each.line, {"line": each.line, "tag": each.tag})


@rule(
    "reference.dangling",
    "15.3 Schemas: references within a file",
    N_("“{element}”的 {attribute} 指向“{target}”，文件里没有这个元素。请重新连接或重新选择。"),
    ext=(23,),
)
def dangling_references(context: Context) -> Iterator[Problem]:
    for reference in context.diagram.references:
        if reference.found is None and not reference.outside:
            yield _problem(reference)


@rule(
    "import.missing",
    "8.2.2 Import, location",
    N_("引入的文件“{file}”不在这个文件旁边，里面的内容无从核对。请把它放在一起，或删去引入。"),
    ext=(1,),
)
def imports_of_missing_files(context: Context) -> Iterator[Problem]:
    files = context.world.beside
    for each in context.find("import"):
        location = each.get("location")
        # Schemas and decisions come by other ways; another diagram has to lie beside this one.
        if files is not None and each.get("importType") == BPMN and "://" not in location and location not in files:
            yield on(each, file=location)


@rule(
    "reference.kind",
    "8 to 10: types of references",
    N_("“{element}”的 {attribute} 指向“{target}”，但那是 {found}，不能这样用。请重新连接或重新选择。"),
    deploy=True,
)
def references_of_the_wrong_kind(context: Context) -> Iterator[Problem]:
    for reference in context.diagram.references:
        allowed = _allowed(reference)
        known = reference.found is not None and not (reference.tag == "sequenceFlow" and reference.found in _ARTIFACTS)
        if known and allowed and reference.found not in allowed:
            yield _problem(reference)


@rule(
    "reference.target",
    "8 to 11: types of references",
    N_("“{element}”的 {attribute} 指向“{target}”，那是 {found}，按 BPMN 不该是这一类。请重新选择。"),
    severity="warning",
)
def references_that_the_standard_does_not_expect(context: Context) -> Iterator[Problem]:
    for reference in context.diagram.references:
        said_elsewhere = context.deploying and _allowed(reference)
        artifact = reference.tag in ("sequenceFlow", "messageFlow") and reference.found in _ARTIFACTS
        if not said_elsewhere and not artifact and not context.leads_right(reference):
            yield _problem(reference)


@rule(
    "reference.shared-event",
    "10.4.1 Event, eventDefinitionRefs: reusable event definitions are top-level elements",
    N_("“{element}”的 eventDefinitionRef 指向“{target}”，那是另一个事件里面的定义，不能共用。请写在自己里面。"),
    ext=(95,),
)
def shared_definitions_inside_other_events(context: Context) -> Iterator[Problem]:
    for reference in context.diagram.references:
        defines = reference.found in EVENT_DEFINITIONS and reference.within != "definitions"
        if reference.attribute == "eventDefinitionRef" and defines:
            yield _problem(reference)


@rule(
    "reference.artifact",
    "7.6.1 Sequence Flow Connections, 7.6.2 Message Flow Connections: artifacts have none",
    N_("连线“{element}”接在“{target}”上，那是注释、分组或数据（{found}），不能接顺序流和消息流。请改用关联线。"),
    ext=(6, 7, 8, 9),
)
def flows_at_artifacts(context: Context) -> Iterator[Problem]:
    for reference in context.diagram.references:
        if reference.tag in ("sequenceFlow", "messageFlow") and reference.found in _ARTIFACTS:
            yield _problem(reference)


@rule(
    "reference.default",
    "8.3.13 Sequence Flow, default",
    N_("{element}的默认路径“{flow}”不是从它出发的。请重新选择默认路径。"),
    ext=(26,),
)
def default_flow_elsewhere(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        if node.default_flow in context.flow and node.default_flow not in node.outgoing:
            yield at(node, flow=node.default_flow)


@rule(
    "reference.default-holder",
    "8.3.13 Sequence Flow, default",
    N_("{element}不能有默认路径，只有活动和排他、包容、复杂网关可以。请去掉默认路径。"),
)
def default_flow_of_other_nodes(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        if node.default_flow and (node.kind.value not in _SPLIT_TAGS or node.kind in (Kind.PARALLEL, Kind.EVENT_BASED)):
            yield at(node)


def _allowed(reference: Reference) -> frozenset[str]:
    found = _TARGETS.get((reference.tag, reference.attribute)) or _TARGETS.get(("", reference.attribute))
    return found or frozenset()


def _problem(reference: Reference) -> Problem:
    return Problem(
        reference.element,
        reference.line,
        {
            "element": reference.element,
            "attribute": reference.attribute,
            "target": reference.target,
            "found": reference.found or "",
        },
    )

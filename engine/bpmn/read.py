"""Read a BPMN 2.0 file with Zeebe extension elements into plain dataclasses.

The reader takes everything that is well-formed BPMN and notes what it does not understand; judging is the checker's.
"""

from __future__ import annotations

from functools import lru_cache

import lxml.etree as etree

from engine.bpmn import survey, xml, zeebe
from engine.bpmn.diagram import Diagram
from engine.bpmn.element import MessageFlow
from engine.bpmn.events import Catalogue, local_id
from engine.bpmn.lanes import Lanes
from engine.bpmn.model import Process
from engine.bpmn.names import BPMN, DMN_MARK, NODE_KINDS, ZEEBE
from engine.bpmn.nodes import Flows, ScopeReader, associations, documentation
from engine.bpmn.tree import tree
from engine.errors import N_, InvalidDefinition

MAX_NODES = 2000


@lru_cache(maxsize=4)
def read(source: bytes) -> Diagram:
    """Read the bytes of a ``.bpmn`` file. Nothing in what comes of it changes; whoever releases a file reads it often.

    Raises InvalidDefinition, with the line, for malformed XML, a DOCTYPE, more than 2 MB or 2000 flow nodes, and for
    XML that is not BPMN 2.0.
    """
    definitions = xml.parse(source)
    _ensure_bpmn(definitions)
    _ensure_size(definitions)
    survey.name_the_nameless(definitions)
    findings = survey.survey(definitions)
    catalogue = Catalogue.of(definitions)
    associated = associations(definitions)
    participants = list(definitions.iterfind(f".//{{{BPMN}}}participant"))
    return Diagram(
        processes=tuple(_process(each, catalogue, associated) for each in definitions.iterfind(f"{{{BPMN}}}process")),
        participants={key: each.get("name", "") for each in participants if (key := _process_ref(each))},
        pools={each.get("id", ""): _process_ref(each) for each in participants},
        errors=_errors(definitions),
        message_flows=tuple(_message_flow(each) for each in definitions.iterfind(f".//{{{BPMN}}}messageFlow")),
        unknown=findings.unknown,
        duplicate_ids=findings.duplicate_ids,
        references=findings.references,
        without_id=findings.without_id,
        lines=findings.lines,
        root=tree(definitions),
        dialect=_is_dialect(definitions),
    )


def _ensure_bpmn(root: etree._Element) -> None:
    if xml.namespace(root) == BPMN and xml.local(root) == "definitions":
        return
    if DMN_MARK in xml.namespace(root):
        raise InvalidDefinition(
            N_("第 {line} 行：这是 DMN 决策文件，不是 BPMN 流程图。请选择扩展名为 .bpmn 的文件。"), line=xml.line(root)
        )
    raise InvalidDefinition(
        N_("第 {line} 行：这不是 BPMN 2.0 流程图（根元素是“{tag}”）。请选择扩展名为 .bpmn 的文件。"),
        line=xml.line(root),
        tag=xml.tag(root),
    )


def _ensure_size(definitions: etree._Element) -> None:
    nodes = sum(1 for each in definitions.iter(f"{{{BPMN}}}*") if xml.local(each) in NODE_KINDS)
    if nodes > MAX_NODES:
        raise InvalidDefinition(
            N_("流程图有 {count} 个节点，超过上限 {limit} 个。请用调用活动拆成几个流程。"), count=nodes, limit=MAX_NODES
        )


def _process(element: etree._Element, catalogue: Catalogue, associated: dict[str, list[str]]) -> Process:
    lanes = Lanes(element)
    scope = ScopeReader(catalogue, Flows.of(element), lanes, associated).scope(element, lane=None)
    return Process(
        key=element.get("id", ""),
        name=element.get("name", "").strip(),
        executable=element.get("isExecutable") in ("true", "1"),
        scope=scope,
        lanes=lanes.all,
        properties=zeebe.properties(element),
        documentation=documentation(element),
        line=xml.line(element),
        version_tag=zeebe.version_tag(element),
    )


def _process_ref(participant: etree._Element) -> str | None:
    return local_id(participant.get("processRef", "")) or None


def _errors(definitions: etree._Element) -> dict[str, str]:
    found = definitions.iterfind(f"{{{BPMN}}}error")
    return {each.get("errorCode", ""): each.get("name", "") for each in found if each.get("errorCode")}


def _message_flow(element: etree._Element) -> MessageFlow:
    return MessageFlow(
        id=element.get("id", ""),
        source=local_id(element.get("sourceRef", "")),
        target=local_id(element.get("targetRef", "")),
        line=xml.line(element),
    )


def _is_dialect(definitions: etree._Element) -> bool:
    return ZEEBE in definitions.nsmap.values() or next(definitions.iter(f"{{{ZEEBE}}}*"), None) is not None

"""One pass over a whole file for what belongs to no single node: ids, references, and what nobody understands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import lxml.etree as etree

from engine.bpmn import xml
from engine.bpmn.element import Reference, Unknown
from engine.bpmn.events import local_id
from engine.bpmn.metamodel import TYPES, Attribute, Child
from engine.bpmn.names import (
    BPMN,
    DRAWING,
    INERT,
    NODE_KINDS,
    ROOTS,
    UNDERSTOOD,
    ZEEBE,
    ZEEBE_ELEMENTS,
)

_GENERATED = "wuji_line_"

_CONTAINERS = frozenset({"process", *NODE_KINDS})

#: Parts of a node that carry ids of their own and can't be selected in a drawing.
_DETAILS = ("EventDefinition", "LoopCharacteristics", "Association", "Expression")

#: Elements deeper down that would change the run if we knew how to follow them.
_DEEP = frozenset({"loopDataInputRef", "loopDataOutputRef", "assignment", "transformation"})


@dataclass(frozen=True)
class Survey:
    """What the pass found; the fields are those of ``Diagram``."""

    unknown: tuple[Unknown, ...]
    duplicate_ids: tuple[str, ...]
    references: tuple[Reference, ...]
    without_id: tuple[Unknown, ...]
    lines: dict[str, int]


def name_the_nameless(definitions: etree._Element) -> None:
    """Give flow nodes and flows without an id one of their own, so that every finding can name its element."""
    for position, element in enumerate(definitions.iter(f"{{{BPMN}}}*")):
        if _carries_the_run(element) and not element.get("id"):
            element.set("id", f"{_GENERATED}{xml.line(element)}_{position}")


def survey(definitions: etree._Element) -> Survey:
    """Walk over all elements of the file once."""
    elements = list(definitions.iter(etree.Element))
    ids = Counter(found for each in elements if (found := each.get("id")) and _has_xml_id(each))
    by_id = {each.get("id"): each for each in reversed(elements) if each.get("id") and xml.namespace(each) == BPMN}
    return Survey(
        unknown=tuple(each for element in elements for each in _unknown(element)),
        duplicate_ids=tuple(found for found, times in ids.items() if times > 1),
        references=tuple(each for element in elements for each in _references(element, by_id)),
        without_id=tuple(
            Unknown(each.get("id"), xml.tag(each), xml.line(each))
            for each in elements
            if _carries_the_run(each) and each.get("id").startswith(_GENERATED)
        ),
        lines={found: xml.line(each) for found, each in by_id.items()},
    )


def _carries_the_run(element: etree._Element) -> bool:
    return xml.namespace(element) == BPMN and (xml.local(element) in NODE_KINDS or xml.local(element) == "sequenceFlow")


def _has_xml_id(element: etree._Element) -> bool:
    # Foreign extensions may use "id" for something of their own; only BPMN and its drawing promise uniqueness.
    return xml.namespace(element) == BPMN or xml.namespace(element) in DRAWING


def _owner(element: etree._Element) -> str:
    """The id of the nearest element around this one that people can find in the drawing."""
    return next((each.get("id") for each in _upwards(element) if each.get("id") and not _is_detail(each)), "")


def _upwards(element: etree._Element) -> Iterator[etree._Element]:
    yield element
    yield from element.iterancestors()


def _is_detail(element: etree._Element) -> bool:
    name = xml.local(element)
    return (
        name.endswith(("EventDefinition", "LoopCharacteristics", "Association", "Expression")) and name != "association"
    )


def _unknown(element: etree._Element) -> Iterator[Unknown]:
    if not _is_understood(element):
        parent = element.getparent()
        name = "" if parent is None else xml.local(parent)
        yield Unknown(_owner(element), xml.tag(element), xml.line(element), name)


def _is_understood(element: etree._Element) -> bool:
    parent = element.getparent()
    if parent is None:
        return True
    around, name, space = xml.local(parent), xml.local(element), xml.namespace(element)
    if around == "extensionElements" or xml.namespace(parent) == ZEEBE:
        return space in DRAWING or (space == ZEEBE and name in ZEEBE_ELEMENTS)
    if xml.namespace(parent) != BPMN or space != BPMN:
        return True
    if around == "definitions":
        return name in ROOTS
    if around in _CONTAINERS:
        return name in UNDERSTOOD or name in INERT
    return name not in (
        "loopDataInputRef",
        "loopDataOutputRef",
        "assignment",
        "transformation",
    )


def _references(element: etree._Element, by_id: dict[str, etree._Element]) -> Iterator[Reference]:
    if xml.namespace(element) != BPMN:
        return
    for attribute, value in element.attrib.items():
        if (meant := _meaning(element, str(attribute))) and meant.kinds and value.strip():
            yield _reference(element, element, meant, str(value), by_id)
    parent = element.getparent()
    meant = None if parent is None else _meaning(parent, xml.local(element))
    if meant and meant.kinds and (element.text or "").strip():
        yield _reference(element, element.getparent(), meant, element.text or "", by_id)


def _meaning(holder: etree._Element, name: str) -> Attribute | Child | None:
    type_ = TYPES.get(xml.local(holder)) if xml.namespace(holder) == BPMN else None
    return (type_.attributes.get(name) or type_.children.get(name)) if type_ else None


def _reference(
    element: etree._Element,
    holder: etree._Element,
    meant: Attribute | Child,
    value: str,
    by_id: dict[str, etree._Element],
) -> Reference:
    found = by_id.get(local_id(value))
    return Reference(
        element=_owner(holder),
        tag=xml.local(holder),
        attribute=meant.name,
        target=value.strip(),
        found=None if found is None else xml.local(found),
        line=xml.line(element),
        within=_within(found),
        outside=found is None and (meant.may_leave_file or _is_foreign(element, value)),
    )


def _is_foreign(element: etree._Element, value: str) -> bool:
    """Whether the prefix of a reference stands for another file."""
    prefix, _, _ = value.strip().rpartition(":")
    own = element.getroottree().getroot().get("targetNamespace")
    return bool(prefix) and element.nsmap.get(prefix, own) != own


def _within(element: etree._Element | None) -> str:
    parent = None if element is None else element.getparent()
    return "" if parent is None else xml.local(parent)

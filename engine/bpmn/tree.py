"""Turns the XML of a file into the plain tree of its BPMN elements."""

from __future__ import annotations

import lxml.etree as etree

from engine.bpmn import xml
from engine.bpmn.element import Element
from engine.bpmn.names import BPMN

_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def tree(root: etree._Element) -> Element:
    """The BPMN elements below ``root``; depth is limited by the parser, so recursion is safe."""
    attributes = {str(key): str(value) for key, value in root.attrib.items() if not str(key).startswith("{")}
    children = [each for each in root if isinstance(each.tag, str)]
    own = [each for each in children if xml.namespace(each) == BPMN]
    found = Element(
        tag=xml.local(root),
        attributes=attributes,
        text=_text(root),
        line=xml.line(root),
        type=str(root.get(_TYPE, "")).rpartition(":")[2],
        extended=len(own) < len(children),
        children=[tree(each) for each in own],
    )
    for each in found.children:
        each.parent = found
    return found


def _text(element: etree._Element) -> str:
    parts = [element.text or "", *(each.tail or "" for each in element)]
    return "".join(parts).strip()

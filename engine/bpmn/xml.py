"""XML of diagrams: the hardened reader, and the names of elements as people write them."""

from __future__ import annotations

import lxml.etree as etree

from engine.bpmn.names import PREFIXES
from engine.xml_reading import MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS, line, local, namespace, parse

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_ELEMENTS", "line", "local", "namespace", "parse", "tag"]


def tag(element: etree._Element) -> str:
    """The element's name as people write it: ``bpmn:task``, ``zeebe:script``, ``camunda:formData``."""
    prefix = PREFIXES.get(namespace(element)) or element.prefix
    return f"{prefix}:{local(element)}" if prefix else local(element)

"""What one BPMN file holds and another does not: elements, attributes, texts and extensions, whatever their order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
#: Attributes whose absence means the same as this value, by name; BPMN 2.0, XML Schema.
_DEFAULTS = {
    "isForCompensation": "false",
    "startQuantity": "1",
    "completionQuantity": "1",
    "isInterrupting": "true",
    "parallelMultiple": "false",
    "cancelActivity": "true",
    "triggeredByEvent": "false",
    "isClosed": "false",
    "isExecutable": "false",
    "processType": "None",
    "isCollection": "false",
    "isUnlimited": "false",
    "itemKind": "Information",
    "gatewayDirection": "Unspecified",
    "associationDirection": "None",
    "isSequential": "false",
    "behavior": "All",
    "testBefore": "false",
    "cancelRemainingInstances": "true",
    "instantiate": "false",
    "eventGatewayType": "Exclusive",
    "textFormat": "text/plain",
    "implementation": "##unspecified",
    "method": "##Compensate",
    "minimum": "0",
    "maximum": "1",
    "isHorizontal": "",
    "mustUnderstand": "false",
    "expressionLanguage": "http://www.w3.org/1999/XPath",
    "typeLanguage": "http://www.w3.org/2001/XMLSchema",
}


def differences(before: bytes, after: bytes) -> list[str]:
    """What ``before`` says and ``after`` does not, or says otherwise: a line for each; empty when nothing is lost."""
    old, new = (Counter(_statements(etree.fromstring(each))) for each in (before, after))
    return sorted((old - new).elements())


def _statements(root: etree._Element) -> Iterator[str]:
    """Everything that the file says, one fact a line, each under the path of ids that leads to it."""
    waiting = [(root, "")]
    while waiting:
        element, around = waiting.pop()
        if not isinstance(element.tag, str):
            continue
        path = f"{around}/{_step(element)}"
        yield path
        for name, value in element.attrib.items():
            if not str(name).startswith(f"{_XSI}schemaLocation") and not _is_default(str(name), str(value)):
                yield f"{path} @{name}={_value(element, str(name), str(value))}"
        if text := " ".join("".join(_own_text(element)).split()):
            yield f"{path} = {text}"
        waiting += [(child, path) for child in element]


def _step(element: etree._Element) -> str:
    own = element.get("id") or element.get("bpmnElement")
    name = etree.QName(element)
    space = name.namespace or ""
    prefix = "" if space == BPMN[1:-1] else f"{space.rstrip('/').rpartition('/')[2]}:"
    return f"{prefix}{name.localname}" + (f"[{own}]" if own else "")


def _own_text(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    yield from (child.tail or "" for child in element)


def _is_default(name: str, value: str) -> bool:
    return _DEFAULTS.get(name) == value


def _value(element: etree._Element, name: str, value: str) -> str:
    if name == f"{_XSI}type":
        prefix, _, local = value.rpartition(":")
        return f"{{{element.nsmap.get(prefix or None)}}}{local}"
    return f"{float(value):g}" if _NUMBER.fullmatch(value) else value

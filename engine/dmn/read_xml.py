"""Small steps through the XML of a decision model; what is not in a namespace of DMN is passed over."""

from __future__ import annotations

from collections.abc import Iterator

import lxml.etree as etree

from engine import xml_reading as xml
from engine.dmn.errors import N_, DmnModelError
from engine.dmn.model import Literal
from engine.dmn.names import FEEL_NAMESPACES, NAMESPACES


def children(element: etree._Element, name: str = "") -> Iterator[etree._Element]:
    """The children in DMN's namespaces, all of them or those of one name."""
    for each in element:
        if xml.namespace(each) in NAMESPACES and name in ("", xml.local(each)):
            yield each


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of this name."""
    return next(children(element, name), None)


def text_of(element: etree._Element | None) -> str:
    """The text right in the element, empty where there is none."""
    return "" if element is None else element.text or ""


def ensure_feel(element: etree._Element) -> None:
    """Raise DmnModelError if the element says that it is written in another language."""
    language = (element.get("expressionLanguage") or "").strip()
    if language and language not in FEEL_NAMESPACES and language.lower() != "feel":
        message = N_("第 {line} 行：表达式语言“{language}”不能运行，只支持 FEEL。")
        raise DmnModelError(message, xml.line(element), language=language)


def literal(element: etree._Element, type_ref: str = "") -> Literal:
    """The expression in the element's ``text``. Raises DmnModelError for one that is not FEEL."""
    ensure_feel(element)
    inner = child(element, "text")
    at = element if inner is None else inner
    return Literal(text_of(inner), xml.line(at), type_ref)


def optional_literal(element: etree._Element | None) -> Literal | None:
    """The expression in the element's ``text``, or None if there is none or it is blank."""
    found = None if element is None else literal(element)
    return found if found is not None and found.text.strip() else None

"""A file → plain data: the definitions and the elements of the requirement graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import lxml.etree as etree

from engine import xml_reading as xml
from engine.dmn import model
from engine.dmn.errors import N_, DmnModelError
from engine.dmn.names import NAMESPACES
from engine.dmn.read_boxed import Reading, boxed, function
from engine.dmn.read_xml import child, children, ensure_feel, optional_literal, text_of
from engine.errors import InvalidDefinition

MAX_ELEMENTS: Final = 1_000
_Logic = TypeVar("_Logic")


def read(source: bytes | str) -> model.Definitions:
    """Return the model of a file in any version of DMN from 1.1 to 1.5.

    Raises DmnModelError, with the line, for whatever is no such file.
    """
    data = source.encode() if isinstance(source, str) else source
    try:
        root = xml.parse(_without_declared_encoding(data) if isinstance(source, str) else data)
    except InvalidDefinition as error:
        raise DmnModelError(error.template, **{"line": 1, **error.params}) from error
    if xml.local(root) != "definitions" or xml.namespace(root) not in NAMESPACES:
        raise DmnModelError(
            N_("第 {line} 行：这不是 DMN 1.1 至 1.5 的决策文件（根元素是“{tag}”）。请选择一个 .dmn 文件。"),
            xml.line(root),
            tag=xml.local(root),
        )
    ensure_feel(root)
    return _definitions(root)


def _without_declared_encoding(data: bytes) -> bytes:
    """A text has no encoding any more, whatever its first line says."""
    if data.startswith(b"<?xml"):
        head, found, rest = data.partition(b"?>")
        return b"\n" * head.count(b"\n") + rest if found else data
    return data


def _definitions(root: etree._Element) -> model.Definitions:
    found: dict[str, list[Any]] = {"import": [], "item": [], "element": []}
    for element in children(root):
        name = xml.local(element)
        if name == "import":
            found["import"].append(_import(element, root))
        elif name == "itemDefinition":
            found["item"].append(_item(element, Reading(root, element.get("name") or "")))
        elif name in _ELEMENTS:
            _ensure_few(found["element"], element)
            found["element"].append(_ELEMENTS[name](element, root))
    return model.Definitions(
        root.get("namespace") or "",
        root.get("name") or "",
        tuple(found["import"]),
        tuple(found["item"]),
        tuple(found["element"]),
    )


def _ensure_few(found: list[Any], element: etree._Element) -> None:
    if len(found) == MAX_ELEMENTS:
        message = N_("第 {line} 行：决策、输入和函数超过 {limit} 个。请拆成几个文件。")
        raise DmnModelError(message, xml.line(element), limit=MAX_ELEMENTS)


def _import(element: etree._Element, root: etree._Element) -> model.Import:
    namespace = element.get("namespace") or ""
    name = element.get("name")
    if name is None:  # DMN 1.1 has no names for imports: the prefix serves
        name = next((prefix for prefix, bound in root.nsmap.items() if prefix and bound == namespace), "")
    return model.Import(name, namespace, element.get("importType") or "", xml.line(element))


def _item(element: etree._Element, reading: Reading) -> model.ItemDefinition:
    signature = child(element, "functionItem")
    return model.ItemDefinition(
        name=element.get("name") or "",
        type_ref=reading.type_ref(text_of(child(element, "typeRef"))),
        is_list=element.get("isCollection") in ("true", "1"),
        allowed=optional_literal(child(element, "allowedValues")),
        constraint=optional_literal(child(element, "typeConstraint")),
        components=tuple(_item(inner, reading) for inner in children(element, "itemComponent")),
        function=None if signature is None else _function_item(signature, reading),
        line=xml.line(element),
    )


def _function_item(element: etree._Element, reading: Reading) -> model.FunctionItem:
    parameters = tuple(
        model.Parameter(each.get("name") or "", reading.type_ref(each.get("typeRef")))
        for each in children(element, "parameters")
    )
    return model.FunctionItem(parameters, reading.type_ref(element.get("outputTypeRef")))


def _common(element: etree._Element, root: etree._Element) -> tuple[Reading, dict[str, Any]]:
    name = element.get("name") or ""
    if not name:
        raise DmnModelError(N_("第 {line} 行：“{tag}”没有名称。请补上。"), xml.line(element), tag=xml.local(element))
    reading = Reading(root, name)
    variable = child(element, "variable")
    type_ref = reading.type_ref(None if variable is None else variable.get("typeRef"))
    called = name if variable is None else variable.get("name") or name
    common = {"id": element.get("id") or name, "name": name, "variable": called, "type_ref": type_ref}
    return reading, {**common, "line": xml.line(element)}


def _references(element: etree._Element, outer: str, *inner: str) -> tuple[str, ...]:
    found = []
    for requirement in children(element, outer) if outer else (element,):
        for name in inner:
            found += [each.get("href") or "" for each in children(requirement, name)]
    return tuple(found)


def _unless_faulty(read_logic: Callable[[], _Logic]) -> _Logic | DmnModelError:
    """One decision that can't be read does not take the others with it."""
    try:
        return read_logic()
    except DmnModelError as error:
        return error


def _input_data(element: etree._Element, root: etree._Element) -> model.InputData:
    _reading, common = _common(element, root)
    return model.InputData(**common)


def _decision(element: etree._Element, root: etree._Element) -> model.DecisionElement:
    reading, common = _common(element, root)
    return model.DecisionElement(
        **common,
        requires=_references(element, "informationRequirement", "requiredDecision", "requiredInput"),
        knowledge=_references(element, "knowledgeRequirement", "requiredKnowledge"),
        logic=_unless_faulty(lambda: boxed(element, reading)),
    )


def _knowledge_model(element: etree._Element, root: etree._Element) -> model.KnowledgeModel:
    reading, common = _common(element, root)
    logic = child(element, "encapsulatedLogic")
    return model.KnowledgeModel(
        **common,
        knowledge=_references(element, "knowledgeRequirement", "requiredKnowledge"),
        logic=None if logic is None else _unless_faulty(lambda: function(logic, reading)),
    )


def _service(element: etree._Element, root: etree._Element) -> model.ServiceElement:
    _reading, common = _common(element, root)
    return model.ServiceElement(
        **common,
        outputs=_references(element, "", "outputDecision"),
        encapsulated=_references(element, "", "encapsulatedDecision"),
        input_decisions=_references(element, "", "inputDecision"),
        input_data=_references(element, "", "inputData"),
    )


_ELEMENTS: dict[str, Callable[[etree._Element, etree._Element], model.Element]] = {
    "inputData": _input_data,
    "decision": _decision,
    "businessKnowledgeModel": _knowledge_model,
    "decisionService": _service,
}

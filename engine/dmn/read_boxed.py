"""XML → boxed expressions (DMN 1.5, 10.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import lxml.etree as etree

from engine import xml_reading as xml
from engine.dmn import model
from engine.dmn.errors import N_, DmnModelError
from engine.dmn.names import FEEL_NAMESPACES
from engine.dmn.read_table import table
from engine.dmn.read_xml import child, children, literal


@dataclass(frozen=True)
class Reading:
    """What reading an element needs: the prefixes of the file and the name of the element."""

    root: etree._Element
    node: str

    def type_ref(self, written: str | None) -> str:
        """A type's name without a prefix that says FEEL, as DMN 1.1 writes it; ``prefix:name`` becomes a path."""
        name = (written or "").strip()
        prefix, colon, rest = name.partition(":")
        if not colon:
            return name
        namespace = self.root.nsmap.get(prefix)
        own = self.root.get("namespace")
        return rest if prefix == "feel" or namespace in FEEL_NAMESPACES or namespace == own else f"{prefix}.{rest}"

    def fail(self, template: str, element: etree._Element, **params: object) -> DmnModelError:
        """An error at the element; the sentence may use ``{line}`` and ``{node}``."""
        return DmnModelError(template, xml.line(element), self.node, **params)


def boxed(parent: etree._Element, reading: Reading) -> model.Boxed | None:
    """The first expression inside the element, or None."""
    for element in children(parent):
        if xml.local(element) in _READERS:
            return _one(element, reading)
    return None


def _one(element: etree._Element, reading: Reading) -> model.Boxed:
    return _READERS[xml.local(element)](element, reading)


def _required(parent: etree._Element | None, at: etree._Element, reading: Reading) -> model.Boxed:
    found = None if parent is None else boxed(parent, reading)
    if found is None:
        raise reading.fail(
            N_("第 {line} 行：“{node}”的“{tag}”里缺少表达式。请补上。"),
            at if parent is None else parent,
            tag=xml.local(at if parent is None else parent),
        )
    return found


def _type(element: etree._Element, reading: Reading) -> str:
    return reading.type_ref(element.get("typeRef"))


def _literal(element: etree._Element, reading: Reading) -> model.Boxed:
    if child(element, "importedValues") is not None:
        raise reading.fail(N_("第 {line} 行：“{node}”引用了别处的值，不能运行。请把表达式写在这里。"), element)
    return literal(element, _type(element, reading))


def _context(element: etree._Element, reading: Reading) -> model.Boxed:
    entries: list[model.Entry] = []
    result: model.Boxed | None = None
    for each in children(element, "contextEntry"):
        variable = child(each, "variable")
        value = _required(each, each, reading)
        if variable is None:
            result = value
        else:
            name, type_ref = variable.get("name") or "", _type(variable, reading)
            entries.append(model.Entry(name, value, xml.line(each), type_ref))
    return model.BoxedContext(tuple(entries), result, xml.line(element), _type(element, reading))


def _invocation(element: etree._Element, reading: Reading) -> model.Boxed:
    bindings = []
    for each in children(element, "binding"):
        parameter = child(each, "parameter")
        name = "" if parameter is None else parameter.get("name") or ""
        value = boxed(each, reading) or model.Literal("null", xml.line(each))
        bindings.append(model.Entry(name, value, xml.line(each)))
    function_called = _required(element, element, reading)
    return model.Invocation(function_called, tuple(bindings), xml.line(element), _type(element, reading))


def function(element: etree._Element, reading: Reading) -> model.FunctionDefinition:
    """A function definition; one of Java or PMML keeps its kind, and is refused when it is compiled."""
    parameters = tuple(
        model.Parameter(each.get("name") or "", _type(each, reading)) for each in children(element, "formalParameter")
    )
    kind = element.get("kind") or "FEEL"
    body = _required(element, element, reading)
    return model.FunctionDefinition(kind, parameters, body, xml.line(element), _type(element, reading))


def _relation(element: etree._Element, reading: Reading) -> model.Boxed:
    columns = tuple(
        model.Parameter(each.get("name") or "", _type(each, reading)) for each in children(element, "column")
    )
    rows = tuple(_items(each, reading) for each in children(element, "row"))
    if any(len(row) != len(columns) for row in rows):
        raise reading.fail(N_("第 {line} 行：“{node}”的关系表各行的格数和列数不同。请补全。"), element)
    return model.Relation(columns, rows, xml.line(element), _type(element, reading))


def _items(element: etree._Element, reading: Reading) -> tuple[model.Boxed, ...]:
    return tuple(_one(each, reading) for each in children(element) if xml.local(each) in _READERS)


def _list(element: etree._Element, reading: Reading) -> model.Boxed:
    return model.BoxedList(_items(element, reading), xml.line(element), _type(element, reading))


def _conditional(element: etree._Element, reading: Reading) -> model.Boxed:
    test, then, otherwise = (_required(child(element, name), element, reading) for name in ("if", "then", "else"))
    return model.Conditional(test, then, otherwise, xml.line(element), _type(element, reading))


def _filter(element: etree._Element, reading: Reading) -> model.Boxed:
    items, match = (_required(child(element, name), element, reading) for name in ("in", "match"))
    return model.Filter(items, match, xml.line(element), _type(element, reading))


def _loop(element: etree._Element, reading: Reading) -> model.Boxed:
    kind = xml.local(element)
    inside = "return" if kind == "for" else "satisfies"
    items, body = (_required(child(element, name), element, reading) for name in ("in", inside))
    variable = element.get("iteratorVariable") or ""
    if not variable:
        raise reading.fail(N_("第 {line} 行：“{node}”的循环没有变量名。请补上。"), element)
    return model.Loop(kind, variable, items, body, xml.line(element), _type(element, reading))


_READERS: dict[str, Callable[[etree._Element, Reading], model.Boxed]] = {
    "literalExpression": _literal,
    "context": _context,
    "invocation": _invocation,
    "functionDefinition": function,
    "relation": _relation,
    "list": _list,
    "conditional": _conditional,
    "filter": _filter,
    "for": _loop,
    "some": _loop,
    "every": _loop,
    "decisionTable": table,
}

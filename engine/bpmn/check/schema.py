"""The schema of BPMN: which elements there are, what they hold, and how the values of their attributes are written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from engine.bpmn.check.context import Context
from engine.bpmn.check.registry import Problem, on, rule
from engine.bpmn.element import Element
from engine.bpmn.metamodel import TAGS, TYPES, Attribute, Child, is_a
from engine.errors import N_

#: Script languages by the names under which editors write them; BPMN wants a MIME type, which no editor insists on.
_LANGUAGES = frozenset(
    {"feel", "javascript", "ecmascript", "js", "groovy", "python", "jython", "ruby", "jruby", "juel", "kotlin", "java"}
    | {
        "mvel",
        "xpath",
        "xquery",
        "sql",
        "c#",
        "csharp",
        "vb",
        "vbscript",
        "powershell",
        "bash",
        "shell",
        "lua",
        "scala",
    }
)
_PATTERNS = {
    "bool": re.compile(r"true|false|0|1"),
    "int": re.compile(r"[+-]?\d+", re.ASCII),
    "count": re.compile(r"\+?0*[1-9]\d*", re.ASCII),
    "id": re.compile(r"[^\W\d][\w.\-·]*"),
    "mime": re.compile(r"[\w!#$&^.+\-]+/[\w!#$&^.+\-*]+(\s*;.*)?", re.ASCII),
    "method": re.compile(r"##(Compensate|Image|Store)|[A-Za-z][\w+.\-]*:([^\s%<>]|%[0-9A-Fa-f]{2})+", re.ASCII),
}


@rule(
    "schema.element",
    "15.3 Schemas",
    N_("{element}里的 {tag} 不是 BPMN 2.0 的元素。请改正拼写，或删去。"),
)
def elements_that_bpmn_does_not_have(context: Context) -> Iterator[Problem]:
    for parent in _closed(context):
        for each in parent.children:
            if each.tag not in TAGS and _place(parent, each) is None:
                yield on(each, element=_name(parent), tag=each.tag)


@rule(
    "schema.child",
    "15.3 Schemas",
    N_("{element}（{around}）里不能有 {tag}。请移到合适的位置，或删去。"),
)
def elements_in_the_wrong_place(context: Context) -> Iterator[Problem]:
    for parent in _closed(context):
        for each in parent.children:
            if each.tag in TAGS and _place(parent, each) is None:
                yield on(each, element=_name(parent), around=parent.tag, tag=each.tag)


@rule(
    "schema.count",
    "15.3 Schemas",
    N_("{element}（{around}）里的 {tag} 有 {count} 个，应该{wanted}。请补上或删去。"),
)
def missing_and_surplus_children(context: Context) -> Iterator[Problem]:
    for parent in _closed(context):
        if parent.tag == "conditionalEventDefinition":
            continue  # a drawing may leave the condition open; event.condition asks for it where it runs
        found = Counter(place.tag for each in parent.children if (place := _place(parent, each)))
        for place in TYPES[parent.tag].children.values():
            if place.tag != "loop" and (wanted := _wanted(place, found[place.tag])):
                yield on(parent, around=parent.tag, tag=place.tag, count=found[place.tag], wanted=wanted)


@rule(
    "schema.required",
    "15.3 Schemas",
    N_("{element}（{tag}）缺少 {attribute}。请补上。"),
)
def missing_attributes(context: Context) -> Iterator[Problem]:
    for each in _closed(context):
        for attribute in TYPES[each.tag].attributes.values():
            if attribute.required and attribute.name not in each.attributes:
                yield on(each, tag=each.tag, attribute=attribute.name)


@rule(
    "schema.value",
    "15.3 Schemas: types of attributes; 8.3.1 Documentation, textFormat; 10.3.5 Transaction, method",
    N_("{element}的 {attribute} 是“{value}”，应该是{wanted}。请改正。"),
    ext=(4, 37, 38, 60, 145),
)
def values_of_the_wrong_type(context: Context) -> Iterator[Problem]:
    for each in _typed(context):
        for name, value in each.attributes.items():
            attribute = TYPES[each.tag].attributes.get(name)
            # An empty id counts as none; process.id and id.missing ask for one where it is needed.
            if attribute and not (name == "id" and not value) and not _fits(attribute, value.strip()):
                yield on(each, attribute=name, value=value, wanted=_expected(attribute))


@rule(
    "schema.attribute",
    "15.3 Schemas",
    N_("{element}（{tag}）没有名为 {attribute} 的属性，它不起作用。请改正拼写，或删去。"),
    severity="warning",
)
def attributes_that_bpmn_does_not_have(context: Context) -> Iterator[Problem]:
    for each in _closed(context):
        for name in each.attributes:
            misplaced_default = name == "default" and is_a(each.tag, ("flowNode",))
            if name not in TYPES[each.tag].attributes and not misplaced_default:
                yield on(each, tag=each.tag, attribute=name)


def _closed(context: Context) -> Iterator[Element]:
    """Every element whose content BPMN fixes; what stands in texts and in extensions is nobody's business."""
    return (each for each in _typed(context) if not TYPES[each.tag].open)


def _typed(context: Context) -> Iterator[Element]:
    waiting = [context.diagram.root]
    while waiting:
        each = waiting.pop()
        if each.tag not in TAGS:
            continue
        yield each
        if not TYPES[each.tag].open:
            waiting.extend(reversed([child for child in each.children if _place(each, child)]))


def _place(parent: Element, child: Element) -> Child | None:
    return TYPES[parent.tag].child(child.tag)


def _name(element: Element) -> str:
    return f"“{element.get('name') or element.owner.id or element.tag}”"


def _wanted(place: Child, count: int) -> str:
    if count < place.least:
        return N_("至少有一个")
    return N_("至多有一个") if place.most is not None and count > place.most else ""


def _fits(attribute: Attribute, value: str) -> bool:
    if "/" in attribute.type:
        return value in attribute.type.split("/")
    if attribute.type == "language":
        return not value or value.lower() in _LANGUAGES or _PATTERNS["mime"].fullmatch(value) is not None
    return attribute.type not in _PATTERNS or _PATTERNS[attribute.type].fullmatch(value) is not None


def _expected(attribute: Attribute) -> str:
    if "/" in attribute.type:
        return attribute.type.replace("/", "、")
    return {
        "bool": N_("true 或 false"),
        "int": N_("整数"),
        "count": N_("大于 0 的整数"),
        "id": N_("以字母或下划线开头、不含空格的名称"),
        "mime": N_("MIME 类型，如 text/plain"),
        "language": N_("脚本语言的 MIME 类型，如 text/javascript"),
        "method": N_("##Compensate、##Image、##Store 或一个 URI"),
    }[attribute.type]

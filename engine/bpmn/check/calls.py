"""Calls: what is called can begin by itself, and takes and gives the data that the call has."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.context import Context
from engine.bpmn.check.items import item_of, same_item
from engine.bpmn.check.registry import Problem, called, on, rule
from engine.bpmn.element import Element
from engine.bpmn.metamodel import is_a
from engine.errors import N_

_DATA = (("dataInput", N_("输入")), ("dataOutput", N_("输出")))


@rule(
    "call.plain-start",
    "10.4.2 Start Event: a called process begins with a start event that has no trigger",
    N_("{element}调用的流程{process}没有无触发条件的开始事件，调用不会开始。请在那里加一个无触发条件的开始事件。"),
    ext=(99,),
)
def calls_of_processes_that_wait_for_a_trigger(context: Context) -> Iterator[Problem]:
    for call, target in _calls(context):
        starts = target.all("startEvent")
        if target.tag == "process" and starts and all(_has_trigger(each) for each in starts):
            yield on(call, process=called(target))


@rule(
    "call.data",
    "10.3.6 Call Activity: it meets the data requirements of what it calls",
    N_("{element}的数据{side}有 {own} 项，被调用的{process}要 {wanted} 项，或者结构不同。请让两边一致。"),
    ext=(63,),
)
def calls_with_other_data(context: Context) -> Iterator[Problem]:
    for call, target in _calls(context):
        own, wanted = call.one("ioSpecification"), target.one("ioSpecification")
        if own is None or wanted is None:
            continue  # data may also travel by mappings, which are the dialect's business
        for tag, side in _DATA:
            ours, theirs = own.all(tag), wanted.all(tag)
            if not _match(context, ours, theirs):
                yield on(call, side=side, own=len(ours), process=called(target), wanted=len(theirs))


def _calls(context: Context) -> Iterator[tuple[Element, Element]]:
    for call in context.find("callActivity"):
        target = context.target(call.get("calledElement"))
        if target is not None and is_a(target.tag, ("callable",)):
            yield call, target


def _has_trigger(start: Element) -> bool:
    return any(each.tag.endswith(("EventDefinition", "eventDefinitionRef")) for each in start.children)


def _match(context: Context, ours: list[Element], theirs: list[Element]) -> bool:
    """Whether each of theirs can be given one of ours, each used once; small lists, so greedily."""
    left = [item_of(context, each) for each in ours]
    for each in theirs:
        wanted = item_of(context, each)
        found = next((item for item in left if same_item(item, wanted)), wanted)
        if found not in left:
            return False
        left.remove(found)
    return not left

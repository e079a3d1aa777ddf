"""Data in a drawing: objects, their states and collections, associations, and the items of multi-instance."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.bpmn.check.context import Context
from engine.bpmn.check.items import item_of, same_item, structure
from engine.bpmn.check.registry import Problem, called, on, rule
from engine.bpmn.element import Element
from engine.bpmn.metamodel import is_a
from engine.errors import N_

_EVENTS = ("startEvent", "intermediateCatchEvent", "boundaryEvent", "intermediateThrowEvent", "endEvent")
_LOOP_ITEMS = (("inputDataItem", "loopDataInputRef"), ("outputDataItem", "loopDataOutputRef"))


@rule(
    "data.state-name",
    "10.3.1 Data Object Reference: named after its object, with the state in brackets",
    N_("数据对象引用{element}标明了状态，名称应该是“{wanted}”。请改正名称或状态。"),
    ext=(76,),
)
def names_that_contradict_the_state(context: Context) -> Iterator[Problem]:
    for each in context.find("dataObjectReference"):
        state, behind = each.one("dataState"), context.target(each.get("dataObjectRef"))
        if (
            state is None
            or behind is None
            or behind.tag != "dataObject"
            or not (state.get("name") and behind.get("name") and each.get("name"))
        ):
            continue
        wanted = f"{behind.get('name')} [{state.get('name')}]"
        if " ".join(each.get("name").split()) != wanted:
            yield on(each, wanted=wanted)


@rule(
    "data.collection",
    "10.3.1 Data Object, Data Input and Data Output, isCollection: the same as that of the item definition",
    N_("{element}的数据定义“{item}”是集合，它自己却没有标为集合。请加上集合标记（isCollection）。"),
    ext=(20, 77, 83),
)
def collections_that_contradict_their_item(context: Context) -> Iterator[Problem]:
    for each in context.find("dataObject", "dataInput", "dataOutput"):
        item = item_of(context, each)
        # The other way round is common: tools write "a collection of texts" with the item for one text.
        if item is not None and item.flag("isCollection") and not each.flag("isCollection"):
            yield on(each, item=item.id)


@rule(
    "data.of-sub-process",
    "10.3.1 Data Inputs and Data Outputs: embedded sub-processes define none",
    N_("子流程{element}自己定义了数据输入或输出，只有流程、任务和调用活动可以。请改用数据对象。"),
    ext=(79,),
)
def data_of_embedded_sub_processes(context: Context) -> Iterator[Problem]:
    for each in context.find("subProcess", "transaction", "adHocSubProcess"):
        own = each.one("ioSpecification")
        loop = each.one("multiInstanceLoopCharacteristics")
        needed = set(loop.texts("loopDataInputRef") + loop.texts("loopDataOutputRef")) if loop else set()
        if own is not None and any(data.id not in needed for data in own.all("dataInput", "dataOutput")):
            yield on(each)


@rule(
    "data.association-sources",
    "10.3.1 Data Association: several sources need a transformation",
    N_("数据关联{element}有 {count} 个来源，但没有写怎样合并（transformation）。请只留一个来源，或写上转换。"),
    ext=(92,),
)
def associations_with_several_sources(context: Context) -> Iterator[Problem]:
    for each in context.find("dataInputAssociation", "dataOutputAssociation"):
        sources = each.all("sourceRef")
        if len(sources) > 1 and each.one("transformation") is None:
            yield on(each, count=len(sources))


@rule(
    "data.association-items",
    "10.3.1 Data Association: source and target have the same item definition",
    N_("数据关联{element}两端的数据不同：一端是“{source}”，另一端是“{target}”。请改成一样的，或写上转换。"),
    ext=(91,),
)
def associations_of_different_items(context: Context) -> Iterator[Problem]:
    for each in context.find("dataInputAssociation", "dataOutputAssociation"):
        # In the dialect data travel by mappings; in a drawing that nobody runs the ends may be sketched.
        if each.all("transformation", "assignment") or context.diagram.dialect or not context.runs(each):
            continue
        ends = [found for end in each.all("sourceRef", "targetRef") if (found := context.target(end.text))]
        items = [item_of(context, end) for end in ends]
        meant = all(is_a(end.tag, ("itemAware",)) for end in ends)
        if len(items) == 2 and meant and not same_item(items[0], items[1]):
            yield on(each, source=structure(items[0]), target=structure(items[1]))


@rule(
    "data.loop-item",
    "10.3.7 Multi-Instance, inputDataItem and outputDataItem: one element of the collection",
    N_("{element}的多实例数据项“{item}”不是集合“{collection}”中的一项。请改成同一种结构，而且不是集合。"),
    ext=(69, 70),
)
def loop_items_that_fit_no_collection(context: Context) -> Iterator[Problem]:
    for loop in context.find("multiInstanceLoopCharacteristics"):
        for tag, attribute in _LOOP_ITEMS:
            one, collection = loop.one(tag), next(iter(loop.texts(attribute)), "")
            item = None if one is None else item_of(context, one)
            around = context.element.get(collection)
            whole = item_of(context, around) if around is not None and is_a(around.tag, ("itemAware",)) else None
            if item is not None and whole is not None and not _is_one_of(item, whole):
                yield on(loop, element=called(loop.parent or loop), item=item.id, collection=whole.id)


@rule(
    "data.loop-source",
    "10.3.7 Multi-Instance, loopDataInputRef: a data input of the activity itself",
    N_("{element}的多实例要遍历“{data}”，但它不是这个活动自己的数据输入。请在它的数据输入中选择。"),
    ext=(68,),
)
def loops_over_data_of_others(context: Context) -> Iterator[Problem]:
    for loop in context.find("multiInstanceLoopCharacteristics"):
        around = loop.parent or loop
        own = around.one("ioSpecification")
        inputs = {each.id for each in own.all("dataInput")} if own else set()
        for data in loop.texts("loopDataInputRef"):
            of_sub_process = is_a(around.tag, ("subProcess",))
            found = context.element.get(data)
            known = found is not None and is_a(found.tag, ("itemAware",))
            if context.runs(loop) and not of_sub_process and known and data not in inputs:
                yield on(loop, element=called(around), data=data)


@rule(
    "data.of-event",
    "10.4.1 Event, data inputs and outputs: one for each event definition, of the same item",
    N_("事件{element}有 {count} 项数据和 {triggers} 个事件定义，或者数据与事件带来的不同。请让它们一一对应。"),
    ext=(93, 94),
)
def event_data_that_fit_no_definition(context: Context) -> Iterator[Problem]:
    for each in context.find(*_EVENTS):
        data = each.all("dataInput", "dataOutput")
        definitions = [
            child for child in each.children if child.tag.lower().endswith(("eventdefinition", "eventdefinitionref"))
        ]
        if (
            data
            and not context.diagram.dialect
            and (len(data) != len(definitions) or not all(map(_carries(context), data, definitions)))
        ):
            yield on(each, count=len(data), triggers=len(definitions))


def _carries(context: Context) -> Callable[[Element, Element], bool]:
    """Whether a data input or output is of the item that an event definition brings or takes."""

    def carries(data: Element, definition: Element) -> bool:
        found = context.target(definition.text) if definition.tag == "eventDefinitionRef" else definition
        payload = None if found is None else context.target(found.get(found.tag.replace("EventDefinition", "Ref")))
        item = None if payload is None else context.target(payload.get("itemRef") or payload.get("structureRef"))
        return same_item(item_of(context, data), item)

    return carries


def _is_one_of(item: Element, whole: Element) -> bool:
    return not item.flag("isCollection") and (
        not item.get("structureRef") or not whole.get("structureRef") or structure(item) == structure(whole)
    )

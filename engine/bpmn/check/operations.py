"""Operations of services: the data of a task fits the messages that its operation sends and receives."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.context import Context
from engine.bpmn.check.items import item_of, same_item, structure
from engine.bpmn.check.registry import Problem, called, on, rule
from engine.bpmn.element import Element
from engine.errors import N_

#: How many sets a task may have: (task, set, data)
_ONE_SET = (
    ("serviceTask", "inputSet", "dataInput"),
    ("serviceTask", "outputSet", "dataOutput"),
    ("sendTask", "inputSet", "dataInput"),
    ("receiveTask", "outputSet", "dataOutput"),
)
_DIRECTIONS = {"dataInput": "inMessageRef", "dataOutput": "outMessageRef"}


@rule(
    "operation.sets",
    "10.3.3 Service Task, Send Task and Receive Task: at most one input set and one output set",
    N_("{element}有 {count} 个 {set}，这种任务至多有一个。请合并成一个。"),
    ext=(42, 43, 46, 50),
)
def tasks_with_several_sets(context: Context) -> Iterator[Problem]:
    for task, tag, _ in _ONE_SET:
        for each in context.find(task):
            own = each.one("ioSpecification")
            count = 0 if own is None else len(own.all(tag))
            if count > 1:
                yield on(each, set=tag, count=count)


@rule(
    "operation.data",
    "10.3.3 Service Task, Send Task and Receive Task: one data input or output, where a web service implements them",
    N_("{element}只能有一个 {data}，现在有 {count} 个：消息只带一项数据。请只留一个。"),
    ext=(47, 51),
)
def tasks_with_several_data(context: Context) -> Iterator[Problem]:
    for each, data, own in _data(context):
        web_service = each.get("implementation", "##WebService") in ("##WebService", "##unspecified")
        if len(own) > 1 and web_service and _message(context, each, data) is not None:
            yield on(each, data=data, count=len(own))


@rule(
    "operation.item",
    "10.3.3 Service Task, Send Task and Receive Task: data of the same item as the message",
    N_("{element}的 {data} 是“{own}”，消息“{message}”带的却是“{item}”。请改成一样的。"),
    ext=(44, 45, 48, 52),
)
def data_that_do_not_fit_the_message(context: Context) -> Iterator[Problem]:
    for each, data, own in _data(context):
        message = _message(context, each, data)
        if message is None or len(own) != 1:
            continue
        ours, theirs = item_of(context, own[0]), item_of(context, message)
        if not same_item(ours, theirs):
            yield on(each, data=data, own=structure(ours), message=message.get("name"), item=structure(theirs))


@rule(
    "operation.binding",
    "8.3.3 Input/Output Binding: the data are those of the operation's messages",
    N_("{element}把 {data}“{own}”绑定到操作“{operation}”，但消息带的是“{item}”。请改成一样的。"),
    ext=(65,),
)
def bindings_of_other_data(context: Context) -> Iterator[Problem]:
    for each in context.find("ioBinding"):
        operation = context.target(each.get("operationRef"))
        for attribute, direction in (("inputDataRef", "inMessageRef"), ("outputDataRef", "outMessageRef")):
            data, message = context.target(each.get(attribute)), _of_operation(context, operation, direction)
            if operation is None or data is None or message is None:
                continue
            ours, theirs = item_of(context, data), item_of(context, message)
            if not same_item(ours, theirs):
                yield on(
                    each,
                    element=called(each.parent or each),
                    data=data.tag,
                    own=structure(ours),
                    operation=operation.get("name"),
                    item=structure(theirs),
                )


@rule(
    "operation.unbound",
    "8.3.3 Input/Output Binding: a callable element with an interface binds its data to it",
    N_("{element}对外提供接口，但没有把数据绑定到操作（ioBinding）。请补上绑定，或去掉接口。"),
    ext=(64,),
)
def interfaces_without_a_binding(context: Context) -> Iterator[Problem]:
    for each in context.find("process", "globalTask", "globalUserTask", "globalScriptTask", "globalBusinessRuleTask"):
        exposed = each.one("supportedInterfaceRef") is not None and each.id not in context.misdirected
        if exposed and each.one("ioBinding") is None:
            yield on(each)


@rule(
    "operation.message-event",
    "10.4.6 Message Event Definition, messageRef and operationRef: given where the process runs",
    N_(
        "消息事件{element}没有写明{missing}，流程要执行就必须写明。请选择消息和操作，或用这里的属性填写任务类型或关联键。"
    ),
    ext=(127, 128),
)
def message_events_without_an_operation(context: Context) -> Iterator[Problem]:
    if context.diagram.dialect:
        return  # there, messages go by name and key; message.name and message.thrown ask for them
    for each in context.find("messageEventDefinition"):
        event = each.parent or each
        missing = "messageRef" if not each.get("messageRef") else "" if each.one("operationRef") else "operationRef"
        # An extension of the event, whoever reads it, may say how the message travels.
        if missing and context.runs(each) and not (each.one("extensionElements") or event.one("extensionElements")):
            yield on(each, element=called(event), missing=missing)


@rule(
    "operation.instantiating-receive",
    "10.3.3 Receive Task, instantiate: no incoming flows",
    N_("接收任务{element}用来启动流程，不能有进入的连线。请删去连线，或取消“启动流程”。"),
    ext=(49,),
)
def instantiating_tasks_with_incoming_flows(context: Context) -> Iterator[Problem]:
    for each in context.find("receiveTask"):
        node = context.node.get(each.id)
        if node is not None and node.instantiate and node.incoming:
            yield on(each)


def _data(context: Context) -> Iterator[tuple[Element, str, list[Element]]]:
    for task, _, data in _ONE_SET:
        for each in context.find(task):
            if own := each.one("ioSpecification"):
                yield each, data, own.all(data)


def _message(context: Context, task: Element, data: str) -> Element | None:
    """The message that the task's data travel in: its own, or that of its operation."""
    found = context.target(task.get("messageRef"))
    if found is not None and found.tag == "message":
        return found
    # What a receive task gives is what its operation takes in.
    direction = "inMessageRef" if task.tag == "receiveTask" else _DIRECTIONS[data]
    return _of_operation(context, context.target(task.get("operationRef")), direction)


def _of_operation(context: Context, operation: Element | None, direction: str) -> Element | None:
    name = None if operation is None or operation.tag != "operation" else operation.one(direction)
    found = None if name is None else context.target(name.text)
    return found if found is not None and found.tag == "message" else None

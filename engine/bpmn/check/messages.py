"""Messages, signals and errors: they have names, keys and codes by which they find their way."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.context import Context
from engine.bpmn.check.registry import Problem, at, label, rule
from engine.bpmn.check.timers import is_duration
from engine.bpmn.model import EventDefinition, EventType, Kind, Node, Process
from engine.errors import N_

_THROWS = (Kind.END_EVENT, Kind.INTERMEDIATE_THROW, Kind.SEND_TASK)


@rule(
    "message.name",
    "8.3.11 Message, name",
    N_("{element}没有选择消息，或消息没有名称。请选择一个有名称的消息。"),
    deploy=True,
)
def messages_without_a_name(context: Context) -> Iterator[Problem]:
    for node, definition in _definitions(context, EventType.MESSAGE):
        if node.kind not in _THROWS and (definition.name is None or not definition.name.value):
            yield at(node)


@rule(
    "message.key",
    "Wuji: zeebe:subscription correlationKey",
    N_("{element}的消息“{message}”没有关联键，不知道该送到哪一件事项。请在消息上填写关联键，如 =编号。"),
    deploy=True,
)
def messages_without_a_key(context: Context) -> Iterator[Problem]:
    for node, definition in _definitions(context, EventType.MESSAGE):
        starts_process = node.kind is Kind.START_EVENT and context.place_of[node.id].owner is None
        if definition.name and definition.correlation is None and not starts_process and node.kind not in _THROWS:
            yield at(node, message=definition.name.value)


@rule(
    "message.thrown",
    "10.4.6 Message Event Definition; Wuji: zeebe:taskDefinition type",
    N_("{element}要发送消息，但既没有消息名称，也没有任务类型。请选择消息，或填写任务类型，如 http。"),
    deploy=True,
)
def thrown_messages_that_go_nowhere(context: Context) -> Iterator[Problem]:
    for node, definition in _definitions(context, EventType.MESSAGE):
        if node.kind in _THROWS and node.job_type is None and (definition.name is None or not definition.name.value):
            yield at(node)


@rule(
    "message.start-twice",
    "8.3.11 Message; Wuji: a message starts one process",
    N_("{element}等待的消息“{message}”已经用来启动{other}。一条消息只能启动一个流程，请换一个消息名称。"),
    deploy=True,
)
def messages_that_start_two_processes(context: Context) -> Iterator[Problem]:
    elsewhere = context.world.message_starts or {}
    here: dict[str, tuple[Process, Node]] = {}
    for process, node, name in _message_starts(context):
        other_process, other_node = here.setdefault(name, (process, node))
        if other_process is not process:
            yield at(node, message=name, other=label(other_process))
        elif other_node is not node:
            yield at(node, message=name, other=label(other_node))
        elif elsewhere.get(name, process.key) != process.key:
            yield at(node, message=name, other=f"“{elsewhere[name]}”")


def _message_starts(context: Context) -> Iterator[tuple[Process, Node, str]]:
    for process in context.processes:
        for node in process.scope.nodes.values():
            for each in node.events if node.kind is Kind.START_EVENT else ():
                if each.type is EventType.MESSAGE and each.name:
                    yield process, node, each.name.value


@rule(
    "message.ttl",
    "Wuji: property messageTtl",
    N_("{element}的 messageTtl“{text}”不是时长。请写成 PT1H（1 小时）、P30D（30 天）。"),
    deploy=True,
)
def times_to_live_that_are_no_duration(context: Context) -> Iterator[Problem]:
    for node, _ in _definitions(context, EventType.MESSAGE):
        text = node.property("messageTtl")
        if node.kind in _THROWS and text is not None and not is_duration(text):
            yield at(node, text=text)


@rule(
    "signal.name",
    "8.3.14 Signal, name",
    N_("{element}没有选择信号，或信号没有名称。请选择一个有名称的信号。"),
    deploy=True,
)
def signals_without_a_name(context: Context) -> Iterator[Problem]:
    for node, definition in _definitions(context, EventType.SIGNAL):
        if definition.name is None or not definition.name.value:
            yield at(node)


@rule(
    "error.code",
    "10.4.6 Error Event Definition, errorCode",
    N_("{element}抛出的{what}没有代码，谁也接不住。请选择一个有代码的{what}。"),
    deploy=True,
)
def thrown_errors_without_a_code(context: Context) -> Iterator[Problem]:
    for type_, what in ((EventType.ERROR, N_("错误")), (EventType.ESCALATION, N_("升级"))):
        for node, definition in _definitions(context, type_):
            if node.kind in _THROWS and definition.code is None:
                yield at(node, what=what)


@rule(
    "escalation.code",
    "8.3.5 Escalation, escalationCode: given where an event throws it and the process runs",
    N_("{element}抛出升级，但没有选择升级，或升级没有代码（escalationCode）。请选择一个有代码的升级。"),
    ext=(11,),
)
def thrown_escalations_without_a_code(context: Context) -> Iterator[Problem]:
    if context.deploying:
        return  # error.code says it of everything that is to be published
    for node, definition in _definitions(context, EventType.ESCALATION):
        if node.kind in _THROWS and definition.code is None and context.place_of[node.id].process.executable:
            yield at(node)


@rule(
    "error.catch-twice",
    "10.4.4 Intermediate Event, Activity Boundary Connections",
    N_("{element}和同一个活动上的另一个边界事件接的是同一个错误代码“{code}”。请删去一个，或改代码。"),
    deploy=True,
)
def two_boundary_events_for_one_error(context: Context) -> Iterator[Problem]:
    for events in context.boundary.values():
        seen: set[tuple[EventType, str | None]] = set()
        for node in events:
            for definition in node.events:
                caught = (definition.type, definition.code)
                if definition.type in (EventType.ERROR, EventType.ESCALATION) and caught in seen:
                    yield at(node, code=definition.code or "*")
                seen.add(caught)


def _definitions(context: Context, type_: EventType) -> Iterator[tuple[Node, EventDefinition]]:
    return ((node, each) for node in context.nodes() for each in node.events if each.type is type_)

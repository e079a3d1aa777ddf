"""What this engine does not run: refused with a sentence that says what to draw instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.bpmn.check.context import Context
from engine.bpmn.check.events import TYPE_NAMES
from engine.bpmn.check.registry import Problem, at, rule
from engine.bpmn.metamodel import TAGS
from engine.bpmn.model import EventType, Kind, Node
from engine.errors import N_

#: Nodes that are refused, each with what to use instead.
UNSUPPORTED_KINDS = {
    Kind.COMPLEX: N_("复杂网关不能运行。请用排他、并行或包容网关组合。"),
    Kind.AD_HOC: N_("临时（Ad-hoc）子流程不能运行。请改用普通子流程或多实例任务。"),
}

#: Elements inside nodes that would change the run, each with what to use instead.
UNSUPPORTED_PARTS = {
    "bpmn:loopDataInputRef": N_("多实例的数据输入引用不能运行。请在“多实例”中填写输入集合。"),
    "bpmn:loopDataOutputRef": N_("多实例的数据输出引用不能运行。请在“多实例”中填写输出集合。"),
    "bpmn:assignment": N_("数据关联中的赋值不能运行。请用输入输出映射。"),
    "bpmn:transformation": N_("数据关联中的转换不能运行。请用输入输出映射。"),
    "zeebe:executionListeners": N_("执行监听器不能运行。请改用服务任务。"),
    "zeebe:taskListeners": N_("任务监听器不能运行。请改用服务任务。"),
    "zeebe:adHoc": N_("临时（Ad-hoc）子流程不能运行。请改用普通子流程或多实例任务。"),
    "zeebe:conditionalFilter": N_("条件事件的变量过滤不能运行：每次变量变化都会检查条件。请删去过滤。"),
}

#: Parts of a drawing that only describe data; with nothing assigned they change nothing.
_DESCRIPTIVE = frozenset({"bpmn:dataInputAssociation", "bpmn:dataOutputAssociation"})
#: What one event may wait for at the same time, and what it may throw at the same time.
_CAUGHT_TOGETHER = frozenset(
    {EventType.TIMER, EventType.MESSAGE, EventType.SIGNAL, EventType.CONDITIONAL, EventType.ERROR, EventType.ESCALATION}
)
_STARTING_TOGETHER = _CAUGHT_TOGETHER - {EventType.ERROR, EventType.ESCALATION}
#: What an event beside the flow may wait for until all have come, when it does not interrupt and when it does.
_ALL_AND_AGAIN = frozenset({EventType.MESSAGE, EventType.SIGNAL, EventType.CONDITIONAL})
_ALL_AND_OUT = _ALL_AND_AGAIN | {EventType.TIMER}
_THROWN_TOGETHER = frozenset({EventType.MESSAGE, EventType.SIGNAL, EventType.ESCALATION})
_QUANTITY = re.compile("[1-9][0-9]{0,2}")
_CHOREOGRAPHY = frozenset({"bpmn:choreographyTask", "bpmn:subChoreography", "bpmn:callChoreography"})


@rule("support.kind", "Wuji: what runs, what is refused", N_("{element}：{advice}"), deploy=True)
def unsupported_kinds(context: Context) -> Iterator[Problem]:
    for node in context.nodes(*UNSUPPORTED_KINDS):
        yield at(node, advice=UNSUPPORTED_KINDS[node.kind])


@rule(
    "support.multiple",
    "10.4.4 Intermediate Event, Multiple; Wuji: what runs, what is refused",
    N_("{element}的几个触发类型（{types}）不能合在一个事件里运行。请拆成几个事件。"),
    deploy=True,
)
def multiple_events(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        if node.event is not None and node.event.type is EventType.MULTIPLE and not _runs_together(context, node):
            yield at(node, types="、".join(TYPE_NAMES[each] for each in sorted(node.event_types)))


def _runs_together(context: Context, node: Node) -> bool:
    if node.kind in (Kind.INTERMEDIATE_THROW, Kind.END_EVENT):
        return node.event_types <= _THROWN_TOGETHER and node.job_type is None
    if node.kind is Kind.START_EVENT and context.place_of[node.id].owner is None:
        return node.event_types <= _STARTING_TOGETHER
    return node.event_types <= _CAUGHT_TOGETHER


@rule(
    "support.parallel-multiple",
    "10.4.4 Intermediate Event, parallelMultiple; Wuji: what runs, what is refused",
    N_(
        "{element}要求几个触发都到齐。边界事件和事件子流程只能这样等消息、信号和条件，会中断的还可以等时长和日期。"
        "请改为并行的几个事件。"
    ),
    deploy=True,
)
def events_that_wait_for_all(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.START_EVENT, Kind.BOUNDARY_EVENT):
        if node.parallel_multiple and len(node.events) > 1 and not _can_wait_for_all(context, node):
            yield at(node)


def _can_wait_for_all(context: Context, node: Node) -> bool:
    if node.kind is Kind.START_EVENT and context.place_of[node.id].owner is None:
        return False
    cycles = any(each.timer is not None and each.timer.kind == "cycle" for each in node.events)
    return node.event_types <= (_ALL_AND_OUT if node.interrupting else _ALL_AND_AGAIN) and not cycles


@rule(
    "support.quantity",
    "8.3.1 Activity, startQuantity and completionQuantity",
    N_("{element}的开始数量或完成数量“{text}”不是 1 到 999 的整数。请改正，或用网关表示分支与汇合。"),
    deploy=True,
)
def token_quantities(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        wrong = [each for each in (node.start_quantity, node.completion_quantity) if not _QUANTITY.fullmatch(each)]
        if wrong:
            yield at(node, text=wrong[0])


@rule(
    "support.instantiate",
    "10.5.6 Event-Based Gateway, instantiate; 10.3.3 Receive Task, instantiate",
    N_("{element}不能用来启动流程。请在前面加一个无触发条件的开始事件。"),
    deploy=True,
)
def nodes_that_instantiate(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.RECEIVE_TASK, Kind.EVENT_BASED):
        if node.instantiate:
            yield at(node)


@rule(
    "support.start-name",
    "10.4.2 Start Event; Wuji: nothing is known before the start",
    N_("流程的开始事件{element}的名称“{name}”是表达式，启动之前没有变量可用。请写成固定的名称。"),
    deploy=True,
)
def computed_names_of_starts(context: Context) -> Iterator[Problem]:
    for process in context.processes:
        for node in process.scope.nodes.values():
            for each in node.events if node.kind is Kind.START_EVENT else ():
                if each.name and each.name.is_feel:
                    yield at(node, name=each.name.value)


@rule("support.part", "Wuji: what runs, what is refused", N_("“{element}”：{advice}"), deploy=True)
def unsupported_parts(context: Context) -> Iterator[Problem]:
    for each in context.diagram.unknown:
        if advice := UNSUPPORTED_PARTS.get(each.tag):
            yield Problem(each.id, each.line, {"element": each.id, "advice": advice})


@rule(
    "support.data",
    "10.3.1 Data Modeling; Wuji: variables belong to scopes",
    N_("“{element}”的数据关联只作说明，不传递数据。请用输入输出映射传递。"),
    severity="warning",
    deploy=True,
)
def data_associations(context: Context) -> Iterator[Problem]:
    for each in context.diagram.unknown:
        if each.tag in _DESCRIPTIVE:
            yield Problem(each.id, each.line, {"element": each.id})


@rule(
    "support.unknown",
    "15.3 Schemas",
    N_("“{element}”里的 {tag} 不是这里认识的元素。请删去，或换成认识的画法。"),
    deploy=True,
)
def unknown_elements(context: Context) -> Iterator[Problem]:
    for each in context.diagram.unknown:
        known = each.tag in UNSUPPORTED_PARTS or each.tag in _DESCRIPTIVE or each.tag in _CHOREOGRAPHY
        known |= each.tag.startswith("bpmn:") and each.tag.removeprefix("bpmn:") not in TAGS  # see schema.element
        if each.tag.startswith(("bpmn:", "zeebe:")) and each.parent != "definitions" and not known:
            yield Problem(each.id, each.line, {"element": each.id, "tag": each.tag})


@rule(
    "support.choreography",
    "11 Choreography: its activities belong to choreographies",
    N_("“{element}”是编排（Choreography）的元素，不能放在流程里。请改用任务和消息事件。"),
    ext=(36, 56),
)
def choreography_in_a_process(context: Context) -> Iterator[Problem]:
    for each in context.diagram.unknown:
        if each.tag in _CHOREOGRAPHY and each.parent in ("process", "subProcess", "transaction", "adHocSubProcess"):
            yield Problem(each.id, each.line, {"element": each.id})


@rule(
    "support.foreign",
    "Wuji: the dialect is that of zeebe extension elements",
    N_("“{element}”里的 {tag} 是其他软件的扩展，在这里不起作用。请用这里的属性重新填写，或删去。"),
    severity="warning",
    deploy=True,
)
def foreign_extensions(context: Context) -> Iterator[Problem]:
    for each in context.diagram.unknown:
        if not each.tag.startswith(("bpmn:", "zeebe:")):
            yield Problem(each.id, each.line, {"element": each.id, "tag": each.tag})

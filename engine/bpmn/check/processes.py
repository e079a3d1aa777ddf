"""Processes: something to run, a beginning and an end."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.context import Context
from engine.bpmn.check.registry import Problem, at, on, rule
from engine.bpmn.model import EventType, Kind, Node, Text
from engine.errors import N_
from engine.expressions import context_entries
from engine.feel import FeelSyntaxError


@rule(
    "process.executable",
    "10.2 Process, isExecutable",
    N_("文件里没有可执行的流程，只能作为图保存，不能发布。请在流程属性中勾选“可执行”。"),
    deploy=True,
)
def no_executable_process(context: Context) -> Iterator[Problem]:
    if not context.processes:
        first = next(iter(context.diagram.processes), None)
        yield Problem(first.key if first else "", first.line if first else 0)


@rule(
    "process.single",
    "Wuji: one bundle, one process",
    N_("流程{element}是文件里的第 {number} 个可执行流程。请一个文件只放一个，其他的改为不可执行或另存文件。"),
    deploy=True,
)
def several_executable_processes(context: Context) -> Iterator[Problem]:
    for number, process in enumerate(context.processes[1:], start=2):
        yield at(process, number=number)


@rule(
    "process.id",
    "8.3.1 BaseElement, id",
    N_("流程{element}没有 id。请在流程属性中填写。"),
    deploy=True,
)
def process_without_id(context: Context) -> Iterator[Problem]:
    return (at(process) for process in context.processes if not process.key)


@rule(
    "process.name",
    "Wuji: names are shown to people",
    N_("流程{element}没有名称。请填写名称，工作人员按名称选择流程。"),
    severity="warning",
    deploy=True,
)
def process_without_name(context: Context) -> Iterator[Problem]:
    return (at(process) for process in context.processes if not process.name)


@rule(
    "process.start",
    "13.1 Process Instantiation",
    N_("流程{element}没有开始事件。请添加一个开始事件。"),
    deploy=True,
)
def process_without_start(context: Context) -> Iterator[Problem]:
    for process in context.processes:
        if not any(node.kind is Kind.START_EVENT for node in process.scope.nodes.values()):
            yield at(process)


@rule(
    "process.several-starts",
    "10.4.2 Start Event",
    N_("开始事件{element}是第 {number} 个无触发条件的开始事件，启动时不知道用哪一个。请只保留一个。"),
    deploy=True,
)
def several_plain_starts(context: Context) -> Iterator[Problem]:
    for process in context.processes:
        plain = [node for node in process.scope.nodes.values() if _is_plain_start(node)]
        for number, node in enumerate(plain[1:], start=2):
            yield at(node, number=number)


@rule(
    "process.end",
    "10.4.3 End Event",
    N_("{element}有开始事件，但没有结束事件。请添加一个结束事件。"),
    ext=(105,),
)
def start_without_end(context: Context) -> Iterator[Problem]:
    for place in context.places:
        kinds = {node.kind for node in place.scope.nodes.values()}
        if Kind.START_EVENT in kinds and Kind.END_EVENT not in kinds:
            element = place.owner or place.process
            yield at(element)


@rule(
    "process.start-before-end",
    "10.4.2 Start Event: where there is an end event, there is a start event",
    N_("{element}有结束事件，但没有开始事件。请添加一个开始事件。"),
    ext=(97,),
)
def end_without_start(context: Context) -> Iterator[Problem]:
    for place in context.places:
        nodes = place.scope.nodes.values()
        if context.deploying and place.process.executable:
            continue  # process.start and sub-process.start say it of what is to run
        if place.owner is None and len(context.diagram.processes) > 1:
            continue  # in a collaboration the other parties are often only sketched
        if any(node.kind is Kind.END_EVENT for node in nodes) and not any(_begins(node) for node in nodes):
            yield at(place.owner or place.process)


@rule(
    "process.public",
    "10.2.1 Types of BPMN Processes: public processes do not run",
    N_("流程{element}标为公共（Public），只描述与外部的往来，不能执行。请改为私有（Private），或取消“可执行”。"),
    ext=(35,),
)
def public_processes_that_are_to_run(context: Context) -> Iterator[Problem]:
    for each in context.find("process"):
        if each.get("processType") == "Public" and each.flag("isExecutable"):
            yield on(each)


#: The levels of the units that cases may belong to.
_LEVELS = frozenset({"district", "subdistrict", "community", "group"})


@rule(
    "process.start-units",
    "Wuji: process property startUnits",
    N_(
        "流程{element}的 startUnits“{level}”不是层级。"
        "请写 district（区）、subdistrict（街道）、community（社区）或 group（居民小组）。"
    ),
    deploy=True,
)
def start_units_that_are_no_level(context: Context) -> Iterator[Problem]:
    for process in context.processes:
        level = process.property("startUnits")
        if level is not None and level not in _LEVELS:
            yield at(process, level=level)


@rule(
    "process.ledger",
    "Wuji: process property ledger",
    N_("流程{element}的台账（ledger）不是上下文。请写成花括号里的“编号: 编号, 办结时间: 办结时间”，一项是一列。"),
    deploy=True,
)
def ledgers_without_columns(context: Context) -> Iterator[Problem]:
    for process in context.processes:
        text = Text.parse(process.property("ledger") or "")
        try:
            if text.is_feel and not context_entries(text.value):
                yield at(process)
        except FeelSyntaxError:
            continue  # feel.syntax says so


#: What may be published of a settled case; engine.publication says what each is.
_PUBLISHED = frozenset({"类别", "结果", "摘要"})


@rule(
    "process.published",
    "Wuji: process properties publishedResult and publishedWhen",
    N_(
        "流程{element}公开的办理结果（publishedResult）不是上下文，或者有别的项。"
        "请写成花括号里的“类别: 诉求类别, 结果: 办结方式, 摘要: 公开摘要”。"
    ),
    deploy=True,
)
def results_published_in_another_shape(context: Context) -> Iterator[Problem]:
    for process in context.processes:
        text = Text.parse(process.property("publishedResult") or "")
        try:
            entries = context_entries(text.value) if text.is_feel else None
            if text.is_feel and not (entries and entries.keys() <= _PUBLISHED):
                yield at(process)
        except FeelSyntaxError:
            continue  # feel.syntax says so


def _begins(node: Node) -> bool:
    return node.kind is Kind.START_EVENT or node.instantiate


def _is_plain_start(node: Node) -> bool:
    return node.kind is Kind.START_EVENT and node.event is not None and node.event.type is EventType.NONE

"""Every place of a diagram where an expression may stand, in one list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn.assignment import assignment_of
from engine.bpmn.check.context import Context
from engine.bpmn.model import EventDefinition, Flow, Kind, MultiInstance, Node, Process, Text
from engine.errors import N_


@dataclass(frozen=True)
class Use:
    """One expression: ``where`` says to people which field it is; ``feel_only`` fields may hold no literal."""

    element: Node | Flow | Process
    where: str
    text: Text
    feel_only: bool = False


OUTPUT = N_("输出映射")
LEDGER = N_("台账")
EXTENSION = N_("延期上限")
Found = tuple[str, Text | None, bool]


def uses(context: Context) -> Iterator[Use]:
    """All expressions of the processes in question, in document order of their owners."""
    for process in context.processes:
        if title := process.property("title"):
            yield Use(process, N_("标题"), Text.parse(title))
        if ledger := process.property("ledger"):
            yield Use(process, LEDGER, Text.parse(ledger), feel_only=True)
        if limit := process.property("extensionLimit"):
            yield Use(process, EXTENSION, Text.parse(limit))
        if published := process.property("publishedResult"):
            yield Use(process, N_("公开的办理结果"), Text.parse(published), feel_only=True)
        if when := process.property("publishedWhen"):
            yield Use(process, N_("公开的条件"), Text.parse(when), feel_only=True)
        if result := process.property("joinedResult"):
            yield Use(process, N_("并案的结果"), Text.parse(result), feel_only=True)
    for flow in context.flow.values():
        if flow.condition is not None and flow.condition.value:
            yield Use(flow, N_("条件"), flow.condition, feel_only=True)
    for node in context.nodes():
        for where, text, feel_only in _of_node(context, node):
            if text is not None:
                yield Use(node, where, text, feel_only)


def _of_node(context: Context, node: Node) -> Iterator[Found]:
    yield N_("脚本"), node.script, True
    yield N_("办理期限"), node.due, False
    limit = node.property("extensionLimit") if node.kind is Kind.USER_TASK else None
    yield EXTENSION, Text.parse(limit) if limit else None, False
    yield N_("跟进时间"), node.follow_up, False
    yield N_("优先级"), node.priority, False
    yield N_("任务类型"), node.job_type, False
    yield N_("重试次数"), node.job_retries, False
    yield N_("被调用流程"), node.called_process, False
    yield N_("决策"), node.decision, False
    yield from ((N_("输入映射"), each.source, False) for each in node.inputs)
    yield from ((OUTPUT, each.source, False) for each in node.outputs)
    yield from _of_assignment(context, node)
    for definition in node.events:
        yield from _of_event(definition)
    if node.standard_loop:
        yield N_("循环的条件"), node.standard_loop.condition, True
        yield N_("循环的次数上限"), node.standard_loop.maximum, False
    if node.multi_instance:
        yield from _of_multi_instance(node.multi_instance)


def _of_event(definition: EventDefinition) -> Iterator[Found]:
    yield N_("定时"), definition.timer.text if definition.timer else None, False
    yield N_("消息名称"), definition.name, False
    yield N_("关联键"), definition.correlation, True
    yield N_("条件"), definition.condition, True


def _of_multi_instance(loop: MultiInstance) -> Iterator[Found]:
    yield N_("多实例的输入集合"), loop.input_collection, True
    yield N_("多实例的次数"), loop.cardinality, False
    yield N_("多实例的输出元素"), loop.output_element, True
    yield N_("多实例的完成条件"), loop.completion, True
    for each in loop.on_completion:
        yield N_("多实例的行为条件"), each.condition, True
        yield N_("信号名称"), each.event.name if each.event else None, False


def _of_assignment(context: Context, node: Node) -> Iterator[Found]:
    found = assignment_of(context.place_of[node.id].process, node)
    if found is None:
        return
    yield N_("办理人"), found.assignee, False
    yield from ((N_("候选人"), each, False) for each in (*found.groups, *found.users))

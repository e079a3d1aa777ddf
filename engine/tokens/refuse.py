"""What is not run (yet) is refused here, so that no diagram runs differently from what BPMN 2.0 says.

The checker says all of this earlier, with rule ids and places; this is the last line before an instance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from engine.bpmn.behavior import throws_what_runs
from engine.bpmn.model import EventDefinition, EventType, Flow, Kind, MultiInstance, Node, Scope, StandardLoop
from engine.errors import N_, InvalidDefinition
from engine.tokens.events import WAITED_FOR
from engine.tokens.refuse_undoing import refuse_undoing
from engine.tokens.timers import is_duration

ACTIVITIES = frozenset(
    {
        Kind.USER_TASK, Kind.MANUAL_TASK, Kind.TASK, Kind.SCRIPT_TASK, Kind.SERVICE_TASK, Kind.SEND_TASK,
        Kind.RECEIVE_TASK, Kind.BUSINESS_RULE_TASK, Kind.SUB_PROCESS, Kind.TRANSACTION, Kind.CALL_ACTIVITY,
    }
)  # fmt: skip
GATEWAYS = frozenset({Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE, Kind.EVENT_BASED})
_STARTS = frozenset({EventType.NONE, *WAITED_FOR})
_THROWN_UP = frozenset({EventType.ERROR, EventType.ESCALATION})
#: What a boundary event catches when it is thrown inside of the activity.
CAUGHT = _THROWN_UP | {EventType.CANCEL}
_QUANTITY = re.compile("[1-9][0-9]{0,2}")
_NONE = frozenset({EventType.NONE})
_SENT = frozenset({EventType.MESSAGE, EventType.SIGNAL, EventType.ESCALATION})
_EVENTS: Mapping[Kind, frozenset[EventType]] = {
    Kind.START_EVENT: _STARTS,
    Kind.INTERMEDIATE_CATCH: WAITED_FOR | {EventType.LINK},
    Kind.INTERMEDIATE_THROW: _NONE | _SENT | {EventType.LINK, EventType.COMPENSATION},
    Kind.END_EVENT: _NONE | _SENT | {EventType.ERROR, EventType.TERMINATE, EventType.COMPENSATION, EventType.CANCEL},
    Kind.BOUNDARY_EVENT: WAITED_FOR | CAUGHT | {EventType.COMPENSATION},
}
_EVENT_SUB_PROCESS_STARTS = WAITED_FOR | _THROWN_UP | {EventType.COMPENSATION}


def refuse(scope: Scope, around: Sequence[Node]) -> None:
    """Raise InvalidDefinition for the first thing in ``scope`` that would not run as BPMN 2.0 says.

    ``around`` are the sub-processes that hold it, the outermost first.
    """
    container = around[-1] if around else None
    _references(scope)
    _starts(scope, container)
    for node in scope.nodes.values():
        faults = (_kind(node), _parts(node), _flows(scope, node), _place(scope, node, container))
        for template in (*chain.from_iterable(faults), *refuse_undoing(scope, node, around)):
            raise InvalidDefinition(template, id=node.id)


def _kind(node: Node) -> Iterator[str]:
    if node.kind not in ACTIVITIES | GATEWAYS | _EVENTS.keys():
        yield N_("元素“{id}”的种类现在还不能运行。请改用支持的元素。")
    if not (_QUANTITY.fullmatch(node.start_quantity) and _QUANTITY.fullmatch(node.completion_quantity)):
        yield N_("活动“{id}”的开始数量和完成数量应当是 1 到 999 的整数。")
    if node.instantiate:
        yield N_("元素“{id}”不能自己启动流程。请改用消息开始事件。")


def _parts(node: Node) -> Iterator[str]:
    event = node.event
    if node.kind is Kind.SCRIPT_TASK and node.script is None:
        yield N_("脚本任务“{id}”没有脚本。请填写 FEEL 表达式。")
    if node.kind is Kind.BUSINESS_RULE_TASK:
        yield from _business_rule(node)
    if node.kind is Kind.CALL_ACTIVITY and node.called_process is None:
        yield N_("调用活动“{id}”没有写明调用哪个流程。")
    if node.called_binding not in ("latest", "deployment") and (
        node.called_binding != "versionTag" or node.called_tag is None
    ):
        yield N_("调用活动“{id}”没有写明调用哪个版本。")
    if node.kind is Kind.SEND_TASK and node.job_type is None and (event is None or event.name is None):
        yield N_("发送任务“{id}”既没有任务类型，也没有消息名称。")
    if node.kind is Kind.RECEIVE_TASK and (event is None or event.name is None):
        yield N_("接收任务“{id}”没有消息名称。")
    backoff = dict(node.headers).get("retryBackoff")
    if backoff is not None and not is_duration(backoff):
        yield N_("“{id}”的 retryBackoff 不是时长，应写成 PT30S、PT10M。")
    if node.multi_instance is not None:
        yield from _multi_instance(node.multi_instance)
    if node.standard_loop is not None:
        yield from _standard_loop(node, node.standard_loop)
    if node.script is not None and not node.script.is_feel:
        yield N_("脚本任务“{id}”的脚本要以“=”开头，写成 FEEL 表达式。")
    for each in node.definitions if node.kind in _EVENTS else ():
        yield from _definition(node, each)


def _definition(node: Node, event: EventDefinition) -> Iterator[str]:
    if event.type is EventType.TIMER and event.timer is None:
        yield N_("定时事件“{id}”没有时间。")
    if event.type is EventType.CONDITIONAL and (event.condition is None or not event.condition.is_feel):
        yield N_("条件事件“{id}”没有条件，或者条件没有以“=”开头。")
    if event.type in (EventType.MESSAGE, EventType.SIGNAL) and event.name is None and node.job_type is None:
        yield N_("事件“{id}”没有消息或信号的名称。")


def _business_rule(node: Node) -> Iterator[str]:
    if (node.decision is None) is (node.job_type is None):
        yield N_("业务规则任务“{id}”要写明决策或任务类型，二者只写一个。")
    if node.decision is not None and not node.result_variable:
        yield N_("业务规则任务“{id}”没有结果变量，得出的结论会丢失。")


def _multi_instance(multi: MultiInstance) -> Iterator[str]:
    if multi.input_collection is None and multi.cardinality is None:
        yield N_("多实例“{id}”没有集合，也没有实例个数。")
    texts = [multi.input_collection, multi.output_element, multi.completion]
    texts += [each.condition for each in multi.on_completion]
    if any(text is not None and not text.is_feel for text in texts):
        yield N_("多实例“{id}”的集合、输出元素和各个条件要以“=”开头，写成 FEEL 表达式。")
    if not all(map(throws_what_runs, multi.on_completion)):
        yield N_("多实例“{id}”完成时抛出的，只能是有名称的信号或有代码的升级。")


def _standard_loop(node: Node, loop: StandardLoop) -> Iterator[str]:
    if node.multi_instance is not None:
        yield N_("“{id}”既是循环又是多实例。请只留一种。")
    if loop.condition is None and loop.maximum is None:
        yield N_("循环“{id}”没有循环条件，也没有最多次数，不会停下。")
    if loop.condition is not None and not loop.condition.is_feel:
        yield N_("循环“{id}”的循环条件要以“=”开头，写成 FEEL 表达式。")


def _flows(scope: Scope, node: Node) -> Iterator[str]:
    flows = [scope.flows[id] for id in node.outgoing]
    conditions = [flow for flow in flows if flow.condition is not None]
    if any(flow.condition is not None and not flow.condition.is_feel for flow in conditions):
        yield N_("“{id}”的出线条件要以“=”开头，写成 FEEL 表达式。")
    if node.kind in (Kind.PARALLEL, Kind.EVENT_BASED) and conditions:
        yield N_("网关“{id}”的出线不能带条件。")
    if node.kind in (Kind.EXCLUSIVE, Kind.INCLUSIVE) and len(flows) > 1:
        plain = {flow.id for flow in flows} - {flow.id for flow in conditions}
        if plain - {node.default_flow}:
            yield N_("网关“{id}”有不带条件的出线，又不是默认出线。请补上条件，或设为默认。")
    if node.default_flow is not None and node.default_flow not in node.outgoing:
        yield N_("“{id}”的默认出线不是它自己的出线。")
    if node.kind is Kind.EVENT_BASED:
        yield from _event_gateway(scope, flows)


def _event_gateway(scope: Scope, flows: list[Flow]) -> Iterator[str]:
    hosts = {other.attached_to for other in scope.nodes.values()}
    for flow in flows:
        target = scope.nodes[flow.target]
        catches = target.kind is Kind.INTERMEDIATE_CATCH or (
            target.kind is Kind.RECEIVE_TASK and target.id not in hosts
        )
        repeats = target.multi_instance is not None or target.standard_loop is not None
        if not catches or len(target.incoming) != 1 or repeats or target.start_quantity != "1":
            yield N_("事件网关“{id}”的每条出线都要接一个只有这一条入线的捕获事件或接收任务。")
    if len(flows) < 2:
        yield N_("事件网关“{id}”至少要有两条出线。")


def _place(scope: Scope, node: Node, container: Node | None) -> Iterator[str]:
    if node.kind in _EVENTS:
        yield from _event(scope, node, container)
    if node.triggered_by_event:
        yield from _event_sub_process(node)


def _event(scope: Scope, node: Node, container: Node | None) -> Iterator[str]:
    types = node.event_types
    allowed = _EVENTS[node.kind]
    if node.kind is Kind.START_EVENT and container is not None:
        allowed = _EVENT_SUB_PROCESS_STARTS if container.triggered_by_event else _NONE
    if not types <= allowed:
        yield N_("事件“{id}”的类型在这个位置不能运行。")
    if len(node.definitions) > 1:
        yield from _several(node, types, container)
    if EventType.ERROR in types and node.kind is not Kind.END_EVENT and not node.interrupting:
        yield N_("错误事件“{id}”必须是中断的。")
    if node.kind in (Kind.START_EVENT, Kind.BOUNDARY_EVENT) and node.incoming:
        yield N_("事件“{id}”不能有入线。")
    if (
        node.kind is Kind.START_EVENT
        and container is None
        and any(each.name and each.name.is_feel for each in node.events)
    ):
        yield N_("流程的开始事件“{id}”的消息或信号名称不能是表达式：启动之前没有变量。")
    if node.kind is Kind.END_EVENT and node.outgoing:
        yield N_("结束事件“{id}”不能有出线。")
    if node.kind is Kind.BOUNDARY_EVENT:
        host = scope.nodes.get(node.attached_to or "")
        if host is None or host.kind not in ACTIVITIES or host.triggered_by_event:
            yield N_("边界事件“{id}”没有附在活动上。")
    if node.event is not None and node.event.type is EventType.LINK:
        yield from _link(scope, node, node.event.link)


def _several(node: Node, types: frozenset[EventType], container: Node | None) -> Iterator[str]:
    throws = node.kind in (Kind.INTERMEDIATE_THROW, Kind.END_EVENT)
    if not types <= (_SENT if throws else WAITED_FOR | _THROWN_UP) or node.job_type is not None:
        yield N_("事件“{id}”的几个触发类型不能合在一个事件里。请拆成几个事件。")
    if node.parallel_multiple and node.kind is not Kind.INTERMEDIATE_CATCH and not _can_wait_for_all(node, container):
        yield N_("事件“{id}”不能等这几个触发都到齐。请改为并行的几个事件。")


def _can_wait_for_all(node: Node, container: Node | None) -> bool:
    """Whether an event beside the flow can wait for all of its triggers, and again if it does not interrupt."""
    cycles = any(each.timer is not None and each.timer.kind == "cycle" for each in node.definitions)
    allowed = WAITED_FOR if node.interrupting else WAITED_FOR - {EventType.TIMER}
    return node.event_types <= allowed and not cycles and (node.kind is Kind.BOUNDARY_EVENT or container is not None)


def _link(scope: Scope, node: Node, link: str | None) -> Iterator[str]:
    catches = [
        other.id
        for other in scope.nodes.values()
        if other.kind is Kind.INTERMEDIATE_CATCH and other.event and other.event.type is EventType.LINK
        and other.event.link == link
    ]  # fmt: skip
    if len(catches) != 1 or not link:
        yield N_("链接事件“{id}”在同一层里要有且只有一个同名的链接捕获事件。")
    if node.kind is Kind.INTERMEDIATE_CATCH and node.incoming:
        yield N_("链接捕获事件“{id}”不能有入线。")
    if node.kind is Kind.INTERMEDIATE_THROW and node.outgoing:
        yield N_("链接抛出事件“{id}”不能有出线。")


def _event_sub_process(node: Node) -> Iterator[str]:
    repeats = node.multi_instance is not None or node.standard_loop is not None
    if node.kind is not Kind.SUB_PROCESS or node.incoming or node.outgoing or repeats:
        yield N_("事件子流程“{id}”不能有入线、出线、多实例或循环。")
    if len(_start_events(node)) != 1:
        yield N_("事件子流程“{id}”要有且只有一个开始事件。")


def _start_events(node: Node) -> list[Node]:
    nodes = node.scope.nodes.values() if node.scope else ()
    return [inner for inner in nodes if inner.kind is Kind.START_EVENT]


def _starts(scope: Scope, container: Node | None) -> None:
    starts = [
        n for n in scope.nodes.values() if n.kind is Kind.START_EVENT and not (n.event and n.event.type not in _NONE)
    ]
    if len(starts) > 1:
        raise InvalidDefinition(N_("“{id}”有不止一个无类型的开始事件。"), id=starts[1].id)
    if not scope.nodes:
        raise InvalidDefinition(N_("流程或子流程“{id}”是空的。"), id=container.id if container else "")


def _references(scope: Scope) -> None:
    for flow in scope.flows.values():
        source, target = scope.nodes.get(flow.source), scope.nodes.get(flow.target)
        if source is None or target is None or flow.id not in source.outgoing or flow.id not in target.incoming:
            raise InvalidDefinition(N_("连线“{id}”没有连在同一层的两个元素上。"), id=flow.id)
    for node in scope.nodes.values():
        if any(id not in scope.flows for id in (*node.incoming, *node.outgoing)):
            raise InvalidDefinition(N_("元素“{id}”的连线不在同一层里。"), id=node.id)

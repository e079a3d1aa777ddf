"""What of compensation and transactions is refused, since it would not run as BPMN 2.0 says (10.3.5, 10.6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.bpmn.model import EventType, Kind, Node, Scope
from engine.errors import N_


def refuse_undoing(scope: Scope, node: Node, around: Sequence[Node]) -> Iterator[str]:
    """The sentences about one node of ``scope``; ``around`` are the sub-processes that hold it, the outermost first."""
    if node.for_compensation and not node.triggered_by_event:
        yield from _handler(scope, node)
    if node.kind is Kind.TRANSACTION and _can_be_cancelled(node) and not _attached(scope, node, EventType.CANCEL):
        yield N_("事务“{id}”里有取消事件，边界上却没有接取消的事件。")
    type_ = node.event.type if node.event else EventType.NONE
    if type_ is EventType.CANCEL:
        yield from _cancel(scope, node, around)
    if type_ is EventType.COMPENSATION:
        yield from _compensation(scope, node, around)


def _handler(scope: Scope, node: Node) -> Iterator[str]:
    if node.incoming or node.outgoing:
        yield N_("补偿活动“{id}”不能有连线：它由补偿边界事件的关联线引出。")
    if node.start_quantity != "1":
        yield N_("补偿活动“{id}”的开始数量只能是 1。")
    if any(other.attached_to == node.id for other in scope.nodes.values()):
        yield N_("补偿活动“{id}”上不能有边界事件。")


def _cancel(scope: Scope, node: Node, around: Sequence[Node]) -> Iterator[str]:
    if node.kind is Kind.BOUNDARY_EVENT:
        host = scope.nodes.get(node.attached_to or "")
        if host is None or host.kind is not Kind.TRANSACTION:
            yield N_("取消边界事件“{id}”只能附在事务上。")
    elif all(outer.kind is not Kind.TRANSACTION for outer in around):
        yield N_("取消结束事件“{id}”只能用在事务里。")


def _compensation(scope: Scope, node: Node, around: Sequence[Node]) -> Iterator[str]:
    if node.kind is Kind.BOUNDARY_EVENT:
        yield from _boundary(scope, node)
    if node.kind is Kind.START_EVENT and len(around) < 2:
        yield N_("补偿开始事件“{id}”只能用在子流程里面的事件子流程：流程办结以后没有谁能补偿它。")


def _boundary(scope: Scope, node: Node) -> Iterator[str]:
    handlers = [scope.nodes[id] for id in scope.compensations.get(node.id, ())]
    if len(handlers) != 1 or not handlers[0].for_compensation or handlers[0].triggered_by_event:
        yield N_("补偿边界事件“{id}”要用一条关联线连到同一层的一个补偿活动。")
    if node.outgoing:
        yield N_("补偿边界事件“{id}”不能有出线。")
    if len([1 for other in scope.nodes.values() if other.attached_to == node.attached_to and _undoes(other)]) > 1:
        yield N_("“{id}”所在的活动上有不止一个补偿边界事件。")


def _undoes(node: Node) -> bool:
    return node.event is not None and node.event.type is EventType.COMPENSATION


def _attached(scope: Scope, host: Node, type_: EventType) -> bool:
    return any(
        node.attached_to == host.id and node.event is not None and node.event.type is type_
        for node in scope.nodes.values()
    )


def _can_be_cancelled(node: Node) -> bool:
    """Whether a cancel end event stands in it, and in no transaction further inside."""
    for inner in node.scope.nodes.values() if node.scope else ():
        if inner.kind is Kind.END_EVENT and inner.event is not None and inner.event.type is EventType.CANCEL:
            return True
        if inner.kind is not Kind.TRANSACTION and inner.scope is not None and _can_be_cancelled(inner):
            return True
    return False

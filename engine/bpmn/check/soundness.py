"""Soundness: joins that wait for tokens that never come, and branches that come together without waiting.

All are warnings: such a diagram runs as BPMN says, which is to wait, or to go on twice. It is hardly ever meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.context import Context, Place
from engine.bpmn.check.registry import Problem, at, label, rule
from engine.bpmn.model import Kind
from engine.bpmn.statespace import Verdict
from engine.errors import N_

#: How many steps of a way a sentence names, the last ones.
_MENTIONED = 6
_SPEC = "13.3 Execution Semantics of activities and gateways; soundness as van der Aalst defines it for workflow nets"


@rule(
    "soundness.dead-lock",
    _SPEC,
    N_("{element}一定会卡住：它要等每条进来的分支，但总有一条不会来（例如经过 {path} 之后）。请换成与分支对应的网关。"),
    severity="warning",
    deploy=True,
)
def joins_that_always_wait_in_vain(context: Context) -> Iterator[Problem]:
    for place, verdict in context.verdicts:
        if _is_unavoidable(place, verdict):
            yield from _stuck(context, verdict)


@rule(
    "soundness.may-dead-lock",
    _SPEC,
    N_("{element}有时会卡住：它要等每条进来的分支，但有一条可能不会来（例如经过 {path} 之后）。请核对分支和汇合。"),
    severity="warning",
    deploy=True,
)
def joins_that_may_wait_in_vain(context: Context) -> Iterator[Problem]:
    said: set[str] = set()
    for place, verdict in context.verdicts:
        if not _is_unavoidable(place, verdict):
            for problem in _stuck(context, verdict):
                if problem.element not in said:
                    said.add(problem.element)
                    yield problem


@rule(
    "soundness.doubles",
    _SPEC,
    N_("同时进行的分支没有等齐就在{element}汇到一起，后面可能做两遍（例如经过 {path} 之后）。请先用并行网关汇合。"),
    severity="warning",
    deploy=True,
)
def branches_that_meet_without_waiting(context: Context) -> Iterator[Problem]:
    said: set[str] = set()
    for _, verdict in context.verdicts:
        for node, path in verdict.doubled.items():
            if node not in said:
                said.add(node)
                yield at(context.node[node], path=_told(context, path[:-1]))


def _is_unavoidable(place: Place, verdict: Verdict) -> bool:
    """Whether no way leads to the end. An event from outside may end the waiting, so then nothing is certain."""
    return verdict.complete and not verdict.ends and not verdict.doubled and not _may_be_interrupted(place)


def _may_be_interrupted(place: Place) -> bool:
    handlers = (node for node in place.scope.nodes.values() if node.triggered_by_event and node.scope)
    starts = (node for handler in handlers if handler.scope for node in handler.scope.nodes.values())
    return place.owner is not None or any(node.kind is Kind.START_EVENT and node.interrupting for node in starts)


def _stuck(context: Context, verdict: Verdict) -> Iterator[Problem]:
    for node, stuck in verdict.stuck.items():
        yield at(context.node[node], path=_told(context, stuck.path))


def _told(context: Context, path: tuple[str, ...]) -> str:
    named = [label(context.node[node]) for node in path if node in context.node]
    return "→".join(named[-_MENTIONED:]) or N_("开始")

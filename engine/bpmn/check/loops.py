"""Standard loops: something must end them, and their limit is a number."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.context import Context
from engine.bpmn.check.registry import Problem, at, rule
from engine.errors import N_

#: The most runs of one activity (engine.tokens.repeating has the same limit for expressions).
_MOST = 2_000


@rule(
    "loop.endless",
    "10.3.7 Standard Loop, loopCondition and loopMaximum",
    N_("{element}的循环既没有条件，也没有次数上限，永远不会结束。请写上循环的条件，或次数上限。"),
    deploy=True,
)
def loops_without_an_end(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        loop = node.standard_loop
        if loop and loop.condition is None and loop.maximum is None:
            yield at(node)


@rule(
    "loop.maximum",
    "10.3.7 Standard Loop, loopMaximum: an integer",
    N_("{element}的循环次数上限“{text}”不是 0 到 {most} 的整数。请改正，或删去上限。"),
    deploy=True,
)
def loop_limits_that_are_no_number(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        maximum = node.standard_loop.maximum if node.standard_loop else None
        if maximum is not None and not maximum.is_feel and not _is_limit(maximum.value):
            yield at(node, text=maximum.value, most=_MOST)


def _is_limit(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= len(str(_MOST)) and int(text) <= _MOST

"""Sending a case back (退回): what the diagram allows from each user task, why not more, and what analysts say of it.

What is allowed is only told (notes): it follows from the drawing. A warning asks for a decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from engine.bpmn.check.context import Context
from engine.bpmn.check.registry import Problem, at, label, rule
from engine.bpmn.effects import FINAL, is_final
from engine.bpmn.jumps import PROPERTY, Bar, Judgement, NoWay, WayBack, may_send_back
from engine.bpmn.model import Kind, Node
from engine.errors import N_

_OPEN = "Wuji: a case goes back where its diagram reaches by itself"
_SAID = "Wuji: properties mayReturn and final"


@rule(
    "return.value",
    _SAID,
    N_("{element}的 {name}“{text}”只能写 true 或 false。请改正。"),
    deploy=True,
)
def properties_that_say_neither(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        for name in (PROPERTY, FINAL):
            if node.property(name) not in (None, "true", "false"):
                yield at(node, name=name, text=node.property(name))


@rule(
    "return.place",
    _SAID,
    N_("{element}不是用户任务，mayReturn 在这里不起作用。要让事项过了这里就不能退回，请写 final=true。"),
    deploy=True,
)
def returns_from_where_nobody_sends_back(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes() if node.kind is not Kind.USER_TASK and node.property(PROPERTY))


@rule(
    "return.idle",
    _SAID,
    N_("{element}写了 final=true，可是没有哪一步能从它后面退到它前面，不起作用。请删去，或者核对写在了哪一步上。"),
    severity="warning",
    deploy=True,
)
def marks_that_nothing_crosses(context: Context) -> Iterator[Problem]:
    ways = [(task, way) for task, found in context.returns.items() for way in found.ways]
    crossed = {each for task, way in ways for each in (way.target, *way.final) if each != task}
    for node in context.nodes():
        if node.property(FINAL) == "true" and node.id not in crossed:
            yield at(node)


@rule(
    "return.told",
    _SAID,
    N_(
        "从{element}退回到{steps}，要越过已经发给申请人或者外单位的{told}，发出的不会收回。"
        "不该退的，在那里写 final=true，或者在这一步写 mayReturn=false；可以退的，在这一步写 mayReturn=true。"
    ),
    severity="warning",
    deploy=True,
)
def returns_past_what_outsiders_were_told(context: Context) -> Iterator[Problem]:
    for node, found in _of_officials(context):
        ways = [way for way in found.ways if way.tells_outsiders and not way.is_shut]
        if ways and node.property(PROPERTY) is None:
            told = dict.fromkeys(each for way in ways for each in way.told)
            yield at(node, steps=_names(context, ways), told=_labels(context, told))


@rule(
    "return.open",
    _OPEN,
    N_("从{element}可以退回到{steps}。"),
    severity="note",
    deploy=True,
)
def returns_that_are_allowed(context: Context) -> Iterator[Problem]:
    for node, found in _of_officials(context):
        if ways := [way for way in found.ways if not way.is_shut]:
            yield at(node, steps=_names(context, ways))


@rule(
    "return.shut",
    _OPEN,
    N_("从{element}不能退回到{steps}：无论怎么走都已经过{final}，不能撤销。"),
    severity="note",
    deploy=True,
)
def returns_past_what_is_always_final(context: Context) -> Iterator[Problem]:
    for node, found in _of_officials(context):
        if ways := [way for way in found.ways if way.is_shut]:
            deeds = [way.target for way in ways if is_final(context.node[way.target])]
            final = dict.fromkeys([*deeds, *(each for way in ways for each in way.final)])
            yield at(node, steps=_names(context, ways), final=_labels(context, final))


def _barred_by(bar: Bar) -> Callable[[Context], Iterator[Problem]]:
    """Where this keeps a case from going back."""

    def search(context: Context) -> Iterator[Problem]:
        for node, found in _of_officials(context):
            if barred := [each for each in found.barred if each.bar is bar]:
                yield at(node, steps=_names(context, barred))

    return search


for _bar, _sentence in (
    (Bar.BRANCHES, N_("从{element}不能退回到{steps}：那样会跳出或者跳进同时进行的分支，汇合的网关就等不齐了。")),
    (Bar.BESIDE, N_("从{element}不能退回到{steps}：中间有不打断的边界事件，它引出的路又汇到主线上，退回会走乱。")),
    (
        Bar.INSIDE,
        N_("从{element}不能退回到{steps}：子流程、多实例和循环只能整个通过，不能退进去或者退出来。"),
    ),
    (
        Bar.UNKNOWN,
        N_("从{element}不能退回到{steps}：这一段里有分支没有等齐就汇到一起，或者走法太多，判断不了。"),
    ),
):
    rule(f"return.{_bar}", _OPEN, _sentence, severity="note", deploy=True)(_barred_by(_bar))


def _of_officials(context: Context) -> Iterator[tuple[Node, Judgement]]:
    """The user tasks from which somebody might send back, with what is before them."""
    for process in context.processes:
        for node, found in ((context.node[task], found) for task, found in context.returns.items()):
            if context.place_of[node.id].process is process and may_send_back(process, node):
                yield node, found


def _names(context: Context, found: Iterable[WayBack | NoWay]) -> str:
    return _labels(context, (each.target for each in found))


def _labels(context: Context, ids: Iterable[str]) -> str:
    return "、".join(label(context.node[each]) for each in ids)

"""Expressions of processes that are meant to run: written for a machine, not empty, and of the right type."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.bpmn.check.context import Context
from engine.bpmn.check.registry import Problem, called, on, rule
from engine.bpmn.element import Element
from engine.bpmn.metamodel import EXPRESSIONS
from engine.errors import N_

#: Formal by their own definition, whatever ``xsi:type`` says.
_FORMAL = frozenset({"messagePath", "dataPath", "transformation", "formalExpression"})
#: Their emptiness is the subject of other rules, which say what to write instead.
_SAID_ELSEWHERE = frozenset({"conditionExpression", "timeDate", "timeDuration", "timeCycle"})
_CONDITIONS = frozenset({"conditionExpression", "condition", "loopCondition", "completionCondition"})
_NO_CONDITION = re.compile(r"""=?\s*([+-]?\d+(\.\d+)?|"[^"]*"|'[^']*')""", re.ASCII)


@rule(
    "formal.type",
    "8.4.8 Expression, 8.4.9 FormalExpression",
    N_(
        "{element}的 {tag}“{text}”是写给人看的表达式，流程要执行就要写成形式化的：加上 "
        'xsi:type="tFormalExpression"，或以“=”开头的 FEEL。'
    ),
    ext=(12, 123),
)
def informal_expressions_that_are_to_run(context: Context) -> Iterator[Problem]:
    if context.diagram.dialect:
        return  # there, everything that runs is FEEL
    for each in _expressions(context):
        if each.text and not _is_formal(each) and not each.text.startswith("="):
            yield _problem(each, text=each.text)


@rule(
    "formal.body",
    "8.4.9 FormalExpression, body",
    N_("{element}的 {tag} 是空的。请写上表达式，或删去它。"),
    ext=(13,),
)
def formal_expressions_without_a_body(context: Context) -> Iterator[Problem]:
    for each in _expressions(context):
        if not each.text and not each.extended and _is_formal(each) and each.tag not in _SAID_ELSEWHERE:
            yield _problem(each)


@rule(
    "formal.condition",
    "10.3.7 Loop Characteristics, completionCondition; 8.3.13 Sequence Flow, conditionExpression: boolean expressions",
    N_("{element}的 {tag}“{text}”不是条件：它的值不是“是”或“否”。请写成可以成立或不成立的条件。"),
    ext=(71,),
)
def conditions_that_are_no_conditions(context: Context) -> Iterator[Problem]:
    for each in _expressions(context):
        if each.tag in _CONDITIONS and _NO_CONDITION.fullmatch(each.text):
            yield _problem(each, text=each.text)


@rule(
    "formal.script",
    "10.3.3 Script Task, scriptFormat: given where there is a script",
    N_("脚本任务{element}有脚本，但没有写明是哪种语言（scriptFormat）。请补上，如 text/javascript。"),
    ext=(53,),
)
def scripts_in_no_language(context: Context) -> Iterator[Problem]:
    if context.diagram.dialect or context.deploying:
        return  # here, what runs is the FEEL of zeebe:script, and script.missing asks for it
    for each in context.find("scriptTask"):
        script = each.one("script")
        if script and script.text and not each.get("scriptFormat") and context.runs(each):
            yield on(each)


@rule(
    "formal.loop",
    "10.3.7 Multi-Instance: a cardinality or a collection, where the process runs",
    N_("{element}的多实例既没有次数（loopCardinality），也没有要遍历的数据（loopDataInputRef）。请写上其中一个。"),
    ext=(67,),
)
def loops_without_a_measure(context: Context) -> Iterator[Problem]:
    for each in context.find("multiInstanceLoopCharacteristics"):
        if context.runs(each) and not context.diagram.dialect and not each.all("loopCardinality", "loopDataInputRef"):
            yield on(each, element=called(each.parent or each))


def _expressions(context: Context) -> Iterator[Element]:
    return (each for each in context.find(*sorted(EXPRESSIONS)) if context.runs(each))


def _is_formal(each: Element) -> bool:
    of_behavior = each.tag == "condition" and each.parent is not None and each.parent.tag == "complexBehaviorDefinition"
    return each.type == "tFormalExpression" or each.tag in _FORMAL or of_behavior


def _problem(each: Element, **params: str) -> Problem:
    return on(each, element=called(each.parent or each), tag=each.tag, **params)

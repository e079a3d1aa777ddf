"""FEEL wherever it may stand: it can be read, and the functions and settings that it names exist."""

from __future__ import annotations

from collections.abc import Iterator

from engine import feel
from engine.bpmn.check.context import Context
from engine.bpmn.check.registry import Problem, at, rule
from engine.bpmn.check.uses import Use, uses
from engine.errors import N_
from engine.expressions import compile_expression


def compiled(context: Context) -> Iterator[tuple[Use, feel.Expression]]:
    """Every FEEL expression that can be read, with the place where it stands."""
    for use in uses(context):
        if use.text.is_feel:
            try:
                yield use, compile_expression(use.text.value)
            except feel.FeelSyntaxError:
                continue  # the rule feel.syntax says so


@rule(
    "feel.equals",
    "Wuji: FEEL begins with =",
    N_("{element}的{where}“{text}”没有以“=”开头。请写成“={text}”。"),
    deploy=True,
)
def literals_where_feel_belongs(context: Context) -> Iterator[Problem]:
    for use in uses(context):
        if use.feel_only and not use.text.is_feel:
            yield at(use.element, where=use.where, text=use.text.value)


@rule(
    "feel.syntax",
    "DMN 1.5, 10.3.1 FEEL grammar",
    N_("{element}的{where}有语法错误：{reason}"),
    deploy=True,
)
def expressions_that_cannot_be_read(context: Context) -> Iterator[Problem]:
    for use in uses(context):
        if not use.text.is_feel:
            continue
        try:
            compile_expression(use.text.value)
        except feel.FeelSyntaxError as error:
            yield at(use.element, where=use.where, line=error.line, column=error.column, reason=error)


@rule(
    "feel.function",
    "DMN 1.5, 10.3.4 Built-in functions",
    N_("{element}的{where}用了不存在的函数“{function}”。请改正函数名。"),
    deploy=True,
)
def unknown_functions(context: Context) -> Iterator[Problem]:
    if context.world.functions is None:
        return
    for use, expression in compiled(context):
        for name in sorted(expression.functions - context.world.functions):
            yield at(use.element, where=use.where, function=name)


@rule(
    "feel.policy",
    "Wuji: policy.yaml",
    N_("{element}的{where}用了制度参数“{name}”，policy.yaml 里没有。请补上参数或改正名称。"),
    deploy=True,
)
def unknown_policy_settings(context: Context) -> Iterator[Problem]:
    if context.world.policy is None:
        return
    for use, expression in compiled(context):
        named = {path[1] for path in expression.paths if len(path) > 1 and path[0] == "policy"}
        for name in sorted(named - context.world.policy):
            yield at(use.element, where=use.where, name=name)

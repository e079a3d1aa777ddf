"""Business rule tasks: what they decide by, what it needs, and whether its tables are sound."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.context import Context
from engine.bpmn.check.registry import Problem, at, rule
from engine.bpmn.check.variables import all_known
from engine.bpmn.model import Kind, Node
from engine.bpmn.world import Decision
from engine.errors import N_


@rule(
    "decision.missing",
    "10.3.3 Business Rule Task; Wuji: zeebe:calledDecision decisionId",
    N_("业务规则任务{element}没有写明按什么决策。请填写决策标识；若由外部程序判定，请填写任务类型。"),
    deploy=True,
)
def business_rules_without_a_decision(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.BUSINESS_RULE_TASK):
        if node.decision is None and (node.job_type is None or not node.job_type.value):
            yield at(node)


@rule(
    "decision.both",
    "Wuji: zeebe:calledDecision or zeebe:taskDefinition",
    N_("业务规则任务{element}既写了决策，又写了任务类型。请只留一个。"),
    deploy=True,
)
def business_rules_with_a_decision_and_a_job(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes(Kind.BUSINESS_RULE_TASK) if node.decision and node.job_type)


@rule(
    "decision.result",
    "Wuji: zeebe:calledDecision resultVariable",
    N_("业务规则任务{element}没有结果变量，得出的结论会丢失。请填写结果变量。"),
    deploy=True,
)
def decisions_without_a_result(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.BUSINESS_RULE_TASK):
        if node.decision is not None and not node.result_variable:
            yield at(node)


@rule(
    "decision.unknown",
    "Wuji: the decisions of a process are in the .dmn files beside its diagram",
    N_("业务规则任务{element}的决策“{decision}”不在流程的决策文件里。请改正标识，可用的有：{known}。"),
    deploy=True,
)
def decisions_that_do_not_exist(context: Context) -> Iterator[Problem]:
    known = context.world.decisions
    for node in context.nodes(Kind.BUSINESS_RULE_TASK):
        wanted = node.decision
        if known is not None and wanted is not None and not wanted.is_feel and wanted.value not in known:
            yield at(node, decision=wanted.value, known="、".join(sorted(known)) or "—")


@rule(
    "decision.input",
    "DMN 1.5, 6.3.11 Information Requirement",
    N_(
        "业务规则任务{element}的决策“{decision}”要用“{variable}”，但没有表单、脚本或映射写入它。"
        "请在输入映射里写明它从哪里来。"
    ),
    severity="warning",
    deploy=True,
)
def decision_inputs_that_nobody_writes(context: Context) -> Iterator[Problem]:
    known = all_known(context)
    if known is None:
        return
    for node, decision in _called(context):
        for name in sorted(decision.inputs - known):
            yield at(node, decision=decision.name, variable=name)


@rule(
    "decision.overlap",
    "DMN 1.5, 8.2.8 Hit policy: in a unique table no two rules may match",
    N_(
        "业务规则任务{element}用到的决策表“{table}”只许一条规则成立，但第 {rules} 条规则会同时成立，"
        "例如 {example}。请改正规则，或改用其他命中策略。"
    ),
    deploy=True,
)
def rules_that_match_together(context: Context) -> Iterator[Problem]:
    return _faults(context, "overlap")


@rule(
    "decision.conflict",
    "DMN 1.5, 8.2.8 Hit policy: rules of an ANY table that match together have the same result",
    N_(
        "业务规则任务{element}用到的决策表“{table}”里，第 {rules} 条规则会同时成立，结论却写得不同，"
        "例如 {example}。请让结论一致，或改用其他命中策略。"
    ),
    severity="warning",
    deploy=True,
)
def rules_that_contradict(context: Context) -> Iterator[Problem]:
    return _faults(context, "conflict")


@rule(
    "decision.gap",
    "DMN 1.5, 8.2.11 Default output values: without a match and a default the result is null",
    N_("业务规则任务{element}用到的决策表“{table}”有遗漏：{example} 时没有规则成立，结论是空的。请补上规则。"),
    severity="warning",
    deploy=True,
)
def tables_with_gaps(context: Context) -> Iterator[Problem]:
    return _faults(context, "gap")


@rule(
    "decision.unreachable",
    "DMN 1.5, 8.2.8 Hit policy: FIRST takes the first rule that matches",
    N_("业务规则任务{element}用到的决策表“{table}”里，第 {rules} 条规则前面总有规则先成立，轮不到它。请调整顺序。"),
    severity="warning",
    deploy=True,
)
def rules_that_come_too_late(context: Context) -> Iterator[Problem]:
    return _faults(context, "unreachable")


@rule(
    "decision.unseen",
    "DMN 1.5, 6.3.9 Business Knowledge Model: its logic sees its parameters and nothing else",
    N_(
        "业务规则任务{element}用到的业务知识模型“{table}”读取“{example}”，但它不是这个模型的参数，得到的总是空值。"
        "请给模型加一个参数，由决策传入。"
    ),
    severity="warning",
    deploy=True,
)
def models_that_read_what_nobody_gives_them(context: Context) -> Iterator[Problem]:
    return _faults(context, "unseen")


def _faults(context: Context, kind: str) -> Iterator[Problem]:
    for node, decision in _called(context):
        for each in decision.faults:
            if each.kind == kind:
                rules = "、".join(str(number) for number in each.rules)
                yield at(node, table=each.table, rules=rules, example=each.example)


def _called(context: Context) -> Iterator[tuple[Node, Decision]]:
    """Each business rule task with the decision that it always calls."""
    known = context.world.decisions or {}
    for node in context.nodes(Kind.BUSINESS_RULE_TASK):
        found = known.get(node.decision.value) if node.decision and not node.decision.is_feel else None
        if found is not None:
            yield node, found

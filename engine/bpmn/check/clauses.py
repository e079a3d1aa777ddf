"""Clause links: every user task says which clauses of the standard it serves, or on what assumption it rests."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.basis import clauses_of
from engine.bpmn.check.context import Context
from engine.bpmn.check.registry import Problem, at, rule
from engine.bpmn.model import Kind
from engine.errors import N_


@rule(
    "clause.missing",
    "Wuji: property clause or assumption",
    N_(
        "用户任务{element}没有写明依据。"
        "请在“五级双向”里填写“条款依据”（属性 clause），或者填写“依据说明”（属性 assumption）。"
    ),
    severity="warning",
    deploy=True,
)
def user_tasks_without_a_clause(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.USER_TASK):
        if not clauses_of(node) and not node.property("assumption"):
            yield at(node)


@rule(
    "clause.unknown",
    "Wuji: processes/clauses.yaml",
    N_("{element}依据的条款“{clause}”不在条款目录里。请改正编号。"),
    deploy=True,
)
def clauses_that_do_not_exist(context: Context) -> Iterator[Problem]:
    known = context.world.clauses
    for node in context.nodes():
        for clause in clauses_of(node):
            if known is not None and clause not in known:
                yield at(node, clause=clause)

"""Variables: what an expression reads, somebody should have written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from engine.bpmn.check.context import Context, names_in
from engine.bpmn.check.expressions import compiled
from engine.bpmn.check.registry import Problem, at, rule
from engine.bpmn.check.uses import LEDGER, OUTPUT
from engine.bpmn.model import Kind, Node
from engine.errors import N_

_LOOP_VARIABLES = frozenset(
    {"loopCounter", "numberOfInstances"}
    | {f"numberOf{which}Instances" for which in ("Active", "Completed", "Terminated")}
)

#: What a ledger may read besides: the end of the case and its state.
_OF_LEDGERS = frozenset({"办结时间", "状态"})

#: Nodes whose output mappings read only what the process itself has written.
_WRITE_WHAT_THEY_READ = frozenset({Kind.USER_TASK, Kind.SCRIPT_TASK, Kind.MANUAL_TASK, Kind.TASK, Kind.SUB_PROCESS})


@rule(
    "variable.unwritten",
    "Wuji: variables come from forms, scripts, mappings and collections",
    N_(
        "{element}的{where}用了变量“{variable}”，但没有表单、脚本或映射写入它。"
        "请改正名称；若它来自消息或外部调用，请用输出映射写明。"
    ),
    severity="warning",
    deploy=True,
)
def variables_that_nobody_writes(context: Context) -> Iterator[Problem]:
    known = all_known(context)
    if known is None:
        return
    for use, expression in compiled(context):
        if use.where == OUTPUT and isinstance(use.element, Node) and use.element.kind not in _WRITE_WHAT_THEY_READ:
            continue  # what a handler, a called process or a message brings is not known here
        also = _OF_LEDGERS if use.where == LEDGER else frozenset()
        for name in sorted(expression.variables - known - also):
            yield at(use.element, where=use.where, variable=name)


@rule(
    "variable.search",
    "Wuji: process properties searchVariables and searchPeople",
    N_("流程{element}的 {property} 里有“{variable}”，但没有表单、脚本或映射写入它，检索不到。请改正名称。"),
    severity="warning",
    deploy=True,
)
def search_variables_that_nobody_writes(context: Context) -> Iterator[Problem]:
    forms = context.world.forms
    if forms is None or _calls_bring_anything(context):
        return
    known = written(context, forms)
    for process, property in product(context.processes, ("searchVariables", "searchPeople")):
        found = (name for name in names_in(process, property) if name not in known)
        yield from (at(process, property=property, variable=name) for name in found)


@rule(
    "variable.kept-inside",
    "Wuji: zeebe:ioMapping, inputs are local to the element",
    N_(
        "{element}的输入映射写了变量“{variable}”，{element}自己也写它：写的值留在本环节里，不会带出去。"
        "请用输出映射带出，或换一个名称。"
    ),
    severity="warning",
    deploy=True,
)
def results_that_stay_inside(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        if node.outputs or node.multi_instance:
            continue  # what leaves is said there
        own = {*(context.world.forms or {}).get(node.form_id or "", ()), node.result_variable}
        local = dict.fromkeys(mapping.target.partition(".")[0] for mapping in node.inputs)
        yield from (at(node, variable=name) for name in local if name in own)


def all_known(context: Context) -> frozenset[str] | None:
    """All names that an expression may read; None when that can't be told."""
    forms, given = context.world.forms, context.world.variables
    if forms is None or given is None or _calls_bring_anything(context):
        return None
    return written(context, forms) | given


def written(context: Context, forms: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """All variables that the processes write themselves, somewhere and at some time."""
    names = {name for node in context.nodes() for name in _written_by(node, forms)}
    names |= {name for node in context.nodes() for name in _results(context, node)}
    for process in context.processes:
        names |= forms.get(process.property("startForm") or "", frozenset())
        names |= set(names_in(process, "inputVariables"))
    return frozenset(names)


def _written_by(node: Node, forms: Mapping[str, frozenset[str]]) -> Iterator[str]:
    yield from forms.get(node.form_id or "", ())
    yield from (mapping.target.partition(".")[0] for mapping in (*node.inputs, *node.outputs))
    if node.result_variable:
        yield node.result_variable
    if loop := node.multi_instance:
        yield from _LOOP_VARIABLES
        yield from (name for name in (loop.input_element, loop.output_collection) if name)


def _results(context: Context, node: Node) -> frozenset[str]:
    """What a handler writes; with output mappings nothing but these leaves the task."""
    type_ = node.job_type.value if node.job_type and not node.outputs else ""
    return (context.world.results or {}).get(type_, frozenset())


def _calls_bring_anything(context: Context) -> bool:
    calls = context.nodes(Kind.CALL_ACTIVITY)
    return any(node.propagate_all_children and not node.outputs for node in calls)

"""What runs by itself: scripts, jobs, called processes, mappings and multi-instance."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.behavior import throws_what_runs
from engine.bpmn.check.context import Context
from engine.bpmn.check.registry import Problem, at, rule
from engine.bpmn.check.timers import is_duration
from engine.bpmn.model import Kind
from engine.errors import N_
from engine.feel import FeelSyntaxError
from engine.feel import compile as compile_feel

#: Which version a call activity calls.
CALL_BINDINGS = ("latest", "deployment", "versionTag")
_JOBS = (Kind.SERVICE_TASK, Kind.SEND_TASK)


@rule(
    "script.missing",
    "Wuji: zeebe:script expression",
    N_("脚本任务{element}没有表达式。请写上以“=”开头的 FEEL 表达式。"),
    deploy=True,
)
def script_tasks_without_a_script(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes(Kind.SCRIPT_TASK) if node.script is None or not node.script.value)


@rule(
    "script.both",
    "Wuji: zeebe:script or zeebe:taskDefinition",
    N_("脚本任务{element}既写了表达式，又写了任务类型。请只留表达式；要由处理程序来做，请改为服务任务。"),
    deploy=True,
)
def scripts_that_are_jobs_as_well(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes(Kind.SCRIPT_TASK) if node.script and node.job_type)


@rule(
    "script.result",
    "Wuji: zeebe:script resultVariable",
    N_("脚本任务{element}没有结果变量，算出的值会丢失。请填写结果变量。"),
    deploy=True,
)
def scripts_without_a_result(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes(Kind.SCRIPT_TASK) if node.script and not node.result_variable)


@rule(
    "job.type",
    "Wuji: zeebe:taskDefinition type",
    N_("{element}没有任务类型，不知道要调用什么。请填写任务类型，如 notify。"),
    deploy=True,
)
def jobs_without_a_type(context: Context) -> Iterator[Problem]:
    for node in context.nodes(*_JOBS):
        sends = node.kind is Kind.SEND_TASK and node.event is not None and node.event.name is not None
        if not sends and (node.job_type is None or not node.job_type.value):
            yield at(node)


@rule(
    "job.handler",
    "Wuji: the registry of handlers",
    N_("{element}的任务类型“{type}”没有对应的处理程序。请改用：{known}。"),
    deploy=True,
)
def jobs_that_nobody_handles(context: Context) -> Iterator[Problem]:
    handlers = context.world.handlers
    for node in context.nodes():
        literal = node.job_type.value if node.job_type and not node.job_type.is_feel else ""
        if handlers is not None and literal and literal not in handlers:
            yield at(node, type=literal, known="、".join(sorted(handlers)))


@rule(
    "job.retries",
    "Wuji: zeebe:taskDefinition retries",
    N_("{element}的重试次数“{retries}”不是不小于 0 的整数。请改正。"),
    deploy=True,
)
def retries_that_are_no_number(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        retries = node.job_retries
        if retries and not retries.is_feel and not (retries.value.isascii() and retries.value.isdigit()):
            yield at(node, retries=retries.value)


@rule(
    "job.backoff",
    "Wuji: task header retryBackoff",
    N_("{element}的 retryBackoff“{text}”不是时长。请写成 PT30S（30 秒）、PT10M（10 分钟）。"),
    deploy=True,
)
def backoffs_that_are_no_duration(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        text = dict(node.headers).get("retryBackoff")
        if text is not None and not is_duration(text):
            yield at(node, text=text)


@rule(
    "job.secret",
    "Wuji: secrets belong into task headers",
    N_("{element}在映射“{target}”里写了密钥，那里不会替换。请写在任务的 header 里，如 header:Authorization。"),
    deploy=True,
)
def secrets_in_mappings(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        for mapping in (*node.inputs, *node.outputs):
            if "{{secrets." in mapping.source.value.replace(" ", ""):
                yield at(node, target=mapping.target)


@rule(
    "call.missing",
    "10.3.6 Call Activity, calledElement; Wuji: zeebe:calledElement processId",
    N_("调用活动{element}没有指定流程。请选择要调用的流程。"),
    deploy=True,
)
def calls_of_nothing(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes(Kind.CALL_ACTIVITY) if node.called_process is None)


@rule(
    "call.unknown",
    "10.3.6 Call Activity, calledElement",
    N_("调用活动{element}要调用的流程“{process}”不存在。请先发布它，或另选一个。"),
    deploy=True,
)
def calls_of_unknown_processes(context: Context) -> Iterator[Problem]:
    known = context.world.processes
    for node in context.nodes(Kind.CALL_ACTIVITY):
        called = node.called_process
        own = {process.key for process in context.processes}
        if known is not None and called and not called.is_feel and called.value not in known | own:
            yield at(node, process=called.value)


@rule(
    "call.binding",
    "Wuji: zeebe:calledElement bindingType",
    N_(
        "调用活动{element}的版本绑定“{binding}”不认识。请选最新版本（latest）、同时发布的版本（deployment）或版本标签。"
    ),
    deploy=True,
)
def calls_of_a_version_that_nobody_understands(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.CALL_ACTIVITY):
        if node.called_binding not in CALL_BINDINGS:
            yield at(node, binding=node.called_binding)


@rule(
    "call.version-tag",
    "Wuji: zeebe:calledElement versionTag",
    N_("调用活动{element}要调用的流程没有版本标签是“{tag}”的已发布版本。请填写已有的标签。"),
    deploy=True,
)
def calls_of_unknown_versions(context: Context) -> Iterator[Problem]:
    own = {process.key: process.version_tag for process in context.processes}
    for node in context.nodes(Kind.CALL_ACTIVITY):
        called, tag = node.called_process, node.called_tag
        if node.called_binding != "versionTag":
            continue
        if tag is None:
            yield at(node, tag="")
        elif called and not called.is_feel and not tag.is_feel and context.world.version_tags is not None:
            known = context.world.version_tags.get(called.value, frozenset())
            if tag.value not in known | {own.get(called.value)}:
                yield at(node, tag=tag.value)


@rule(
    "mapping.target",
    "Wuji: zeebe:ioMapping",
    N_("{element}的映射目标“{target}”不是变量名。请写变量名，或用点连接的路径，如 诉求.类别。"),
    deploy=True,
)
def mappings_to_no_variable(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        for mapping in (*node.inputs, *node.outputs):
            if not _is_path(mapping.target):
                yield at(node, target=mapping.target)


@rule(
    "mapping.source",
    "Wuji: zeebe:ioMapping",
    N_("{element}写到“{target}”的映射没有来源。请写上以“=”开头的 FEEL 表达式。"),
    deploy=True,
)
def mappings_from_nothing(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        for mapping in (*node.inputs, *node.outputs):
            if not mapping.source.value:
                yield at(node, target=mapping.target)


@rule(
    "multi-instance.collection",
    "10.3.7 Multi-Instance; Wuji: zeebe:loopCharacteristics inputCollection",
    N_("{element}的多实例既没有输入集合，也没有次数。请填写要逐项办理的列表。"),
    deploy=True,
)
def multi_instances_over_nothing(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        loop = node.multi_instance
        if loop and not loop.cardinality and (loop.input_collection is None or not loop.input_collection.value):
            yield at(node)


@rule(
    "multi-instance.output",
    "Wuji: zeebe:loopCharacteristics outputCollection, outputElement",
    N_("{element}的多实例只写了输出集合和输出元素中的一个。请两个都写，或都不写。"),
    deploy=True,
)
def multi_instances_with_half_an_output(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        loop = node.multi_instance
        if loop and (loop.output_collection is None) is not (loop.output_element is None):
            yield at(node)


@rule(
    "multi-instance.behavior",
    "10.3.7 Multi-Instance, behavior: None, One and Complex throw events",
    N_("{element}的多实例每完成一份就要抛出的事件，不是有名称的信号或有代码的升级。请选一个，或把行为改为 All。"),
    deploy=True,
)
def instances_that_throw_nothing_known(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        if node.multi_instance and not all(map(throws_what_runs, node.multi_instance.on_completion)):
            yield at(node)


@rule(
    "loop.both",
    "10.3.7 Loop Characteristics: an activity has at most one",
    N_("{element}同时带有标准循环和多实例标记。请只留一个。"),
    ext=(55,),
)
def activities_with_two_loops(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes() if node.standard_loop and node.multi_instance)


@rule(
    "multi-instance.cardinality",
    "10.3.7 Multi-Instance, loopCardinality: an integer expression",
    N_("{element}的多实例次数“{text}”不是不小于 0 的整数。请写整数，或以“=”开头的表达式。"),
)
def cardinalities_that_are_no_number(context: Context) -> Iterator[Problem]:
    for node in context.nodes():
        count = node.multi_instance.cardinality if node.multi_instance else None
        # A drawing that nobody runs may say "one for each household".
        runs = context.place_of[node.id].process.executable
        if count and runs and not count.is_feel and not (count.value.isascii() and count.value.isdigit()):
            yield at(node, text=count.value)


def _is_path(target: str) -> bool:
    """Whether FEEL reads the target as a variable or as entries of one, and as nothing else."""
    try:
        expression = compile_feel(target)
    except FeelSyntaxError:
        return False
    parts = tuple(part.strip() for part in target.split("."))
    return expression.paths == {parts} if len(parts) > 1 else expression.variables == set(parts)

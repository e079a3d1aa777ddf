"""User tasks and start events: a form to fill in, and somebody to do it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.bpmn.assignment import assignment_of
from engine.bpmn.check.context import Context, names_in
from engine.bpmn.check.registry import Problem, at, rule
from engine.bpmn.model import Kind, Node, Process
from engine.errors import N_

_PRIORITIES = frozenset(map(str, range(101)))


@rule(
    "user-task.form",
    "Wuji: zeebe:formDefinition formId",
    N_("用户任务{element}没有选择表单。请在“表单”中选择一个。"),
    deploy=True,
)
def user_tasks_without_a_form(context: Context) -> Iterator[Problem]:
    return (at(node) for node in context.nodes(Kind.USER_TASK) if not node.form_id and not node.form_key)


@rule(
    "user-task.form-key",
    "Wuji: zeebe:formDefinition formId",
    N_("{element}用 formKey“{key}”指定表单，这里不支持。请把表单存为 .form 文件，用表单 id（formId）指定。"),
    deploy=True,
)
def forms_by_key(context: Context) -> Iterator[Problem]:
    return (at(node, key=node.form_key) for node in context.nodes() if node.form_key)


@rule(
    "user-task.form-unknown",
    "Wuji: zeebe:formDefinition formId",
    N_("{element}的表单“{form}”不存在。请先建立表单，或另选一个。"),
    deploy=True,
)
def forms_that_do_not_exist(context: Context) -> Iterator[Problem]:
    known = context.world.forms
    if known is None:
        return
    for node in context.nodes(Kind.USER_TASK, Kind.START_EVENT):
        if node.form_id and node.form_id not in known:
            yield at(node, form=node.form_id)
    for process in context.processes:
        form = process.property("startForm")
        if form and form not in known:
            yield at(process, form=form)


@rule(
    "user-task.assignment",
    "Wuji: zeebe:assignmentDefinition, lane property candidateGroups",
    N_("用户任务{element}没有指定由谁办理。请填写候选岗位（如 clerk@community），或在泳道上设置默认岗位。"),
    deploy=True,
)
def user_tasks_for_nobody(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.USER_TASK):
        if assignment_of(context.place_of[node.id].process, node) is None:
            yield at(node)


@rule(
    "user-task.candidate-form",
    "Wuji: candidate groups are position@place",
    N_("{element}的候选岗位“{group}”写法不对。请写成“岗位@地点”，如 clerk@community，或 @applicant。"),
    deploy=True,
)
def candidates_without_a_place(context: Context) -> Iterator[Problem]:
    for element, group in _groups(context):
        if not group.partition("@")[2]:
            yield at(element, group=group)


@rule(
    "user-task.position",
    "Wuji: positions of the organisation",
    N_("{element}的候选岗位“{group}”里，岗位“{position}”不存在。请改正，或先建立岗位。"),
    deploy=True,
)
def positions_that_do_not_exist(context: Context) -> Iterator[Problem]:
    known = context.world.positions
    for element, group in _groups(context):
        position = group.partition("@")[0]
        if known is not None and "@" in group and position and position not in known:
            yield at(element, group=group, position=position)


@rule(
    "user-task.place",
    "Wuji: levels and departments of the organisation",
    N_("{element}的候选岗位“{group}”里，地点“{place}”不存在。请用层级、部门代码，或以“=”开头的表达式。"),
    deploy=True,
)
def places_that_do_not_exist(context: Context) -> Iterator[Problem]:
    known = context.world.places
    for element, group in _groups(context):
        position, _, place = group.partition("@")
        # Without a position it is `@applicant` or another party of the case, which is no unit.
        if known is not None and position and place and not place.startswith("=") and place not in known:
            yield at(element, group=group, place=place)


@rule(
    "user-task.level",
    "Wuji: a position exists at one level",
    N_(
        "{element}的候选岗位“{group}”谁也担任不了：岗位“{position}”只设在“{own}”一级，“{place}”是“{other}”一级。"
        "请换岗位或地点。"
    ),
    deploy=True,
)
def posts_that_nobody_can_hold(context: Context) -> Iterator[Problem]:
    positions, places = context.world.position_levels or {}, context.world.place_levels or {}
    for element, group in _groups(context):
        position, _, place = group.partition("@")
        own, other = positions.get(position), places.get(place)
        if own and other and own != other:
            yield at(element, group=group, position=position, own=own, place=place, other=other)


@rule(
    "user-task.party",
    "Wuji: @applicant",
    N_("{element}的候选人“{group}”不认识。不带岗位时只能写 @applicant。"),
    deploy=True,
)
def parties_that_do_not_exist(context: Context) -> Iterator[Problem]:
    for element, group in _groups(context):
        if group.startswith("@") and group not in ("@", "@applicant"):
            yield at(element, group=group)


@rule(
    "user-task.computed-place",
    "Wuji: candidate groups are position@place, or one expression",
    N_('{element}的候选岗位“{group}”只有地点是表达式。请把整项写成一个表达式，如 ="clerk@" + unit。'),
    deploy=True,
)
def places_that_are_expressions(context: Context) -> Iterator[Problem]:
    for element, group in _groups(context):
        if group.partition("@")[2].startswith("="):
            yield at(element, group=group)


@rule(
    "user-task.assignee",
    "Wuji: zeebe:assignmentDefinition, candidates",
    N_("用户任务{element}直接指定了办理人（assignee），这里按岗位分派。请改填候选岗位或候选用户。"),
    deploy=True,
)
def tasks_for_one_assignee(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.USER_TASK):
        if node.assignment and node.assignment.assignee:
            yield at(node)


@rule(
    "user-task.due",
    "Wuji: zeebe:taskSchedule dueDate",
    N_("用户任务{element}的办理期限“{text}”不是日期。请写以“=”开头的表达式，如 =工作日后(now(), 3)，或 2026-11-24。"),
    deploy=True,
)
def due_dates_that_are_no_date(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.USER_TASK):
        for text in (node.due, node.follow_up):
            if text and not text.is_feel and not _is_day(text.value):
                yield at(node, text=text.value)


@rule(
    "user-task.priority",
    "Wuji: zeebe:priorityDefinition",
    N_("用户任务{element}的优先级“{text}”不是 0 到 100 的整数。请改正。"),
    deploy=True,
)
def priorities_that_are_no_number(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.USER_TASK):
        text = node.priority
        if text and not text.is_feel and text.value not in _PRIORITIES:
            yield at(node, text=text.value)


@rule(
    "user-task.bulk",
    "Wuji: property bulk",
    N_("用户任务{element}的 bulk“{text}”只能写 true 或 false。请改正。"),
    deploy=True,
)
def bulks_that_say_neither(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.USER_TASK):
        text = node.property("bulk")
        if text not in (None, "true", "false"):
            yield at(node, text=text)


@rule(
    "process.starters",
    "Wuji: process property starters",
    N_("流程{element}的 starters 里，岗位“{position}”不存在。请写 public 或已有的岗位，用逗号分隔。"),
    deploy=True,
)
def starters_that_do_not_exist(context: Context) -> Iterator[Problem]:
    known = context.world.positions
    for process in context.processes:
        for starter in names_in(process, "starters"):
            position = starter.partition("@")[0]
            if known is not None and position and position != "public" and position not in known:
                yield at(process, position=position)


def _is_day(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _groups(context: Context) -> Iterator[tuple[Node | Process, str]]:
    """The literal candidate groups of all user tasks, the lanes' defaults included."""
    for node in context.nodes(Kind.USER_TASK):
        found = assignment_of(context.place_of[node.id].process, node)
        for each in found.groups if found else ():
            if not each.is_feel:
                yield node, each.value

"""Timers: one of three kinds, and a literal that can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from engine import feel
from engine.bpmn.check.context import Context
from engine.bpmn.check.registry import Problem, at, called, on, rule
from engine.bpmn.cron import Cron, CronError, is_cron
from engine.bpmn.model import EventType, Kind, Node, TimerDefinition
from engine.errors import N_
from engine.expressions import compile_expression

#: FEEL reads the literals when the process runs, so FEEL says here what it can read; weeks are ISO 8601 only.
_MOMENT = feel.compile("date and time(text)")
_SPAN = feel.compile("duration(text)")
_WEEKS = re.compile(r"P\d+W", re.ASCII)
_CYCLE = re.compile(r"R(?P<times>\d*)/(?:(?P<start>[^/]+)/)?(?P<step>P[^/]+)", re.ASCII)


@rule(
    "timer.missing",
    "10.4.6 Timer Event Definition",
    N_("定时事件{element}没有时间。请填写日期、时长或周期。"),
    ext=(13,),
)
def timers_without_a_time(context: Context) -> Iterator[Problem]:
    for node, timer in _timers(context):
        if (timer is None or not timer.text.value) and context.place_of[node.id].process.executable:
            yield at(node)


@rule(
    "timer.several",
    "10.4.6 Timer Event Definition: timeDate, timeCycle and timeDuration exclude each other",
    N_("定时事件{element}同时写了日期、时长、周期中的几种。请只留一种。"),
)
def timers_with_several_times(context: Context) -> Iterator[Problem]:
    for each in context.find("timerEventDefinition"):
        if len(each.all("timeDate", "timeDuration", "timeCycle")) > 1:
            yield on(each, element=called(each.parent or each))


@rule(
    "timer.date",
    "10.4.6 Timer Event Definition, timeDate: ISO 8601",
    N_("定时事件{element}的日期“{text}”不对。请写成 2026-11-24T18:00:00+08:00，或以“=”开头的表达式。"),
    ext=(132,),
)
def dates_that_cannot_be_read(context: Context) -> Iterator[Problem]:
    yield from _unreadable(context, "date")


@rule(
    "timer.duration",
    "10.4.6 Timer Event Definition, timeDuration: ISO 8601",
    N_("定时事件{element}的时长“{text}”不对。请写成 P3D（3 天）、PT2H（2 小时），或以“=”开头的表达式。"),
    ext=(134,),
)
def durations_that_cannot_be_read(context: Context) -> Iterator[Problem]:
    yield from _unreadable(context, "duration")


@rule(
    "timer.cycle",
    "10.4.6 Timer Event Definition, timeCycle: ISO 8601",
    N_("定时事件{element}的周期“{text}”不对。请写成 R/P7D（每 7 天）、R3/PT1H（每小时，共 3 次），或者 cron。"),
    ext=(133,),
)
def cycles_that_cannot_be_read(context: Context) -> Iterator[Problem]:
    yield from _unreadable(context, "cycle")


@rule(
    "timer.cron",
    "Wuji: cron cycles as in Camunda 8",
    N_("定时事件{element}的 cron 周期“{text}”不对：{reason}。例如 0 0 9 * * MON-FRI 是周一到周五的 9 点。"),
    ext=(133,),
)
def cron_cycles_that_cannot_be_read(context: Context) -> Iterator[Problem]:
    for node, timer in _timers(context):
        if timer is None or timer.kind != "cycle" or timer.text.is_feel or not is_cron(timer.text.value):
            continue
        try:
            Cron.parse(timer.text.value)
        except CronError as error:
            if context.place_of[node.id].process.executable:
                yield at(node, text=timer.text.value, reason=error.reason)


@rule(
    "timer.cycle-place",
    "10.4.6 Timer Event Definition, timeCycle",
    N_("{element}只会触发一次，周期从第二次起不起作用。请改用时长或日期，或把边界事件改为不中断。"),
    severity="warning",
    deploy=True,
)
def cycles_that_happen_once(context: Context) -> Iterator[Problem]:
    for node, timer in _timers(context):
        once = node.kind is Kind.INTERMEDIATE_CATCH or (node.kind is Kind.BOUNDARY_EVENT and node.interrupting)
        if once and timer and timer.kind == "cycle" and not (_times(timer) == "1" or _is_counted_catch(node, timer)):
            yield at(node)


@rule(
    "timer.cycle-count",
    "10.5.6 Event-Based Gateway: the first event that comes decides",
    N_("{element}接在事件网关后面，只等一次，“{text}”却写了次数。请改用时长。"),
    deploy=True,
)
def cycles_that_should_count(context: Context) -> Iterator[Problem]:
    for node, timer in _timers(context):
        if timer and _is_counted_catch(node, timer) and _follows_an_event_gateway(context, node):
            yield at(node, text=timer.text.value)


def _follows_an_event_gateway(context: Context, node: Node) -> bool:
    sources = (context.node.get(flow.source) for flow in context.incoming(node))
    return any(source is not None and source.kind is Kind.EVENT_BASED for source in sources)


def _is_counted_catch(node: Node, timer: TimerDefinition) -> bool:
    return node.kind is Kind.INTERMEDIATE_CATCH and _times(timer) not in ("", "1")


def _times(timer: TimerDefinition) -> str:
    """How often a literal cycle repeats, "" for ever or when it is no ISO 8601 cycle."""
    found = _CYCLE.fullmatch(timer.text.value) if timer.kind == "cycle" else None
    return found["times"] if found else ""


@rule(
    "timer.past",
    "10.4.6 Timer Event Definition, timeDate",
    N_("定时事件{element}的日期“{text}”已经过去：开始事件不会再启动流程，其他事件会立即触发。请改为将来的日期。"),
    severity="warning",
    deploy=True,
)
def dates_that_are_over(context: Context) -> Iterator[Problem]:
    now = context.world.now
    for node, timer in _timers(context):
        if now is None or timer is None or timer.kind != "date" or timer.text.is_feel:
            continue
        moment = _moment(timer.text.value, now)
        if moment is not None and moment < now:
            yield at(node, text=timer.text.value)


#: What is known before a case begins: the settings of its unit, and the unit.
_KNOWN_BEFORE = frozenset({"policy", "unit", "单位"})


@rule(
    "timer.start-names",
    "10.4.2 Start Event; Wuji: nothing else is known before the start",
    N_("流程的定时开始事件{element}读取了“{variable}”，启动之前还没有。请只用 policy.名称、unit 和固定的时间。"),
    deploy=True,
)
def starts_that_read_variables(context: Context) -> Iterator[Problem]:
    for node, timer in _timers(context):
        if node.kind is not Kind.START_EVENT or context.place_of[node.id].owner is not None:
            continue
        if timer is None or not timer.text.is_feel:
            continue
        try:
            expression = compile_expression(timer.text.value)
        except feel.FeelSyntaxError:
            continue  # feel.syntax says so
        for name in sorted(expression.variables - _KNOWN_BEFORE):
            yield at(node, variable=name)


def _moment(text: str, now: datetime) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None  # timer.date says so
    return moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)


def is_date(text: str) -> bool:
    """Whether the text is an ISO 8601 date and time."""
    return "T" in text and _MOMENT.evaluate({"text": text}) is not None


def is_duration(text: str) -> bool:
    """Whether the text is an ISO 8601 duration, not a negative one."""
    if text.startswith("-"):
        return False
    return _WEEKS.fullmatch(text) is not None or _SPAN.evaluate({"text": text}) is not None


def is_cycle(text: str) -> bool:
    """Whether the text is an ISO 8601 repetition ``R[n]/[start/]duration`` whose duration is not zero."""
    found = _CYCLE.fullmatch(text)
    if found is None or not is_duration(found["step"]) or not re.search("[1-9]", found["step"]):
        return False
    return found["start"] is None or is_date(found["start"])


_READABLE = {"date": is_date, "duration": is_duration, "cycle": is_cycle}


def _unreadable(context: Context, kind: str) -> Iterator[Problem]:
    for node, timer in _timers(context):
        # A drawing that nobody runs may say "every Friday".
        if timer is None or timer.kind != kind or not context.place_of[node.id].process.executable:
            continue
        text = timer.text.value
        if text and not timer.text.is_feel and not _READABLE[kind](text) and not (kind == "cycle" and is_cron(text)):
            yield at(node, text=text)


def _timers(context: Context) -> Iterator[tuple[Node, TimerDefinition | None]]:
    for node in context.nodes():
        yield from ((node, each.timer) for each in node.events if each.type is EventType.TIMER)

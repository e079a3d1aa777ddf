"""A later deadline for a task, and with it for what hangs on it: the timers around it, what follows in its level.

A deadline is a task's own, or one that the tasks of a sub-process share: a variable that its input mapping worked out
(``本级期限``) and that ``dueDate`` names. Then the variable moves, so that what follows in the sub-process has the new
deadline. Variables of the case itself are facts and stay, as when a policy setting has another value.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from engine.bpmn.dates import names_in
from engine.bpmn.model import Kind, Node, Scope, Text
from engine.clock import TIMEZONE, local_day
from engine.errors import N_, StepFailed
from engine.execution.deadlines import MovedDeadline, armed_timers
from engine.execution.loaded import Loaded
from engine.execution.waits import as_due, evaluate
from engine.model.work import Job, UserTask
from engine.tokens import Wait
from engine.variables import ROOT, ScopeId
from engine.workdays import calendar

#: The property of a user task or process: the most working days by which its deadlines may be put off in all.
LIMIT = "extensionLimit"


class SharedDeadline(NamedTuple):
    """A variable of a sub-process that is the deadline of its tasks."""

    scope: ScopeId
    name: str


def shared_deadline(loaded: Loaded, task: UserTask) -> SharedDeadline | None:
    """The variable that is this task's deadline; None when the deadline is the task's own."""
    text = loaded.release.nodes[task.element_id].due
    if text is None or names_in(text) != {text.value.strip()}:
        return None
    name = text.value.strip()
    for scope in _scopes(loaded, task):
        known = loaded.scopes.local(scope)
        if name in known:
            is_it = scope not in (ROOT, task.id.hex) and as_due(known[name]) == task.due_at
            return SharedDeadline(scope, name) if is_it else None
    return None


def deadline_key(loaded: Loaded, task: UserTask) -> str:
    """What tells one deadline of the case from the others."""
    shared = shared_deadline(loaded, task)
    return f"{shared.scope} {shared.name}" if shared else task.id.hex


def limit(loaded: Loaded, task: UserTask) -> int | None:
    """By how many working days the deadline may be put off in all; None when the process sets no limit.

    Raises StepFailed when what the diagram says is no whole number.
    """
    node, process = loaded.release.nodes[task.element_id], loaded.release.process
    text = node.property(LIMIT) or process.property(LIMIT)
    value = evaluate(loaded, Text.parse(text), loaded.run.scope_of(task.id)) if text else None
    try:
        return None if value is None else int(value)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise StepFailed(N_("延期上限应当是工作日的天数，现在算出的是“{value}”。"), value=value) from error


def extend(loaded: Loaded, task: UserTask, until: datetime) -> list[MovedDeadline]:
    """Move the deadline of a task and what hangs on it; what has moved. The caller records it and advances.

    Raises InvalidState when the calendar of a year is missing.
    """
    moved = [MovedDeadline(task.element_id, task.due_at, until, task), *_timers(loaded, task, until)]
    if (shared := shared_deadline(loaded, task)) is not None:
        old = loaded.scopes.local(shared.scope)[shared.name]
        new = until.astimezone(TIMEZONE) if isinstance(old, datetime) else local_day(until)
        loaded.scopes.set_local(shared.scope, shared.name, new)
        moved.append(MovedDeadline(task.element_id, old, new, name=shared.name))
    for each in moved:
        if each.row is not None:
            each.row.due_at = each.new
        if isinstance(each.row, Job):
            loaded.run.move_timer(each.row.token, each.new)
    return moved


def _timers(loaded: Loaded, task: UserTask, until: datetime) -> Iterator[MovedDeadline]:
    """The armed timers on the task and on what is around it that rest on what its deadline rests on."""
    edges, scopes = _edges(loaded.release.process.scope, task.element_id), _scopes(loaded, task)
    for job in armed_timers(loaded):
        wait = loaded.before.get(job.token)
        if wait is None or wait.element.id not in edges or wait.scope not in scopes:
            continue
        if _hangs(loaded, wait, job, task):
            new = max(job.due_at, _as_far_from(loaded, job.due_at, task.due_at or until, until))
            if new != job.due_at:
                yield MovedDeadline(wait.element.id, job.due_at, new, job)


def _hangs(loaded: Loaded, wait: Wait, job: Job, task: UserTask) -> bool:
    timer = wait.event.timer if wait.event is not None else None
    due = loaded.release.nodes[task.element_id].due
    if timer is None or timer.kind == "cycle" or due is None:
        return False
    if job.due_at == task.due_at or names_in(due) & names_in(timer.text):
        return True
    dates = loaded.release.dates
    basis, other = dates.due.get(task.element_id), dates.timers.get(wait.element.id, {}).get(timer.text)
    return basis is not None and other is not None and bool(basis.settings & other.settings)


def _as_far_from(loaded: Loaded, moment: datetime, old: datetime, new: datetime) -> datetime:
    """The moment that lies as many working days before (or after) the new deadline as another did the old one."""
    if moment == old:
        return new
    days = calendar(loaded.tx)
    distance = days.between(local_day(moment), local_day(old))
    day: date = days.add(local_day(new), -distance) if distance else local_day(new)
    return datetime.combine(day, moment.astimezone(TIMEZONE).timetz())


def _scopes(loaded: Loaded, task: UserTask) -> list[ScopeId]:
    """The scopes that the task sees, the innermost first."""
    found = [loaded.run.scope_of(task.id)]
    while (around := loaded.scopes.parent(found[-1])) is not None:
        found.append(around)
    return found


def _edges(scope: Scope, element_id: str) -> frozenset[str]:
    """The events on the element and on the sub-processes around it, and the starts of event sub-processes there.

    An event sub-process watches over the scope that it lies in, as a boundary event over what it stands on.
    """
    host = next((node.id for node in scope.nodes.values() if _holds(node, element_id)), None)
    if host is None:
        return frozenset()
    found = {node.id for node in scope.nodes.values() if node.attached_to == host}
    for node in scope.nodes.values():
        if node.triggered_by_event and node.scope is not None and node.id != host:
            found |= {each.id for each in node.scope.nodes.values() if each.kind is Kind.START_EVENT}
    inner = scope.nodes[host].scope
    return frozenset(found) | (_edges(inner, element_id) if inner is not None else frozenset())


def _holds(node: Node, element_id: str) -> bool:
    """Whether it is the element, or has it inside."""
    inside = node.scope.nodes.values() if node.scope is not None else ()
    return node.id == element_id or any(_holds(each, element_id) for each in inside)

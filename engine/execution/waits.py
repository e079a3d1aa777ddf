"""Rows for what a token waits for: a user task with its candidates, a job, a subscription."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from engine import people
from engine.bpmn.assignment import assignment_of
from engine.bpmn.model import Assignment, Text
from engine.clock import TIMEZONE
from engine.errors import N_, EngineError, StepFailed
from engine.execution.incidents import open_incident
from engine.execution.loaded import TO_ITS_POSTS, Loaded
from engine.execution.mailbox import MOST_CHARACTERS, expect
from engine.feel import FeelError
from engine.model.work import Job, MessageSubscription, TaskCandidate, UserTask
from engine.release import names
from engine.tokens import Wait, WaitKind
from engine.tokens.expressions import Value
from engine.variables import ScopeId
from engine.workdays import end_of_business

_DEFAULT_PRIORITY = 50
_DEFAULT_ATTEMPTS = 3


def open_wait(loaded: Loaded, wait: Wait) -> None:
    """Write the rows of a new wait; a failure (an unknown post, a faulty expression) becomes an incident."""
    try:
        _OPENERS[wait.kind](loaded, wait)
    except EngineError as error:
        open_incident(loaded, wait.token_id, wait.element.id, error.template, error.params)
    except FeelError as error:
        open_incident(loaded, wait.token_id, wait.element.id, error.message, error.params)


def _open_user_task(loaded: Loaded, wait: Wait) -> None:
    tx, node = loaded.tx, wait.element
    assigned = assigned_to(loaded, wait)
    lane = loaded.release.lanes.get(node.id)
    due = _due(loaded, node.due, wait.scope)
    tx.append(
        UserTask,
        id=wait.token_id,
        instance_id=loaded.instance.id,
        element_id=node.id,
        name=node.name or node.id,
        lane=lane.name if lane else "",
        scope=wait.scope,
        unit_id=assigned.unit_id,
        barred=assigned.barred,
        created_at=tx.now,
        due_at=due,
        priority=_priority(loaded, node.priority, wait.scope),
        **loaded.given.get(wait.token_id, TO_ITS_POSTS),
    )
    for holder in assigned.holders:
        tx.append(TaskCandidate, task_id=wait.token_id, holder=holder)
    until = due.isoformat() if due else None
    loaded.record("user_task_created", node.id, task=str(wait.token_id), candidates=list(assigned.holders), due=until)
    record_relief(loaded, node.id, wait.token_id, assigned)


class Assigned(NamedTuple):
    """For which unit a task is, who may do it, whom the diagram names, and who is barred from it as the applicant."""

    unit_id: UUID | None
    holders: tuple[str, ...]
    named: tuple[str, ...]
    barred: UUID | None


def assigned_to(loaded: Loaded, wait: Wait) -> Assigned:
    """Whom a user task goes to. Raises StepFailed or FeelError when that can't be worked out."""
    unit_id = unit_of(loaded, wait.scope)
    named = loaded.candidates.get(wait.token_id) or _candidates(loaded, wait, unit_id)
    barred = None if people.receipt_holder(loaded.instance.id) in named else loaded.instance.applicant_id
    holders = named if barred is None else people.relieved(loaded.tx, named, barred)
    return Assigned(unit_id, holders, named, barred)


def record_relief(loaded: Loaded, element_id: str, task_id: UUID, assigned: Assigned) -> None:
    """Say in history that the applicant would have had to handle the task, and who does instead."""
    if assigned.holders != assigned.named:
        names = {
            "from": people.names_of(loaded.tx, assigned.named),
            "to": people.names_of(loaded.tx, assigned.holders),
        }
        loaded.record("user_task_passed_up", element_id, task=str(task_id), **names)


def _open_service_job(loaded: Loaded, wait: Wait) -> None:
    node = wait.element
    type_ = evaluate(loaded, node.job_type, wait.scope) if node.job_type else str(node.kind)
    retries = _whole(loaded, node.job_retries, wait.scope, _DEFAULT_ATTEMPTS)
    _add_job(loaded, wait, "service_task", loaded.tx.now, type=str(type_), max_attempts=retries)


def _open_timer(loaded: Loaded, wait: Wait) -> None:
    if wait.due is None:
        raise StepFailed(N_("定时“{name}”没有算出时间。"), name=wait.element.name or wait.element.id)
    _add_job(loaded, wait, "timer", wait.due)


def _open_call(loaded: Loaded, wait: Wait) -> None:
    _add_job(loaded, wait, "start_child", loaded.tx.now)


def _subscribe(loaded: Loaded, wait: Wait) -> None:
    if max(len(wait.key or ""), len(wait.name or "")) > MOST_CHARACTERS:
        raise StepFailed(N_("消息名称和关联值最多 {most} 个字。"), most=MOST_CHARACTERS)
    loaded.tx.add(
        MessageSubscription(
            token_id=wait.token_id,
            instance_id=loaded.instance.id,
            element_id=wait.element.id,
            kind=str(wait.kind),
            name=wait.name or "",
            key=wait.key or "",
            opened_at=loaded.tx.now,
        )
    )
    if wait.kind is WaitKind.MESSAGE:
        expect(loaded.tx, wait.name or "", wait.key or "")


_OPENERS: dict[WaitKind, Callable[[Loaded, Wait], None]] = {
    WaitKind.USER_TASK: _open_user_task,
    WaitKind.JOB: _open_service_job,
    WaitKind.TIMER: _open_timer,
    WaitKind.CALL: _open_call,
    WaitKind.MESSAGE: _subscribe,
    WaitKind.SIGNAL: _subscribe,
}


def _add_job(loaded: Loaded, wait: Wait, kind: str, due: datetime, **more: Any) -> None:
    tx = loaded.tx
    job = Job(
        kind=kind,
        instance_id=loaded.instance.id,
        token_id=wait.token_id,
        element_id=wait.element.id,
        due_at=due,
        created_at=tx.now,
        payload={},
        **more,
    )
    tx.add(job)
    if due <= tx.now:
        tx.after_commit(tx.engine.wake)


def unit_of(loaded: Loaded, scope: ScopeId) -> UUID | None:
    """The unit that a scope works for: its variable ``unit``, or the unit of the case."""
    own = loaded.scopes.get(scope, "unit")
    if not isinstance(own, str) or not own:
        return loaded.instance.unit_id
    try:
        return UUID(own)
    except ValueError as error:
        raise StepFailed(N_("变量 unit 应当是单位的标识，现在是“{value}”。"), value=own) from error


def _candidates(loaded: Loaded, wait: Wait, unit_id: UUID | None) -> tuple[str, ...]:
    """The holders that the task's assignment, or its lane's default, stands for. Raises StepFailed for nobody."""
    assignment = assignment_of(loaded.release.process, wait.element) or Assignment()
    groups = [group for text in assignment.groups for group in _texts(evaluate(loaded, text, wait.scope))]
    holders = people.resolve_holders(people.org_tree(loaded.tx), groups, unit_id, applicant_holders(loaded))
    accounts = [user for text in assignment.users for user in _texts(evaluate(loaded, text, wait.scope))]
    found = tuple(dict.fromkeys([*holders, *(f"account:{account}" for account in accounts)]))
    if not found:
        raise StepFailed(N_("“{task}”没有算出办理人。"), task=wait.element.name or wait.element.id)
    return found


def applicant_holders(loaded: Loaded) -> tuple[str, ...]:
    """Whoever filed the case: by account, and by the number and code on the receipt."""
    instance = loaded.instance
    account = (f"account:{instance.started_by}",) if instance.started_by else ()
    return (*account, people.receipt_holder(instance.id))


def _due(loaded: Loaded, text: Text | None, scope: ScopeId) -> datetime | None:
    return as_due(evaluate(loaded, text, scope) if text else None)


def as_due(value: Any) -> datetime | None:
    """What an expression gave as the moment of a deadline; a day ends with business. Raises StepFailed for no date."""
    if value is None:
        return None
    if isinstance(value, str):
        value = _moment(value)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=TIMEZONE)
    if isinstance(value, date):
        return datetime.combine(value, end_of_business(), TIMEZONE)
    raise StepFailed(N_("办理期限应当是日期，现在算出的是“{value}”。"), value=value)


def _moment(text: str) -> datetime | str:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def _priority(loaded: Loaded, text: Text | None, scope: ScopeId) -> int:
    return _whole(loaded, text, scope, _DEFAULT_PRIORITY)


def _whole(loaded: Loaded, text: Text | None, scope: ScopeId, default: int) -> int:
    value = evaluate(loaded, text, scope) if text else None
    if value is None:
        return default
    try:
        return int(value)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise StepFailed(N_("优先级和重试次数应当是整数，现在算出的是“{value}”。"), value=value) from error


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    items = value if isinstance(value, list) else names(str(value))
    return [str(item) for item in items]


def evaluate(loaded: Loaded, text: Text, scope: ScopeId) -> Any:
    """The value of a literal, or of a FEEL text as seen from the scope."""
    if not text.is_feel:
        return text.value
    view = loaded.scopes.view(scope, loaded.env.globals)
    return Value(text, "").under(view, loaded.env.feel_env)

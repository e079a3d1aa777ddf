"""A later deadline (延期): whoever is responsible for a task asks for it, the level above grants or refuses it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from engine import people
from engine.clock import TIMEZONE, local_day
from engine.database import Transaction
from engine.errors import N_, Conflict, InvalidState, InvalidVariables, NotAuthorized
from engine.execution import (
    Loaded,
    LockedTask,
    MovedDeadline,
    advance,
    as_due,
    claim_task,
    deadline_key,
    extend,
    filed_case,
    limit,
    lock_task,
    right_to,
    tell_watchers,
)
from engine.history import record
from engine.lifecycle import ExtensionState
from engine.model.base import new_id
from engine.model.extension import Extension
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.notifications import mark_read, tell
from engine.people import Receiver, Right
from engine.reasons import Faults, written
from engine.workdays import calendar

_ASKED = N_("{who}申请把“{case}”的“{task}”延期到 {until}。原因：{reason}")
_GRANTED = N_("{who}同意“{case}”的“{task}”延期到 {until}。")
_REFUSED = N_("{who}不同意“{case}”的“{task}”延期。原因：{note}")
_WATCHED = N_("关注的“{case}”的“{task}”延期到 {until}。")
_FOR_APPLICANT = N_("“{task}”的办理期限延长到 {until}。原因：{reason}")


def ask(tx: Transaction, task_id: UUID, day: date | None, reason: str) -> Extension:
    """Ask the level above to put the deadline of a task off to the end of a day, with a reason.

    Whoever may do the task now may ask, and claims it by asking; also when it is overdue. Raises NotAuthorized,
    AlreadyDone, InvalidState when the task has no deadline, waits for the applicant or nobody is there to decide,
    Conflict while a request waits, InvalidVariables, naming the field, for a day or a reason that does not do.
    """
    locked = lock_task(tx, task_id)
    instance, task, _ = locked
    right = right_to(tx, locked)
    ensure_may_be_extended(locked)
    loaded = Loaded.load(tx, instance)
    faults = Faults()
    with faults:
        until = _until(loaded, task, day)
    with faults:
        why = written(reason, "reason", N_("请填写延期原因。"))
    faults.settle()
    to = decider(tx, locked, right)
    if task.assignee is None:
        claim_task(tx, locked, right)
    task.extension_asked = True
    row = tx.add(
        Extension(
            id=new_id(),
            task_id=task.id,
            instance_id=instance.id,
            deadline=deadline_key(loaded, task),
            before=task.due_at,
            until=until,
            reason=why,
            holder=to.holder,
            holder_name=to.name,
            asked_by=tx.actor.account_id,
            asked_for=right.for_whom.principal if right.for_whom else None,
            asked_by_name=right.signed(tx.actor),
            asked_at=tx.now,
            state=ExtensionState.OPEN,
        )
    )
    record(tx, instance, "extension_requested", task.element_id, {**_data(row), "reason": why, **right.facts})
    tell(
        tx, "extension", [to.holder], instance, _ASKED, _facts(row, locked, row.asked_by_name), task.element_id, task.id
    )
    return row


def decide(tx: Transaction, extension_id: UUID, grant: bool | None, note: str) -> Extension:
    """Grant or refuse a request that waits for one of the actor's posts, or for one whose work the actor does.

    Granting moves the deadline and what hangs on it, and tells the applicant. Refusing needs words. Raises
    NotAuthorized, also in a request of one's own, AlreadyDone, InvalidState when the day has passed meanwhile,
    InvalidVariables, naming the field.
    """
    locked, row = _locked(tx, extension_id)
    instance, task, _ = locked
    right = right_to_decide(tx, row, task, instance)
    if grant is None:
        raise InvalidVariables.at("decision", N_("请选择同意或者不同意。"))
    said = note.strip()
    if said or not grant:
        said = written(said, "note", N_("请写明不同意的原因。"))
    state = ExtensionState.GRANTED if grant else ExtensionState.REFUSED
    row.decide(state, said, tx.actor.account_id, right.signed(tx.actor), tx.now)
    instance.ensure_active()
    task.ensure_open()
    task.extension_asked = False
    if grant:
        _move(Loaded.load(tx, instance), task, row, right)
    else:
        record(tx, instance, "extension_refused", task.element_id, {**_data(row), "note": said, **right.facts})
    _tell_of_decision(tx, locked, row)
    mark_read(tx, instance.id, "extension")
    return row


def withdraw(tx: Transaction, extension_id: UUID) -> Extension:
    """Take a request back. Whoever asked, or may do the task now, may do this. Raises NotAuthorized, AlreadyDone."""
    locked, row = _locked(tx, extension_id)
    instance, task, _ = locked
    right = Right() if tx.actor.account_id in row.askers else right_to(tx, locked)
    row.withdraw()
    task.extension_asked = False
    record(tx, instance, "extension_withdrawn", task.element_id, {**_data(row), **right.facts})
    return row


def ensure_may_be_extended(locked: LockedTask) -> None:
    """Raise InvalidState or Conflict, saying why, when nobody can ask for a later deadline of the task now."""
    instance, task, _ = locked
    instance.ensure_active()
    if locked.is_of_applicant:
        raise InvalidState(N_("“{task}”由申请人办理，不能申请延期。"), task=task.name)
    if task.due_at is None:
        raise InvalidState(N_("“{task}”没有期限，不需要延期。"), task=task.name)
    if task.extension_asked:
        raise Conflict(N_("“{task}”已经申请延期，正在等待决定。"), task=task.name)


def decider(tx: Transaction, locked: LockedTask, right: Right) -> Receiver:
    """The post that decides: it leads the nearest unit above that of the task's post. Raises InvalidState for none."""
    _, task, candidates = locked
    mine = {right.for_whom.holder} if right.for_whom else tx.actor.holders & candidates
    posts = sorted(each for each in mine or candidates if "@" in each) or sorted(
        each for each in candidates if "@" in each
    )
    unit_id = UUID(posts[0].partition("@")[2]) if posts else (task.unit_id or tx.actor.unit_id)
    principal = right.for_whom.principal if right.for_whom else None
    but = {each for each in (tx.actor.account_id, principal, task.barred) if each is not None}
    found = people.superior(tx, unit_id, but) if unit_id is not None else None
    if found is None:
        raise InvalidState(N_("上级现在没有能决定延期的岗位，请联系系统管理员。"))
    return found


def latest(loaded: Loaded, task: UserTask) -> date | None:
    """The last day that may be asked for; None when the process sets no limit. It counts from the first deadline."""
    most = limit(loaded, task)
    if most is None or task.due_at is None:
        return None
    query = select(Extension.before).where(
        Extension.instance_id == task.instance_id,
        Extension.deadline == deadline_key(loaded, task),
        Extension.state == ExtensionState.GRANTED,
    )
    first = loaded.tx.session.scalar(query.order_by(Extension.decided_at).limit(1)) or task.due_at
    return calendar(loaded.tx).add(local_day(first), most) if most > 0 else local_day(first)


def right_to_decide(tx: Transaction, row: Extension, task: UserTask, instance: ProcessInstance) -> Right:
    """Why the actor may decide. Raises NotAuthorized, saying who may, or that nobody decides a request of one's own."""
    actor = tx.actor
    if actor.account_id in {*row.askers, task.assignee} or people.is_barred(actor, task):
        raise NotAuthorized(N_("本人的延期申请、本人办理的环节和本人提出的事项，不能由本人决定。"))
    right = people.right_as(actor, row.holder, instance.process_key, never_for=(*row.askers, task.barred))
    if right is None:
        raise NotAuthorized(N_("这项延期申请由{who}决定。"), who=row.holder_name)
    return right


def _until(loaded: Loaded, task: UserTask, day: date | None) -> datetime:
    """The end of the day that is wished, once it is sure that it may be."""
    until = as_due(day)
    if day is None or until is None:
        raise InvalidVariables.at("until", N_("请选择新的期限。"))
    if task.due_at is not None and until <= task.due_at:
        raise InvalidVariables.at("until", N_("新的期限应当晚于现在的期限（{due}）。"), due=_readable(task.due_at))
    if until <= loaded.tx.now:
        raise InvalidVariables.at("until", N_("新的期限不能早于现在，请选择以后的日期。"))
    last = latest(loaded, task)
    if last is not None and day > last:
        raise InvalidVariables.at("until", N_("按制度参数，这个期限最晚可以延到 {last}。"), last=last)
    if not _is_workday(loaded.tx, day):
        raise InvalidVariables.at("until", N_("{day} 不是工作日，请选择工作日。"), day=day)
    return until


def _is_workday(tx: Transaction, day: date) -> bool:
    try:
        return calendar(tx).is_workday(day)
    except InvalidState as error:  # nobody has entered the calendar of that year yet
        raise InvalidVariables.at("until", error.template, **error.params) from error


def _locked(tx: Transaction, extension_id: UUID) -> tuple[LockedTask, Extension]:
    """The request with its task; read once more under the lock, as somebody may just have decided."""
    row = tx.get(Extension, extension_id, N_("延期申请"))
    locked = lock_task(tx, row.task_id)
    tx.session.refresh(row)
    return locked, row


def _move(loaded: Loaded, task: UserTask, row: Extension, right: Right) -> None:
    if row.until <= loaded.tx.now or (task.due_at is not None and row.until <= task.due_at):
        raise InvalidState(
            N_("申请的新期限（{until}）已经过去，或者不晚于现在的期限，不能同意。"), until=_readable(row.until)
        )
    moved = extend(loaded, task, row.until)
    data = {**_data(row), "note": row.note, "reason": row.reason, "changes": [each.told for each in moved]}
    loaded.record("extension_granted", task.element_id, **data, **_variables(moved), **right.facts)
    loaded.recorded_changes = len(loaded.scopes.changes)
    advance(loaded)
    loaded.tx.after_commit(loaded.tx.engine.wake)


def _variables(moved: list[MovedDeadline]) -> dict[str, dict[str, object]]:
    changed = {each.name: each.new for each in moved if each.name is not None}
    return {"variables": changed} if changed else {}


def _tell_of_decision(tx: Transaction, locked: LockedTask, row: Extension) -> None:
    instance, task, _ = locked
    told = [people.account_holder(each) for each in {task.assignee, row.asked_by} if each is not None]
    template = _GRANTED if row.state is ExtensionState.GRANTED else _REFUSED
    facts = _facts(row, locked, row.decided_by_name or "")
    tell(tx, "extension", told, instance, template, facts, task.element_id, task.id)
    if row.state is ExtensionState.GRANTED:
        filed = filed_case(tx, instance)
        own = {people.account_holder(filed.started_by)} - set(told) if filed.started_by else set()
        tell_watchers(tx, instance, _WATCHED, {*told, *own}, task=task.name, until=facts["until"])
        tell(tx, "extension", [people.receipt_holder(filed.id), *own], filed, _FOR_APPLICANT, facts)


def _facts(row: Extension, locked: LockedTask, who: str) -> dict[str, object]:
    instance, task, _ = locked
    about = {"who": who, "case": instance.title, "task": task.name}
    return {**about, "until": local_day(row.until), "reason": row.reason, "note": row.note}


def _data(row: Extension) -> dict[str, str]:
    data = {"task": str(row.task_id), "extension": str(row.id), "of": row.holder_name, "holder": row.holder}
    return {**data, "before": row.before.isoformat(), "until": row.until.isoformat()}


def _readable(moment: datetime) -> str:
    return f"{moment.astimezone(TIMEZONE):%Y-%m-%d %H:%M}"

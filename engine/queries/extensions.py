"""Requests for later deadlines: those of one task, what may be asked for, and those that the acting post decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from engine import extensions, people, workdays
from engine.clock import local_day
from engine.database import Transaction
from engine.errors import N_, NotFound
from engine.execution.loaded import Loaded, LockedTask
from engine.lifecycle import ExtensionState
from engine.model.extension import Extension
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.people import Actor, Receiver
from engine.queries.awaited import awaited_of, is_none_of, with_task_and_case
from engine.queries.inbox import Work
from engine.queries.paging import MOST_COUNTED, Page, fetch


@dataclass(frozen=True)
class Request:
    """A request with its task and case. ``may_decide`` says whether the actor can, now."""

    row: Extension
    task: UserTask
    instance: ProcessInstance
    may_decide: bool


@dataclass(frozen=True)
class Offer:
    """What may be asked for: the first and the last day (None: no limit), and who decides."""

    first: date
    last: date | None
    decider: Receiver


def of_task(tx: Transaction, task_id: UUID) -> Sequence[Extension]:
    """All requests about a task, in the order in which they were made."""
    query = select(Extension).where(Extension.task_id == task_id)
    return list(tx.session.scalars(query.order_by(Extension.asked_at, Extension.id)))


def granted(tx: Transaction, task: UserTask) -> Sequence[Extension]:
    """What has put the deadline of a task off: its own extensions, and those of the deadline of its level."""
    query = select(Extension).where(
        Extension.instance_id == task.instance_id, Extension.state == ExtensionState.GRANTED
    )
    rows = list(tx.session.scalars(query.order_by(Extension.decided_at, Extension.id)))
    deadlines = {each.deadline for each in rows if each.task_id == task.id or each.until == task.due_at}
    return [each for each in rows if each.deadline in deadlines]


def offer(tx: Transaction, work: Work) -> Offer:
    """What the actor may ask for about a task. Raises InvalidState or Conflict, saying why it is nothing."""
    locked = LockedTask(work.instance, work.task, work.candidates)
    extensions.ensure_may_be_extended(locked)
    if work.right is None or work.task.due_at is None:
        raise NotFound(N_("没有找到这个环节，或者当前岗位不能办理它。"))
    last = extensions.latest(Loaded.load(tx, work.instance), work.task)
    from_day = max(local_day(work.task.due_at), local_day(tx.now))
    return Offer(workdays.calendar(tx).add(from_day, 1), last, extensions.decider(tx, locked, work.right))


def waiting(tx: Transaction, is_open: bool, page: int) -> Page[Request]:
    """What waits for a decision of the acting post, or of one stood in for; or what the account has decided."""
    if is_open:
        query = with_task_and_case(Extension).where(_waits(tx)).order_by(Extension.asked_at)
    else:
        mine = Extension.decided_by == tx.actor.account_id
        query = with_task_and_case(Extension).where(mine).order_by(Extension.decided_at.desc())
    found = fetch(tx, query, page)
    rows = [Request(row, task, instance, is_open) for row, task, instance in found.items]
    return Page(rows, found.number, found.total, found.size)


def count_waiting(tx: Transaction) -> int:
    """How many decisions are awaited of the actor, counted no further than a page can say."""
    some = select(Extension.id).select_from(Extension).join(UserTask)
    some = some.join(ProcessInstance, ProcessInstance.id == Extension.instance_id).where(_waits(tx))
    return tx.session.scalar(select(func.count()).select_from(some.limit(MOST_COUNTED).subquery())) or 0


def one(tx: Transaction, extension_id: UUID) -> Request:
    """A request about a case that the actor reads from inside, or took part in; else NotFound."""
    query = (
        with_task_and_case(Extension)
        .add_columns(_waits(tx))
        .where(Extension.id == extension_id, people.visible_to(tx.actor))
    )
    row = tx.session.execute(query).one_or_none()
    request = Request(*row) if row is not None else None
    if request is None or not _is_read_by(tx.actor, request):
        raise NotFound(N_("没有找到这项延期申请，可能已经撤回，或者当前岗位不能查看它。"))
    return request


def _is_read_by(actor: Actor, request: Request) -> bool:
    took_part = request.may_decide or actor.account_id in (request.row.asked_by, request.row.decided_by)
    return took_part or people.reads_inside(actor, request.instance)


def _waits(tx: Transaction) -> ColumnElement[bool]:
    """It waits for the actor: for an own post, or for one stood in for; never one's own request or matter."""
    return and_(Extension.state == ExtensionState.OPEN, awaited_of(tx.actor, Extension.holder, _not_of))


def _not_of(account_id: UUID | None) -> ColumnElement[bool]:
    return is_none_of(account_id, UserTask.barred, UserTask.assignee, Extension.asked_by, Extension.asked_for)

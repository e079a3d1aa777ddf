"""Countersignatures and advice: those of one task, and those that the acting post is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from engine import people
from engine.database import Transaction
from engine.errors import N_, NotFound
from engine.lifecycle import ConsultationState
from engine.model.consultation import Consultation
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.people import Actor
from engine.queries.awaited import awaited_of, is_none_of, with_task_and_case
from engine.queries.paging import MOST_COUNTED, Page, fetch


@dataclass(frozen=True)
class Asked:
    """A question with the task and the case that it is about. ``may_answer`` says whether the actor can, now."""

    row: Consultation
    task: UserTask
    instance: ProcessInstance
    may_answer: bool


def of_task(tx: Transaction, task_id: UUID) -> Sequence[Consultation]:
    """All questions about a task, in the order in which they were asked."""
    query = select(Consultation).where(Consultation.task_id == task_id)
    return list(tx.session.scalars(query.order_by(Consultation.asked_at, Consultation.id)))


def asked(tx: Transaction, is_open: bool, page: int) -> Page[Asked]:
    """What the acting post, or one that the actor stands in for, is asked; or what the account has answered."""
    if is_open:
        query = with_task_and_case(Consultation).where(_waits(tx)).order_by(Consultation.asked_at)
    else:
        mine = Consultation.answered_by == tx.actor.account_id
        query = with_task_and_case(Consultation).where(mine).order_by(Consultation.answered_at.desc())
    found = fetch(tx, query, page)
    rows = [Asked(row, task, instance, is_open) for row, task, instance in found.items]
    return Page(rows, found.number, found.total, found.size)


def count_waiting(tx: Transaction) -> int:
    """How many answers are awaited of the actor, counted no further than a page can say."""
    some = select(Consultation.id).select_from(Consultation).join(UserTask).join(ProcessInstance)
    return (
        tx.session.scalar(select(func.count()).select_from(some.where(_waits(tx)).limit(MOST_COUNTED).subquery())) or 0
    )


def one(tx: Transaction, consultation_id: UUID) -> Asked:
    """A question about a case that the actor reads from inside, or took part in asking or answering; else NotFound."""
    query = (
        with_task_and_case(Consultation)
        .add_columns(_waits(tx))
        .where(Consultation.id == consultation_id, people.visible_to(tx.actor))
    )
    row = tx.session.execute(query).one_or_none()
    asked = Asked(*row) if row is not None else None
    if asked is None or not _is_read_by(tx.actor, asked):
        raise NotFound(N_("没有找到这项征求意见，可能已经撤回，或者当前岗位不能查看它。"))
    return asked


def _is_read_by(actor: Actor, asked: Asked) -> bool:
    took_part = asked.may_answer or actor.account_id in (asked.row.asked_by, asked.row.answered_by)
    return took_part or people.reads_inside(actor, asked.instance)


def _waits(tx: Transaction) -> ColumnElement[bool]:
    """It waits for the actor: for an own post, or for one stood in for; never in one's own matter or about own work."""
    others = is_none_of(tx.actor.account_id, Consultation.asked_by, UserTask.assignee)
    return and_(
        Consultation.state == ConsultationState.OPEN, awaited_of(tx.actor, Consultation.holder, _not_of), others
    )


def _not_of(account_id: UUID | None) -> ColumnElement[bool]:
    return is_none_of(account_id, UserTask.barred)

"""Asking other posts for a countersignature or for advice (会签、征求意见), and answering."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from engine import people
from engine.database import Transaction
from engine.errors import N_, Conflict, InvalidState, InvalidVariables, NotAuthorized
from engine.execution import LockedTask, claim_task, lock_task, right_to
from engine.history import record
from engine.lifecycle import ConsultationState, UserTaskState
from engine.model.base import new_id
from engine.model.consultation import Consultation, ConsultationKind, Opinion
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.notifications import mark_read, tell
from engine.people import Receiver, Right
from engine.reasons import Faults, written


def ask(
    tx: Transaction, task_id: UUID, kind: ConsultationKind, holders: Collection[str], question: str
) -> list[Consultation]:
    """Ask posts (``position@unit``) about a task, all or none; a countersigned task can't be completed before.

    Whoever may do the task now may ask, and claims it by asking. More may be asked at any time. Raises NotAuthorized,
    InvalidState when it waits for the applicant, Conflict when a post is asked already, InvalidVariables, naming the
    field, for a post that can't answer or a missing question.
    """
    locked = lock_task(tx, task_id)
    instance, task, _ = locked
    right = right_to(tx, locked)
    instance.ensure_active()
    if locked.is_of_applicant:
        raise InvalidState(N_("“{task}”由申请人办理，不能征求意见。"), task=task.name)
    faults = Faults()
    with faults:
        receivers = _receivers(tx, task, holders)
    with faults:
        words = written(question, "question", N_("请写明需要对方看什么、答复什么。"))
    faults.settle()
    if task.assignee is None:
        claim_task(tx, locked, right)
    return [_ask(tx, locked, right, kind, to, words) for to in receivers]


def _receivers(tx: Transaction, task: UserTask, holders: Collection[str]) -> list[Receiver]:
    found = [people.receiver(tx, holder, None, task.barred) for holder in dict.fromkeys(holders)]
    if not found:
        raise InvalidVariables.at("holder", N_("请选择岗位。"))
    for to in found:
        if to.holder in tx.actor.holders:
            raise InvalidVariables.at("holder", N_("不能征求本岗位的意见，请选择其他岗位。"))
        _ensure_not_asked(tx, task, to.holder, to.name)
    return found


def _ask(
    tx: Transaction, locked: LockedTask, right: Right, kind: ConsultationKind, to: Receiver, question: str
) -> Consultation:
    instance, task, _ = locked
    row = Consultation(
        id=new_id(),
        task_id=task.id,
        instance_id=instance.id,
        kind=kind,
        holder=to.holder,
        holder_name=to.name,
        question=question,
        asked_by=tx.actor.account_id,
        asked_by_name=right.signed(tx.actor),
        asked_at=tx.now,
        state=ConsultationState.OPEN,
    )
    tx.add(row)
    _count(task, kind, 1)
    record(tx, instance, "consultation_asked", task.element_id, {**_data(row), "question": question, **right.facts})
    facts = {"who": row.asked_by_name, "task": task.name, "case": instance.title}
    template = N_("{who}请求会签“{case}”的“{task}”")
    if kind is ConsultationKind.ADVICE:
        template = N_("{who}就“{case}”的“{task}”征求意见")
    tell(tx, "consulted", [to.holder], instance, template, facts, task.element_id)
    return row


def answer(tx: Transaction, consultation_id: UUID, opinion: Opinion, words: str) -> Consultation:
    """Answer a question to one of the actor's posts, or to one whose work the actor does for the time being.

    A countersignature agrees or disagrees; advice and disagreement need words. It is another pair of eyes: neither
    whoever asked nor whoever has claimed the task answers, in whatever post. Raises NotAuthorized, AlreadyDone,
    InvalidState while the case rests, InvalidVariables, naming the field.
    """
    locked, row = _locked(tx, consultation_id)
    instance, task, _ = locked
    right = _right_to_answer(tx, task, instance, row)
    if task.state is UserTaskState.SUSPENDED:
        template = N_("事项 {number} 已并入另一件一并办理，现在不用答复。以后单独办理的，会再列入请我出意见。")
        raise InvalidState(template, number=instance.business_key)
    if row.kind is ConsultationKind.COUNTERSIGN and opinion is Opinion.NONE:
        raise InvalidVariables.at("opinion", N_("请选择同意或者不同意。"))
    text = words.strip()
    if row.kind is ConsultationKind.ADVICE or opinion is Opinion.DISAGREE or text:
        text = written(text, "answer", N_("请填写意见。"))
    row.give(opinion, text, tx.actor.account_id, right.signed(tx.actor), tx.now)
    _count(task, row.kind, -1)
    said = {**_data(row), "opinion": str(opinion), "answer": text}
    record(tx, instance, "consultation_answered", task.element_id, {**said, **right.facts})
    told = [people.account_holder(each) for each in {task.assignee, row.asked_by} if each is not None]
    facts = {"who": row.answered_by_name or "", "task": task.name, "case": instance.title}
    tell(tx, "answered", told, instance, N_("{who}答复了“{case}”的“{task}”"), facts, task.element_id, task.id)
    mark_read(tx, instance.id, "consulted")
    return row


def withdraw(tx: Transaction, consultation_id: UUID, reason: str) -> Consultation:
    """Take a question back. Whoever asked or may do the task now may do this, with a reason."""
    locked, row = _locked(tx, consultation_id)
    instance, task, _ = locked
    right = Right()
    if row.asked_by is None or row.asked_by != tx.actor.account_id:
        right = right_to(tx, locked)
    why = written(reason, "reason", N_("请填写撤回原因。"))
    row.withdraw(why)
    _count(task, row.kind, -1)
    record(tx, instance, "consultation_withdrawn", task.element_id, {**_data(row), "reason": why, **right.facts})
    return row


def _locked(tx: Transaction, consultation_id: UUID) -> tuple[LockedTask, Consultation]:
    """The question with its task; read once more under the lock, as somebody may just have answered."""
    row = tx.get(Consultation, consultation_id, N_("征求意见"))
    locked = lock_task(tx, row.task_id)
    tx.session.refresh(row)
    return locked, row


def _right_to_answer(tx: Transaction, task: UserTask, instance: ProcessInstance, row: Consultation) -> Right:
    actor = tx.actor
    if people.is_barred(actor, task):
        raise NotAuthorized(N_("“{task}”属于本人提出的事项，按回避要求不能发表意见。"), task=task.name)
    right = people.right_as(actor, row.holder, instance.process_key, never_for=(task.barred,))
    if right is None:
        raise NotAuthorized(N_("这项意见征求的是{who}。"), who=row.holder_name)
    if actor.account_id in (row.asked_by, task.assignee):
        template = N_("“{task}”由本人办理，会签和征求意见应由他人答复。不再需要的，可以撤回。")
        raise NotAuthorized(template, task=task.name)
    return right


def _ensure_not_asked(tx: Transaction, task: UserTask, holder: str, name: str) -> None:
    query = select(Consultation.id).where(
        Consultation.task_id == task.id, Consultation.holder == holder, Consultation.state == ConsultationState.OPEN
    )
    if tx.session.scalar(query.limit(1)) is not None:
        raise Conflict(N_("已经向{who}征求意见，正在等待答复。"), who=name)


def _count(task: UserTask, kind: ConsultationKind, by: int) -> None:
    if kind is ConsultationKind.COUNTERSIGN:
        task.countersigns += by
    else:
        task.advices += by


def _data(row: Consultation) -> dict[str, str]:
    data = {"task": str(row.task_id), "consultation": str(row.id), "kind": str(row.kind)}
    return {**data, "of": row.holder_name, "holder": row.holder}

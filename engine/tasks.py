"""Commands on user tasks: claim, release, save, discard or take over a draft, complete, hand on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from engine import drafts, files, people
from engine.database import Transaction
from engine.drafts import LeftOver
from engine.errors import N_, AlreadyDone, InvalidState
from engine.execution import Loaded, LockedTask, advance, claim_task, lock_task, right_to, withdraw_requests
from engine.history import record
from engine.lifecycle import ConsultationState
from engine.model.consultation import Consultation, ConsultationKind
from engine.model.draft import TaskDraft
from engine.model.work import TaskCandidate, UserTask
from engine.notifications import tell
from engine.people import Receiver, Right
from engine.reasons import Faults, written
from engine.release import load_release


def claim(tx: Transaction, task_id: UUID) -> UserTask:
    """Give the task to the actor. Raises AlreadyDone, naming who was faster, or NotAuthorized."""
    locked, right = _locked_task(tx, task_id)
    claim_task(tx, locked, right)
    return locked.task


def release(tx: Transaction, task_id: UUID) -> UserTask:
    """Give a claimed task back to its candidates. Raises AlreadyDone when nobody has claimed it, and like every act."""
    (instance, task, _), right = _locked_task(tx, task_id)
    if task.assignee is None:
        raise AlreadyDone(N_("“{task}”没有人领取，不需要放回。"), task=task.name)
    task.release()
    record(tx, instance, "user_task_released", task.element_id, {"task": str(task.id), **right.facts})
    return task


def save_draft(
    tx: Transaction,
    task_id: UUID,
    raw: Mapping[str, Any],
    form_digest: str = "",
    known: int = 0,
    left_over: LeftOver = (),
) -> TaskDraft:
    """Keep what the actor typed, unchecked, until the task is completed. It does not claim the task.

    ``known`` is the version that the page began with, ``left_over`` what has no place in the form any more. Raises
    DraftConflict when another one says something else.
    """
    locked, _ = _locked_task(tx, task_id)
    return drafts.keep(tx, locked.task, raw, form_digest, known, left_over)


def discard_draft(tx: Transaction, task_id: UUID) -> None:
    """Keep nothing of what the actor typed for a task, whether it still waits or not; nothing to do without a draft."""
    locked = lock_task(tx, task_id)
    draft = drafts.own(tx, locked.task)
    if draft is not None:
        drafts.discard(tx, draft)


def take_over_draft(tx: Transaction, task_id: UUID, known: int = 0) -> TaskDraft:
    """Go on with what the actor typed when the case was at this step the time before.

    ``known`` is the version of the draft that there is for the task, 0 for none. Raises DraftConflict when that one
    says something else and is not known, AlreadyDone when there is nothing to go on with any more.
    """
    (instance, task, _), _right = _locked_task(tx, task_id)
    earlier = drafts.earlier(tx, load_release(tx, instance.definition_id).repeated, task)
    if earlier is None:
        raise AlreadyDone(N_("之前的草稿已经删除，或者已经接着填写了。"))
    return drafts.take_over(tx, task, earlier, known)


def complete(tx: Transaction, task_id: UUID, values: Mapping[str, Any], upload_session: str | None = None) -> UserTask:
    """Complete the task with the values of its form and move the case on.

    ``upload_session`` stands for somebody without an account who uploaded files.

    Raises AlreadyDone when somebody was faster, NotAuthorized when the actor's post may not, InvalidState while a
    countersignature is missing, InvalidVariables when the form has errors. A later automatic step that fails keeps the
    completion and becomes an incident.
    """
    (instance, task, _), right = _locked_task(tx, task_id)
    instance.ensure_active()
    _ensure_countersigned(tx, task)
    loaded = Loaded.load(tx, instance)
    clean = _validated(loaded, task, values)
    files.link(tx, instance.id, files.references_in(clean), upload_session)
    task.complete(tx.actor.account_id, right.signed(tx.actor), tx.now, clean)
    drafts.forget(tx, task)
    loaded.record("user_task_completed", task.element_id, task=str(task.id), variables=clean, **right.facts)
    if task.advices or task.extension_asked:
        withdraw_requests(loaded, [task.id])
    loaded.run.complete(task.id, clean)
    loaded.recorded_changes = len(loaded.scopes.changes)
    advance(loaded, done=[task.id])
    return task


def reassign(tx: Transaction, task_id: UUID, holder: str, reason: str, account_id: UUID | None = None) -> UserTask:
    """Hand the task on to another post (``position@unit``), or to one of those who hold it.

    Whoever is responsible may do it: who has claimed the task or, while nobody has, a candidate; and who leads
    (``task.assign``) the unit of a candidate, or one above it. The applicant may do it too, but not take part.

    Raises NotAuthorized, InvalidState when it waits for the applicant or is there already, InvalidVariables, naming
    the field, when nobody could take it over or the reason is missing.
    """
    locked = lock_task(tx, task_id)
    instance, task, candidates = locked
    right = _ensure_may_hand_on(tx, locked)
    task.ensure_open()
    if locked.is_of_applicant:
        raise InvalidState(N_("“{task}”由申请人办理，不能转办。"), task=task.name)
    faults = Faults()
    with faults:
        to = people.receiver(tx, holder, account_id, task.barred)
    with faults:
        why = written(reason, "reason", N_("请填写转办原因。"))
    faults.settle()
    if candidates == {to.holder} and task.assignee == to.account_id:
        raise InvalidState(N_("“{task}”已经在{who}，不需要转办。"), task=task.name, who=to.name)
    before = task.holder_name or people.names_of(tx, candidates)
    _give_to(tx, task, to)
    data = {"task": str(task.id), "from": before, "to": to.name, "holder": to.holder, "reason": why}
    if to.account_id is not None:
        data["account"] = str(to.account_id)
    record(tx, instance, "user_task_reassigned", task.element_id, {**data, **right.facts})
    told = [people.account_holder(to.account_id)] if to.account_id else [to.holder]
    facts = {"who": right.signed(tx.actor), "task": task.name, "case": instance.title, "reason": why}
    tell(tx, "assigned", told, instance, _HANDED_ON, facts, task.element_id, task.id)
    return task


_HANDED_ON = N_("{who}转办“{case}”的“{task}”。原因：{reason}")


def _give_to(tx: Transaction, task: UserTask, to: Receiver) -> None:
    task.hand_on(to.account_id, to.name, tx.now)
    tx.session.execute(delete(TaskCandidate).where(TaskCandidate.task_id == task.id))
    tx.add(TaskCandidate(task_id=task.id, holder=to.holder))


def _locked_task(tx: Transaction, task_id: UUID) -> tuple[LockedTask, Right]:
    """The task and its locked instance, once it is sure that the task waits; and why the actor may do it."""
    locked = lock_task(tx, task_id)
    return locked, right_to(tx, locked)


def _ensure_may_hand_on(tx: Transaction, locked: LockedTask) -> Right:
    """Whoever is responsible, and the leaders above; the applicant too, who can do nothing else with it."""
    actor, (_, task, candidates) = tx.actor, locked
    if people.is_barred(actor, task) and (
        task.assignee == actor.account_id or not actor.holders.isdisjoint(candidates)
    ):
        return Right()
    if people.leads(tx, actor, candidates) and not locked.instance.confidential and not people.is_barred(actor, task):
        return Right()
    return right_to(tx, locked)


def _ensure_countersigned(tx: Transaction, task: UserTask) -> None:
    if not task.countersigns:
        return
    query = select(Consultation.holder_name).where(
        Consultation.task_id == task.id,
        Consultation.kind == ConsultationKind.COUNTERSIGN,
        Consultation.state == ConsultationState.OPEN,
    )
    missing = N_("、").join(tx.session.scalars(query.order_by(Consultation.asked_at)))
    raise InvalidState(
        N_("“{task}”还缺{who}的会签意见，收到后才能办理。不再需要的，可以撤回会签。"), task=task.name, who=missing
    )


def _validated(loaded: Loaded, task: UserTask, values: Mapping[str, Any]) -> dict[str, Any]:
    form = loaded.release.form_of(task.element_id)
    if form is None:
        return dict(values)
    scope = loaded.run.scope_of(task.id)
    clean: dict[str, Any] = form.load(values, loaded.scopes.view(scope, loaded.env.globals), loaded.env.feel_env)
    return clean

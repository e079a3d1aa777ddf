"""Who sees which case: one condition that every query on cases applies; and who reads it from inside."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from engine.lifecycle import ConsultationState, ExtensionState
from engine.model.comment import Mention
from engine.model.consultation import Consultation
from engine.model.extension import Extension
from engine.model.process import ProcessInstance
from engine.model.work import TaskCandidate, UserTask
from engine.people.actor import Actor, StandIn, account_holder, receipt_holder

_RECEIPT = "receipt:"
_Few = Collection[UUID] | None
#: The permissions of which every official's post has one, and no resident's.
OFFICIAL = ("task.handle", "case.view_all", "definition.edit", "history.read", "settings.manage")


def reads_inside(actor: Actor, instance: ProcessInstance) -> bool:
    """Whether the actor reads a visible case as those do who handle it: opinions, comments, how work changes hands.

    Officials do, in a post; not in their own matter, in which they are what all others are: applicants, or a party
    to the case. Those read what was done for them, by which post and when, and the files that are meant for them.
    """
    own = instance.applicant_id is not None and instance.applicant_id == actor.account_id
    return actor.is_official and any(map(actor.may, OFFICIAL)) and not own


def holders_of_applicant(instance: ProcessInstance) -> set[str]:
    """The holders under which whoever filed the case is found: the receipt, and the account if there was one."""
    account = {account_holder(instance.started_by)} if instance.started_by else set()
    return {receipt_holder(instance.id), *account}


def visible_to(actor: Actor, among: Collection[UUID] | None = None) -> ColumnElement[bool]:
    """The condition on ProcessInstance that this actor may see the case.

    Its participants do: who started it or filed it for a resident, who may do or did one of its tasks, who holds its
    receipt, who was mentioned in a comment on it, who is asked about the case that is led for it. The posts on its
    path do (its unit and those above, with ``case.view_below``), unless the process is confidential.
    ``case.view_all`` sees every case.

    ``among`` says that the query asks for these few cases only, so that not every task of the actor is looked through.
    The path is asked first: databases answer in order, and need not gather the actor's tasks for what lies below.
    """
    if actor.may("case.view_all"):
        return true()
    return or_(false(), *_as_post_on_the_path(actor), *_as_participant(actor, among))


def _as_participant(actor: Actor, among: _Few) -> list[ColumnElement[bool]]:
    conditions = [_asked(sorted(actor.holders), among), *(_for_others(each, among) for each in actor.standing_in)]
    mentioned = select(Mention.instance_id).where(Mention.holder.in_(sorted(actor.holders)))
    conditions.append(ProcessInstance.id.in_(_of(mentioned, Mention.instance_id, among)))
    receipts = [UUID(holder.removeprefix(_RECEIPT)) for holder in actor.holders if holder.startswith(_RECEIPT)]
    if receipts:
        conditions.append(ProcessInstance.id.in_(receipts))
    if actor.account_id is not None:
        done = or_(UserTask.completed_by == actor.account_id, UserTask.assignee == actor.account_id)
        conditions.append(ProcessInstance.started_by == actor.account_id)
        conditions.append(ProcessInstance.helped_by == actor.account_id)
        did = select(UserTask.instance_id).where(done)
        conditions.append(ProcessInstance.id.in_(_of(did, UserTask.instance_id, among)))
    return conditions


def _of(query: Select[UUID], case: InstrumentedAttribute[UUID], among: _Few) -> Select[UUID]:
    """The query, asked for few cases only where these are known."""
    return query if among is None else query.where(case.in_(among))


def _asked(holders: list[str], among: _Few) -> ColumnElement[bool]:
    """A task waits for one of the holders, or they are asked for their opinion, or to decide about a deadline."""
    tasks = select(UserTask.instance_id).join(TaskCandidate, TaskCandidate.task_id == UserTask.id)
    opinions = select(Consultation.instance_id).where(Consultation.state != ConsultationState.WITHDRAWN)
    deadlines = select(Extension.instance_id).where(Extension.state != ExtensionState.WITHDRAWN)
    tasks = _of(tasks.where(TaskCandidate.holder.in_(holders)), UserTask.instance_id, among)
    opinions = _of(opinions.where(Consultation.holder.in_(holders)), Consultation.instance_id, among)
    deadlines = _of(deadlines.where(Extension.holder.in_(holders)), Extension.instance_id, among)
    return or_(*(ProcessInstance.id.in_(cases) for cases in (tasks, opinions, deadlines)), _asked_for_its_lead(holders))


def _asked_for_its_lead(holders: list[str]) -> ColumnElement[bool]:
    """It has joined a case of which a task waits for one of the holders, who answer both."""
    task, candidate = aliased(UserTask), aliased(TaskCandidate)
    of_lead = select(task.id).join(candidate, candidate.task_id == task.id).correlate(ProcessInstance)
    of_lead = of_lead.where(task.instance_id == ProcessInstance.joined_to, candidate.holder.in_(holders))
    return and_(ProcessInstance.joined_to.is_not(None), of_lead.exists())


def _for_others(each: StandIn, among: _Few) -> ColumnElement[bool]:
    """What a substitute sees is what its principal is asked for, in these processes."""
    asked = _asked([each.holder], among)
    return and_(asked, ProcessInstance.process_key.in_(sorted(each.processes))) if each.processes else asked


def _as_post_on_the_path(actor: Actor) -> list[ColumnElement[bool]]:
    if not actor.unit_path or not actor.may("case.view_below"):
        return []
    return [and_(ProcessInstance.confidential.is_(False), ProcessInstance.unit_path.startswith(actor.unit_path))]

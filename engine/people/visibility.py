"""Who sees which case: one condition that every query on cases applies."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from engine.lifecycle import ConsultationState
from engine.model.comment import Mention
from engine.model.consultation import Consultation
from engine.model.process import ProcessInstance
from engine.model.work import TaskCandidate, UserTask
from engine.people.actor import Actor, StandIn

_RECEIPT = "receipt:"


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition on ProcessInstance that this actor may see the case.

    Its participants do: who started it, who may do or did one of its tasks, who holds its receipt, who was
    mentioned in a comment on it. The posts on its
    path do (its unit and those above, with ``case.view_below``), unless the process is confidential. ``case.view_all``
    sees every case.
    """
    if actor.may("case.view_all"):
        return true()
    return or_(false(), *_as_participant(actor), *_as_post_on_the_path(actor))


def _as_participant(actor: Actor) -> list[ColumnElement[bool]]:
    conditions = [_asked(sorted(actor.holders)), *map(_for_others, actor.standing_in)]
    mentioned = select(Mention.instance_id).where(Mention.holder.in_(sorted(actor.holders)))
    conditions.append(ProcessInstance.id.in_(mentioned))
    receipts = [UUID(holder.removeprefix(_RECEIPT)) for holder in actor.holders if holder.startswith(_RECEIPT)]
    if receipts:
        conditions.append(ProcessInstance.id.in_(receipts))
    if actor.account_id is not None:
        done = or_(UserTask.completed_by == actor.account_id, UserTask.assignee == actor.account_id)
        conditions.append(ProcessInstance.started_by == actor.account_id)
        conditions.append(ProcessInstance.id.in_(select(UserTask.instance_id).where(done)))
    return conditions


def _asked(holders: list[str]) -> ColumnElement[bool]:
    """A task waits for one of the holders, or they are asked for their opinion."""
    tasks = select(UserTask.instance_id).join(TaskCandidate, TaskCandidate.task_id == UserTask.id)
    opinions = select(Consultation.instance_id).where(Consultation.state != ConsultationState.WITHDRAWN)
    return or_(
        ProcessInstance.id.in_(tasks.where(TaskCandidate.holder.in_(holders))),
        ProcessInstance.id.in_(opinions.where(Consultation.holder.in_(holders))),
    )


def _for_others(each: StandIn) -> ColumnElement[bool]:
    """What a substitute sees is what its principal is asked for, in these processes."""
    asked = _asked([each.holder])
    return and_(asked, ProcessInstance.process_key.in_(sorted(each.processes))) if each.processes else asked


def _as_post_on_the_path(actor: Actor) -> list[ColumnElement[bool]]:
    if not actor.unit_path or not actor.may("case.view_below"):
        return []
    return [and_(ProcessInstance.confidential.is_(False), ProcessInstance.unit_path.startswith(actor.unit_path))]

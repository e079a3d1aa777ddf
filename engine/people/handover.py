"""When an appointment or a substitution has ended, its claimed tasks fall back to the post."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, func, or_, select

from engine.clock import local_day
from engine.database import Transaction
from engine.history import record
from engine.lifecycle import UserTaskState
from engine.model.people import Appointment
from engine.model.process import ProcessInstance
from engine.model.work import TaskCandidate, UserTask
from engine.people.actor import post_holder
from engine.people.posts import held_on
from engine.people.standing_in import standing_in

#: An ended appointment is looked at for so many days, in case nobody ran this for a while.
_LOOK_BACK = timedelta(days=30)


def release_tasks(tx: Transaction, appointment: Appointment) -> list[UserTask]:
    """Give back the open tasks that the account claimed in this post, unless it still may do them in another one.

    Whoever drafted something keeps it. History of each case says so.
    """
    tx.session.flush()  # the appointment may have ended in this very transaction
    ended = post_holder(appointment.position_key, appointment.unit_id)
    query = (
        select(UserTask)
        .join(TaskCandidate, TaskCandidate.task_id == UserTask.id)
        .where(
            or_(
                and_(UserTask.assignee == appointment.account_id, UserTask.claimed_for.is_(None)),
                UserTask.claimed_for == appointment.account_id,
            ),
            UserTask.state == UserTaskState.CREATED,
            TaskCandidate.holder == ended,
        )
    )
    kept = _tasks_of_other_posts(tx, appointment)
    released = [task for task in tx.session.scalars(query) if task.id not in kept]
    for task in released:
        _release(tx, task, {"reason": "appointment_ended", "appointment": str(appointment.id)})
    return released


def release_tasks_of_ended_posts(tx: Transaction) -> list[UserTask]:
    """The same for all appointments whose last day has passed; run by the worker once a day, or more often."""
    today = local_day(tx.now)
    query = (
        select(Appointment)
        .join(
            UserTask, or_(UserTask.assignee == Appointment.account_id, UserTask.claimed_for == Appointment.account_id)
        )
        .where(
            UserTask.state == UserTaskState.CREATED,
            Appointment.ends_on < today,
            Appointment.ends_on >= today - _LOOK_BACK,
        )
        .distinct()
    )
    return [task for appointment in tx.session.scalars(query).all() for task in release_tasks(tx, appointment)]


def _tasks_of_other_posts(tx: Transaction, appointment: Appointment) -> frozenset[object]:
    others = select(Appointment.position_key, Appointment.unit_id).where(
        Appointment.account_id == appointment.account_id,
        Appointment.id != appointment.id,
        held_on(local_day(tx.now)),
    )
    holders = [post_holder(position, unit) for position, unit in tx.session.execute(others)]
    return frozenset(tx.session.scalars(select(TaskCandidate.task_id).where(TaskCandidate.holder.in_(holders))))


def release_tasks_of_ended_substitutions(tx: Transaction) -> list[UserTask]:
    """Give back the open tasks that substitutes claimed for somebody whom they no longer stand in for."""
    holders = func.aggregate_strings(TaskCandidate.holder, " ")
    query = (
        select(UserTask, select(holders).where(TaskCandidate.task_id == UserTask.id).scalar_subquery())
        .where(UserTask.claimed_for.is_not(None), UserTask.state == UserTaskState.CREATED)
        .order_by(UserTask.instance_id)
    )
    released = []
    for task, holders in tx.session.execute(query).all():
        standing = standing_in(tx, task.assignee) if task.assignee else ()
        if not any(each.principal == task.claimed_for and each.holder in holders.split() for each in standing):
            _release(tx, task, {"reason": "substitution_ended"})
            released.append(task)
    return released


def _release(tx: Transaction, task: UserTask, why: dict[str, str]) -> None:
    instance = tx.session.get_one(ProcessInstance, task.instance_id, with_for_update=True)
    task.release()
    record(tx, instance, "user_task_released", task.element_id, {"task": str(task.id), **why})

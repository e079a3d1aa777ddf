"""A claim lives as long as the right behind it: when a post, a substitution or an account ends, work finds its way on.

It stays with whoever could do it in a post of one's own; else it waits for its candidates again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from engine.clock import local_day
from engine.database import Transaction
from engine.errors import N_
from engine.history import record
from engine.lifecycle import UserTaskState
from engine.model.people import Account, Appointment
from engine.model.process import ProcessInstance
from engine.model.substitution import Substitution, SubstitutionDelegate
from engine.model.work import TaskCandidate, UserTask
from engine.people.actor import StandIn, account_holder, post_holder
from engine.people.posts import HANDLES, held_on
from engine.people.standing_in import in_force
from engine.people.tree import org_tree

#: What has ended is looked at for so many days, in case nobody ran this for a while.
_LOOK_BACK = timedelta(days=30)
_NOW_OWN = N_("委托已经结束，由本人继续办理")


def review_claims(tx: Transaction, accounts: Collection[UUID], reason: str, **facts: str) -> list[UserTask]:
    """Look at what these accounts have claimed, or others for them, and give back what they may not do any more.

    Whoever drafted something keeps it. ``reason`` is a code; history of each case has it, with the facts. Each case is
    locked, in the order of their ids. Gives the tasks that were given back.
    """
    tx.session.flush()  # what has ended may have ended in this very transaction
    concerned = or_(UserTask.assignee.in_(accounts), UserTask.claimed_for.in_(accounts))
    return _review(tx, concerned, {"reason": reason, **facts})


def review_ended_claims(tx: Transaction) -> list[UserTask]:
    """The same for all whose appointment or substitution is over or whose account is disabled; run once a day."""
    today = local_day(tx.now)
    recently = today - _LOOK_BACK
    appointed = select(Appointment.account_id).where(Appointment.ends_on < today, Appointment.ends_on >= recently)
    delegates = select(SubstitutionDelegate.account_id).join(
        Substitution, Substitution.id == SubstitutionDelegate.substitution_id
    )
    over = or_(Substitution.ended_at.is_not(None), Substitution.ends_on < today)
    delegates = delegates.where(over, Substitution.ends_on >= recently)
    disabled = select(Account.id).where(Account.active.is_(False))
    gone = appointed.union(delegates, disabled)
    concerned = or_(UserTask.assignee.in_(gone), UserTask.claimed_for.in_(gone))
    return _review(tx, concerned, {"reason": "right_ended"})


@dataclass(frozen=True)
class _Claimant:
    """Who has claimed something, as of now: the holders of all own posts, and the posts of others."""

    holders: Mapping[str, str]
    standing_in: tuple[StandIn, ...]


def _review(tx: Transaction, concerned: ColumnElement[bool], why: Mapping[str, str]) -> list[UserTask]:
    query = select(UserTask.id, UserTask.instance_id).where(UserTask.state == UserTaskState.CREATED, concerned)
    rows = tx.session.execute(query.order_by(UserTask.instance_id, UserTask.id)).all()
    claimants: dict[UUID, _Claimant] = {}
    released: list[UserTask] = []
    for instance_id, of_case in groupby(rows, key=lambda row: row.instance_id):
        instance = tx.session.get_one(ProcessInstance, instance_id, with_for_update=True, populate_existing=True)
        for row in of_case:
            released += _review_one(tx, row.id, instance, claimants, why)
    return released


def _review_one(
    tx: Transaction, id: UUID, instance: ProcessInstance, claimants: dict[UUID, _Claimant], why: Mapping[str, str]
) -> Iterator[UserTask]:
    task = tx.session.get_one(UserTask, id, with_for_update=True, populate_existing=True)
    if task.state is not UserTaskState.CREATED or task.assignee is None:
        return  # somebody was faster
    if task.assignee not in claimants:
        claimants[task.assignee] = _claimant(tx, task.assignee)
    claimant = claimants[task.assignee]
    candidates = set(tx.session.scalars(select(TaskCandidate.holder).where(TaskCandidate.task_id == id)))
    if task.claimed_for is not None and _stands_in(claimant, task, instance, candidates):
        return
    own = next((holder for holder in sorted(candidates) if holder in claimant.holders), None)
    if own is None or task.barred == task.assignee:
        task.release()
        record(tx, instance, "user_task_released", task.element_id, {"task": str(id), **why})
        yield task
    elif task.claimed_for is not None:
        _keep(tx, instance, task, own, claimant.holders[own])


def _keep(tx: Transaction, instance: ProcessInstance, task: UserTask, holder: str, name: str) -> None:
    """What a substitute could do anyway is the own work from now on."""
    data = {"task": str(task.id), "from": task.holder_name, "to": name, "holder": holder, "reason": _NOW_OWN}
    task.claim(task.assignee, name, task.claimed_at or tx.now)
    record(tx, instance, "user_task_reassigned", task.element_id, data)


def _stands_in(claimant: _Claimant, task: UserTask, instance: ProcessInstance, candidates: set[str]) -> bool:
    return any(
        each.principal == task.claimed_for and each.holder in candidates and each.covers(instance.process_key)
        for each in claimant.standing_in
    )


def _claimant(tx: Transaction, account_id: UUID) -> _Claimant:
    """Nobody who is disabled has any right, and who handles no tasks does not do those of others."""
    account = tx.session.get_one(Account, account_id, populate_existing=True)
    if not account.active:
        return _Claimant({}, ())
    tree = org_tree(tx)
    query = select(Appointment.position_key, Appointment.unit_id).where(
        Appointment.account_id == account_id, held_on(local_day(tx.now))
    )
    posts = tx.session.execute(query).all()
    holders = {post_holder(key, unit): tree.post_name(key, unit) for key, unit in posts}
    handles = any(HANDLES in tree.positions[key].permissions for key, _ in posts)
    others = in_force(tx, account_id) if handles else ()
    return _Claimant({account_holder(account_id): account.name, **holders}, others)

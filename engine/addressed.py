"""Whose messages somebody reads: the own ones, and about work those of the people whose work somebody does just now.

A substitute hears what concerns the work, from the first day of the substitution on and only as long as it lasts: not
what was told before, nothing personal, and nothing about a matter of one's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, literal, or_, select
from sqlalchemy.orm import aliased

from engine.clock import beginning_of
from engine.model.notification import Notification
from engine.model.process import ProcessInstance
from engine.people.actor import Actor, StandIn, account_holder

#: The kinds of messages that are about work, and go to whoever does it.
ABOUT_WORK = frozenset(
    {"task", "due", "overdue", "assigned", "consulted", "answered", "returned", "urged", "extension", "process"}
)
_twin = Notification.__table__.alias("twin").c
_case = aliased(ProcessInstance)  # a query that has the case as well must not take it for the same


def scopes(actor: Actor) -> Mapping[str, ColumnElement[bool]]:
    """For each holder whose messages the actor reads, the condition on those of them that concern the actor."""
    found: dict[str, ColumnElement[bool]] = {holder: Notification.holder == holder for holder in sorted(actor.holders)}
    for holder, theirs in _of_others(actor).items():
        limits = or_(*(_limits(each) for each in theirs))
        found[holder] = and_(Notification.holder == holder, limits, _is_not_own_matter(actor))
    return found


def addressed_to(actor: Actor) -> ColumnElement[bool]:
    """The condition that a message is one for the actor, by whichever holder."""
    return or_(false(), *scopes(actor).values())


def once(actor: Actor) -> ColumnElement[bool]:
    """The condition that this is the nearest of the rows by which one message reaches the actor: by name, by post, for
    others."""
    own = account_holder(actor.account_id) if actor.account_id is not None else ""
    rows = [or_(Notification.holder == own, ~_is_told_to([own]))]
    nearer = sorted(actor.holders)
    for holder in _of_others(actor):
        rows.append(or_(Notification.holder != holder, ~_is_told_to(nearer)))
        nearer = [*nearer, holder]
    return and_(*rows)


def for_whom(actor: Actor, holder: str) -> str:
    """The post in whose place the actor reads a message; empty for an own one."""
    theirs = _of_others(actor).get(holder)
    return theirs[0].name if theirs else ""


def stands_behind(each: StandIn) -> tuple[str, str]:
    """The holders whose messages about work a substitute gets: the post, and the account that is away."""
    return each.holder, account_holder(each.principal)


def concerns(each: StandIn, account_id: UUID, row: Notification, case: ProcessInstance | None) -> bool:
    """Whether a message is about the work that this substitute does; the same as the conditions of ``scopes``."""
    if row.kind not in ABOUT_WORK or row.created_at < _begins(each) or row.holder not in stands_behind(each):
        return False
    if case is None:
        return not each.processes
    return each.covers(case.process_key) and case.applicant_id != account_id


def _of_others(actor: Actor) -> dict[str, list[StandIn]]:
    """The posts first, then the accounts; what the actor is oneself is left out."""
    found: dict[str, list[StandIn]] = {}
    for place in range(2):
        for each in actor.standing_in:
            holder = stands_behind(each)[place]
            if holder not in actor.holders:
                found.setdefault(holder, []).append(each)
    return found


def _limits(each: StandIn) -> ColumnElement[bool]:
    conditions = [Notification.kind.in_(sorted(ABOUT_WORK)), Notification.created_at >= _begins(each)]
    if each.processes:
        cases = select(_case.id).where(_case.process_key.in_(sorted(each.processes)))
        conditions.append(Notification.instance_id.in_(cases))
    return and_(*conditions)


def _begins(each: StandIn) -> datetime:
    return beginning_of(each.since)


def _is_not_own_matter(actor: Actor) -> ColumnElement[bool]:
    own = select(literal(1)).where(_case.id == Notification.instance_id, _case.applicant_id == actor.account_id)
    return ~own.exists()


def _is_told_to(holders: list[str]) -> ColumnElement[bool]:
    return select(literal(1)).where(_twin.id == Notification.id, _twin.holder.in_(holders)).exists()

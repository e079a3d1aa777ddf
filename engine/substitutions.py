"""Substitutions (委托): somebody is away, and others do the work meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, select

from engine import people
from engine.clock import local_day
from engine.database import Transaction
from engine.errors import N_, InvalidVariables, NotAuthorized
from engine.history import record_system
from engine.model.base import new_id
from engine.model.people import Account, AccountKind, Appointment
from engine.model.substitution import Substitution, SubstitutionDelegate
from engine.notifications import tell
from engine.people.handover import review_claims
from engine.reasons import Faults, written

MOST_DELEGATES = 5
LONGEST = timedelta(days=366)
_MANAGE = "people.manage"
_HANDLES = "task.handle"


def set_up(
    tx: Transaction,
    principal_id: UUID,
    delegates: Collection[UUID],
    starts_on: date | None,
    ends_on: date | None,
    reason: str,
    appointment_id: UUID | None = None,
    process_keys: Iterable[str] = (),
) -> Substitution:
    """Let delegates do the work of the principal from a day up to a day, both included.

    For one post or all of them, for some processes or all of them. Whose work it is may do this, and whoever manages
    people. The delegates get none of the principal's permissions.

    Raises NotAuthorized; InvalidVariables, naming the field, for dates that do not fit, delegates who can't (oneself,
    no official, in a circle) or work that is in other hands already.
    """
    _ensure_may(tx, principal_id)
    tx.hold("substitutions")  # two circles that close each other must not be drawn at the same time
    principal, keys = _official(tx, principal_id, "principal"), sorted(set(process_keys))
    faults = Faults()
    with faults:
        chosen = _delegates(tx, principal, delegates)
    with faults:
        first, last = _dates(tx, starts_on, ends_on)
        _ensure_post(tx, principal, appointment_id, last)
    with faults:
        why = written(reason, "reason", N_("请填写委托原因。"))
    faults.settle()
    _ensure_no_circle(tx, principal, chosen, first, last)
    row = Substitution(
        id=new_id(),
        principal_id=principal.id,
        appointment_id=appointment_id,
        process_keys=keys,
        starts_on=first,
        ends_on=last,
        reason=why,
        created_by=tx.actor.account_id,
        created_by_name=tx.actor.name,
        created_at=tx.now,
    )
    _ensure_not_given_away(tx, row)
    tx.add(row)
    tx.session.flush()  # the delegates refer to it, and nothing else tells the session the order
    for delegate in chosen:
        tx.add(SubstitutionDelegate(substitution_id=row.id, account_id=delegate.id))
    _settle(tx, "substitution_set_up", row, principal, chosen, why)
    said = {"who": principal.name, "first": first, "last": last}
    _tell(tx, chosen, N_("{who}委托代办工作，从{first}到{last}"), said)
    return row


def end(tx: Transaction, substitution_id: UUID, reason: str) -> Substitution:
    """End a substitution before its last day is over; what the delegates claimed finds its way on at once.

    Raises NotAuthorized, AlreadyDone, InvalidVariables.
    """
    row = tx.get(Substitution, substitution_id, N_("委托"))
    _ensure_may(tx, row.principal_id)
    why = written(reason, "reason", N_("请填写结束原因。"))
    row.end(tx.actor.name, tx.now, why, local_day(tx.now))
    principal = tx.get(Account, row.principal_id, N_("账号"))
    chosen = _of(tx, row)
    review_claims(tx, [row.principal_id], "substitution_ended", substitution=str(row.id))
    _settle(tx, "substitution_ended", row, principal, chosen, why)
    _tell(tx, chosen, N_("{who}结束了委托代办"), {"who": principal.name})
    return row


def _ensure_may(tx: Transaction, principal_id: UUID) -> None:
    if tx.actor.account_id != principal_id and not tx.actor.may(_MANAGE):
        raise NotAuthorized(N_("只有本人和系统管理员可以办理委托。"))


def _dates(tx: Transaction, starts_on: date | None, ends_on: date | None) -> tuple[date, date]:
    """The first and the last day, if they make sense."""
    if starts_on is None:
        raise InvalidVariables.at("starts_on", N_("请选择日期。"))
    if ends_on is None:
        raise InvalidVariables.at("ends_on", N_("请选择日期。"))
    today = local_day(tx.now)
    if starts_on < today:
        raise InvalidVariables.at("starts_on", N_("开始日期不能早于今天（{day}）。"), day=today)
    if ends_on < starts_on:
        raise InvalidVariables.at("ends_on", N_("结束日期不能早于开始日期。"))
    if ends_on - starts_on > LONGEST:
        raise InvalidVariables.at("ends_on", N_("一项委托最长一年。"))
    return starts_on, ends_on


def _official(tx: Transaction, account_id: UUID, field: str) -> Account:
    account = tx.session.get(Account, account_id)
    if account is None or not account.active or account.kind is not AccountKind.OFFICIAL:
        raise InvalidVariables.at(field, N_("请选择在用的工作人员账号。"))
    return account


def _ensure_post(tx: Transaction, principal: Account, appointment_id: UUID | None, ends_on: date) -> None:
    if appointment_id is None:
        return
    post = tx.session.get(Appointment, appointment_id)
    today = local_day(tx.now)
    if post is None or post.account_id != principal.id or (post.ends_on is not None and post.ends_on < today):
        raise InvalidVariables.at("appointment", N_("请选择{who}现在担任的岗位。"), who=principal.name)


def _delegates(tx: Transaction, principal: Account, delegates: Collection[UUID]) -> list[Account]:
    if not delegates:
        raise InvalidVariables.at("delegates", N_("请选择代理人。"))
    if len(set(delegates)) > MOST_DELEGATES:
        raise InvalidVariables.at("delegates", N_("一项委托最多 {most} 名代理人。"), most=MOST_DELEGATES)
    if principal.id in delegates:
        raise InvalidVariables.at("delegates", N_("不能委托给本人。"))
    found = [_official(tx, each, "delegates") for each in sorted(set(delegates))]
    positions = people.org_tree(tx).positions
    for account in found:
        posts = people.posts_of(tx, account.id)
        if not any(_HANDLES in positions[post.position].permissions for post in posts):
            raise InvalidVariables.at("delegates", N_("{who}没有办理环节的岗位，不能做代理人。"), who=account.name)
    return found


def _ensure_no_circle(
    tx: Transaction, principal: Account, chosen: Collection[Account], starts_on: date, ends_on: date
) -> None:
    """Work that is passed on to somebody must not come back, through however many hands."""
    hands: dict[UUID, set[UUID]] = {}
    query = select(Substitution.principal_id, SubstitutionDelegate.account_id).join(
        SubstitutionDelegate, SubstitutionDelegate.substitution_id == Substitution.id
    )
    for giver, taker in tx.session.execute(_overlapping(query, starts_on, ends_on)):
        hands.setdefault(giver, set()).add(taker)
    for account in chosen:
        reached, beyond = {account.id}, [account.id]
        while beyond:
            new = hands.get(beyond.pop(), set()) - reached
            reached |= new
            beyond += new
        if principal.id in reached:
            raise InvalidVariables.at(
                "delegates", N_("{who}在这段时间把工作委托了出去，最后会回到本人，请选择其他代理人。"), who=account.name
            )


def _ensure_not_given_away(tx: Transaction, row: Substitution) -> None:
    """The same work is in the hands of one substitution at a time, which may have several delegates."""
    query = select(Substitution).where(Substitution.principal_id == row.principal_id)
    for other in tx.session.scalars(_overlapping(query, row.starts_on, row.ends_on)):
        same_post = None in (other.appointment_id, row.appointment_id) or other.appointment_id == row.appointment_id
        some = set(other.process_keys) & set(row.process_keys)
        if same_post and (not other.process_keys or not row.process_keys or some):
            raise InvalidVariables.at(
                "starts_on",
                N_("{first}到{last}已有一项委托，与这一项重叠。请调整日期，或者先结束那一项。"),
                first=other.starts_on.isoformat(),
                last=other.ends_on.isoformat(),
            )


def _overlapping(query: Select, starts_on: date, ends_on: date) -> Select:  # type: ignore[type-arg] # of any columns
    return query.where(
        Substitution.ended_at.is_(None), Substitution.starts_on <= ends_on, Substitution.ends_on >= starts_on
    )


def _of(tx: Transaction, row: Substitution) -> list[Account]:
    query = select(Account).join(SubstitutionDelegate, SubstitutionDelegate.account_id == Account.id)
    return list(tx.session.scalars(query.where(SubstitutionDelegate.substitution_id == row.id).order_by(Account.name)))


def _settle(
    tx: Transaction, event: str, row: Substitution, principal: Account, chosen: Iterable[Account], reason: str
) -> None:
    tx.touch_settings()
    data = {
        "substitution": str(row.id),
        "principal": str(row.principal_id),
        "principal_name": principal.name,
        "appointment": str(row.appointment_id) if row.appointment_id else None,
        "processes": row.process_keys,
        "delegates": [str(each.id) for each in chosen],
        "delegate_names": [each.name for each in chosen],
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "reason": reason,
    }
    record_system(tx, event, data)


def _tell(tx: Transaction, accounts: Iterable[Account], template: str, params: dict[str, object]) -> None:
    tell(tx, "substitution", [people.account_holder(each.id) for each in accounts], None, template, params)

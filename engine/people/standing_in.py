"""Who stands in for whom: one snapshot of all substitutions, so that loading an actor costs no further statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import and_, or_, select

from engine.clock import local_day
from engine.model.people import Appointment
from engine.model.substitution import Substitution, SubstitutionDelegate
from engine.people.actor import StandIn, post_holder
from engine.people.tree import org_tree
from engine.snapshots import snapshot

if TYPE_CHECKING:
    from engine.database import Transaction


@dataclass(frozen=True, slots=True)
class _Period:
    """One post that is stood in for, up to a day, which is included."""

    stand_in: StandIn
    last: date


def standing_in(tx: Transaction, account_id: UUID) -> tuple[StandIn, ...]:
    """The posts whose work the account does today for others."""
    return _today(tx, snapshot(tx, "standing_in", lambda: _load(tx)), account_id)


def substitutes(tx: Transaction) -> dict[UUID, tuple[StandIn, ...]]:
    """Everybody who does the work of others today, by the account, with their posts."""
    periods = snapshot(tx, "standing_in", lambda: _load(tx))
    return {account: found for account in periods if (found := _today(tx, periods, account))}


def in_force(tx: Transaction, account_id: UUID) -> tuple[StandIn, ...]:
    """The same, read anew: for a command that has just ended something, and has not said so yet."""
    return _today(tx, _load(tx), account_id)


def _today(tx: Transaction, periods: Mapping[UUID, tuple[_Period, ...]], account_id: UUID) -> tuple[StandIn, ...]:
    today = local_day(tx.now)
    return tuple(each.stand_in for each in periods.get(account_id, ()) if each.stand_in.since <= today <= each.last)


def _load(tx: Transaction) -> Mapping[UUID, tuple[_Period, ...]]:
    """Everything that is not over yet, by the account that does the work."""
    held = and_(
        Appointment.account_id == Substitution.principal_id,
        or_(Substitution.appointment_id.is_(None), Substitution.appointment_id == Appointment.id),
    )
    query = (
        select(SubstitutionDelegate.account_id, Substitution, Appointment)
        .join(Substitution, Substitution.id == SubstitutionDelegate.substitution_id)
        .join(Appointment, held)
        .where(Substitution.ended_at.is_(None), Substitution.ends_on >= local_day(tx.now))
        .order_by(Substitution.created_at, Appointment.id)
    )
    tree = org_tree(tx)
    found: dict[UUID, list[_Period]] = {}
    for delegate, substitution, appointment in tx.session.execute(query):
        first = max(substitution.starts_on, appointment.starts_on)
        stand_in = StandIn(
            post_holder(appointment.position_key, appointment.unit_id),
            tree.post_name(appointment.position_key, appointment.unit_id),
            substitution.principal_id,
            frozenset(substitution.process_keys),
            first,
        )
        last = min(substitution.ends_on, appointment.ends_on or date.max)
        found.setdefault(delegate, []).append(_Period(stand_in, last))
    return {delegate: tuple(periods) for delegate, periods in found.items()}

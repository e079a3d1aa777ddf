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
    """One post that is stood in for, from a day up to a day, both included."""

    stand_in: StandIn
    first: date
    last: date


def standing_in(tx: Transaction, account_id: UUID) -> tuple[StandIn, ...]:
    """The posts whose work the account does today for others."""
    today = local_day(tx.now)
    periods = snapshot(tx, "standing_in", lambda: _load(tx)).get(account_id, ())
    return tuple(each.stand_in for each in periods if each.first <= today <= each.last)


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
        stand_in = StandIn(
            post_holder(appointment.position_key, appointment.unit_id),
            tree.post_name(appointment.position_key, appointment.unit_id),
            substitution.principal_id,
            frozenset(substitution.process_keys),
        )
        first = max(substitution.starts_on, appointment.starts_on)
        last = min(substitution.ends_on, appointment.ends_on or date.max)
        found.setdefault(delegate, []).append(_Period(stand_in, first, last))
    return {delegate: tuple(periods) for delegate, periods in found.items()}

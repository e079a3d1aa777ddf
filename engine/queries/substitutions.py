"""Substitutions: those that an account has set up, those that it has received, and all of them for an admin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select

from engine import people
from engine.clock import local_day
from engine.database import Transaction
from engine.model.people import Account, Appointment
from engine.model.substitution import Substitution, SubstitutionDelegate
from engine.queries.inbox import process_names

#: So many are shown; what lies longer back is in history.
MOST_SHOWN = 100


@dataclass(frozen=True)
class Line:
    """A substitution in words. ``post`` is empty for all posts, ``processes`` for all processes."""

    row: Substitution
    principal: str
    post: str
    delegates: tuple[str, ...]
    processes: tuple[str, ...]
    today: date

    @property
    def state(self) -> str:
        """``ahead``, ``running``, ``over`` or ``ended``: before its time, or by somebody."""
        if self.row.ended_at is not None:
            return "ended"
        if self.row.ends_on < self.today:
            return "over"
        return "running" if self.row.starts_on <= self.today else "ahead"

    @property
    def can_end(self) -> bool:
        """Whether it is still to come or runs."""
        return self.state in ("ahead", "running")


def given(tx: Transaction, account_id: UUID) -> list[Line]:
    """Whose work goes to others, the newest first."""
    return _lines(tx, Substitution.principal_id == account_id)


def received(tx: Transaction, account_id: UUID) -> list[Line]:
    """For whom the account stands in, did so, or will."""
    mine = select(SubstitutionDelegate.substitution_id).where(SubstitutionDelegate.account_id == account_id)
    return _lines(tx, Substitution.id.in_(mine))


def current(tx: Transaction) -> list[Line]:
    """All that run or are still to come. Needs the permission people.manage."""
    tx.actor.require("people.manage")
    return _lines(tx, Substitution.ended_at.is_(None), Substitution.ends_on >= local_day(tx.now))


def principal_name(tx: Transaction, account_id: UUID) -> str:
    """How people call an account. Raises NotFound."""
    return tx.get(Account, account_id).name


def _lines(tx: Transaction, *conditions: ColumnElement[bool]) -> list[Line]:
    query = select(Substitution).where(*conditions).order_by(Substitution.starts_on.desc(), Substitution.id.desc())
    rows = list(tx.session.scalars(query.limit(MOST_SHOWN)))
    names, processes = _delegates(tx, rows), process_names(tx)
    return [
        Line(
            row,
            principal_name(tx, row.principal_id),
            _post(tx, row),
            tuple(names.get(row.id, ())),
            tuple(processes.get(key, key) for key in row.process_keys),
            local_day(tx.now),
        )
        for row in rows
    ]


def _delegates(tx: Transaction, rows: Sequence[Substitution]) -> dict[UUID, list[str]]:
    query = (
        select(SubstitutionDelegate.substitution_id, Account.name)
        .join(Account, Account.id == SubstitutionDelegate.account_id)
        .where(SubstitutionDelegate.substitution_id.in_([row.id for row in rows]))
    )
    found: dict[UUID, list[str]] = {}
    for id, name in tx.session.execute(query.order_by(Account.name)):
        found.setdefault(id, []).append(name)
    return found


def _post(tx: Transaction, row: Substitution) -> str:
    if row.appointment_id is None:
        return ""
    post = tx.get(Appointment, row.appointment_id)
    return people.org_tree(tx).post_name(post.position_key, post.unit_id)

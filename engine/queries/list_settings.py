"""How an account likes its lists: columns, shortcuts, and conditions that it has saved or that its post shares."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from engine.database import Transaction
from engine.list_settings import COLUMNS, USUAL_COLUMNS
from engine.model.inbox import ListPreference, SavedView


@dataclass(frozen=True)
class Liking:
    """The columns that are shown besides title and deadline, in their order, and whether single keys are shortcuts."""

    columns: tuple[str, ...] = USUAL_COLUMNS
    shortcuts: bool = True


@dataclass(frozen=True)
class View:
    """Saved conditions; ``is_own`` ones can be deleted, ``is_shared`` ones are seen by everybody in the post."""

    id: UUID
    name: str
    conditions: dict[str, str]
    is_own: bool
    is_shared: bool


def liking(tx: Transaction) -> Liking:
    """What the actor's account has chosen, or what is usual."""
    row = tx.session.get(ListPreference, tx.actor.account_id)
    if row is None:
        return Liking()
    return Liking(tuple(name for name in COLUMNS if name in row.columns), row.shortcuts)


def views(tx: Transaction) -> list[View]:
    """The saved conditions that the actor sees: the own ones and those shared with the acting post, by name."""
    mine = SavedView.account_id == tx.actor.account_id
    query = select(SavedView).where(or_(mine, SavedView.holder.in_(sorted(tx.actor.holders))))
    rows = tx.session.scalars(query.order_by(SavedView.name, SavedView.id))
    return [
        View(row.id, row.name, row.conditions, row.account_id == tx.actor.account_id, row.holder is not None)
        for row in rows
    ]

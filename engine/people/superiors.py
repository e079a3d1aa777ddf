"""Who leads a unit, and who is above it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING
from uuid import UUID

from engine.people.actor import post_holder
from engine.people.posts import accounts_behind
from engine.people.receivers import Receiver
from engine.people.tree import OrgTree, org_tree

if TYPE_CHECKING:
    from engine.database import Transaction

_LEADS = "task.assign"


def leading_posts(tree: OrgTree, unit_id: UUID) -> Iterator[tuple[str, str]]:
    """The posts that lead (``task.assign``) a unit and those above it, from the own unit upwards, with their names."""
    at: UUID | None = unit_id
    while at is not None:
        unit = tree.unit(at)
        for kind in tree.positions.values():
            if kind.level is unit.level and _LEADS in kind.permissions:
                yield post_holder(kind.key, unit.id), tree.post_name(kind.key, unit.id)
        at = unit.parent_id


def superior(tx: Transaction, unit_id: UUID, but: Collection[UUID]) -> Receiver | None:
    """The leading post of the nearest unit above that somebody else holds today than the accounts in ``but``.

    Where there is none above, as for the topmost unit, one of the unit itself.
    """
    found = list(leading_posts(org_tree(tx), unit_id))
    own = [each for each in found if each[0].endswith(f"@{unit_id}")]
    for holder, name in [*(each for each in found if each not in own), *own]:
        if set(accounts_behind(tx, [holder])) - set(but):
            return Receiver(holder, name)
    return None

"""The register of who holds which post, for expressions: people to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import or_, select

from engine.clock import local_day
from engine.errors import N_
from engine.feel import FeelEvaluationError, Function
from engine.model.people import Account, AccountKind, Appointment
from engine.people.tree import OrgTree, org_tree

if TYPE_CHECKING:
    from engine.database import Transaction

_NAMES = ("people of post", "任职人员")


@dataclass(frozen=True, slots=True)
class Held:
    """A post, who holds it, and when (both days included, None for no end)."""

    position: str
    unit_id: UUID
    account_id: UUID
    name: str
    starts_on: date
    ends_on: date | None

    def is_valid_on(self, day: date) -> bool:
        """Whether the post is held on this day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def register_functions(tx: Transaction) -> Mapping[str, Function]:
    """``people of post(post, unit)`` as of this transaction, under both names; the day is that of the engine's clock.

    It gives options whose ``value`` is an account, for candidate users: the officials who hold the post today, by
    its key or its name, at this unit or at any.
    """
    tree, held, clock = org_tree(tx), _held(tx), tx.engine.clock

    def people_of_post(post: Any, unit: Any = None) -> list[dict[str, str]]:
        key, here = _position(tree, post), None if unit is None else str(unit)
        today = local_day(clock())
        found = [each for each in held if each.position == key and here in (None, str(each.unit_id))]
        return [_option(tree, each) for each in found if each.is_valid_on(today)]

    return {name: Function(name, ("post", "unit"), people_of_post, 1) for name in _NAMES}


def _held(tx: Transaction) -> list[Held]:
    columns = (Appointment.position_key, Appointment.unit_id, Account.id, Account.name)
    query = select(*columns, Appointment.starts_on, Appointment.ends_on).join(
        Account, Account.id == Appointment.account_id
    )
    lasting = or_(Appointment.ends_on.is_(None), Appointment.ends_on >= local_day(tx.now))
    officials = query.where(Account.active.is_(True), Account.kind == AccountKind.OFFICIAL, lasting)
    return [Held(*row) for row in tx.session.execute(officials.order_by(Account.name, Account.id))]


def _position(tree: OrgTree, post: Any) -> str:
    for kind in tree.positions.values():
        if post in (kind.key, kind.name):
            return kind.key
    raise FeelEvaluationError(N_("没有“{post}”这种岗位。"), post=str(post))


def _option(tree: OrgTree, each: Held) -> dict[str, str]:
    post = tree.post_name(each.position, each.unit_id)
    label = each.name if each.name == post else f"{each.name}（{post}）"  # zh: as posts are named, in Chinese
    return {"value": str(each.account_id), "label": label}

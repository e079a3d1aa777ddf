"""What the administrator sees of messages outside: robots, what waits, and what was given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from engine import people
from engine.database import Transaction
from engine.lifecycle import DeliveryState
from engine.model.delivery import Delivery, Robot
from engine.model.notification import Notification
from engine.model.people import Account
from engine.model.process import ProcessInstance
from engine.queries.paging import Page, fetch


@dataclass(frozen=True)
class Group:
    """A robot with the unit and post that it speaks for."""

    robot: Robot
    unit: str
    position: str | None


@dataclass(frozen=True)
class Failure:
    """A delivery that was given up."""

    id: UUID
    kind: str
    number: str | None
    receiver: str
    template: str
    params: dict[str, Any]
    at: datetime | None


def robots(tx: Transaction) -> list[Group]:
    """The robots that are in use, by name."""
    tree = people.org_tree(tx)
    rows = tx.session.scalars(select(Robot).where(Robot.removed_at.is_(None)).order_by(Robot.name, Robot.id))
    return [
        Group(row, tree.unit(row.unit_id).name, tree.positions[row.position_key].name if row.position_key else None)
        for row in rows
    ]


def counts(tx: Transaction) -> dict[DeliveryState, int]:
    """How many deliveries there are in each state."""
    query = select(Delivery.state, func.count()).group_by(Delivery.state)
    return {row[0]: row[1] for row in tx.session.execute(query)}


def failures(tx: Transaction, page: int) -> Page[Failure]:
    """Deliveries that were given up, the latest first."""
    query: Any = (
        select(Delivery, Notification.kind, ProcessInstance.business_key)
        .join(
            Notification,
            (Notification.id == Delivery.notification_id) & (Notification.holder == Delivery.holder),
        )
        .outerjoin(ProcessInstance, ProcessInstance.id == Notification.instance_id)
        .where(Delivery.state == DeliveryState.FAILED)
        .order_by(Delivery.settled_at.desc(), Delivery.id)
    )
    found = fetch(tx, query, page)
    names = _names(tx, {row.receiver for row, _, _ in found.items})
    items = [
        Failure(row.id, kind, number, names.get(row.receiver, ""), row.template or "", row.params, row.settled_at)
        for row, kind, number in found.items
    ]
    return Page(items, found.number, found.total, found.size)


def _names(tx: Transaction, receivers: set[str]) -> dict[str, str]:
    """How people call the receivers."""
    ids = {kind: [UUID(each.partition(":")[2]) for each in receivers if each.startswith(kind)]
           for kind in ("mail:", "robot:")}  # fmt: skip
    accounts = tx.session.execute(select(Account.id, Account.name).where(Account.id.in_(ids["mail:"])))
    groups = tx.session.execute(select(Robot.id, Robot.name).where(Robot.id.in_(ids["robot:"])))
    named = {f"mail:{id}": name for id, name in accounts}
    return named | {f"robot:{id}": name for id, name in groups}

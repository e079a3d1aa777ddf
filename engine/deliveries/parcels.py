"""Taking what is due to one receiver, and writing down what became of it.

What goes out together is a parcel. Its id is settled before the first attempt and stays the same, so that a receiver
who keeps ids can tell a second copy from something new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from engine.addressed import concerns
from engine.database import Transaction
from engine.deliveries.sorting import MAIL, ROBOT, wish_of
from engine.errors import N_
from engine.history import record_system
from engine.lifecycle import DeliveryState, UserTaskState
from engine.model.base import new_id
from engine.model.delivery import Delivery, MessageSettings, Robot
from engine.model.notification import MutedCase, Notification
from engine.model.people import Account
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.notifications import MUTABLE, Outside
from engine.people.actor import StandIn
from engine.people.posts import accounts_behind
from engine.people.standing_in import standing_in

#: Sending one parcel takes less than half of it.
LEASE = timedelta(minutes=2)
#: So many attempts, the first again after a minute, then after four, sixteen …
MOST_ATTEMPTS = 5
_FIRST_WAIT, _WAIT_FACTOR = timedelta(minutes=1), 4
#: A mail may be long; a group chat takes 2048 bytes (WeCom).
_MOST_LINES = {MAIL: 50, ROBOT: 8}
#: A chat shows everything twice that is sent twice: after two attempts without an answer nobody tries again.
_MOST_LOST = 2


@dataclass(frozen=True)
class Line:
    """What a parcel says of one message: no contents, which may be personal, but what it takes to find the place."""

    notification_id: UUID
    kind: str
    number: str | None
    step: str
    due: datetime | None
    #: The post in whose place the receiver hears of it; empty for an own one.
    for_whom: str = ""


@dataclass(frozen=True)
class Parcel:
    """What goes out to one receiver at once. ``target`` is an address, or the name of a robot's secret."""

    id: UUID
    receiver: str
    target: str
    #: Of a robot: wecom, dingtalk or feishu; empty for mail.
    brand: str
    name: str
    locale: str
    lines: Sequence[Line]

    @property
    def is_mail(self) -> bool:
        """Whether it goes by mail."""
        return self.receiver.startswith(MAIL)


def due_receivers(tx: Transaction, limit: int = 50) -> list[tuple[str, UUID | None]]:
    """Receivers for whom something is due, with the parcel of an earlier attempt or None; the longest due first."""
    query = select(Delivery.receiver, Delivery.parcel).where(_is_due(tx)).group_by(Delivery.receiver, Delivery.parcel)
    return [(row[0], row[1]) for row in tx.session.execute(query.order_by(func.min(Delivery.due_at)).limit(limit))]


def lease(tx: Transaction, receiver: str, parcel: UUID | None, owner: str) -> Parcel | None:
    """Take what is due; None when another courier has it or nobody wishes it any more."""
    rows = _due_rows(tx, receiver, parcel)
    target = _target(tx, receiver)
    going = [row for row in rows if _still_goes(tx, row, target)]
    if target is None or not going:
        return None
    id = parcel or new_id()
    for row in going:
        row.move(DeliveryState.SENDING)
        row.parcel, row.owner, row.lease_until, row.attempt = id, owner, tx.now + LEASE, row.attempt + 1
    return Parcel(id, receiver, *target.facts, [_line(tx, row, target) for row in going])


def settle(tx: Transaction, parcel: Parcel, owner: str) -> bool:
    """The receiving server took the parcel; False when the lease was lost in the meantime."""
    rows = _mine(tx, parcel, owner)
    for row in rows:
        row.move(DeliveryState.SENT)
        row.settled_at, row.template, row.params = tx.now, None, {}
    return bool(rows)


def fail(
    tx: Transaction, parcel: Parcel, owner: str, template: str, params: Mapping[str, Any], lost: bool = False
) -> None:
    """The parcel was refused, or ``lost``: nobody knows. Try again later, and give up after the last attempt."""
    for row in _mine(tx, parcel, owner):
        row.template, row.params = template, {name: str(value) for name, value in params.items()}
        row.lost += lost
        if row.attempt < MOST_ATTEMPTS and not _would_be_told_twice(row):
            row.move(DeliveryState.WAITING)
            row.due_at = tx.now + _FIRST_WAIT * _WAIT_FACTOR ** (row.attempt - 1)
        else:
            row.move(DeliveryState.FAILED)
            row.settled_at = tx.now


def _would_be_told_twice(row: Delivery) -> bool:
    return row.receiver.startswith(ROBOT) and row.lost >= _MOST_LOST


def retry(tx: Transaction, delivery_id: UUID) -> Delivery:
    """Send what was given up once more. Needs the permission settings.manage."""
    tx.actor.require("settings.manage")
    row = tx.get(Delivery, delivery_id, N_("发送"))
    row.move(DeliveryState.WAITING)
    row.attempt, row.lost, row.due_at, row.settled_at = 0, 0, tx.now, None
    record_system(tx, "delivery_retried", {"delivery": str(row.id)})
    return row


def _is_due(tx: Transaction) -> ColumnElement[bool]:
    waiting = and_(Delivery.state == DeliveryState.WAITING, Delivery.due_at <= tx.now)
    return or_(waiting, and_(Delivery.state == DeliveryState.SENDING, Delivery.lease_until < tx.now))


def _due_rows(tx: Transaction, receiver: str, parcel: UUID | None) -> list[Delivery]:
    same = Delivery.parcel == parcel if parcel is not None else Delivery.parcel.is_(None)
    most = next(count for prefix, count in _MOST_LINES.items() if receiver.startswith(prefix))
    query = select(Delivery).where(Delivery.receiver == receiver, same, _is_due(tx))
    query = query.order_by(Delivery.due_at, Delivery.id).limit(most).with_for_update(skip_locked=True)
    return list(tx.session.scalars(query, execution_options={"populate_existing": True}))


def _mine(tx: Transaction, parcel: Parcel, owner: str) -> list[Delivery]:
    query = select(Delivery).where(
        Delivery.parcel == parcel.id, Delivery.owner == owner, Delivery.state == DeliveryState.SENDING
    )
    return list(tx.session.scalars(query.with_for_update(), execution_options={"populate_existing": True}))


@dataclass(frozen=True)
class _Target:
    """Where a receiver is reached, and what it wishes."""

    facts: tuple[str, str, str, str]
    settings: MessageSettings | None
    muted: frozenset[UUID] = frozenset()
    #: The posts whose work the receiver does for others.
    standing_in: tuple[StandIn, ...] = ()

    def wants(self, message: Notification) -> bool:
        """Whether the receiver still wishes to hear of it; a robot's kinds never change."""
        if self.settings is None:
            return True
        is_muted = message.instance_id in self.muted and message.kind in MUTABLE
        return not is_muted and wish_of(self.settings, message.kind) is not Outside.OFF

    def place(self, tx: Transaction, message: Notification) -> str | None:
        """In whose place the receiver has it: empty for the own, None when it concerns the receiver no more."""
        if self.settings is None or self.settings.account_id in accounts_behind(tx, [message.holder]):
            return ""
        case = tx.session.get(ProcessInstance, message.instance_id) if message.instance_id else None
        found = (each for each in self.standing_in if concerns(each, self.settings.account_id, message, case))
        return next((each.name for each in found), None)


def _target(tx: Transaction, receiver: str) -> _Target | None:
    """The receiver as of now; None when it has no address any more, or is gone."""
    kind, _, id = receiver.partition(":")
    if f"{kind}:" == ROBOT:
        robot = tx.session.get(Robot, UUID(id))
        if robot is None or robot.removed_at is not None:
            return None
        return _Target((robot.secret, robot.brand, robot.name, robot.locale), None)
    settings, account = tx.session.get(MessageSettings, UUID(id)), tx.session.get(Account, UUID(id))
    if settings is None or account is None or not account.active or settings.address is None:
        return None
    muted = tx.session.scalars(select(MutedCase.instance_id).where(MutedCase.account_id == account.id))
    return _Target(
        (settings.address, "", account.name, account.locale), settings, frozenset(muted), standing_in(tx, account.id)
    )


def _still_goes(tx: Transaction, row: Delivery, target: _Target | None) -> bool:
    """Drop or give up what is not to be sent (any more), saying why."""
    if row.state is DeliveryState.SENDING:
        row.lost += 1
    message = tx.session.get_one(Notification, (row.notification_id, row.holder))
    if target is None or not target.wants(message):
        return _end(tx, row, DeliveryState.DROPPED, N_("接收人不再需要这类消息。"))
    if target.place(tx, message) is None:
        return _end(tx, row, DeliveryState.DROPPED, N_("接收人不再负责这项工作。"))
    task = tx.session.get(UserTask, message.task_id) if message.task_id else None
    if task is not None and task.state is not UserTaskState.CREATED:
        return _end(tx, row, DeliveryState.DROPPED, N_("发送之前已经办理。"))
    if _would_be_told_twice(row):
        return _end(tx, row, DeliveryState.FAILED, N_("两次发送都没有等到结果，为避免重复不再发送。"))
    return True


def _end(tx: Transaction, row: Delivery, state: DeliveryState, template: str) -> bool:
    row.move(state)
    row.template, row.settled_at = template, tx.now
    return False


def _line(tx: Transaction, row: Delivery, target: _Target) -> Line:
    message = tx.session.get_one(Notification, (row.notification_id, row.holder))
    task = tx.session.get(UserTask, message.task_id) if message.task_id else None
    case = tx.session.get(ProcessInstance, message.instance_id) if message.instance_id else None
    number = case.business_key if case is not None else None
    step, due = (task.name, task.due_at) if task else ("", None)
    return Line(message.id, message.kind, number, step, due, target.place(tx, message) or "")

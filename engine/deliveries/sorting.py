"""From messages to deliveries: who of those behind a holder wishes to hear of it outside, where and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, exists, or_, select

from engine.addressed import concerns, stands_behind
from engine.clock import local_day
from engine.database import Transaction
from engine.deliveries.times import due_at
from engine.model.delivery import Delivery, MessageSettings, Robot
from engine.model.notification import Notification
from engine.model.people import Account, Appointment
from engine.model.process import ProcessInstance
from engine.notifications import KINDS, Outside
from engine.people.actor import StandIn, account_holder, post_holder
from engine.people.posts import held_on
from engine.people.standing_in import substitutes

MAIL, ROBOT = "mail:", "robot:"
#: What is older is no news: a courier that was away for long begins with what is recent.
NEWS = timedelta(days=2)
_AT_ONCE = 200


def is_wanted(tx: Transaction) -> bool:
    """Whether anybody at all has an address, or a group a robot."""
    addresses = exists().where(MessageSettings.address.is_not(None))
    robots = exists().where(Robot.removed_at.is_(None))
    return bool(tx.session.scalar(select(or_(addresses, robots))))


def is_anything_new(tx: Transaction) -> bool:
    """Whether there are messages that nobody has sorted yet."""
    return bool(tx.session.scalar(select(exists().where(Notification.sorted_at.is_(None)))))


def sort_messages(tx: Transaction) -> int:
    """Make deliveries of the oldest messages that nobody has sorted yet; how many messages they were."""
    query = select(Notification).where(Notification.sorted_at.is_(None)).order_by(Notification.created_at)
    rows = list(tx.session.scalars(query.limit(_AT_ONCE).with_for_update(skip_locked=True)))
    for delivery in deliveries_of(tx, rows, _taken(tx, {row.id for row in rows})):
        tx.add(delivery)
    for row in rows:
        row.sorted_at = tx.now
    return len(rows)


def deliveries_of(tx: Transaction, rows: Collection[Notification], taken: set[tuple[UUID, str]]) -> list[Delivery]:
    """The deliveries that messages need: one for each message and receiver, however many posts the receiver holds.

    ``taken`` are the messages and receivers that have one already.
    """
    fresh = [row for row in rows if tx.now - row.created_at < NEWS]
    if not fresh:
        return []
    wishes = _wishes(tx, {row.holder for row in fresh})
    found = []
    for row in fresh:
        for receiver, due in wishes.receivers(tx, row):
            if (row.id, receiver) not in taken:
                taken.add((row.id, receiver))
                found.append(Delivery(notification_id=row.id, holder=row.holder, receiver=receiver, due_at=due))
    return found


def _taken(tx: Transaction, ids: Collection[UUID]) -> set[tuple[UUID, str]]:
    query = select(Delivery.notification_id, Delivery.receiver).where(Delivery.notification_id.in_(ids))
    return {(row[0], row[1]) for row in tx.session.execute(query)}


@dataclass
class _Wishes:
    """Who stands behind each holder: people with an address, and robots of posts and of whole units."""

    people: dict[str, list[MessageSettings]] = field(default_factory=lambda: defaultdict(list))
    posts: dict[str, list[Robot]] = field(default_factory=lambda: defaultdict(list))
    units: dict[str, list[Robot]] = field(default_factory=lambda: defaultdict(list))
    #: Who does the work of a holder just now, and in which post of theirs.
    others: dict[str, list[tuple[MessageSettings, StandIn]]] = field(default_factory=lambda: defaultdict(list))

    def receivers(self, tx: Transaction, row: Notification) -> Iterator[tuple[str, datetime]]:
        """Receivers of a message, each with the moment at which it goes out."""
        for settings in (*self.people.get(row.holder, ()), *self._substitutes(tx, row)):
            wish = wish_of(settings, row.kind)
            if wish is not Outside.OFF:
                yield f"{MAIL}{settings.account_id}", due_at(tx, settings, wish)
        unit = row.holder.partition("@")[2]
        for robot in (*self.posts.get(row.holder, ()), *self.units.get(unit, ())):
            if row.kind in robot.kinds:
                yield f"{ROBOT}{robot.id}", tx.now

    def _substitutes(self, tx: Transaction, row: Notification) -> Iterator[MessageSettings]:
        found = self.others.get(row.holder, ())
        case = tx.session.get(ProcessInstance, row.instance_id) if found and row.instance_id else None
        yield from (settings for settings, each in found if concerns(each, settings.account_id, row, case))


def wish_of(settings: MessageSettings, kind: str) -> Outside:
    """When a person wishes mail about this kind of message."""
    return Outside(settings.choices.get(kind, KINDS[kind].default))


def _wishes(tx: Transaction, holders: Collection[str]) -> _Wishes:
    units = {UUID(holder.partition("@")[2]) for holder in holders if "@" in holder}
    named = {UUID(holder.removeprefix("account:")) for holder in holders if holder.startswith("account:")}
    wishes = _Wishes()
    held = and_(Appointment.account_id == Account.id, held_on(local_day(tx.now)))
    query = (
        select(MessageSettings, Appointment)
        .join(Account, Account.id == MessageSettings.account_id)
        .outerjoin(Appointment, held)
        .where(Account.active.is_(True), MessageSettings.address.is_not(None))
        .where(or_(Appointment.unit_id.in_(units), Account.id.in_(named)))
    )
    seen: set[tuple[str, UUID]] = set()
    for settings, appointment in tx.session.execute(query):
        mine = [account_holder(settings.account_id)]
        if appointment is not None:
            mine.append(post_holder(appointment.position_key, appointment.unit_id))
        for holder in mine:
            if (holder, settings.account_id) not in seen:
                seen.add((holder, settings.account_id))
                wishes.people[holder].append(settings)
    _add_substitutes(tx, wishes, set(holders))
    for robot in tx.session.scalars(select(Robot).where(Robot.removed_at.is_(None), Robot.unit_id.in_(units))):
        if robot.position_key is None:
            wishes.units[str(robot.unit_id)].append(robot)
        else:
            wishes.posts[post_holder(robot.position_key, robot.unit_id)].append(robot)
    return wishes


def _add_substitutes(tx: Transaction, wishes: _Wishes, holders: set[str]) -> None:
    """Those who do the work of the holders today, and have an address."""
    found = {
        account: [(holder, each) for each in others for holder in stands_behind(each) if holder in holders]
        for account, others in substitutes(tx).items()
    }
    query = select(MessageSettings).join(Account, Account.id == MessageSettings.account_id)
    query = query.where(Account.active.is_(True), MessageSettings.address.is_not(None))
    for settings in tx.session.scalars(
        query.where(MessageSettings.account_id.in_([key for key in found if found[key]]))
    ):
        for holder, each in found[settings.account_id]:
            wishes.others[holder].append((settings, each))

"""Who acts: somebody at another unit of the same kind as in the scenario, or whoever may do a task."""

from __future__ import annotations

from random import Random
from uuid import UUID

from sqlalchemy import select

from engine import people
from engine.clock import local_day
from engine.database import Transaction
from engine.model.people import Account, AccountKind, Appointment, Level
from engine.model.vote import Elector
from engine.people import ANONYMOUS, Actor
from engine.people.posts import held_on
from engine.scenarios.actors import starter_of, unit_at

#: Of a hundred residents who file a case, so many have no account.
_WITHOUT_ACCOUNT = 60


class Crowd:
    """The people of the district, chosen by chance."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def unit_like(self, tx: Transaction, place: str) -> UUID:
        """A unit of the level of this one; departments and outside parties stay themselves."""
        tree = people.org_tree(tx)
        unit = tree.unit(unit_at(tx, place))
        alike = [each.id for each in tree if each.level is unit.level and each.active]
        return self.random.choice(alike) if unit.level in _SPREAD else unit.id

    def starter_like(self, tx: Transaction, who: str, unit: UUID, public: bool) -> Actor:
        """Whoever stands at ``unit`` as ``who`` (a login, a position, ``anonymous``) stands in the scenario.

        A ``public`` process may be started without an account.
        """
        account = people.account_by_login(tx, who)
        if account is None:
            return starter_of(tx, who, unit)
        if account.kind is AccountKind.RESIDENT:
            return self._resident(tx, unit, account.id, public)
        position = people.posts_of(tx, account.id)[0].position
        return starter_of(tx, position, unit)

    def actor(self, tx: Transaction, holder: str) -> Actor | None:
        """Somebody who stands behind a holder today; None when nobody does."""
        kind, _, rest = holder.partition(":")
        if kind == "receipt":
            return people.receipt_actor(UUID(rest))
        if kind == "account":
            return people.load_actor(tx, UUID(rest))
        position, _, unit = holder.partition("@")
        query = select(Appointment).where(Appointment.position_key == position, Appointment.unit_id == UUID(unit))
        posts = list(tx.session.scalars(query.where(held_on(local_day(tx.now))).order_by(Appointment.id)))
        if not posts:
            return None
        post = self.random.choice(posts)
        return people.load_actor(tx, post.account_id, post.id)

    def somebody(self, tx: Transaction, login: str) -> Actor:
        """The account with this login in its first post."""
        return starter_of(tx, login, None)

    def electors(self, tx: Transaction, vote_id: UUID) -> list[Actor]:
        """All who may vote, in the post that they come first in."""
        query = select(Elector.account_id).where(Elector.vote_id == vote_id).order_by(Elector.name)
        return [people.load_actor(tx, account) for account in tx.session.scalars(query)]

    def _resident(self, tx: Transaction, unit: UUID, other: UUID, public: bool) -> Actor:
        query = select(Appointment.account_id).join(Account, Account.id == Appointment.account_id)
        query = query.where(Appointment.unit_id == unit, Account.kind == AccountKind.RESIDENT)
        accounts = list(tx.session.scalars(query.order_by(Account.login)))
        if public and (not accounts or self.random.randrange(100) < _WITHOUT_ACCOUNT):
            return ANONYMOUS
        return people.load_actor(tx, self.random.choice(accounts or [other]))


_SPREAD = frozenset({Level.GROUP, Level.COMMUNITY, Level.SUBDISTRICT, Level.DISTRICT})

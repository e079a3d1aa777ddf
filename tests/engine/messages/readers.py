"""Two people who hold the same post, and what each of them has still to read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from engine import notifications, people
from engine.database import Engine, Transaction
from engine.people import SYSTEM, Actor
from engine.people.commands import appoint, create_account
from engine.queries import bell
from engine.queries.bell import Message, Wish

CLERK, SECOND = "jinxing-clerk", "jinxing-clerk-2"
POST = "community_clerk"


class Readers:
    """The clerk of a community and a second one; everything is read again for every question."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with engine.begin(SYSTEM) as tx:
            unit = people.org_tree(tx).by_code("jinxing")
            assert unit is not None
            self.unit = unit.id
            account = create_account(tx, SECOND, "", "第二个工作人员")
            appoint(tx, account.id, POST, unit.id)

    @property
    def post(self) -> str:
        """The holder string of the post that both hold."""
        return people.post_holder(POST, self.unit)

    def actor(self, login: str) -> Actor:
        """Whoever has this login."""
        with self.engine.read(SYSTEM) as tx:
            account = people.account_by_login(tx, login)
            assert account is not None
            return people.load_actor(tx, account.id)

    def holder(self, login: str) -> str:
        """The holder string of this account."""
        account_id = self.actor(login).account_id
        assert account_id is not None
        return people.account_holder(account_id)

    @contextmanager
    def at(self, login: str) -> Iterator[Transaction]:
        """A write transaction of this person."""
        with self.engine.begin(self.actor(login)) as tx:
            yield tx

    def tell(self, text: str, *holders: str, kind: str = "urged") -> UUID:
        """Tell holders something about no case; the post when none is named."""
        with self.engine.begin(SYSTEM) as tx:
            return notifications.tell(tx, kind, holders or [self.post], None, text)

    def count(self, login: str) -> int:
        """The number at this person's bell."""
        with self.engine.read(self.actor(login)) as tx:
            return bell.count_unread(tx)

    def messages(self, login: str, **wish: str | bool | int) -> list[Message]:
        """This person's messages."""
        with self.engine.read(self.actor(login)) as tx:
            return bell.messages(tx, Wish(**wish)).items  # type: ignore[arg-type] # a test names the fields itself

    def unread(self, login: str) -> list[str]:
        """The texts of what this person has not read."""
        return [each.text for each in self.messages(login, unread_only=True)]

"""A courier with somebody who has an address and a robot that speaks for a post, and what has arrived outside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from engine.database import Engine
from engine.deliveries import Courier, Letter, Parcel
from engine.deliveries.groups import add_robot
from engine.deliveries.wishes import ask_for_proof, choose, prove
from engine.errors import StepFailed
from engine.lifecycle import DeliveryState
from engine.model.delivery import Delivery
from engine.notifications import KINDS, Outside
from engine.people import SYSTEM
from tests.clock import FrozenClock
from tests.engine.messages.readers import POST, Readers

AT_ONCE = dict.fromkeys(KINDS, Outside.NOW)


class Died(BaseException):
    """The process ends here; nothing catches it."""


class World:
    """What has arrived, by receiver: the id of the parcel and the messages in it. ``fate`` is asked at each sending."""

    def __init__(self, engine: Engine, clock: FrozenClock) -> None:
        self.engine, self.clock = engine, clock
        self.arrived: dict[str, list[tuple[UUID, set[UUID]]]] = defaultdict(list)
        self.fate: Callable[[], str] = lambda: "arrives"
        self.courier = self._new()

    def _new(self) -> Courier:
        return Courier(self.engine, lambda parcel: Letter("", "", ""), self._take)

    def _take(self, parcel: Parcel, letter: Letter, now: datetime) -> None:
        fate = self.fate()
        if fate == "dies before":
            raise Died
        if fate == "refused":
            raise StepFailed("refused")
        self.arrived[parcel.receiver].append((parcel.id, {line.notification_id for line in parcel.lines}))
        if fate == "dies after":
            raise Died
        if fate == "no answer":
            raise StepFailed("late") from TimeoutError()

    def round(self) -> int:
        """One round of the courier; one that dies is followed by another."""
        try:
            return self.courier.round()
        except Died:
            self.courier = self._new()
            return 0

    def until_quiet(self) -> None:
        """Let time pass until nothing waits any more."""
        for _ in range(60):
            self.round()
            if not self.states() & {DeliveryState.WAITING, DeliveryState.SENDING}:
                return
            self.clock.advance(minutes=30)
        raise AssertionError("something waits for ever")

    def states(self) -> set[DeliveryState]:
        """The states in which deliveries are."""
        with self.engine.read(SYSTEM) as tx:
            return set(tx.session.scalars(select(Delivery.state)))

    def deliveries(self) -> list[Delivery]:
        """All deliveries, those of one receiver after the other."""
        with self.engine.read(SYSTEM) as tx:
            return list(tx.session.scalars(select(Delivery).order_by(Delivery.receiver, Delivery.due_at)))


def subscribe(
    readers: Readers,
    login: str,
    choices: dict[str, Outside] | None = None,
    digest_hour: int = 8,
    workdays_only: bool = True,
    quiet: tuple[int, int] | None = None,
    locale: str = "zh-CN",
) -> str:
    """Give this person a proved address and wishes; the receiver of the deliveries."""
    with readers.at(login) as tx:
        assert prove(tx, ask_for_proof(tx, f"{login}@example.cn"))
        choose(tx, AT_ONCE if choices is None else choices, digest_hour, workdays_only, quiet, locale)
    return f"mail:{readers.actor(login).account_id}"


def robot(readers: Readers, brand: str = "wecom", position: str | None = POST) -> str:
    """Let a robot speak for the post of the clerks; the receiver of its deliveries."""
    with readers.engine.begin(SYSTEM) as tx:
        row = add_robot(tx, "金星社区工作群", brand, "GROUP", readers.unit, position, list(KINDS), "zh-CN")
        tx.session.flush()  # gives it its id
        return f"robot:{row.id}"

"""A house in which cases let residents' deputies vote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine import votes
from engine.model.base import new_id
from engine.model.vote import BallotCount, Elector, Vote
from tests.engine.commands.house import House, process

#: Three deputies of one community, and the groups that stand for them.
DEPUTIES = ("jinxing-1-deputy", "jinxing-2-deputy", "jinxing-3-deputy")
GROUPS = tuple(f"resident_deputy@{login.removesuffix('-deputy')}" for login in DEPUTIES)
HALF = Decimal(50)


class VoteHouse:
    """Opens, casts and counts without a diagram; the case waits at a task."""

    def __init__(self, house: House) -> None:
        self.house = house
        house.deploy(process("v").user_task().service("ask", "open_vote").end())

    def open(
        self, groups: Sequence[str] = GROUPS, *, secret: bool = False, options: Sequence[str] = (), days: int = 3
    ) -> Vote:
        """A vote of a new case."""
        case = self.house.start("v")
        with self.house.at() as tx:
            until = tx.now + timedelta(days=days)
            chosen = {"options": options} if options else {}
            asked = votes.Question("是否同意改造？", until, secret=secret, **chosen)  # type: ignore[arg-type] # as given
            return votes.open_vote(tx, case, new_id(), asked, groups)[0]

    def cast(self, vote: Vote, *ballots: tuple[str, str]) -> None:
        """Let people with these logins vote, one after the other."""
        for login, choice in ballots:
            with self.house.at(login) as tx:
                votes.cast(tx, vote.number, choice)

    def count(self, vote: Vote, quorum: Decimal = HALF, majority: Decimal = HALF, of: str = "voted") -> dict[str, Any]:
        """Close and count."""
        with self.house.at() as tx:
            return votes.count(tx, vote.instance_id, vote.number, quorum=quorum, majority=majority, of=of)

    def row(self, vote: Vote) -> Vote:
        """The vote as it stands."""
        with self.house.reading() as tx:
            return tx.get(Vote, vote.id)

    def electors(self, vote: Vote) -> list[Elector]:
        """Its electors by name."""
        with self.house.reading() as tx:
            return list(tx.session.scalars(select(Elector).where(Elector.vote_id == vote.id).order_by(Elector.name)))

    def counters(self, vote: Vote) -> dict[str, int]:
        """The counters of a secret vote."""
        with self.house.reading() as tx:
            rows = tx.session.scalars(select(BallotCount).where(BallotCount.vote_id == vote.id))
            return {row.choice: row.count for row in rows}

    def told(self, case: UUID, type: str) -> list[dict[str, Any]]:
        """The data of the events of a type in the history of a case."""
        return [data for row, data in self.house.history(case) if row.type == type]

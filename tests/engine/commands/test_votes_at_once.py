"""Ballots and the count at the same moment: none is lost, none counts twice, and only one of them finds all present."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from engine import votes
from engine.errors import InvalidState
from engine.model.vote import Vote
from engine.model.work import Job
from engine.people import SYSTEM, Actor
from tests.engine.commands.house import House
from tests.engine.commands.test_two_at_once import at_once
from tests.engine.commands.vote_house import DEPUTIES, GROUPS, HALF, VoteHouse

ROUNDS = 15


@pytest.fixture
def hall(house: House) -> VoteHouse:
    """A house in which deputies vote."""
    return VoteHouse(house)


def casting(hall: VoteHouse, vote: Vote, actor: Actor) -> Callable[[], object]:
    def act() -> None:
        with hall.house.engine.begin(actor) as tx:
            votes.cast(tx, vote.number, "同意")

    return act


def letters(hall: VoteHouse, vote: Vote) -> int:
    """How many messages say that all have voted."""
    with hall.house.reading() as tx:
        jobs = tx.session.scalars(select(Job).where(Job.kind == "publish"))
        return [job.payload["key"] for job in jobs].count(vote.number)


@pytest.mark.parametrize("secret", [False, True])
def test_all_vote_at_once_and_one_is_the_last(hall: VoteHouse, secret: bool) -> None:
    actors = [hall.house.actor(login) for login in DEPUTIES]
    for _ in range(ROUNDS):
        vote = hall.open(secret=secret)
        assert at_once(*(casting(hall, vote, actor) for actor in actors)) == ["done"] * 3
        assert letters(hall, vote) == 1
        assert hall.count(vote)["counts"] == {"同意": 3, "反对": 0, "弃权": 0}


def test_of_two_ballots_of_one_elector_one_counts(hall: VoteHouse) -> None:
    actor = hall.house.actor(DEPUTIES[0])
    for _ in range(ROUNDS):
        vote = hall.open(GROUPS[:1], secret=True)
        assert sorted(at_once(*[casting(hall, vote, actor)] * 2)) == ["AlreadyDone", "done"]
        assert letters(hall, vote) == 1
        assert hall.counters(vote)["同意"] == 1


def test_a_ballot_at_the_moment_of_the_count_counts_or_is_refused(hall: VoteHouse) -> None:
    actor = hall.house.actor(DEPUTIES[0])
    for _ in range(ROUNDS):
        vote, refused = hall.open(), list[InvalidState]()

        def cast(vote: Vote = vote, refused: list[InvalidState] = refused) -> None:
            try:
                casting(hall, vote, actor)()
            except InvalidState as error:
                refused.append(error)

        def count(vote: Vote = vote) -> None:
            with hall.house.engine.begin(SYSTEM) as tx:
                votes.count(tx, vote.instance_id, vote.number, quorum=HALF, majority=HALF)

        assert at_once(cast, count) == ["done", "done"]
        tally = hall.row(vote).tally
        assert tally is not None
        assert tally["voted"] == 1 - len(refused) == sum(each.has_voted for each in hall.electors(vote))

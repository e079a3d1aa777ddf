"""Votes by chance: what holds of every outcome, every order of ballots, and every secret vote."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.database import Engine
from engine.errors import AlreadyDone
from engine.voting import CHOICES, Result, result_of, tally_of
from tests.clock import FrozenClock
from tests.conftest import furnish
from tests.engine.commands.house import House
from tests.engine.commands.vote_house import VoteHouse

shares = st.decimals(0, 100, places=2)
few = st.integers(0, 60)


@st.composite
def meetings(draw: st.DrawFn, is_quorate: bool = False) -> dict[str, Any]:
    """Numbers that a meeting can have; with a quorum that is reached whenever anybody has voted."""
    in_favour, against, silent, absent = draw(few), draw(few), draw(few), draw(few)
    voted = in_favour + against + silent
    return {
        "in_favour": in_favour,
        "against": against,
        "voted": voted,
        "electors": voted + absent,
        "quorum": draw(shares) * (Decimal(voted) / max(1, 2 * (voted + absent)) if is_quorate else 1),
        "majority": draw(shares),
        "of": draw(st.sampled_from(("voted", "electors"))),
    }


@given(meetings(), st.data())
def test_more_in_favour_never_undoes_a_pass(meeting: dict[str, Any], data: st.DataObject) -> None:
    assume(result_of(**meeting) is Result.PASSED)
    turned = data.draw(st.integers(0, meeting["against"]))
    joined = data.draw(st.integers(0, meeting["electors"] - meeting["voted"]))
    more = {
        "in_favour": meeting["in_favour"] + turned + joined,
        "against": meeting["against"] - turned,
        "voted": meeting["voted"] + joined,
    }
    assert result_of(**(meeting | more)) is Result.PASSED


@given(meetings())
def test_the_quorum_alone_says_whether_there_is_one(meeting: dict[str, Any]) -> None:
    enough = Decimal(meeting["voted"]) * 100 > Decimal(meeting["electors"]) * meeting["quorum"]
    assert (result_of(**meeting) is Result.NO_QUORUM) is not enough


@given(meetings())
def test_a_pass_is_more_than_the_majority(meeting: dict[str, Any]) -> None:
    base = meeting["voted"] if meeting["of"] == "voted" else meeting["electors"]
    more = Decimal(meeting["in_favour"]) * 100 > base * meeting["majority"]
    assume(result_of(**meeting) is not Result.NO_QUORUM)
    assert (result_of(**meeting) is Result.PASSED) is more


@given(meetings(is_quorate=True), st.booleans())
def test_a_tie_is_even_and_one_vote_decides_it(meeting: dict[str, Any], even: bool) -> None:
    if even:
        votes = meeting["in_favour"] + meeting["against"]
        meeting |= {"in_favour": votes // 2, "against": votes // 2}
    found = result_of(**meeting)
    assume(found in (Result.TIED, Result.FAILED))
    turned = {"in_favour": meeting["in_favour"] + 1, "against": meeting["against"] - 1}
    decides = meeting["against"] > 0 and result_of(**(meeting | turned)) is Result.PASSED
    assert (found is Result.TIED) is (decides and meeting["in_favour"] == meeting["against"])


@given(st.lists(st.sampled_from(("甲", "乙", "丙", "弃权")), min_size=1), shares, shares)
def test_the_winner_has_more_than_each_other(ballots: list[str], quorum: Decimal, majority: Decimal) -> None:
    counts = {option: ballots.count(option) for option in ("甲", "乙", "丙", "弃权")}
    tally = tally_of(counts, electors=len(ballots), quorum=quorum, majority=majority)
    winner = tally["winner"]
    if winner is not None:
        assert all(counts[winner] > count for option, count in counts.items() if option not in (winner, "弃权"))
    if tally["outcome"] == "通过":
        assert winner is not None


LOGINS = tuple(
    f"{group}-deputy" for group in ("jinxing-1", "jinxing-2", "jinxing-3", "chaoyang-1", "chaoyang-2", "wenhui-1")
)
GROUPS = tuple(f"resident_deputy@{login.removesuffix('-deputy')}" for login in LOGINS)
#: Who tries to vote for what, in this order; somebody may try again.
attempts = st.lists(st.tuples(st.sampled_from(LOGINS), st.sampled_from(CHOICES)), max_size=10)


@contextmanager
def hall() -> Iterator[VoteHouse]:
    """One house for all examples; every example has votes of its own."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'wuji.db'}"
        furnish(url)
        clock = FrozenClock()
        with Engine(url, clock=clock) as engine:
            yield VoteHouse(House(engine, clock))


def attempt(hall: VoteHouse, vote: Any, tried: list[tuple[str, str]]) -> dict[str, str]:
    """What counts: the first ballot of each."""
    counted: dict[str, str] = {}
    for login, choice in tried:
        try:
            hall.cast(vote, (login, choice))
            assert login not in counted
            counted[login] = choice
        except AlreadyDone:
            assert login in counted
    return counted


def test_any_order_of_ballots_gives_the_same_tally_and_nobody_votes_twice() -> None:
    with hall() as house:

        @settings(max_examples=25)
        @given(attempts, st.randoms(use_true_random=False), st.booleans())
        def check(tried: list[tuple[str, str]], chance: Any, secret: bool) -> None:
            first, second = house.open(GROUPS, secret=secret), house.open(GROUPS, secret=secret)
            counted = attempt(house, first, tried)
            again = list(counted.items())
            chance.shuffle(again)
            house.cast(second, *again)
            tally = house.count(first)
            assert house.count(second) == tally
            assert tally["counts"] == {choice: Counter(counted.values())[choice] for choice in CHOICES}
            assert sum(tally["counts"].values()) == tally["voted"] == len(counted)

        check()


def test_nothing_that_is_stored_of_a_secret_vote_ties_a_person_to_a_choice() -> None:
    """Two votes in which the same people took part and the same numbers came out look the same, whoever chose what."""
    with hall() as house:

        @settings(max_examples=25)
        @given(st.lists(st.sampled_from(CHOICES), min_size=2, max_size=6), st.randoms(use_true_random=False))
        def check(choices: list[str], chance: Any) -> None:
            others = list(choices)
            chance.shuffle(others)
            voters = LOGINS[: len(choices)]
            seen = []
            for given_choices in (choices, others):
                vote = house.open(GROUPS, secret=True)
                house.cast(vote, *zip(voters, given_choices, strict=True))
                house.count(vote)
                seen.append(stored(house, vote))
            assert seen[0] == seen[1]
            assert all(choice is None and voted_at is None for _, _, choice, voted_at in seen[0]["electors"])
            assert set(seen[0]["events"]) == {
                "instance_started",
                "advanced",
                "user_task_created",
                "vote_opened",
                "vote_counted",
            }

        check()


def stored(hall: VoteHouse, vote: Any) -> dict[str, Any]:
    """All that tables and history hold of a vote, with what is different in every vote taken out."""
    row, history = hall.row(vote), hall.house.history(vote.instance_id)
    electors = [(str(each.account_id), each.has_voted, each.choice, each.voted_at) for each in hall.electors(vote)]
    said = [data for event, data in history if event.type.startswith("vote_")]
    return {
        "electors": electors,
        "counters": hall.counters(vote),
        "events": [event.type for event, _ in history],
        "actors": [event.actor for event, _ in history],
        "said": json.dumps(said, ensure_ascii=False).replace(vote.number, "").replace(row.until.isoformat(), ""),
        "tally": row.tally,
    }

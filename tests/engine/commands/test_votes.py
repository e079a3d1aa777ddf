"""Electors vote once, while it is open; who chose what is known of open votes only; the count says how it came out."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from engine import votes, voting
from engine.errors import AlreadyDone, InvalidState, InvalidVariables, NotAuthorized, NotFound, StepFailed
from engine.lifecycle import VoteState
from engine.model.people import Appointment
from engine.model.work import Job
from engine.people import SYSTEM, receipt_actor
from tests.engine.commands.house import House
from tests.engine.commands.vote_house import DEPUTIES, GROUPS, HALF, VoteHouse

RULE = {"rule": {"quorum": "50", "majority": "50", "of": "voted"}}
ALL_FOR = tuple((login, "同意") for login in DEPUTIES)


@pytest.fixture
def hall(house: House) -> VoteHouse:
    """A house in which deputies vote."""
    return VoteHouse(house)


def test_whoever_holds_a_post_today_is_an_elector_once(hall: VoteHouse) -> None:
    vote = hall.open((*GROUPS, "community_secretary@qingfeng", "group_leader@qingfeng-3", GROUPS[0]))
    names = ["清风社区书记", "金星社区一组居民代表", "金星社区三组居民代表", "金星社区二组居民代表"]
    assert (vote.number, [each.name for each in hall.electors(vote)]) == ("BJ-2026-00001", names)
    (opened,) = hall.told(vote.instance_id, "vote_opened")
    assert (opened["electors"], opened["secret"], opened["options"]) == (4, False, ["同意", "反对", "弃权"])
    assert sorted(opened["names"]) == names


def test_an_ended_appointment_and_a_disabled_account_give_no_vote(hall: VoteHouse) -> None:
    house = hall.house
    first, second = (house.actor(login).account_id for login in DEPUTIES[:2])
    with house.at() as tx:
        (post,) = tx.session.scalars(select(Appointment).where(Appointment.account_id == first))
        post.end_before(tx.now.date())
        tx.session.get_one(votes.people.account_by_login(tx, DEPUTIES[1]).__class__, second).active = False
    assert [each.name for each in hall.electors(hall.open())] == ["金星社区三组居民代表"]


def test_residents_are_called_as_everywhere_and_the_applicant_may_vote(hall: VoteHouse) -> None:
    vote = hall.open(("resident@jinxing-1",))
    assert [each.name for each in hall.electors(vote)] == ["金星社区一组3号楼居民"]


def test_nobody_to_vote_is_said(hall: VoteHouse) -> None:
    hall.house.clock.advance(days=0)
    with pytest.raises(votes.NoElectors, match="没有人担任可以投票的岗位"):
        hall.open(("resident@chaoyang-1",))


@pytest.mark.parametrize(
    ("options", "days", "said"),
    [
        (("同意",), 3, "至少要有两个选项"),
        (("甲", "甲"), 3, "不能重复"),
        (("甲", " "), 3, "不能为空"),
        (("甲" * 121, "乙"), 3, "选项最多 120 个字"),
        ((), 0, "已经过去"),
    ],
)
def test_a_vote_that_cannot_be_is_refused(hall: VoteHouse, options: tuple[str, ...], days: int, said: str) -> None:
    with pytest.raises(StepFailed, match=said):
        hall.open(options=options, days=days)


def test_the_same_job_opens_one_vote(hall: VoteHouse) -> None:
    vote = hall.open()
    with hall.house.at() as tx:
        asked = votes.Question("别的？", tx.now + timedelta(days=1))
        again, electors = votes.open_vote(tx, vote.instance_id, vote.job_id, asked, GROUPS)
    assert (again.number, electors) == (vote.number, 3)


def test_everybody_votes_once_and_for_good(hall: VoteHouse) -> None:
    vote = hall.open()
    hall.cast(vote, ALL_FOR[0])
    for choice in ("同意", "反对"):
        with pytest.raises(AlreadyDone, match="已经投过票"):
            hall.cast(vote, (DEPUTIES[0], choice))
    assert hall.count(vote)["counts"] == {"同意": 1, "反对": 0, "弃权": 0}


def test_only_electors_vote(hall: VoteHouse) -> None:
    vote = hall.open()
    with pytest.raises(NotAuthorized, match="投票人里没有您"):
        hall.cast(vote, ("jinxing-secretary", "同意"))
    for actor in (SYSTEM, receipt_actor(vote.instance_id)):
        with hall.house.at(actor) as tx, pytest.raises(NotAuthorized):
            votes.cast(tx, vote.number, "同意")


def test_an_appointment_that_ends_later_keeps_its_vote(hall: VoteHouse) -> None:
    vote = hall.open()
    with hall.house.at() as tx:
        account = hall.house.actor(DEPUTIES[0]).account_id
        (post,) = tx.session.scalars(select(Appointment).where(Appointment.account_id == account))
        post.end_before(tx.now.date())
    hall.cast(vote, ALL_FOR[0])
    assert hall.count(vote)["voted"] == 1


@pytest.mark.parametrize("choice", ["", "同 意", "弃"])
def test_what_is_no_option_is_refused(hall: VoteHouse, choice: str) -> None:
    with pytest.raises(InvalidVariables) as refused:
        hall.cast(hall.open(), (DEPUTIES[0], choice))
    assert refused.value.errors == {"choice": ["请选择一个选项。"]}


def test_nobody_votes_after_the_deadline_or_the_end(hall: VoteHouse) -> None:
    late, counted, canceled, ended = (hall.open(days=days) for days in (1, 9, 9, 9))
    hall.count(counted)
    with hall.house.at() as tx:
        votes.cancel(tx, canceled.instance_id, canceled.number, "改为现场表决")
    hall.house.cancel(ended.instance_id)
    hall.house.clock.advance(days=1)
    said = {late: "已经截止", counted: "已经计票", canceled: "已经取消", ended: "已经取消"}
    for vote, sentence in said.items():
        with pytest.raises(InvalidState, match=sentence):
            hall.cast(vote, ALL_FOR[0])
    with pytest.raises(NotFound, match="没有编号为“BJ-9”的表决"), hall.house.at() as tx:
        votes.cast(tx, "BJ-9", "同意")


def test_the_last_ballot_leaves_the_message(hall: VoteHouse) -> None:
    vote = hall.open()
    hall.cast(vote, *ALL_FOR[:2])
    assert letters(hall) == []
    hall.cast(vote, ALL_FOR[2])
    assert letters(hall) == [("投票结束", vote.number)]


def letters(hall: VoteHouse) -> list[tuple[str, str]]:
    with hall.house.reading() as tx:
        jobs = tx.session.scalars(select(Job).where(Job.kind == "publish"))
        return [(job.payload["name"], job.payload["key"]) for job in jobs]


def test_history_says_who_chose_what_in_an_open_vote(hall: VoteHouse) -> None:
    vote = hall.open()
    hall.cast(vote, (DEPUTIES[0], "同意"), (DEPUTIES[1], "反对"))
    tally = hall.count(vote, of="electors")
    assert tally == {
        "electors": 3,
        "voted": 2,
        "counts": {"同意": 1, "反对": 1, "弃权": 0},
        "outcome": "平票",
        "winner": None,
    }
    cast = hall.told(vote.instance_id, "ballot_cast")
    assert cast[0] == {"vote": vote.number, "elector": "金星社区一组居民代表", "choice": "同意"}
    (counted,) = hall.told(vote.instance_id, "vote_counted")
    assert counted["tally"] == tally
    assert counted["rule"] == {"quorum": "50", "majority": "50", "of": "electors"}
    assert counted["ballots"] == [
        {"elector": "金星社区一组居民代表", "choice": "同意"},
        {"elector": "金星社区二组居民代表", "choice": "反对"},
    ]


def test_a_secret_ballot_leaves_no_event_no_time_and_no_name(hall: VoteHouse) -> None:
    vote = hall.open(secret=True)
    before = hall.house.history(vote.instance_id)
    hall.cast(vote, (DEPUTIES[0], "反对"), (DEPUTIES[1], "同意"))
    assert hall.house.history(vote.instance_id)[len(before) :] == []
    assert [(each.has_voted, each.choice, each.voted_at) for each in hall.electors(vote)] == [
        (True, None, None),
        (False, None, None),
        (True, None, None),
    ]
    assert hall.counters(vote) == {"同意": 1, "反对": 1, "弃权": 0}
    hall.count(vote)
    payloads = [json.loads(row.payload) for row, _ in hall.house.history(vote.instance_id)]
    (opened,) = [each["data"] for each in payloads if each["type"] == "vote_opened"]
    (counted,) = [each["data"] for each in payloads if each["type"] == "vote_counted"]
    assert (opened["electors"], opened.keys() & {"names"}, counted.keys() & {"ballots"}) == (3, set(), set())
    said = json.dumps(payloads, ensure_ascii=False)
    assert not any(name in said for name in ("居民代表", *(str(each.account_id) for each in hall.electors(vote))))


def test_every_ballot_of_a_secret_vote_writes_every_counter(hall: VoteHouse) -> None:
    if hall.house.engine.is_sqlite:  # it notes no transaction on its rows
        return
    vote = hall.open(secret=True)
    hall.cast(vote, (DEPUTIES[0], "反对"), (DEPUTIES[1], "同意"))
    with hall.house.engine.sql.connect() as connection:
        written = connection.exec_driver_sql("SELECT DISTINCT xmin::text FROM ballot_count").all()
    assert len(written) == 1


def test_counting_again_gives_the_tally_that_stands(hall: VoteHouse) -> None:
    vote = hall.open()
    hall.cast(vote, *ALL_FOR)
    first = hall.count(vote)
    assert (first["outcome"], hall.count(vote, Decimal(99), Decimal(99))) == ("通过", first)
    row = hall.row(vote)
    assert (row.state, row.closed_at, row.tally) == (VoteState.COUNTED, hall.house.clock(), first | RULE)


def test_a_vote_between_options_has_a_winner(hall: VoteHouse) -> None:
    vote = hall.open(options=("甲方案", "乙方案", "弃权"))
    hall.cast(vote, (DEPUTIES[0], "乙方案"), (DEPUTIES[1], "弃权"))
    tally = hall.count(vote, majority=Decimal(40))
    assert (tally["outcome"], tally["winner"], tally["counts"]) == (
        "通过",
        "乙方案",
        {"甲方案": 0, "乙方案": 1, "弃权": 1},
    )


def test_a_cancelled_vote_is_not_counted_and_an_ended_case_cancels(hall: VoteHouse) -> None:
    vote, other = hall.open(), hall.open()
    for _ in range(2):
        with hall.house.at() as tx:
            votes.cancel(tx, vote.instance_id, vote.number, "改为现场表决")
    assert hall.told(vote.instance_id, "vote_canceled") == [{"vote": vote.number, "reason": "改为现场表决"}]
    with pytest.raises(InvalidState, match="已取消"):
        hall.count(vote)
    hall.count(other)
    with hall.house.at() as tx:
        votes.cancel(tx, other.instance_id, other.number, "太晚")
    assert hall.row(other).state is VoteState.COUNTED


def test_a_case_counts_and_cancels_its_own_votes_only(hall: VoteHouse) -> None:
    vote, other = hall.open(), hall.open()
    with hall.house.at() as tx, pytest.raises(InvalidState, match="不是这件事项的"):
        votes.count(tx, other.instance_id, vote.number, quorum=HALF, majority=HALF)
    with hall.house.at() as tx, pytest.raises(InvalidState, match="不是这件事项的"):
        votes.cancel(tx, other.instance_id, vote.number, "错了")


@pytest.mark.parametrize("value", [None, "50", Decimal(-1), Decimal("100.1"), True, 1.5])
def test_what_is_no_percentage_is_refused(value: object) -> None:
    with pytest.raises(StepFailed, match="quorum 应当是 0 到 100 的百分数"):
        voting.percent(value, "quorum")

"""A case lets people vote by its diagram alone: opened, closed by the last ballot or by the clock, counted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from engine import definitions, votes
from engine.database import Engine
from engine.errors import StepFailed
from engine.handlers.vote import cancel_vote, count_vote, open_vote
from engine.lifecycle import VoteState
from engine.model.vote import Vote
from tests import bpmn_xml
from tests.bpmn_xml import element, event, message, timer
from tests.clock import START, FrozenClock
from tests.engine.commands.house import House, io, process
from tests.engine.commands.vote_house import DEPUTIES
from tests.engine.handlers.tickets import ticket

ALL = '=for u in 下级单位(上级单位(unit, "community"), "group") return "resident_deputy@" + u'


@pytest.fixture
def house(platform: Engine, clock: FrozenClock) -> House:
    return House(platform, clock)


def asking(**inputs: str) -> bpmn_xml.Drawing:
    """Asks, waits for the last ballot or the deadline, counts by majority, ends with a task; or nobody may vote."""
    asked = {"question": '="是否同意" + 编号', "electors": ALL, "until": '=now() + @"P3D"'} | inputs
    drawing = process("v").service("ask", "open_vote", io(inputs=asked, outputs={"投票": "=vote"}))
    drawing.gateway("eventBased", "g").catch("all", event("message", messageRef="m"))
    counted = io(inputs={"vote": "=投票.number", "quorum": "=50", "majority": "=50"}, outputs={"计票": "=tally"})
    drawing.gateway("exclusive", "x").service("count", "count_vote", counted).user_task().end()
    drawing.at("g").catch("late", timer("Date", "=投票.until")).flow("late", "x")
    drawing.boundary("none", "ask", event("error", errorRef="e")).user_task("b").end("e2")
    drawing.root(element("bpmn:error", id="e", errorCode="NO_ELECTORS"), message("m", "投票结束", "=投票.number"))
    return drawing


def asked(house: House) -> tuple[UUID, Vote]:
    case = house.start("v")
    house.drain()
    with house.reading() as tx:
        return case, tx.session.scalars(select(Vote)).one()


def test_the_last_ballot_closes_the_vote(house: House) -> None:
    house.deploy(asking())
    case, vote = asked(house)
    assert house.variables(case)["投票"] == {"number": vote.number, "electors": 3, "until": vote.until}
    for login, choice in zip(DEPUTIES, ("同意", "同意", "反对"), strict=True):
        with house.at(login) as tx:
            votes.cast(tx, vote.number, choice)
    house.drain()
    assert house.open(case) == ["a"]
    assert house.variables(case)["计票"] == {
        "electors": 3,
        "voted": 3,
        "counts": {"同意": 2, "反对": 1, "弃权": 0},
        "outcome": "通过",
        "winner": None,
    }


def test_the_deadline_closes_the_vote(house: House) -> None:
    house.deploy(asking())
    case, vote = asked(house)
    with house.at(DEPUTIES[0]) as tx:
        votes.cast(tx, vote.number, "同意")
    house.clock.advance(days=3)
    house.drain()
    assert (house.open(case), house.variables(case)["计票"]["outcome"]) == (["a"], "未达法定人数")


def test_nobody_to_vote_takes_the_boundary(house: House) -> None:
    house.deploy(asking(electors='="resident@chaoyang-1"'))
    case = house.start("v")
    house.drain()
    assert (house.open(case), house.incidents(case)) == (["b"], [])


def test_options_and_secrecy_are_what_the_diagram_says(house: House) -> None:
    house.deploy(asking(secret="=true", options='=["甲", "乙"]', text="两个方案见附件"))
    _, vote = asked(house)
    assert (vote.secret, vote.options, vote.text, vote.state) == (True, ["甲", "乙"], "两个方案见附件", VoteState.OPEN)


def test_a_vote_is_cancelled_by_the_diagram(house: House) -> None:
    asked_for = io(inputs={"question": "=编号", "electors": ALL, "until": '=now() + @"P3D"'}, outputs={"投票": "=vote"})
    stop = io(inputs={"vote": "=投票.number", "reason": "改为现场表决"})
    drawing = process("v").service("ask", "open_vote", asked_for).service("stop", "cancel_vote", stop).user_task().end()
    house.deploy(drawing)
    case, vote = asked(house)
    assert (house.open(case), vote.state) == (["a"], VoteState.CANCELED)


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"until": START}, "缺少 question"),
        ({"question": "？"}, "until 应当是日期时间"),
        ({"question": "？", "until": "2026-12-01"}, "until 应当是日期时间"),
        ({"question": "？", "until": START, "secret": "yes"}, "secret 应当是 true 或 false"),
        ({"question": "？", "until": START, "options": [1, 2]}, "options 应当是文本或文本的列表"),
        ({"question": "？", "until": START, "electors": 7}, "electors 应当是文本或文本的列表"),
    ],
)
def test_wrong_inputs_of_a_vote_are_said(nobody: Engine, inputs: dict[str, object], said: str) -> None:
    with pytest.raises(StepFailed, match=said):
        open_vote(nobody, ticket(inputs))


def test_a_deadline_without_zone_is_local(house: House) -> None:
    house.deploy(asking(until='=date and time("2026-12-01T18:00:00")'))
    _, vote = asked(house)
    assert vote.until == datetime.fromisoformat("2026-12-01T18:00:00+08:00")


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({}, "缺少 vote"),
        ({"vote": "BJ-1", "of": "all"}, "of“all”不对"),
        ({"vote": "BJ-1"}, "quorum 应当是 0 到 100"),
    ],
)
def test_wrong_inputs_of_a_count_are_said(nobody: Engine, inputs: dict[str, object], said: str) -> None:
    with pytest.raises(StepFailed, match=said):
        count_vote(nobody, ticket(inputs))


def test_a_cancellation_needs_a_reason(nobody: Engine) -> None:
    with pytest.raises(StepFailed, match="缺少 reason"):
        cancel_vote(nobody, ticket({"vote": "BJ-1"}))


def test_the_checker_knows_what_the_tasks_write(house: House) -> None:
    drawing = process("v").service("ask", "open_vote").service("count", "count_vote").service("put", "put_on_agenda")
    drawing.service("take", "take_agenda").script("b", "=[vote.number, tally.outcome, agenda.number, items[1], other]")
    with house.at() as tx:
        findings = definitions.check(tx, drawing.end().xml().decode())
    unwritten = [each.params["variable"] for each in findings if each.rule == "variable.unwritten"]
    assert unwritten == ["other"]

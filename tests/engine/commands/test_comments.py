"""Comments: who may, whom they reach, how long they can be changed, and what history keeps of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from engine import comments
from engine.errors import InvalidState, InvalidVariables, NotAuthorized, NotFound
from engine.people import receipt_actor
from engine.queries import cases
from engine.queries import comments as reading
from engine.queries.story import story
from tests.engine.commands.house import CLERK, House, process

STRANGER = "chaoyang-1-leader"


@pytest.fixture
def case(house: House) -> UUID:
    """A case that waits for the clerk."""
    house.deploy(process().user_task("a", form="f").end())
    return house.start()


def say(house: House, case: UUID, text: str, by: str = CLERK) -> comments.Said:
    with house.at(by) as tx:
        return comments.add(tx, case, text)


def lines(house: House, case: UUID, by: str = CLERK) -> list[reading.Line]:
    with house.engine.read(house.actor(by)) as tx:
        return reading.of_case(tx, cases.case(tx, case))


def test_whoever_is_mentioned_is_told_and_may_see_the_case(house: House, case: UUID) -> None:
    # given somebody who cannot see the case
    with pytest.raises(NotFound):
        lines(house, case, STRANGER)
    # when the comment names the post, without a space behind it
    said = say(house, case, "请@朝阳社区一组组长看看")
    # then it has a message and the case, and the comment can be answered
    assert said.told == ("朝阳社区一组组长",)
    holder = f"group_leader@{house.unit('chaoyang-1')}"
    assert house.told(case) == {holder}
    assert [each.row.text for each in lines(house, case, STRANGER)] == ["请@朝阳社区一组组长看看"]
    say(house, case, "看到了", by=STRANGER)


def test_what_names_nobody_is_said(house: House, case: UUID) -> None:
    said = say(house, case, "请 @月亮社区书记 看看，@ 这里没有人")
    assert (said.told, said.unknown) == ((), ("月亮社区书记",))


def test_on_a_confidential_case_nobody_is_mentioned(house: House) -> None:
    house.deploy(process("s", confidential="true").user_task("a", form="f").end())
    secret = house.start("s")
    with pytest.raises(InvalidState, match="需要保密"):
        say(house, secret, "请@朝阳社区一组组长看看")
    say(house, secret, "只在内部说")


def test_who_may_not_see_it_or_is_no_official_says_nothing(house: House, case: UUID) -> None:
    with pytest.raises(NotFound):
        say(house, case, "我也说", by=STRANGER)
    with pytest.raises(NotAuthorized), house.at(receipt_actor(case)) as tx:
        comments.add(tx, case, "申请人也说")
    for text in ("", "  \n", "长" * 2_001):
        with pytest.raises(InvalidVariables):
            say(house, case, text)
    assert lines(house, case) == []


def test_ten_minutes_to_change_it_then_it_is_only_withdrawn(house: House, case: UUID) -> None:
    # given two comments
    first, second = (say(house, case, text).comment.id for text in ("一", "二"))
    with pytest.raises(NotAuthorized), house.at("jinxing-secretary") as tx:
        comments.change(tx, first, "别人改的")
    # when one is changed and one deleted in time, then nothing of the other is left
    house.clock.now += timedelta(minutes=10)
    with house.at(CLERK) as tx:
        comments.change(tx, first, "一，更正")
    with house.at(CLERK) as tx:
        comments.take_back(tx, second)
    assert [each.row.text for each in lines(house, case)] == ["一，更正"]
    # but later it stays visible that there was one
    house.clock.now += timedelta(seconds=1)
    with pytest.raises(InvalidState, match="10 分钟"), house.at(CLERK) as tx:
        comments.change(tx, first, "太晚")
    with house.at(CLERK) as tx:
        comments.take_back(tx, first)
    (left,) = lines(house, case)
    assert (left.row.text, left.row.withdrawn_at) == ("", house.clock.now)


def test_history_hides_the_text_and_the_story_counts(house: House, case: UUID) -> None:
    for text in ("电话13800000000", "第二条"):
        say(house, case, text)
    with house.reading() as tx:
        told = story(tx, cases.case(tx, case))
    assert (told[-1].template, told[-1].params["count"]) == ("发表评论 {count} 条", 2)
    payloads = [data for event, data in house.history(case) if event.type == "comment_added"]
    assert all(set(each["variables"]["评论"]) == {"commitment"} for each in payloads)


def test_an_hour_has_a_limit(house: House, case: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comments, "MOST_AN_HOUR", 2)
    say(house, case, "一")
    say(house, case, "二")
    with pytest.raises(InvalidState, match="一小时内最多"):
        say(house, case, "三")
    house.clock.now += timedelta(hours=1)
    say(house, case, "三")

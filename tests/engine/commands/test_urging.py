"""Urging: who may, who is told, and once a day."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine import urging
from engine.errors import AlreadyDone, InvalidVariables, NotAuthorized
from engine.model.notification import Notification
from engine.people import Actor, account_holder
from engine.queries.story import story
from tests.engine.commands.desk import claim
from tests.engine.commands.house import CLERK, House, process

ABOVE = "jinxing-secretary"


@pytest.fixture
def case(house: House) -> UUID:
    house.deploy(process("p").user_task().end())
    house.deploy(process("q", confidential="true").user_task().end())
    return house.start(by="jinxing-1-leader")


def urge(house: House, case: UUID, by: str | Actor = ABOVE, note: str = "") -> None:
    task = house.tasks(case)[0]
    with house.at(by) as tx:
        urging.urge(tx, task.id, note)


def told(house: House) -> list[Notification]:
    with house.reading() as tx:
        return list(tx.session.query(Notification).filter_by(kind="urged").order_by(Notification.created_at))


def test_a_task_that_waits_is_urged_at_its_posts_and_a_claimed_one_at_its_person(house: House, case: UUID) -> None:
    urge(house, case, note="居民又来问了")
    claim(house, case)
    house.clock.advance(days=1)
    urge(house, case)
    clerk = house.actor(CLERK).account_id
    assert clerk is not None
    first, second = told(house)
    assert (first.holder, first.params["note"]) == (f"community_clerk@{house.unit('jinxing')}", "居民又来问了")
    assert second.holder == account_holder(clerk)
    assert house.tasks(case)[0].urged == 2
    with house.reading() as tx:
        entries = [each for each in story(tx, house.case(case)) if each.type == "user_task_urged"]
    assert [each.notes for each in entries] == [(("附言", "居民又来问了"),), ()]


def test_each_urges_a_task_once_a_day(house: House, case: UUID) -> None:
    urge(house, case)
    with pytest.raises(AlreadyDone, match="今天已经催办过"):
        urge(house, case)
    urge(house, case, "jinxing-1-leader")  # whoever started it
    house.clock.advance(days=1)
    urge(house, case)
    assert house.tasks(case)[0].urged == 3


def test_whoever_is_not_above_urges_nothing(house: House, case: UUID) -> None:
    for stranger in ("chaoyang-clerk", "jinxing-2-leader", CLERK, "admin"):
        with pytest.raises(NotAuthorized, match="不能催办"):
            urge(house, case, stranger)
    with pytest.raises(NotAuthorized):
        urge(house, house.start("q"))
    with pytest.raises(InvalidVariables, match="最多填写 200 个字"):
        urge(house, case, note="长" * 201)
    assert house.tasks(case)[0].urged == 0
    assert not told(house)


def test_the_page_offers_what_may_be_urged(house: House, case: UUID) -> None:
    def offered(by: str) -> list[bool]:
        with house.engine.read(house.actor(by)) as tx:
            return [each.is_done for each in urging.to_urge(tx, house.case(case))]

    assert (offered(ABOVE), offered(CLERK)) == ([False], [])
    urge(house, case)
    assert offered(ABOVE) == [True]


def test_what_was_done_is_urged_no_more(house: House, case: UUID) -> None:
    (task,) = house.tasks(case)
    house.complete(case)
    with pytest.raises(AlreadyDone, match="已由"), house.at(ABOVE) as tx:
        urging.urge(tx, task.id)

"""Nobody handles their own appeal, in whatever post; and it is handled all the same."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.errors import InvalidVariables, NotAuthorized
from engine.queries import worklist
from engine.queries.story import story
from engine.queries.worklist import Tab, Wish
from tests.bpmn_xml import zeebe
from tests.engine.commands.desk import (
    MEDIATOR,
    SECRETARY,
    answer,
    appeal,
    ask,
    claim,
    hand_on,
    post,
    substitute,
    task_id,
)
from tests.engine.commands.house import CLERK, House, extension, process

BOTH = "community_clerk@community,supervisor@community"
SUPERVISOR = "jinxing-supervisor"


@pytest.fixture
def own(house: House) -> UUID:
    """An appeal that the clerk filed, and that the clerk or the supervisor should look at."""
    house.deploy(process(starters="public").user_task(groups=BOTH).user_task("b", groups="@applicant").end())
    return house.start(by=CLERK, own_matter=True)


def test_whoever_filed_it_neither_sees_it_as_work_nor_does_it(house: House, own: UUID) -> None:
    with house.engine.read(house.actor(CLERK)) as tx:
        assert not worklist.lines(tx, Wish(Tab.OPEN)).lines
        assert worklist.counts(tx).open == 0
        assert worklist.next_task(tx, own) is None
    for act in (claim, lambda house, case: house.complete(case)):
        with pytest.raises(NotAuthorized, match="不能由本人办理。请转办给他人"):
            act(house, own)
    with pytest.raises(InvalidVariables, match="按回避要求请选择其他岗位"):
        hand_on(house, own, CLERK, by=SUPERVISOR)
    with pytest.raises(InvalidVariables, match="按回避要求请选择其他岗位"):
        ask(house, own, CLERK, by=SUPERVISOR)
    house.complete(own, by=SUPERVISOR)
    house.complete(own, "b")  # the part of the applicant


def test_nobody_does_it_in_the_place_of_another_either(house: House, own: UUID) -> None:
    substitute(house, SUPERVISOR, CLERK)
    substitute(house, SECRETARY, "chaoyang-secretary")
    with pytest.raises(NotAuthorized, match="不能由本人办理"):
        house.complete(own)
    with pytest.raises(NotAuthorized):
        house.complete(own, by="chaoyang-secretary")
    question = ask(house, own, SECRETARY, by=SUPERVISOR)
    answer(house, question, "chaoyang-secretary")


def test_the_substitute_of_the_applicant_is_barred_too(house: House, own: UUID) -> None:
    substitute(house, CLERK, "chaoyang-clerk")
    with pytest.raises(NotAuthorized):
        house.complete(own, by="chaoyang-clerk")


def test_what_only_the_applicant_could_do_goes_to_the_leader(house: House) -> None:
    house.deploy(appeal())
    case = house.start(by=CLERK, own_matter=True)
    assert house.candidates(task_id(house, case)) == {post(house, SECRETARY)}
    with house.reading() as tx:
        last = story(tx, house.case(case))[-1]
    assert last.template.format(**last.params) == "“a”的办理人是申请人本人，按回避要求由金星社区书记办理"
    house.complete(case, by=SECRETARY)
    other = house.start(by="resident-1", own_matter=True)
    assert house.candidates(task_id(house, other)) == {post(house, CLERK)}


def test_the_way_leads_up_until_somebody_else_is_found(house: House) -> None:
    house.deploy(process(starters="public").user_task(groups="community_secretary@community").end())
    case = house.start(by=SECRETARY, own_matter=True)
    assert house.candidates(task_id(house, case)) == {post(house, "shizhong-leader")}
    house.deploy(process("q", starters="public").user_task(groups="district_leader@district").end())
    case = house.start("q", by="district-leader", own_matter=True)
    assert house.candidates(task_id(house, case)) == {post(house, "district-office")}


def test_the_applicant_may_hand_it_on_when_alone_in_the_post_later(house: House, own: UUID) -> None:
    hand_on(house, own, MEDIATOR)
    house.complete(own, by=MEDIATOR)


def test_a_called_case_is_as_much_ones_own(house: House) -> None:
    called = extension(zeebe("calledElement", processId="inner"))
    house.deploy(process("inner").user_task(groups=BOTH).end())
    house.deploy(process(starters="public").node("callActivity", "call", called).end())
    case = house.start(by=CLERK, own_matter=True)
    house.drain()
    (inner,) = house.children(case)
    with pytest.raises(NotAuthorized, match="不能由本人办理"):
        house.complete(inner.id, values={})


def test_officials_handle_what_they_start_as_part_of_their_work(house: House) -> None:
    house.deploy(process(starters="community_clerk").user_task().end())
    house.complete(house.start(by=CLERK))
    house.deploy(appeal("q"))
    house.complete(house.start("q", by=CLERK))  # for somebody who came in person

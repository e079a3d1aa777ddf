"""Handing a task on: who may, to whom, and who is responsible afterwards."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine import people, returns, tasks
from engine.errors import AlreadyDone, InvalidState, InvalidVariables, NotAuthorized
from engine.people.commands import appoint, create_account, end_appointment
from engine.queries import cases, worklist
from engine.queries.story import story
from engine.queries.worklist import Tab, Wish
from tests.engine.commands.desk import (
    LEADER,
    MEDIATOR,
    SECRETARY,
    account,
    claim,
    hand_on,
    post,
    task_id,
)
from tests.engine.commands.house import CLERK, House, process

GROUPS = "community_clerk@community,supervisor@community"


@pytest.fixture
def case(house: House) -> UUID:
    house.deploy(process().user_task(groups=GROUPS).user_task("b").end())
    return house.start()


def test_the_new_post_is_responsible_and_nobody_else(house: House, case: UUID) -> None:
    claim(house, case)
    hand_on(house, case, MEDIATOR)
    (task,) = house.tasks(case)
    assert (task.assignee, task.holder_name, task.handed_on) == (None, None, 1)
    assert house.candidates(task.id) == {post(house, MEDIATOR)}
    for former in (CLERK, "jinxing-supervisor"):
        with pytest.raises(NotAuthorized, match="没有分派给您现在的岗位"):
            house.complete(case, by=former)
    house.complete(case, by=MEDIATOR)
    assert house.open(case) == ["b"]
    assert house.candidates(task_id(house, case)) == {post(house, CLERK)}  # only this step was handed on


def test_the_story_says_from_whom_to_whom_and_why(house: House, case: UUID) -> None:
    hand_on(house, case, MEDIATOR, reason="需要调解")
    with house.reading() as tx:
        entry = story(tx, house.case(case))[-1]
    assert entry.template.format(**entry.params) == (
        "“a”由金星社区工作人员、金星社区居务监督委员会主任转给市中街道民情调解工作室调解员"
    )
    assert (entry.who, entry.notes) == ("金星社区工作人员", (("原因", "需要调解"),))
    assert house.told(case) == {post(house, MEDIATOR)}


def test_one_of_several_in_a_post_can_be_chosen(house: House, case: UUID) -> None:
    with house.at() as tx:
        second = create_account(tx, "mediator-2", "!", "市中街道民情调解工作室调解员二").id
        appoint(tx, second, "mediator", house.unit("shizhong"))
    holder = post(house, MEDIATOR)
    with house.at(CLERK) as tx:
        tasks.reassign(tx, task_id(house, case), holder, "由二号调解员负责", second)
    with pytest.raises(AlreadyDone, match="已由市中街道民情调解工作室调解员领取"):
        house.complete(case, by=MEDIATOR)
    with house.at("mediator-2") as tx:
        tasks.release(tx, task_id(house, case))
    house.complete(case, by=MEDIATOR)  # given back, it waits for the post


def test_whoever_leads_the_unit_may_and_other_strangers_may_not(house: House, case: UUID) -> None:
    claim(house, case)
    for stranger in (LEADER, "jinxing-supervisor", "chaoyang-secretary", "admin", "resident-1"):
        with pytest.raises((NotAuthorized, AlreadyDone)):
            hand_on(house, case, MEDIATOR, by=stranger)
    hand_on(house, case, "jinxing-supervisor", by=SECRETARY)
    hand_on(house, case, MEDIATOR, by="shizhong-leader")
    house.complete(case, by=MEDIATOR)


def test_a_confidential_case_is_handed_on_by_those_who_have_it_only(house: House) -> None:
    house.deploy(process("q", confidential="true").user_task().end())
    case = house.start("q")
    with pytest.raises(NotAuthorized):
        hand_on(house, case, MEDIATOR, by=SECRETARY)
    hand_on(house, case, MEDIATOR)
    for login, sees in ((MEDIATOR, True), (CLERK, False), (SECRETARY, False)):
        with house.engine.read(house.actor(login)) as tx:
            found = worklist.lines(tx, Wish(Tab.OPEN)).lines
            assert ([line.number for line in found] == [house.case(case).business_key]) is sees
            if not sees:
                with pytest.raises(Exception, match="没有找到"):
                    cases.case(tx, case)


@pytest.mark.parametrize(
    ("to", "why", "sentence"),
    [
        ("resident-1", "x", "不办理环节"),
        ("developer", "x", "不办理环节"),
        (MEDIATOR, " ", "请填写转办原因"),
        (MEDIATOR, "x" * 1_001, "最多填写 1000 个字"),
    ],
)
def test_what_does_not_fit_is_said_and_changes_nothing(
    house: House, case: UUID, to: str, why: str, sentence: str
) -> None:
    with pytest.raises(InvalidVariables, match=sentence):
        hand_on(house, case, to, reason=why)
    assert house.events(case)[-1] == "user_task_created"


def test_posts_that_nobody_holds_get_nothing(house: House, case: UUID) -> None:
    empty = f"group_leader@{house.unit('qingfeng-2')}"
    gone = account(house, "qingfeng-2-leader")
    with house.at() as tx:
        (held,) = people.posts_of(tx, gone)
        end_appointment(tx, held.appointment_id)
    for holder in (empty, f"group_leader@{house.unit('jinxing')}", "nobody@x", "", "account:x"):
        with pytest.raises(InvalidVariables), house.at(CLERK) as tx:
            tasks.reassign(tx, task_id(house, case), holder, "x")
    with pytest.raises(InvalidVariables, match="现在不担任"), house.at(CLERK) as tx:
        tasks.reassign(tx, task_id(house, case), post(house, MEDIATOR), "x", account(house, LEADER))


def test_what_waits_for_the_applicant_or_is_there_already_stays(house: House, case: UUID) -> None:
    hand_on(house, case, MEDIATOR)
    with pytest.raises(InvalidState, match="不需要转办"):
        hand_on(house, case, MEDIATOR, by=MEDIATOR)
    house.deploy(process("q").user_task(groups="@applicant").end())
    own = house.start("q", by=LEADER)
    with pytest.raises(InvalidState, match="由申请人办理，不能转办"):
        hand_on(house, own, MEDIATOR, by=LEADER)
    done = task_id(house, case)
    house.complete(case, by=MEDIATOR)
    with pytest.raises(AlreadyDone), house.at(MEDIATOR) as tx:
        tasks.reassign(tx, done, post(house, CLERK), "x")


def test_what_was_handed_on_comes_back_to_where_it_was_done(house: House, case: UUID) -> None:
    # given a step that was handed on to a mediator, who did it
    hand_on(house, case, MEDIATOR)
    house.complete(case, by=MEDIATOR)
    # when the case comes back, then the mediator has it, and could give it back to the mediators
    with house.at(CLERK) as tx:
        returns.return_to(tx, task_id(house, case), "a", "材料不全")
    (task,) = house.tasks(case)
    assert task.assignee == account(house, MEDIATOR)
    assert house.candidates(task.id) == {post(house, MEDIATOR)}
    # and when the mediator leaves, it is not lost
    with house.at() as tx:
        (held,) = people.posts_of(tx, account(house, MEDIATOR))
        end_appointment(tx, held.appointment_id)
    assert house.tasks(case)[0].assignee is None

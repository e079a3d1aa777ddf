"""Substitution: who does whose work, for how long, and what everybody reads of it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from engine import people, returns, substitutions, tasks
from engine.errors import AlreadyDone, InvalidVariables, NotAuthorized
from engine.lifecycle import UserTaskState
from engine.model.consultation import ConsultationKind
from engine.people.commands import appoint, end_appointment
from engine.queries import cases, worklist
from engine.queries.story import story
from engine.queries.worklist import Tab, Wish
from tests.engine.commands.desk import (
    LEADER,
    MEDIATOR,
    SECRETARY,
    account,
    answer,
    ask,
    claim,
    consultation,
    post,
    substitute,
    task_id,
)
from tests.engine.commands.house import CLERK, House, process

OTHER = "chaoyang-clerk"
SIGNED = "金星社区工作人员（由朝阳社区工作人员代办）"


@pytest.fixture
def case(house: House) -> UUID:
    house.deploy(process().user_task().user_task("b").end())
    house.deploy(process("q").user_task().end())
    return house.start()


def listed(house: House, login: str, tab: Tab = Tab.OPEN) -> list[str]:
    with house.engine.read(house.actor(login)) as tx:
        return [line.step for line in worklist.lines(tx, Wish(tab)).lines]


def test_delegates_do_the_work_and_sign_with_both_names(house: House, case: UUID) -> None:
    with pytest.raises(NotAuthorized):
        house.complete(case, by=OTHER)
    substitute(house, CLERK, OTHER)
    assert listed(house, OTHER) == listed(house, CLERK) == ["a"]
    house.complete(case, by=OTHER)
    (done,) = house.tasks(case, UserTaskState.COMPLETED)
    assert (done.holder_name, done.completed_by) == (SIGNED, account(house, OTHER))
    event, data = next(each for each in house.history(case) if each[0].type == "user_task_completed")
    assert (event.actor, data["on_behalf_of"]) == ("朝阳社区工作人员", "金星社区工作人员")
    with house.engine.read(house.actor(OTHER)) as tx:
        assert [each.who for each in story(tx, cases.case(tx, case))][-1] == SIGNED
    house.complete(case, "b")  # the principal still may


def test_a_claim_of_either_is_known_to_both(house: House, case: UUID) -> None:
    substitute(house, CLERK, OTHER, MEDIATOR)
    claim(house, case, OTHER)
    with pytest.raises(AlreadyDone, match=f"已由{SIGNED}领取"):
        house.complete(case, by=MEDIATOR)
    assert (listed(house, CLERK, Tab.MINE), listed(house, OTHER, Tab.MINE)) == (["a"], ["a"])
    with house.at(CLERK) as tx:  # what is done in one's name, one may take back
        tasks.release(tx, task_id(house, case))
    claim(house, case, CLERK)
    house.complete(case, by=MEDIATOR)  # claimed before going away: the work is done all the same
    assert house.open(case) == ["b"]


def test_it_begins_and_ends_by_itself(house: House, case: UUID) -> None:
    substitute(house, CLERK, OTHER, starts_in=1, days=2)
    for day, may in enumerate((False, True, True, False)):
        assert bool(listed(house, OTHER)) is may, day
        house.clock.advance(days=1)


def test_a_claim_outlives_no_substitution(house: House, case: UUID) -> None:
    id = substitute(house, CLERK, OTHER)
    claim(house, case, OTHER)
    with house.at(CLERK) as tx:
        substitutions.end(tx, id, "提前返岗")
    for act in (claim, lambda house, case, by: house.complete(case, by=by)):
        with pytest.raises(NotAuthorized):
            act(house, case, OTHER)
    house.clock.advance(days=1)
    house.drain()
    assert listed(house, OTHER, Tab.MINE) == []
    assert listed(house, CLERK) == ["a"]
    assert house.events(case)[-1] == "user_task_released"
    with pytest.raises(AlreadyDone), house.at(CLERK) as tx:
        substitutions.end(tx, id, "再次")


def test_it_stays_with_a_substitute_who_could_do_it_anyway(house: House, case: UUID) -> None:
    # given somebody with two posts, who claims in one of them for the clerk what the other one could do, too
    with house.at() as tx:
        appoint(tx, account(house, OTHER), "community_clerk", house.unit("jinxing"))
    id = substitute(house, CLERK, OTHER)
    with house.reading() as tx:
        posts = {each.name: each.appointment_id for each in people.posts_of(tx, account(house, OTHER))}
        there = people.load_actor(tx, account(house, OTHER), posts["朝阳社区工作人员"])
    claim(house, case, there)
    assert house.tasks(case)[0].claimed_for == account(house, CLERK)
    # when the clerk is back
    with house.at(CLERK) as tx:
        substitutions.end(tx, id, "提前返岗")
    # then it is the own work, as the story says, and the clerk's no more
    (task,) = house.tasks(case)
    assert (task.assignee, task.claimed_for) == (account(house, OTHER), None)
    assert task.holder_name == "金星社区工作人员"
    with house.reading() as tx:
        last = story(tx, house.case(case))[-1]
    assert last.template.format(**last.params) == f"“a”由{SIGNED}转给金星社区工作人员"
    assert last.notes == (("原因", "委托已经结束，由本人继续办理"),)
    with pytest.raises(AlreadyDone):
        house.complete(case)
    house.complete(case, by=there)


def test_who_handles_nothing_any_more_stands_in_for_nobody(house: House, case: UUID) -> None:
    substitute(house, CLERK, OTHER)
    claim(house, case, OTHER)
    with house.at() as tx:
        (held,) = people.posts_of(tx, account(house, OTHER))
        end_appointment(tx, held.appointment_id)
    assert house.tasks(case)[0].assignee is None
    with pytest.raises(NotAuthorized):
        claim(house, case, OTHER)


def test_a_substitute_takes_back_what_the_substitute_did(house: House, case: UUID) -> None:
    id = substitute(house, CLERK, OTHER)
    house.complete(case, by=OTHER)
    with house.at(OTHER) as tx:
        returns.recall(tx, house.tasks(case, UserTaskState.COMPLETED)[0].id)
    (task,) = house.tasks(case)
    assert (task.element_id, task.assignee, task.claimed_for) == ("a", account(house, OTHER), account(house, CLERK))
    event, data = next(each for each in house.history(case) if each[0].type == "user_task_recalled")
    assert (event.actor, data["on_behalf_of"]) == ("朝阳社区工作人员", "金星社区工作人员")
    # but not once the clerk is back
    house.complete(case, by=OTHER)
    with house.at(CLERK) as tx:
        substitutions.end(tx, id, "提前返岗")
    with pytest.raises(NotAuthorized, match="现在不由本人担任"), house.at(OTHER) as tx:
        returns.recall(tx, max(house.tasks(case, UserTaskState.COMPLETED), key=lambda each: each.id).id)


def test_chosen_processes_are_all_that_a_delegate_sees(house: House, case: UUID) -> None:
    house.start("q")
    substitute(house, CLERK, OTHER, processes=("q",))
    assert len(listed(house, OTHER)) == 1
    with pytest.raises(NotAuthorized):
        house.complete(case, by=OTHER)
    with house.engine.read(house.actor(OTHER)) as tx, pytest.raises(Exception, match="没有找到"):
        cases.case(tx, case)


def test_a_delegate_gets_no_permissions_and_nothing_personal(house: House, case: UUID) -> None:
    house.deploy(process("own").user_task(groups="@applicant").end())
    own = house.start("own", by=SECRETARY)
    substitute(house, SECRETARY, "jinxing-supervisor")
    delegate = house.actor("jinxing-supervisor")
    assert not delegate.may("task.assign")
    assert post(house, SECRETARY) not in delegate.holders
    with pytest.raises(NotAuthorized):
        house.complete(own, by="jinxing-supervisor")
    question = ask(house, case, SECRETARY, ConsultationKind.ADVICE)
    answer(house, question, "jinxing-supervisor")  # being asked is the work of the post
    assert consultation(house, question).answered_by_name == "金星社区书记（由金星社区居务监督委员会主任代办）"


def test_work_never_comes_back_through_other_hands(house: House) -> None:
    substitute(house, CLERK, OTHER)
    substitute(house, OTHER, MEDIATOR)
    for delegate in (OTHER, MEDIATOR):
        with pytest.raises(InvalidVariables, match=r"最后会回到本人|与这一项重叠"):
            substitute(house, delegate, CLERK)
    with pytest.raises(InvalidVariables, match="最后会回到本人"):
        substitute(house, MEDIATOR, LEADER, CLERK)
    substitute(house, MEDIATOR, CLERK, starts_in=3)  # the others are back by then


WRONG: list[tuple[Callable[[House], object], str]] = [
    (lambda house: substitute(house, CLERK, CLERK), "不能委托给本人"),
    (lambda house: substitute(house, CLERK), "请选择代理人"),
    (lambda house: substitute(house, CLERK, "resident-1"), "请选择在用的工作人员账号"),
    (lambda house: substitute(house, CLERK, "auditor"), "没有办理环节的岗位"),
    (lambda house: substitute(house, CLERK, OTHER, days=0), "结束日期不能早于开始日期"),
    (lambda house: substitute(house, CLERK, OTHER, starts_in=-1), "开始日期不能早于今天"),
    (lambda house: substitute(house, CLERK, OTHER, days=400), "最长一年"),
]


@pytest.mark.parametrize(("act", "sentence"), WRONG)
def test_what_does_not_fit_is_said(house: House, act: Callable[[House], object], sentence: str) -> None:
    with pytest.raises(InvalidVariables, match=sentence):
        act(house)


def test_the_same_work_is_given_away_once(house: House, case: UUID) -> None:
    substitute(house, CLERK, OTHER, processes=("p",))
    substitute(house, CLERK, MEDIATOR, processes=("q",))
    with pytest.raises(InvalidVariables, match="与这一项重叠"):
        substitute(house, CLERK, MEDIATOR)


def test_oneself_or_an_admin_sets_it_up_and_history_says_so(house: House) -> None:
    with pytest.raises(NotAuthorized, match="只有本人和系统管理员"):
        substitute(house, CLERK, OTHER, by=SECRETARY)
    id = substitute(house, CLERK, OTHER, by="admin")
    with pytest.raises(NotAuthorized), house.at(OTHER) as tx:
        substitutions.end(tx, id, "x")
    event, data = house.history()[-1]
    assert (event.type, data["principal_name"], data["delegate_names"]) == (
        "substitution_set_up", "金星社区工作人员", ["朝阳社区工作人员"],
    )  # fmt: skip


def test_it_ends_with_the_appointment(house: House, case: UUID) -> None:
    substitute(house, CLERK, OTHER)
    claim(house, case, OTHER)
    principal = account(house, CLERK)
    with house.at() as tx:
        (held,) = people.posts_of(tx, principal)
        end_appointment(tx, held.appointment_id)
    assert house.tasks(case)[0].assignee is None
    with pytest.raises(NotAuthorized):
        house.complete(case, by=OTHER)

"""Asking other posts: who waits for whom, who answers, and what becomes of questions when the task is over."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine import consultations, returns
from engine.errors import AlreadyDone, Conflict, InvalidState, InvalidVariables, NotAuthorized
from engine.lifecycle import ConsultationState, UserTaskState
from engine.model.consultation import ConsultationKind, Opinion
from engine.queries import cases, opinions
from engine.queries.story import story
from tests.engine.commands.desk import (
    LEADER,
    MEDIATOR,
    SECRETARY,
    answer,
    ask,
    claim,
    consultation,
    hand_on,
    post,
    substitute,
    task_id,
)
from tests.engine.commands.house import CLERK, House, process

ADVICE = ConsultationKind.ADVICE


@pytest.fixture
def case(house: House) -> UUID:
    house.deploy(process().user_task().user_task("b").end())
    return house.start()


def test_a_task_waits_for_all_its_countersignatures(house: House, case: UUID) -> None:
    first, second = ask(house, case, SECRETARY), ask(house, case, MEDIATOR)
    with pytest.raises(InvalidState, match="还缺金星社区书记、市中街道民情调解工作室调解员的会签意见"):
        house.complete(case)
    answer(house, first, SECRETARY)
    with pytest.raises(InvalidState, match="还缺市中街道民情调解工作室调解员的会签意见"):
        house.complete(case)
    third = ask(house, case, LEADER)
    with house.at(CLERK) as tx:
        consultations.withdraw(tx, second, "已口头沟通")
    answer(house, third, LEADER, Opinion.DISAGREE, "预算不够")
    house.complete(case)
    assert house.open(case) == ["b"]
    row = consultation(house, third)
    assert (row.state, row.opinion, row.answer, row.answered_by_name) == (
        ConsultationState.ANSWERED, Opinion.DISAGREE, "预算不够", "金星社区一组组长",
    )  # fmt: skip


def test_advice_does_not_hold_the_task_up_and_ends_with_it(house: House, case: UUID) -> None:
    given, open_ = ask(house, case, SECRETARY, ADVICE), ask(house, case, MEDIATOR, ADVICE)
    answer(house, given, SECRETARY, Opinion.NONE, "建议先走访")
    house.complete(case)
    assert consultation(house, given).state is ConsultationState.ANSWERED
    assert consultation(house, open_).state is ConsultationState.WITHDRAWN
    with pytest.raises(AlreadyDone):
        answer(house, open_, MEDIATOR)


def test_whoever_is_asked_sees_a_confidential_case_until_the_question_is_withdrawn(house: House) -> None:
    house.deploy(process("q", confidential="true").user_task().end())
    case = house.start("q")
    question = ask(house, case, MEDIATOR)
    with house.engine.read(house.actor(MEDIATOR)) as tx:
        assert cases.case(tx, case).id == case
    with house.at(CLERK) as tx:
        consultations.withdraw(tx, question, "不再需要")
    with house.engine.read(house.actor(MEDIATOR)) as tx, pytest.raises(Exception, match="没有找到"):
        cases.case(tx, case)


def test_only_those_asked_answer_and_only_once(house: House, case: UUID) -> None:
    question = ask(house, case, SECRETARY)
    for stranger in (CLERK, MEDIATOR, "admin"):
        with pytest.raises(NotAuthorized, match="征求的是金星社区书记"):
            answer(house, question, stranger)
    answer(house, question, SECRETARY)
    with pytest.raises(AlreadyDone):
        answer(house, question, SECRETARY)
    with pytest.raises(AlreadyDone), house.at(CLERK) as tx:
        consultations.withdraw(tx, question, "晚了")
    assert [type for type in house.events(case) if type.startswith("consultation")] == [
        "consultation_asked", "consultation_answered",
    ]  # fmt: skip


def test_it_takes_another_pair_of_eyes(house: House, case: UUID) -> None:
    # given two who ask posts whose work they do themselves just now: as substitute, and because the task has come there
    substitute(house, SECRETARY, CLERK)
    question = ask(house, case, SECRETARY)
    with pytest.raises(NotAuthorized, match="应由他人答复"):
        answer(house, question, CLERK)
    with house.engine.read(house.actor(CLERK)) as tx:
        assert opinions.count_waiting(tx) == 0
        assert not opinions.one(tx, question).may_answer
    hand_on(house, case, SECRETARY)
    claim(house, case, SECRETARY)
    with pytest.raises(NotAuthorized, match="应由他人答复"):
        answer(house, question, SECRETARY)
    # then whoever has the task takes the question back, which history shows
    with house.at(SECRETARY) as tx:
        consultations.withdraw(tx, question, "已由本岗位办理")
    house.complete(case, by=SECRETARY)


def test_a_substitute_answers_only_in_the_processes_that_were_passed_on(house: House, case: UUID) -> None:
    house.deploy(process("elsewhere").user_task().end())
    substitute(house, SECRETARY, "chaoyang-clerk", processes=("elsewhere",))
    substitute(house, SECRETARY, MEDIATOR, processes=("p",))
    question = ask(house, case, SECRETARY)
    for login, waiting in (("chaoyang-clerk", 0), (MEDIATOR, 1)):
        with house.engine.read(house.actor(login)) as tx:
            assert opinions.count_waiting(tx) == waiting
    with pytest.raises(NotAuthorized, match="征求的是金星社区书记"):
        answer(house, question, "chaoyang-clerk")
    answer(house, question, MEDIATOR)


def test_a_question_that_ended_with_the_step_keeps_nobody_from_taking_the_step_back(house: House, case: UUID) -> None:
    question = ask(house, case, SECRETARY, ADVICE)
    house.complete(case)
    assert consultation(house, question).state is ConsultationState.WITHDRAWN
    (done,) = house.tasks(case, UserTaskState.COMPLETED)
    with house.at(CLERK) as tx:
        returns.recall(tx, done.id)
    assert house.open(case) == ["a"]


def test_what_is_missing_is_said(house: House, case: UUID) -> None:
    with pytest.raises(InvalidVariables, match="不能征求本岗位的意见"):
        ask(house, case, CLERK)
    question = ask(house, case, SECRETARY)
    with pytest.raises(Conflict, match="已经向金星社区书记征求意见"):
        ask(house, case, SECRETARY, ADVICE)
    with pytest.raises(InvalidVariables, match="请选择同意或者不同意"):
        answer(house, question, SECRETARY, Opinion.NONE)
    with pytest.raises(InvalidVariables, match="请填写意见"):
        answer(house, question, SECRETARY, Opinion.DISAGREE, " ")
    with pytest.raises(InvalidVariables, match="请填写撤回原因"), house.at(CLERK) as tx:
        consultations.withdraw(tx, question, "")
    with pytest.raises(InvalidVariables, match="请写明"), house.at(CLERK) as tx:
        consultations.ask(tx, task_id(house, case), ADVICE, [post(house, MEDIATOR)], " ")
    answer(house, question, SECRETARY, Opinion.AGREE, "")  # who agrees need not say more


def test_the_next_one_responsible_may_withdraw_what_the_former_asked(house: House, case: UUID) -> None:
    question = ask(house, case, SECRETARY)
    hand_on(house, case, MEDIATOR)
    with pytest.raises(InvalidState, match="还缺金星社区书记"):
        house.complete(case, by=MEDIATOR)
    with pytest.raises(NotAuthorized), house.at(LEADER) as tx:
        consultations.withdraw(tx, question, "x")
    with house.at(MEDIATOR) as tx:
        consultations.withdraw(tx, question, "不需要了")
    house.complete(case, by=MEDIATOR)


def test_the_story_has_question_and_answer(house: House, case: UUID) -> None:
    answer(house, ask(house, case, SECRETARY), SECRETARY, words="同意先修路灯")
    with house.reading() as tx:
        told = [(each.template.format(**each.params), each.notes) for each in story(tx, house.case(case))[-2:]]
    assert told == [
        ("就“a”请金星社区书记会签", (("问题", "这样处理是否可行"),)),
        ("答复“a”的会签：同意", (("意见", "同意先修路灯"),)),
    ]
    assert {post(house, SECRETARY)} <= house.told(case)


def test_a_canceled_task_withdraws_its_questions(house: House, case: UUID) -> None:
    question = ask(house, case, SECRETARY)
    house.cancel(case)
    row = consultation(house, question)
    assert (row.state, row.answer) == (ConsultationState.WITHDRAWN, "环节已经结束")
    with pytest.raises(AlreadyDone):
        answer(house, question, SECRETARY)

"""Joining cases: one is led, the others rest and end with it; they are separated; their applicants take them back."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from engine import joining, tasks
from engine.errors import AlreadyDone, InvalidState, InvalidVariables, NotAuthorized, NotFound
from engine.history.verify import verify_all
from engine.lifecycle import ConsultationState, InstanceState, JobState, UserTaskState
from engine.messages import WITHDRAWAL
from engine.model.notification import Notification
from engine.model.work import Job
from engine.people import receipt_actor
from engine.queries import opinions, portal, worklist
from engine.queries.story import story
from engine.queries.worklist import Tab, Wish
from tests.bpmn_xml import event, message, timer
from tests.engine.commands.desk import SECRETARY, answer, ask, consultation, task_id
from tests.engine.commands.house import CLERK, Drawing, House, io, process

RESULT = '=if 结果 = "不同意" then null else {答复: 意见, 电话: 电话}'
GIVEN = {"意见": "已经修好", "结果": "同意", "电话": "13800000000"}


def appeal(key: str = "p", **more: str) -> Drawing:
    """Two steps, an hour after which something is done anyway, and a way for its applicant to take it back."""
    drawing = process(key, starters="public", joinedResult=RESULT, searchVariables="答复", **more)
    drawing.root(message("back", WITHDRAWAL)).user_task(form="f").user_task("b", form="f").end()
    drawing.boundary("late", "a", timer("Duration", "PT1H"), cancelActivity="false").user_task("late_a").end("e2")
    taken_back = event("message", messageRef="back")
    return drawing.event_sub_process("back_sub", lambda inside: inside.start("back_start", taken_back).end("back_end"))


@pytest.fixture
def cases(house: House) -> tuple[UUID, UUID]:
    """Two cases of two groups of one community, filed without an account."""
    house.deploy(appeal())
    return house.start(unit="jinxing-1"), house.start(unit="jinxing-2")


def join(house: House, lead: UUID, *others: UUID, by: str = CLERK, reason: str = "反映的是同一件事") -> None:
    with house.at(by) as tx:
        joining.join(tx, task_id(house, lead), others, reason)


def separate(house: House, case: UUID, by: str = CLERK, reason: str = "情况不同") -> None:
    with house.at(by) as tx:
        joining.separate(tx, case, reason)


def finish(house: House, case: UUID, **more: str) -> None:
    for element in [*house.open(case), "b"]:
        house.complete(case, element, {**GIVEN, **more})


def inbox(house: House, by: str = CLERK) -> set[UUID]:
    with house.engine.read(house.actor(by)) as tx:
        return {line.instance_id for line in worklist.lines(tx, Wish(Tab.OPEN)).lines}


def told(house: House, case: UUID, kind: str = "process") -> list[str]:
    with house.reading() as tx:
        query = select(Notification).where(Notification.instance_id == case, Notification.kind == kind)
        rows = tx.session.scalars(query.order_by(Notification.created_at)).all()
        return list(dict.fromkeys(row.text.format(**row.params) for row in rows))


def test_a_joined_case_rests_and_ends_with_the_result_of_its_lead(house: House, cases: tuple[UUID, UUID]) -> None:
    lead, other = cases
    number, title = house.case(lead).business_key, house.case(other).title
    join(house, lead, other)
    # it rests: no list shows it, nobody can do it, nothing fires
    assert inbox(house) == {lead}
    (task,) = house.tasks(other, UserTaskState.SUSPENDED)
    with pytest.raises(AlreadyDone, match="已并入另一件"), house.at(CLERK) as tx:
        tasks.claim(tx, task.id)
    house.clock.advance(hours=2)
    house.drain()
    assert house.open(lead) == ["a", "late_a"]
    assert (house.open(other), house.case(other).state) == ([], InstanceState.JOINED)
    # the lead ends; so does the joined one, with what the process says of the result, and nothing personal
    finish(house, lead)
    assert house.case(other).state is InstanceState.JOINED
    house.drain()
    row = house.case(other)
    assert (row.state, row.joined_to, row.ended_at) == (InstanceState.COMPLETED, lead, house.clock.now)
    assert house.variables(other)["答复"] == house.search(other)["答复"] == "已经修好"
    assert "电话" not in house.variables(other)
    assert {job.state for job in house.jobs(other)} == {JobState.CANCELED, JobState.DONE}
    assert house.events(other)[-3:] == ["case_joined", "joined_case_ended", "instance_completed"]
    assert told(house, other) == [
        f"您的事项“{title}”与编号 {number} 的事项反映的是同一件事，已并入一并办理，进展和答复会同时告知您。",
        f"您的事项“{title}”已随编号 {number} 的事项一并办结。",
    ]
    with house.reading() as tx:
        assert "case_taken_in" in [each.type for each in story(tx, house.case(lead))]
        assert portal.outcome(tx, house.case(other)) == portal.outcome(tx, house.case(lead))
        assert verify_all(tx).ok


def test_a_separated_case_goes_on_where_it_stood(house: House, cases: tuple[UUID, UUID]) -> None:
    lead, other = cases
    (before,), listening, (timer_before,) = house.tasks(other), house.subscriptions(other), house.jobs(other)
    join(house, lead, other)
    assert house.subscriptions(other) == []
    house.clock.advance(hours=2)
    separate(house, other, by=SECRETARY)
    assert inbox(house) == {lead, other}
    (task,), (job,) = house.tasks(other), house.jobs(other)
    assert (task.id, task.due_at, job.due_at) == (before.id, before.due_at, timer_before.due_at)
    assert house.subscriptions(other) == listening
    house.drain()  # what has passed meanwhile is due at once
    assert house.open(other) == ["a", "late_a"]
    assert "joined_case_left" in house.events(lead)
    finish(house, lead)
    house.drain()
    assert house.case(other).state is InstanceState.ACTIVE
    finish(house, other)
    assert house.case(other).state is InstanceState.COMPLETED


@pytest.mark.parametrize("how", ["cancelled", "withdrawn", "of its own"])
def test_others_go_on_when_the_end_of_their_lead_says_nothing_about_them(
    house: House, cases: tuple[UUID, UUID], how: str
) -> None:
    lead, other = cases
    join(house, lead, other)
    if how == "cancelled":
        house.cancel(lead)
    elif how == "withdrawn":
        house.correlate(WITHDRAWAL, house.case(lead).business_key)
    else:
        finish(house, lead, 结果="不同意")
    house.drain()
    assert (house.case(other).state, house.case(other).joined_to) == (InstanceState.ACTIVE, None)
    assert house.open(other) == ["a"]
    assert "从现在起单独办理" in told(house, other)[-1]


def test_an_applicant_takes_back_only_the_own_case(house: House, cases: tuple[UUID, UUID]) -> None:
    lead, other = cases
    join(house, lead, other)
    applicant = receipt_actor(other)
    with house.engine.read(applicant) as tx:
        assert portal.may_withdraw(tx, house.case(other))
    with house.at(applicant) as tx:
        joining.withdraw(tx, other, {"撤回原因": "已经解决"})
    house.drain()
    assert (house.case(other).state, house.case(lead).state) == (InstanceState.COMPLETED, InstanceState.ACTIVE)
    assert house.open(other) == []
    assert house.events(lead)[-1] == "joined_case_left"
    with house.reading() as tx:
        assert verify_all(tx).ok


def test_what_joins_what(house: House, cases: tuple[UUID, UUID]) -> None:
    lead, other = cases
    house.deploy(appeal("q"))
    third = house.start(unit="jinxing-1")

    def refused(error: type[Exception], match: str, *chosen: UUID, by: str = CLERK, reason: str = "同一件事") -> None:
        with pytest.raises(error, match=match):
            join(house, lead, *chosen, by=by, reason=reason)

    refused(InvalidVariables, "请选择要并入的事项")
    refused(InvalidVariables, "请填写并案原因", other, reason=" ")
    refused(NotAuthorized, "没有分派给", other, by="jinxing-1-leader")
    refused(InvalidState, "就是本事项", lead)
    refused(InvalidState, "不是同一类事项", house.start("q"))
    refused(NotFound, "没有找到", house.start(unit="chaoyang-1"))
    join(house, lead, other)
    refused(InvalidState, "已并入其他事项", other)
    with pytest.raises(InvalidState, match="要先拆分"):
        join(house, third, lead)
    with pytest.raises(NotAuthorized, match="不由本岗位办理"):
        separate(house, other, by="chaoyang-clerk")
    with pytest.raises(InvalidVariables, match="请填写拆分原因"):
        separate(house, other, reason="")
    house.cancel(third)
    with pytest.raises(InvalidState, match="没有并入其他事项"):
        separate(house, third)


def test_a_case_whose_job_is_under_way_does_not_join(house: House) -> None:
    house.deploy(process(starters="public").user_task().end())
    lead, other = house.start(), house.start()
    with house.at() as tx:
        tx.add(Job(kind="timer", instance_id=other, due_at=tx.now, created_at=tx.now, state=JobState.RUNNING))
    with pytest.raises(InvalidState, match="正在执行自动环节"):
        join(house, lead, other)
    assert (house.open(other), house.case(other).state) == (["a"], InstanceState.ACTIVE)


def test_what_the_leads_applicant_is_told_all_hear_under_their_own_titles(house: House) -> None:
    tell_all = {"to": "@applicant", "text": '="“" + 标题 + "”答复：" + 意见'}
    name_all = {"to": "@applicant", "text": '="已与" + 电话 + "联系"'}
    drawing = process(starters="public", title="=标题").user_task(form="f")
    drawing.service("n", "notify", io(inputs=tell_all)).service("m", "notify", io(inputs=name_all)).user_task("b").end()
    house.deploy(drawing)
    lead, other = house.start(values={"标题": "路灯不亮"}), house.start(values={"标题": "灯坏了"})
    join(house, lead, other)
    house.complete(lead, "a", GIVEN)
    house.drain()
    assert told(house, lead) == ["“路灯不亮”答复：已经修好", "已与13800000000联系"]
    progress = f"与您的事项一并办理的 {house.case(lead).business_key} 有了新的进展，详情请向办理单位了解。"
    assert told(house, other)[1:] == ["“灯坏了”答复：已经修好", progress]


def test_a_question_about_a_case_that_rests_waits_with_it(house: House, cases: tuple[UUID, UUID]) -> None:
    lead, other = cases
    question = ask(house, other, SECRETARY)

    def offered() -> list[UUID]:
        with house.engine.read(house.actor(SECRETARY)) as tx:
            return [each.row.id for each in opinions.asked(tx, True, 1).items]

    join(house, lead, other)
    assert offered() == []
    with pytest.raises(InvalidState, match="已并入另一件一并办理，现在不用答复"):
        answer(house, question, SECRETARY)
    separate(house, other)
    assert offered() == [question]
    answer(house, question, SECRETARY)
    # what nobody has answered by the end is withdrawn
    unanswered = ask(house, other, SECRETARY)
    join(house, lead, other)
    finish(house, lead)
    house.drain()
    assert consultation(house, unanswered).state is ConsultationState.WITHDRAWN

"""Sending a case back to an earlier step, and taking one's own step back while nobody has acted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from engine import accounts, comments, people, returns
from engine.errors import AlreadyDone, InvalidState, InvalidVariables, NotAuthorized
from engine.lifecycle import InstanceState, JobState, UserTaskState
from engine.model.notification import Notification
from engine.model.work import UserTask
from engine.people import Actor, account_holder
from engine.people.commands import appoint, end_appointment
from engine.queries import inbox
from engine.queries.story import story
from tests.bpmn_xml import element, extension, properties, zeebe
from tests.engine.commands.desk import account, claim
from tests.engine.commands.house import CLAUSE, CLERK, Drawing, House, io, process

SECRETARY = "jinxing-secretary"
LEADER = "jinxing-1-leader"
TO_SECRETARY = "community_secretary@community"
WHY = "金额没有写清楚"


def three(key: str = "p") -> Drawing:
    """Two steps of the clerk, then one of the secretary."""
    return process(key, searchVariables="结果").user_task().user_task("b").user_task("c", groups=TO_SECRETARY).end()


@pytest.fixture
def case(house: House) -> UUID:
    """A case that waits for the secretary."""
    house.deploy(three())
    case = house.start()
    house.complete(case, "a", {"意见": "先看", "数量": "2", "电话": "13800000000"})
    house.complete(case, "b", {"意见": "再看"})
    return case


def send_back(house: House, case: UUID, to: str, by: str | Actor = SECRETARY, reason: str = WHY) -> UUID:
    task = house.tasks(case)[0]
    with house.at(by) as tx:
        return returns.return_to(tx, task.id, to, reason)


def recall(house: House, case: UUID, element: str, by: str = CLERK) -> UUID:
    done = [each for each in house.tasks(case, UserTaskState.COMPLETED) if each.element_id == element]
    with house.at(by) as tx:
        return returns.recall(tx, max(done, key=lambda each: (each.completed_at, each.id)).id)


def shown(house: House, case: UUID, by: str) -> dict[str, Any]:
    """What the form of the open task shows."""
    with house.engine.read(house.actor(by)) as tx:
        work = inbox.work(tx, house.tasks(case)[0].id)
        assert work.form is not None
        return dict(work.form.initial(work.context, work.env).values)


def test_a_case_goes_back_to_whoever_did_the_step(house: House, case: UUID) -> None:
    back = send_back(house, case, "a")
    (task,) = house.tasks(case)
    assert (task.id, task.element_id, task.assignee) == (back, "a", house.actor(CLERK).account_id)
    (gone,) = house.tasks(case, UserTaskState.CANCELED)
    assert gone.element_id == "c"
    event, data = next(each for each in house.history(case) if each[0].type == "user_task_returned")
    assert (event.element_id, data["back_to"], data["reason"]) == ("c", "a", WHY)
    house.complete(case, "a", {"意见": "补上"})
    house.complete(case, "b", {"意见": "再看一遍"})
    house.complete(case, "c", by=SECRETARY)
    assert house.case(case).state is InstanceState.COMPLETED


def test_the_form_shows_what_was_submitted_whatever_was_written_since(house: House, case: UUID) -> None:
    send_back(house, case, "a")
    values = shown(house, case, CLERK)
    assert (values["意见"], str(values["数量"]), values["电话"]) == ("先看", "2", "13800000000")


def test_whoever_did_the_step_is_told_and_so_is_whoever_reads_the_story(house: House, case: UUID) -> None:
    send_back(house, case, "b")
    clerk = house.actor(CLERK).account_id
    assert clerk is not None
    with house.reading() as tx:
        (row,) = tx.session.query(Notification).filter_by(kind="returned")
        assert (row.holder, row.params["reason"]) == (account_holder(clerk), WHY)
        entry = next(each for each in story(tx, house.case(case)) if each.type == "user_task_returned")
    assert entry.template.format(**entry.params) == "从“c”退回“b”"
    assert entry.notes == (("原因", WHY),)


def test_when_the_person_has_gone_the_post_gets_it(house: House, case: UUID) -> None:
    with house.at("admin") as tx:
        clerk = people.account_by_login(tx, CLERK)
        assert clerk is not None
        accounts.disable_account(tx, clerk.id)
    send_back(house, case, "a")
    (task,) = house.tasks(case)
    assert task.assignee is None
    assert house.candidates(task.id) == {f"community_clerk@{house.unit('jinxing')}"}
    assert house.told(case) == {f"community_clerk@{house.unit('jinxing')}"}


def test_whoever_has_left_the_post_takes_nothing_back(house: House, case: UUID) -> None:
    with house.at() as tx:
        clerk = account(house, CLERK)
        appoint(tx, clerk, "mediator", house.unit("shizhong"))
        held = next(each for each in people.posts_of(tx, clerk) if each.position == "community_clerk")
        end_appointment(tx, held.appointment_id)
    with pytest.raises(NotAuthorized, match="现在不由本人担任"):
        recall(house, case, "b")
    with house.engine.read(house.actor(CLERK)) as tx:
        assert returns.task_to_recall(tx, house.case(case)) is None


REFUSED: list[tuple[str, str, str, type[Exception]]] = [
    (SECRETARY, "a", " ", InvalidVariables),
    (SECRETARY, "", WHY, InvalidVariables),
    (SECRETARY, "c", WHY, InvalidState),
    (SECRETARY, "nowhere", WHY, InvalidState),
    (CLERK, "a", WHY, NotAuthorized),
    (LEADER, "a", WHY, NotAuthorized),
]


def test_what_is_refused_changes_nothing(house: House, case: UUID) -> None:
    before = (house.events(case), house.case(case).token_state)
    for by, to, reason, error in REFUSED:
        with pytest.raises(error):
            send_back(house, case, to, by, reason)
    assert (house.events(case), house.case(case).token_state) == before


def test_a_step_that_was_never_done_is_no_target(house: House) -> None:
    house.deploy(three("q"))
    case = house.start("q")
    with pytest.raises(InvalidState, match="还没有办过"):
        send_back(house, case, "b", CLERK)


def test_whoever_claimed_it_keeps_others_from_sending_it_back(house: House) -> None:
    house.deploy(process("q").user_task().user_task("b", groups=f"{TO_SECRETARY},community_clerk@community").end())
    case = house.start("q")
    house.complete(case)
    claim(house, case, SECRETARY)
    with pytest.raises(AlreadyDone, match="领取"):
        send_back(house, case, "a", CLERK)


def test_the_analyst_may_forbid_it(house: House) -> None:
    drawing = (
        process("q").user_task().user_task("b", clause=None, more=properties(clause=CLAUSE, mayReturn="false")).end()
    )
    house.deploy(drawing)
    case = house.start("q")
    house.complete(case)
    with pytest.raises(InvalidState, match="流程图不允许"):
        send_back(house, case, "a", CLERK)


def test_the_timers_of_the_step_that_is_left_stop_and_those_of_the_other_begin_anew(house: House) -> None:
    drawing = process("q").user_task().user_task("b").end()
    duration = "<bpmn:timerEventDefinition><bpmn:timeDuration>{}</bpmn:timeDuration></bpmn:timerEventDefinition>"
    drawing.boundary("late_a", "a", duration.format("PT2H"), name="甲逾期").end("end_a")
    drawing.boundary("late_b", "b", duration.format("PT1H"), name="乙逾期").end("end_b")
    house.deploy(drawing)
    case = house.start("q")
    house.complete(case)
    house.clock.advance(minutes=30)
    send_back(house, case, "a", CLERK)
    jobs = {(job.element_id, job.state): job.due_at for job in house.jobs(case)}
    assert ("late_b", JobState.CANCELED) in jobs
    assert jobs["late_a", JobState.DUE] == house.clock.now + timedelta(hours=2)
    house.clock.advance(hours=1)
    assert house.drain() == 0
    house.clock.advance(hours=1)
    assert house.drain() == 1
    assert house.case(case).state is InstanceState.COMPLETED


def test_nothing_goes_back_past_what_cannot_be_undone(house: House) -> None:
    house.deploy(process("child").end())
    drawing = process("q").user_task().user_task("b")
    drawing.node("callActivity", "s", extension(zeebe("calledElement", processId="child")), name="另案办理")
    house.deploy(drawing.user_task("c").end())
    case = house.start("q")
    house.complete(case)
    send_back(house, case, "a", CLERK)
    house.complete(case)
    house.complete(case, "b")
    house.drain()
    with pytest.raises(InvalidState, match="“另案办理”已经生效，不能撤销"):
        send_back(house, case, "b", CLERK)
    assert house.open(case) == ["c"]


def test_what_was_told_is_recorded(house: House) -> None:
    drawing = process("q").user_task()
    headers = io(inputs={"to": '="community_clerk@community"', "text": '="已办"'})
    house.deploy(drawing.service("s", "notify", headers).user_task("b").end())
    case = house.start("q")
    house.complete(case)
    house.drain()
    send_back(house, case, "a", CLERK)
    _, data = next(each for each in house.history(case) if each[0].type == "user_task_returned")
    assert data["told"] == ["s"]


TWICE = element(
    "bpmn:multiInstanceLoopCharacteristics",
    extension(zeebe("loopCharacteristics", inputCollection="=[1, 2]", inputElement="n")),
)


def inside(drawing: Any) -> Any:
    groups = {"groups": "community_clerk@community", "clause": CLAUSE}
    return drawing.start("s0").user_task("x", **groups).user_task("y", **groups).end("e0")


def test_a_run_of_a_repeated_sub_process_goes_back_within_itself(house: House) -> None:
    drawing = process("q").sub_process("s", inside, inner=TWICE)
    house.deploy(drawing.end())
    case = house.start("q")
    house.complete(case, "x", {"意见": "一"})
    first = next(task for task in house.tasks(case) if task.element_id == "y")
    with house.at(CLERK) as tx:
        back = returns.return_to(tx, first.id, "x", WHY)
    assert house.open(case) == ["x", "x"]
    with house.reading() as tx:
        assert tx.get(UserTask, back).submitted_values["意见"] == "一"
    for step in ("x", "x", "y", "y"):
        house.complete(case, step)
    assert house.case(case).state is InstanceState.COMPLETED


def test_a_task_with_variables_of_its_own_comes_back_with_what_was_submitted(house: House) -> None:
    own = io(inputs={"意见": '="草稿"'}, outputs={"结论": "=意见"})
    house.deploy(process("q").user_task(more=own).user_task("b").end())
    case = house.start("q")
    assert shown(house, case, CLERK)["意见"] == "草稿"
    house.complete(case, "a", {"意见": "可以"})
    send_back(house, case, "a", CLERK)
    assert shown(house, case, CLERK)["意见"] == "可以"


def test_whoever_completed_a_step_takes_it_back_while_nobody_has_acted(house: House, case: UUID) -> None:
    with house.engine.read(house.actor(CLERK)) as tx:
        offered = returns.task_to_recall(tx, house.case(case))
    assert offered is not None
    assert offered.element_id == "b"
    with house.at(SECRETARY) as tx:  # words are no act
        comments.add(tx, case, "金额对吗")
    recall(house, case, "b")
    (task,) = house.tasks(case)
    assert (task.element_id, task.assignee) == ("b", house.actor(CLERK).account_id)
    assert shown(house, case, CLERK)["意见"] == "再看"
    secretary = f"community_secretary@{house.unit('jinxing')}"
    assert house.told(case) == {secretary}
    house.complete(case, "b", {"意见": "改好了"})
    house.complete(case, "c", by=SECRETARY)
    assert house.case(case).state is InstanceState.COMPLETED
    assert "user_task_recalled" in house.events(case)


def test_a_step_is_not_taken_back_once_somebody_has_acted(house: House, case: UUID) -> None:
    with pytest.raises(AlreadyDone, match=r"已于 .* 办理后面的环节"):
        recall(house, case, "a")  # the clerk went on
    with pytest.raises(NotAuthorized, match="不是本人办理的"):
        recall(house, case, "b", SECRETARY)
    claim(house, case, SECRETARY)
    with pytest.raises(AlreadyDone, match="金星社区书记已于"):
        recall(house, case, "b")
    with house.engine.read(house.actor(CLERK)) as tx:
        assert returns.task_to_recall(tx, house.case(case)) is None
    house.complete(case, "c", by=SECRETARY)
    with pytest.raises(InvalidState):
        recall(house, case, "b")


def test_a_step_after_which_the_case_forks_is_not_taken_back(house: House) -> None:
    drawing = process("q").user_task().gateway("parallel", "x").user_task("b").end("end_b")
    house.deploy(drawing.at("x").user_task("c").end("end_c"))
    case = house.start("q")
    house.complete(case)
    with pytest.raises(InvalidState, match="分成几路"):
        recall(house, case, "a")
    assert house.open(case) == ["b", "c"]

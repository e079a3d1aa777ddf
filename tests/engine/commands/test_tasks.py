"""Doing tasks: claim, release, draft, complete; who may, who was faster, and what stays when something is wrong."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine import tasks
from engine.errors import AlreadyDone, InvalidState, InvalidVariables, NotAuthorized, NotFound
from engine.lifecycle import InstanceState, UserTaskState
from engine.model.work import UserTask
from engine.people import SYSTEM, Actor, receipt_actor
from tests.engine.commands.house import CLERK, GIVEN, Drawing, House, process

COLLEAGUE = "jinxing-secretary"
GROUPS = "community_clerk@community,community_secretary@community"


@pytest.fixture
def case(house: House) -> UUID:
    house.deploy(process(searchVariables="结果").user_task(groups=GROUPS).user_task("b").end())
    return house.start()


def claim(house: House, case: UUID, by: str | Actor = CLERK) -> None:
    with house.at(by) as tx:
        tasks.claim(tx, house.tasks(case)[0].id)


def everything(house: House, case: UUID) -> tuple[object, ...]:
    row = house.case(case)
    task = house.tasks(case)[0]
    shown = (task.state, task.assignee, task.holder_name, task.draft_saved_at)
    return row.lock_version, row.token_state, row.variables, house.events(case), house.search(case), shown


def test_a_task_waits_for_the_posts_on_its_path(house: House, case: UUID) -> None:
    (task,) = house.tasks(case)
    unit = house.unit("jinxing")
    assert house.candidates(task.id) == {f"community_clerk@{unit}", f"community_secretary@{unit}"}
    for stranger in ("chaoyang-clerk", "jinxing-1-leader", "admin"):
        with pytest.raises(NotAuthorized, match="没有分派给您现在的岗位"):
            claim(house, case, stranger)
        with pytest.raises(NotAuthorized):
            house.complete(case, by=stranger)


def test_the_applicant_does_a_task_with_the_receipt(house: House) -> None:
    house.deploy(process("q").user_task(groups="@applicant").end())
    case = house.start("q", by="jinxing-1-leader")
    with pytest.raises(NotAuthorized):
        house.complete(case, by=receipt_actor(house.start("q")))
    house.complete(case, by=receipt_actor(case))
    assert house.case(case).state is InstanceState.COMPLETED


def test_whoever_claims_keeps_others_out_until_it_is_released(house: House, case: UUID) -> None:
    claim(house, case)
    with pytest.raises(AlreadyDone, match="已由金星社区工作人员领取"):
        claim(house, case, COLLEAGUE)
    with pytest.raises(AlreadyDone, match="已由金星社区工作人员领取"):
        house.complete(case, by=COLLEAGUE)
    claim(house, case)  # twice by the same person is no fault, and no second event
    with house.at(CLERK) as tx:
        tasks.release(tx, house.tasks(case)[0].id)
    with pytest.raises(AlreadyDone, match="没有人领取"), house.at(CLERK) as tx:  # as after a double click
        tasks.release(tx, house.tasks(case)[0].id)
    claim(house, case, COLLEAGUE)
    assert house.events(case)[-4:] == [
        "user_task_created",
        "user_task_claimed",
        "user_task_released",
        "user_task_claimed",
    ]


def test_a_completion_keeps_its_values_and_moves_on(house: House, case: UUID) -> None:
    house.complete(case, values={"意见": "可行", "数量": "2.50", "结果": "同意"})
    assert house.open(case) == ["b"]
    values = house.variables(case)
    assert (values["意见"], str(values["数量"]), values["结果"]) == ("可行", "2.50", "同意")
    assert house.search(case) == {"结果": "同意"}
    house.complete(case, "b", {"意见": "好", "结果": "不同意"})
    row = house.case(case)
    assert (row.state, row.ended_at, house.search(case)) == (
        InstanceState.COMPLETED, house.clock.now, {"结果": "不同意"},
    )  # fmt: skip


WRONG: list[tuple[dict[str, object], set[str]]] = [
    ({}, {"意见"}),
    ({"意见": "好", "结果": "伪造的选项"}, {"结果"}),
    ({"意见": "好", "数量": "很多"}, {"数量"}),
    ({"意见": "x" * 1_000_000}, {"意见"}),
    ({"意见": "含有\0零字符"}, {"意见"}),
    ({"意见": ["好"]}, {"意见"}),
    ({"意见": "好", "未知": "x"}, {"未知"}),
]


def test_wrong_values_change_nothing(house: House, case: UUID) -> None:
    before = everything(house, case)
    for values, wrong in WRONG:
        with pytest.raises(InvalidVariables) as caught:
            house.complete(case, values=values)
        assert set(caught.value.errors) == wrong
        assert everything(house, case) == before
    house.complete(case)


def test_who_comes_second_hears_who_was_faster(house: House, case: UUID) -> None:
    (task,) = house.tasks(case)
    house.complete(case)
    before = house.events(case)
    for second in (CLERK, COLLEAGUE):
        with pytest.raises(AlreadyDone, match="已由金星社区工作人员办理"), house.at(second) as tx:
            tasks.complete(tx, task.id, GIVEN)
        with pytest.raises(AlreadyDone), house.at(second) as tx:
            tasks.claim(tx, task.id)
    assert house.events(case) == before


def test_a_task_of_an_ended_case_is_over(house: House, case: UUID) -> None:
    (task,) = house.tasks(case)
    house.cancel(case)
    with pytest.raises(AlreadyDone, match="已经取消"), house.at(CLERK) as tx:
        tasks.complete(tx, task.id, GIVEN)
    with pytest.raises(InvalidState, match="已经终止"):
        house.cancel(case)
    with pytest.raises(NotFound), house.at(CLERK) as tx:
        tasks.complete(tx, case, GIVEN)


def test_an_interrupted_task_is_canceled(house: House) -> None:
    drawing = process("q").user_task().end()
    drawing.boundary("late", "a", '<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration>'
                     "</bpmn:timerEventDefinition>", name="逾期")  # fmt: skip
    house.deploy(drawing.user_task("c").end("end2"))
    case = house.start("q")
    (task,) = house.tasks(case)
    house.clock.advance(hours=1)
    assert house.drain() == 1
    assert house.open(case) == ["c"]
    with pytest.raises(AlreadyDone, match="已经取消"), house.at(CLERK) as tx:
        tasks.complete(tx, task.id, GIVEN)
    with house.reading() as tx:
        assert tx.get(UserTask, task.id).state is UserTaskState.CANCELED


def test_a_lane_gives_its_tasks_a_default_that_may_be_an_expression(house: House) -> None:
    drawing = Drawing("q").start().user_task(groups=None).user_task("b", groups="group_leader@group").end()
    lane = (
        '<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="社区"><bpmn:extensionElements><zeebe:properties>'
        '<zeebe:property name="candidateGroups" value="=[&quot;community_clerk@community&quot;, '
        '&quot;officer@housing&quot;]"/></zeebe:properties></bpmn:extensionElements>'
        "<bpmn:flowNodeRef>a</bpmn:flowNodeRef><bpmn:flowNodeRef>b</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    house.deploy(drawing.raw(lane))
    case = house.start("q")
    (task,) = house.tasks(case)
    clerk, officer = house.unit("jinxing"), house.unit("housing")
    assert house.candidates(task.id) == {f"community_clerk@{clerk}", f"officer@{officer}"}
    assert task.lane == "社区"
    house.complete(case, by="housing")
    assert house.candidates(house.tasks(case)[0].id) == {f"group_leader@{house.unit('jinxing-1')}"}


def test_the_system_has_no_post_and_does_no_tasks(house: House, case: UUID) -> None:
    with pytest.raises(NotAuthorized):
        house.complete(case, by=SYSTEM)

"""A case comes to another unit: who may hand it over, who can act afterwards, and what stands against it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from engine import drafts, extensions, people, returns, tasks, transfers
from engine.errors import AlreadyDone, EngineError, InvalidState, InvalidVariables, NotAuthorized
from engine.lifecycle import ConsultationState, UserTaskState
from engine.model.notification import Notification
from engine.model.people import OrgUnit
from engine.people import account_holder, receipt_holder
from engine.people.commands import end_appointment
from engine.queries import cases, worklist
from engine.queries.story import story, story_for_resident
from engine.queries.worklist import Tab, Wish
from tests.bpmn_xml import extension
from tests.engine.commands.desk import LEADER, MEDIATOR, SECRETARY, able, account, ask, consultation, hand_on, post
from tests.engine.commands.house import CLAUSE, CLERK, GIVEN, Drawing, House, io, process
from tests.engine.commands.meeting_house import MeetingHouse
from tests.engine.commands.running import DUE, POLICY, due, retire_the_library, schedule
from tests.engine.commands.test_calls import call
from tests.engine.commands.test_fan_out import loop

NEIGHBOUR, OTHER_CLERK, OTHER = "jinxing-2-leader", "chaoyang-clerk", "chaoyang-1-leader"


def many(key: str = "p", **facts: str) -> Drawing:
    """Three steps at once: of the group, of the community, and of a department."""
    drawing = process(key, **facts).gateway("parallel", "fork")
    groups = {"a": "group_leader@group", "b": "community_clerk@community,community_secretary@community",
              "c": "officer@housing"}  # fmt: skip
    for name, group in groups.items():
        drawing.at("fork").user_task(name, groups=group, more=schedule(DUE)).end(f"end_{name}")
    return drawing


@pytest.fixture
def case(house: House) -> UUID:
    house.deploy(many(), POLICY)
    return house.start()


def transfer(house: House, case: UUID, to: str = "chaoyang-1", by: str = LEADER, reason: str = "不在本辖区") -> None:
    unit = house.unit(to)
    with house.at(by) as tx:
        transfers.transfer(tx, case, unit, reason)


def task(house: House, case: UUID, element: str) -> UUID:
    return next(each.id for each in house.tasks(case) if each.element_id == element)


def test_exactly_the_posts_of_the_new_unit_can_act(house: House) -> None:
    house.deploy(many(), POLICY)
    places = {
        "jinxing-2": {"a": {NEIGHBOUR}, "b": {CLERK}, "c": {"housing"}},
        "chaoyang-1": {"a": {OTHER}, "b": {OTHER_CLERK, "chaoyang-secretary"}, "c": {"housing"}},
        "xinhe-2": {"a": {"xinhe-2-leader"}, "b": {"xinhe-clerk", "xinhe-secretary"}, "c": {"housing"}},
    }
    for to, after in places.items():
        case = house.start()
        for login, element in ((LEADER, "a"), (CLERK, "b"), ("housing", "c")):
            with house.at(login) as tx:
                tasks.claim(tx, task(house, case, element))
        deadlines = due(house, case)
        transfer(house, case, to)
        assert able(house, case) == after
        row = house.case(case)
        assert (row.unit_id, row.unit_path.endswith(f"{house.unit(to).hex}/")) == (house.unit(to), True)
        # what is not the new unit's to do stays with whoever had it; all deadlines stay
        claimed = [each.element_id for each in house.tasks(case) if each.assignee]
        assert claimed == (["b", "c"] if to == "jinxing-2" else ["c"])
        assert due(house, case) == deadlines
        for element, able_to in after.items():
            house.complete(case, element, by=sorted(able_to)[0])
        assert house.case(case).ended_at is not None


def test_lists_follow(house: House, case: UUID) -> None:
    def seen(login: str, **wish: UUID) -> list[str]:
        with house.engine.read(house.actor(login)) as tx:
            return [line.number for line in worklist.lines(tx, Wish(Tab.OPEN, **wish)).lines]

    number = house.case(case).business_key
    assert (seen(LEADER), seen(OTHER)) == ([number], [])
    transfer(house, case)
    assert (seen(LEADER), seen(OTHER)) == ([], [number])
    assert seen("housing", unit_id=house.unit("chaoyang-1")) == [number]
    assert seen("housing", unit_id=house.unit("jinxing-1")) == []
    with house.engine.read(house.actor(SECRETARY)) as tx, pytest.raises(EngineError, match="没有找到"):
        cases.case(tx, case)


def test_requests_end_and_drafts_stay_with_their_writers(house: House) -> None:
    house.deploy(process().user_task(groups="group_leader@group", more=schedule(DUE)).end(), POLICY)
    case = house.start()
    question = ask(house, case, SECRETARY, by=LEADER)
    with house.at(LEADER) as tx:
        request = extensions.ask(tx, task(house, case, "a"), (tx.now.replace(month=12, day=7)).date(), "等报告").id
    with house.at(LEADER) as tx:
        tasks.save_draft(tx, task(house, case, "a"), {"意见": ["先去看看"]})
    transfer(house, case)
    row = house.tasks(case)[0]
    assert (row.countersigns, row.extension_asked, row.assignee) == (0, False, None)
    assert consultation(house, question).state is ConsultationState.WITHDRAWN
    withdrawn = [data["reason"] for event, data in house.history(case) if event.type.endswith("_withdrawn")]
    assert withdrawn == ["事项已移交", "事项已移交"]
    with house.reading() as tx:
        assert tx.session.get(extensions.Extension, request).state == "withdrawn"  # type: ignore[union-attr] # it is there
        assert [each.account_id for each in tx.session.query(drafts.TaskDraft)] == [account(house, LEADER)]
    house.complete(case, by=OTHER)


def test_everybody_concerned_is_told(house: House, case: UUID) -> None:
    with house.at(CLERK) as tx:
        tasks.claim(tx, task(house, case, "b"))
    transfer(house, case)
    with house.reading() as tx:
        told = {each.holder: each for each in tx.session.query(Notification).filter_by(kind="transferred")}
        entries = [each for each in story(tx, house.case(case)) if each.type == "instance_transferred"]
        seen = [each for each in story_for_resident(tx, house.case(case)) if each.type == "instance_transferred"]
    new = {post(house, OTHER), post(house, OTHER_CLERK), post(house, "chaoyang-secretary")}
    old = {post(house, LEADER), post(house, CLERK), post(house, SECRETARY), account_holder(account(house, CLERK))}
    assert set(told) == new | old | {receipt_holder(case)}
    assert {told[each].task_id for each in new} == {task(house, case, "a"), task(house, case, "b")}
    (entry,) = entries
    assert entry.template.format(**entry.params) == "从金星社区一组移交到朝阳社区一组"
    assert (entry.who, entry.notes) == ("金星社区一组组长", (("原因", "不在本辖区"),))
    (entry,) = seen
    assert (entry.template.format(**entry.params), entry.notes) == ("转由朝阳社区一组办理", (("原因", "不在本辖区"),))


def test_variables_that_the_unit_has_worked_out_follow(house: House) -> None:
    mapped = extension(io(inputs={"unit": '=ancestor(unit, "community")'}))
    drawing = process("q").user_task("first", groups="group_leader@group").script("s", "=unit", "所属")

    def draw(sub: Drawing) -> object:
        sub.start("s2").user_task("b", groups='="community_clerk@" + unit', clause=CLAUSE)
        return sub.user_task("c", groups="community_clerk@community", clause=CLAUSE).end("e")

    drawing.sub_process("level", draw, inner=mapped)
    house.deploy(drawing.end())
    case = house.start("q")
    house.complete(case, "first", by=LEADER)
    transfer(house, case, by=CLERK)
    assert able(house, case) == {"b": {OTHER_CLERK}}
    assert house.variables(case)["所属"] == str(house.unit("chaoyang-1"))
    assert house.tasks(case)[0].unit_id == house.unit("chaoyang")
    (data,) = [data for event, data in house.history(case) if event.type == "instance_transferred"]
    assert data["variables"] == {"unit": str(house.unit("chaoyang")), "所属": str(house.unit("chaoyang-1"))}
    house.complete(case, "b", by=OTHER_CLERK)
    assert able(house, case) == {"c": {OTHER_CLERK}}


def test_what_was_handed_on_to_a_post_of_the_old_unit_comes_back_to_the_diagram(house: House) -> None:
    house.deploy(process().user_task(groups="officer@housing").end())
    case = house.start()
    hand_on(house, case, CLERK, by="housing")
    transfer(house, case, by=CLERK)
    assert able(house, case) == {"a": {"housing"}}


def test_what_is_sent_back_afterwards_goes_to_the_new_unit(house: House) -> None:
    house.deploy(process().user_task(groups="group_leader@group").user_task("b", groups="group_leader@group").end())
    case = house.start()
    house.complete(case, by=LEADER)
    transfer(house, case)
    with pytest.raises(AlreadyDone), house.at(LEADER) as tx:
        returns.recall(tx, house.tasks(case, UserTaskState.COMPLETED)[0].id)
    with house.at(OTHER) as tx:
        returns.return_to(tx, task(house, case, "b"), "a", "情况不清")
    assert able(house, case) == {"a": {OTHER}}


def test_who_may_and_who_may_not(house: House, case: UUID) -> None:
    for stranger in (OTHER, NEIGHBOUR, MEDIATOR, "admin", "resident-1", "jinxing-supervisor"):
        with pytest.raises(NotAuthorized, match="不能移交"):
            transfer(house, case, by=stranger)
    transfer(house, case, "jinxing-2", by="housing")  # may do one of its steps
    transfer(house, case, "jinxing-3", by="shizhong-leader")  # leads above
    transfer(house, case, "chaoyang-2", by="jinxing-3-leader")
    assert house.events(case).count("instance_transferred") == 3
    house.deploy(process("q", confidential="true").user_task(groups="group_leader@group").end())
    secret = house.start("q")
    with pytest.raises(NotAuthorized):
        transfer(house, secret, by=SECRETARY)
    transfer(house, secret)
    own = house.start(by=LEADER, own_matter=True)
    with pytest.raises(NotAuthorized):
        transfer(house, own)


def test_what_is_wrong_is_said(house: House, case: UUID) -> None:
    with house.at() as tx:
        tx.get(OrgUnit, house.unit("wenhui-1")).active = False
        tx.touch_settings()
    for to, reason, field, sentence in (
        ("jinxing", "x", "unit", "只能移交给同级的单位"),
        ("jinxing-1", "x", "unit", "已经属于金星社区一组"),
        ("wenhui-1", "x", "unit", "文汇社区一组已停用"),
        ("jinxing-2", " ", "reason", "请填写移交原因"),
    ):
        with pytest.raises(InvalidVariables, match=sentence) as refused:
            transfer(house, case, to, reason=reason)
        assert list(refused.value.errors) == [field]
    with house.engine.read(house.actor(LEADER)) as tx:
        names = [each.name for each in transfers.units_to_choose(tx, house.case(case))]
        assert names[:4] == ["金星社区二组", "金星社区三组", "朝阳社区一组", "朝阳社区二组"]
        assert "文汇社区一组" not in names
        assert [each.name for each in transfers.units_to_choose(tx, house.case(case), "清风 二组")] == ["清风社区二组"]


def vacancy(house: House) -> UUID:
    with house.reading() as tx:
        (held,) = people.posts_of(tx, account(house, OTHER))
    with house.at() as tx:
        end_appointment(tx, held.appointment_id)
    house.clock.advance(days=1)
    house.deploy(process("vacancy").user_task(groups="group_leader@group").end())
    return house.start("vacancy")


def spread(house: House) -> UUID:
    def draw(sub: Drawing) -> object:
        return sub.start("s").user_task("v", groups="group_leader@group", clause=CLAUSE).end("e")

    inner = loop(inputCollection='=children(ancestor(unit, "community"), "group")')
    house.deploy(process("spread").sub_process("each", draw, inner=inner).end())
    return house.start("spread")


def calling(house: House, **facts: str) -> UUID:
    house.deploy(process("child", **facts).user_task("b").end())
    house.deploy(call(io(inputs={"unit": '=ancestor(unit, "community")'})).end())
    case = house.start(values=GIVEN)
    house.drain()
    return case


def calling_what_stays(house: House) -> UUID:
    return calling(house, mayTransfer="false")


def fixed(house: House) -> UUID:
    place = f"group_leader@{house.unit('jinxing-1')}"
    house.deploy(process("fixed").user_task(groups=f'="{place}"', clause=CLAUSE).end())
    return house.start("fixed")


def forbidden(house: House) -> UUID:
    house.deploy(process("forbidden", mayTransfer="false").user_task().end())
    return house.start("forbidden")


def test_what_stands_against_it_is_said_and_nothing_changes(house: House) -> None:
    against: dict[Callable[[House], UUID], str] = {
        spread: "正在分给几个单位办理",
        calling_what_stays: "还在原单位办理",
        fixed: "按内容指定由金星社区一组组长办理",
        forbidden: "不能移交其他单位",
        vacancy: "朝阳社区一组组长现在没有人任职",
    }
    for made, sentence in against.items():
        case = made(house)
        before = (house.case(case).unit_id, house.events(case))
        with pytest.raises(InvalidState, match=sentence):
            transfer(house, case, by=SECRETARY)
        assert (house.case(case).unit_id, house.events(case)) == before


def test_a_called_case_of_the_old_unit_comes_along(house: House) -> None:
    case = calling(house)
    (child,) = house.children(case)
    with pytest.raises(InvalidState, match="请在那件事项里移交"):
        transfer(house, child.id, by=SECRETARY)
    transfer(house, case, "jinxing-2", by=SECRETARY)  # the same community above both: it stays
    assert house.drain() == 0
    transfer(house, case, by=SECRETARY)
    assert house.drain() == 1
    assert (house.case(child.id).unit_id, able(house, child.id)) == (house.unit("chaoyang"), {"b": {OTHER_CLERK}})
    with house.reading() as tx:
        entries = [each for each in story(tx, house.case(child.id)) if each.type == "instance_transferred"]
    assert [(each.who, each.notes) for each in entries] == [("金星社区书记", (("原因", "不在本辖区"),))]
    house.complete(child.id, "b", by=OTHER_CLERK)
    house.drain()
    assert house.case(case).ended_at is not None


def test_what_waits_for_a_meeting_moves_only_below_the_unit_that_meets(house: House) -> None:
    retire_the_library(house)
    case = MeetingHouse(house).case()
    with pytest.raises(InvalidState, match="还没有议定"):
        transfer(house, case, "xinhe-1", by="district-leader")
    transfer(house, case, "chaoyang-1", by=SECRETARY)
    assert house.case(case).unit_id == house.unit("chaoyang-1")

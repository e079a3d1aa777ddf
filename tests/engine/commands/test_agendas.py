"""Cases wait on the agenda of a meeting; a meeting takes, decides, postpones; who no longer waits leaves."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine import agendas
from engine.errors import InvalidState, NotFound
from engine.lifecycle import InstanceState
from engine.model.work import Job
from tests.bpmn_xml import message
from tests.engine.commands.house import House, process
from tests.engine.commands.meeting_house import KEY, MeetingHouse, put_on, wait, with_deadline


@pytest.fixture
def hall(house: House) -> MeetingHouse:
    """A house with cases that wait for a meeting."""
    return MeetingHouse(house)


def test_a_case_goes_on_the_agenda_of_the_unit_above_it(hall: MeetingHouse) -> None:
    case = hall.case("jinxing-1")
    item, unit = hall.item(), hall.house.unit("shizhong")
    number = hall.house.case(case).business_key
    assert (item.number, item.title, item.meeting_key) == ("YC-2026-00001", f"请求协调：{number}", "m")
    assert (item.unit_id, item.from_unit_id) == (unit, hall.house.unit("jinxing-1"))
    assert hall.house.subscriptions(case) == [("会议决定", "YC-2026-00001")]
    (added,) = [data for row, data in hall.house.history(case) if row.type == "agenda_item_added"]
    assert added == {"item": item.number, "meeting": "m", "unit": str(unit), "unit_name": "市中街道"}


def test_the_same_job_puts_a_case_on_once(hall: MeetingHouse) -> None:
    case = hall.case()
    job = hall.item().job_id
    with hall.house.at() as tx:
        again = agendas.put_on(tx, case, job, "m", "subdistrict", "别的")
        assert again.number == hall.item().number
    assert hall.house.events(case).count("agenda_item_added") == 1


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"meeting": "nobody"}, "没有已发布的会议流程“nobody”"),
        ({"level": "county"}, "level“county”不是层级"),
        ({"level": "department"}, "没有“部门”这一级"),
    ],
)
def test_a_meeting_that_does_not_exist_is_an_incident(hall: MeetingHouse, inputs: dict[str, str], said: str) -> None:
    drawing = wait(put_on(process("d"), **inputs)).end().root(message("m", "会议决定", KEY))
    hall.house.deploy(drawing)
    case = hall.case(key="d")
    for _ in range(3):
        hall.house.clock.advance(minutes=5)
        hall.house.drain()
    (incident,) = hall.house.incidents(case)
    assert said in incident.template.format(**incident.params)
    assert list(hall.items()) == []


def test_a_meeting_takes_the_oldest_first_and_only_of_its_unit(hall: MeetingHouse) -> None:
    first, elsewhere, last = (hall.case(unit) for unit in ("jinxing-2", "xinhe-1", "chaoyang-1"))
    meeting = hall.meeting("shizhong")
    numbers = [hall.house.case(case).business_key for case in (first, elsewhere, last)]
    listed = hall.house.variables(meeting)["议题清单"]
    assert [(each["number"], each["case"], each["from"]) for each in listed] == [
        ("YC-2026-00001", numbers[0], "金星社区二组"),
        ("YC-2026-00003", numbers[2], "朝阳社区一组"),
    ]
    assert (listed[0]["text"], listed[0]["case_title"]) == ("", hall.house.case(first).title)
    assert hall.states() == ["taken", "waiting", "taken"]
    (taken,) = [data for row, data in hall.house.history(meeting) if row.type == "agenda_items_taken"]
    assert taken == {"items": ["YC-2026-00001", "YC-2026-00003"], "withdrawn": []}


def test_taking_again_gives_what_lies_on_the_table_and_what_came_since(hall: MeetingHouse) -> None:
    hall.case()
    meeting = hall.meeting()
    hall.case()
    with hall.house.at() as tx:
        assert [each.item.number for each in agendas.take(tx, meeting)] == ["YC-2026-00001", "YC-2026-00002"]
    hall.decide(meeting, "YC-2026-00001")
    with hall.house.at() as tx:
        assert [each.item.number for each in agendas.take(tx, meeting)] == ["YC-2026-00002"]


def test_a_meeting_may_take_the_agenda_of_another_kind(hall: MeetingHouse) -> None:
    hall.case()
    hall.house.deploy(process("extra").user_task().end())
    meeting = hall.house.start("extra", unit="shizhong")
    with hall.house.at() as tx:
        assert agendas.take(tx, meeting) == []
        assert len(agendas.take(tx, meeting, "m")) == 1


def test_the_decision_reaches_the_case(hall: MeetingHouse) -> None:
    case = hall.case()
    meeting = hall.meeting()
    hall.decide(meeting, "YC-2026-00001", 承办部门="civil_affairs", 会议结果="抢先")
    hall.house.drain()
    number = hall.house.case(meeting).business_key
    values = hall.house.variables(case)
    assert hall.house.open(case) == ["a"]
    assert [values[name] for name in ("会议结果", "会议意见", "会议编号", "承办部门")] == [
        "同意",
        "尽快办理",
        number,
        "civil_affairs",
    ]
    assert (hall.states(), hall.item().result, hall.item().meeting_id) == (["decided"], "同意", meeting)
    assert "message_received" in hall.house.events(case)
    (decided,) = [data for row, data in hall.house.history(meeting) if row.type == "agenda_item_decided"]
    assert (decided["item"], decided["wanted"], decided["variables"]["会议结果"]) == ("YC-2026-00001", True, "同意")


def test_deciding_the_same_again_sends_nothing_and_something_else_is_refused(hall: MeetingHouse) -> None:
    hall.case()
    meeting = hall.meeting()
    hall.decide(meeting, "YC-2026-00001")
    hall.decide(meeting, "YC-2026-00001")
    with hall.house.reading() as tx:
        assert len(list(tx.session.scalars(select(Job).where(Job.kind == "publish")))) == 1
    with pytest.raises(InvalidState, match="YC-2026-00001 不在会议"):
        hall.decide(meeting, "YC-2026-00001", "不同意")


def test_only_the_meeting_that_has_an_item_decides_and_postpones_it(hall: MeetingHouse) -> None:
    hall.case()
    hall.meeting()
    other = hall.meeting()
    with pytest.raises(InvalidState, match="不在会议"):
        hall.decide(other, "YC-2026-00001")
    with hall.house.at() as tx, pytest.raises(InvalidState, match="不在会议"):
        agendas.postpone(tx, other, "YC-2026-00001", "时间不够")
    with pytest.raises(NotFound, match="没有编号为“YC-9”的议题"):
        hall.decide(other, "YC-9")


def test_a_postponed_item_waits_for_the_next_meeting(hall: MeetingHouse) -> None:
    case = hall.case()
    meeting = hall.meeting()
    for _ in range(2):
        with hall.house.at() as tx:
            agendas.postpone(tx, meeting, "YC-2026-00001", "时间不够")
    assert (hall.states(), hall.item().meeting_id, hall.item().taken_at) == (["waiting"], None, None)
    postponed = [data for row, data in hall.house.history(meeting) if row.type == "agenda_item_postponed"]
    assert postponed == [{"item": "YC-2026-00001", "reason": "时间不够"}]
    following = hall.meeting()
    hall.decide(following, "YC-2026-00001")
    hall.house.drain()
    assert hall.house.variables(case)["会议编号"] == hall.house.case(following).business_key


def test_a_case_that_leaves_is_not_taken_and_what_is_decided_meanwhile_reaches_nobody(hall: MeetingHouse) -> None:
    case, other = hall.case(), hall.case()
    meeting = hall.meeting()
    for number, leaving in (("YC-2026-00001", case), ("YC-2026-00001", case), ("YC-2026-00002", other)):
        with hall.house.at() as tx:
            agendas.leave(tx, leaving, number, "居民已撤回")
    hall.decide(meeting, "YC-2026-00001")
    hall.house.drain()
    assert (hall.states(), hall.house.open(case)) == (["withdrawn", "withdrawn"], [])
    left = [data for row, data in hall.house.history(case) if row.type == "agenda_item_left"]
    assert left == [{"item": "YC-2026-00001", "reason": "居民已撤回"}]
    (decided,) = [data for row, data in hall.house.history(meeting) if row.type == "agenda_item_decided"]
    assert decided["wanted"] is False
    with hall.house.at() as tx, pytest.raises(InvalidState, match="不是事项"):
        agendas.leave(tx, other, "YC-2026-00001")


def test_what_is_decided_stays_when_the_case_leaves_too_late(hall: MeetingHouse) -> None:
    case = hall.case()
    hall.decide(hall.meeting(), "YC-2026-00001")
    with hall.house.at() as tx:
        agendas.leave(tx, case, "YC-2026-00001")
    assert hall.states() == ["decided"]


def test_the_items_of_a_case_that_ends_leave(hall: MeetingHouse) -> None:
    waiting, taken = hall.case("xinhe-1"), hall.case("jinxing-1")
    meeting = hall.meeting()
    assert hall.states() == ["waiting", "taken"]
    for case in (waiting, taken):
        hall.house.cancel(case)
        assert hall.house.events(case)[-2:] == ["agenda_item_left", "instance_canceled"]
    assert hall.states() == ["withdrawn", "withdrawn"]
    hall.decide(meeting, "YC-2026-00002")
    hall.house.complete(meeting, "hold", by="shizhong-officer")
    assert hall.house.case(meeting).state is InstanceState.COMPLETED


def test_the_items_of_a_case_that_reaches_its_end_leave(hall: MeetingHouse) -> None:
    hall.house.deploy(with_deadline("d"))
    case = hall.case(key="d")
    hall.house.clock.advance(days=2)
    hall.house.drain()
    hall.house.complete(case, "b")
    assert (hall.states(), hall.house.events(case)[-2:]) == (["withdrawn"], ["agenda_item_left", "instance_completed"])


@pytest.mark.parametrize("ends", ["cancel", "complete"])
def test_what_a_meeting_has_not_decided_when_it_ends_waits_again(hall: MeetingHouse, ends: str) -> None:
    hall.case(), hall.case()
    meeting = hall.meeting()
    hall.decide(meeting, "YC-2026-00001")
    if ends == "cancel":
        hall.house.cancel(meeting)
    else:
        hall.house.complete(meeting, "hold", by="shizhong-officer")
    assert hall.states() == ["decided", "waiting"]
    assert hall.house.events(meeting)[-2] == "agenda_item_postponed"
    assert [each["number"] for each in hall.house.variables(hall.meeting())["议题清单"]] == ["YC-2026-00002"]


def test_personal_values_of_a_decision_are_hidden_in_the_history_of_the_meeting(hall: MeetingHouse) -> None:
    hall.case()
    meeting = hall.meeting()
    hall.decide(meeting, "YC-2026-00001", 电话="13900000000")
    payloads = [row.payload for row, _ in hall.house.history(meeting)]
    assert not any("13900000000" in payload for payload in payloads)

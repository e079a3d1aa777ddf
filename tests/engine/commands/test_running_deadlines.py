"""Another value of a setting leaves running deadlines alone; asked to, it moves them, as if it had always been so."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest

from engine import overrides
from engine.clock import TIMEZONE
from tests.bpmn_xml import element, extension, timer, zeebe
from tests.clock import FrozenClock
from tests.engine.commands.house import GIVEN, House, io, process
from tests.engine.commands.running import (
    BEFORE,
    DUE,
    POLICY,
    change,
    changed,
    due,
    inside,
    plain,
    retire_the_library,
    task,
)


def test_what_runs_stays_as_it_is_and_what_follows_takes_the_new_value(house: House) -> None:
    house.deploy(plain(), POLICY)
    case = house.start()
    assert due(house, case) == BEFORE

    change(house, 10, move=False)

    assert due(house, case) == BEFORE
    assert changed(house, case) == []
    house.complete(case)
    assert due(house, case) == {"b": "12-08 18"}


def test_a_sub_process_that_has_begun_keeps_its_deadline_for_what_follows_in_it(house: House) -> None:
    house.deploy(inside(), POLICY)
    case = house.start()
    house.complete(case, "first")
    change(house, 10, move=False)
    house.complete(case)
    assert due(house, case) == {"b": "11-30 18", "late": "12-01 18"}


def test_asked_to_tasks_and_timers_count_from_their_beginning(house: House, clock: FrozenClock) -> None:
    house.deploy(plain(), POLICY)
    case = house.start()
    clock.advance(days=2)
    change(house, 10)
    assert due(house, case) == {"a": "12-08 18", "early": "12-04 18", "late": "12-08 18"}


@pytest.fixture(autouse=True)
def only_our_own(house: House) -> None:
    retire_the_library(house)


def test_a_timer_fires_at_its_new_moment_and_only_then(house: House, clock: FrozenClock) -> None:
    house.deploy(plain(), POLICY)
    case = house.start()
    change(house, 10)
    clock.move_to(datetime(2026, 12, 2, 9, tzinfo=TIMEZONE))
    assert house.drain() == 0
    clock.move_to(datetime(2026, 12, 4, 18, tzinfo=TIMEZONE))
    assert house.drain() == 1
    assert due(house, case) == {"a": "12-08 18", "late": "12-08 18"}


def test_only_what_hangs_on_the_setting_moves(house: House) -> None:
    house.deploy(plain(), POLICY)
    case = house.start()
    change(house, 1, name="提醒")
    assert due(house, case) == {**BEFORE, "early": "11-30 18"}
    assert [each["element"] for each in changed(house, case)[0]["changes"]] == ["early"]


def test_it_reaches_through_the_mapping_of_a_sub_process(house: House, clock: FrozenClock) -> None:
    house.deploy(inside(), POLICY)
    case = house.start()
    clock.advance(days=1)
    house.complete(case, "first")
    assert due(house, case) == {"a": "12-02 18", "late": "12-02 18"}
    clock.advance(days=1)

    change(house, 7)

    assert due(house, case) == {"a": "12-04 18", "late": "12-04 18"}
    house.complete(case)
    assert due(house, case) == {"b": "12-03 18", "late": "12-04 18"}
    change(house, 3)
    assert due(house, case) == {"b": "11-29 18", "late": "11-30 18"}


def test_each_run_of_a_repeated_sub_process_counts_from_its_own_beginning(house: House, clock: FrozenClock) -> None:
    loop = zeebe("loopCharacteristics", inputCollection="=[1, 2]", inputElement="轮")
    inner = extension(io(inputs={"本级期限": DUE}))
    inner += element("bpmn:multiInstanceLoopCharacteristics", extension(loop), isSequential="true")
    drawing = process()
    drawing.sub_process("turn", lambda sub: task(sub.start("s"), "=本级期限").end("e"), inner=inner)
    house.deploy(drawing.end(), POLICY)
    case = house.start()
    clock.advance(days=1)
    house.complete(case)
    assert due(house, case) == {"a": "12-02 18"}
    clock.advance(days=1)
    change(house, 7)
    assert due(house, case) == {"a": "12-04 18"}


def test_what_would_be_past_is_due_now_and_timers_fire(house: House, clock: FrozenClock) -> None:
    house.deploy(plain(), POLICY)
    case = house.start()
    clock.advance(days=3)  # Friday morning
    change(house, 2)  # Thursday evening, counted from Tuesday
    assert due(house, case) == {"a": "11-27 09"}
    fired = [row.element_id for row, _ in house.history(case) if row.type == "timer_fired"]
    assert sorted(fired) == ["early", "late"]


def test_what_is_overdue_stays_overdue(house: House, clock: FrozenClock) -> None:
    house.deploy(plain(), POLICY)
    case = house.start()
    clock.advance(days=14)
    house.drain()
    change(house, 3)
    assert due(house, case) == {"a": "12-01 18"}
    assert changed(house, case) == []
    change(house, 20)
    assert due(house, case) == {"a": "12-22 18"}


def test_a_cycle_that_has_begun_takes_its_next_time_from_its_last(house: House, clock: FrozenClock) -> None:
    drawing = process().user_task().end()
    house.deploy(
        drawing.boundary("again", "a", timer("Cycle", "=policy.节奏"), cancelActivity="false").end("e"), POLICY
    )
    case = house.start()
    clock.advance(days=2)
    house.drain()
    assert due(house, case) == {"again": "11-28 09"}
    change(house, "R/P5D", name="节奏")
    assert due(house, case) == {"again": "12-01 09"}
    clock.advance(days=5)
    house.drain()
    assert due(house, case) == {"again": "12-06 09"}


def test_the_case_goes_on_after_its_deadlines_have_moved(house: House) -> None:
    house.deploy(inside(), POLICY)
    case = house.start()
    house.complete(case, "first")
    change(house, 7)
    house.complete(case)
    house.complete(case, "b", GIVEN)
    assert house.case(case).ended_at is not None


def test_the_appeal_of_the_standard_moves_with_all_its_reminders(house: House, clock: FrozenClock) -> None:
    case = file(house)
    house.drain()
    before = due(house, case)
    assert before == {"task_topic": "12-01 18", "timer_group_reminder": "11-30 18", "timer_group_overdue": "12-01 18"}
    with house.at("admin") as tx:
        overrides.override(tx, "appeal", "小组办理期限", house.unit("shizhong"), 8, "街道通知", move_deadlines=True)
    house.drain()
    assert due(house, case) == {
        "task_topic": "12-04 18",
        "timer_group_reminder": "12-03 18",
        "timer_group_overdue": "12-04 18",
    }


def file(house: House) -> UUID:
    """An appeal that its group has taken up."""
    values = {
        "诉求标题": "路灯不亮", "诉求内容": "晚上看不清路。", "诉求类别": "环境卫生", "地址": "东门",
        "联系人": "居民", "联系电话": "13800000000",
    }  # fmt: skip
    case = house.start("appeal", values)
    house.complete(case, "task_accept", {"受理意见": "受理", "事项性质": "共性问题"}, by="jinxing-1-leader")
    return case

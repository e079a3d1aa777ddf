"""What every command leaves in history: these types, in this order, linked to one another."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine import tasks
from tests.bpmn_xml import event, message, timer
from tests.engine.commands.house import CLERK, GIVEN, Drawing, House, io, process

STARTED = ["instance_started", "advanced", "user_task_created"]
PHONE = "13800000000"


@pytest.fixture
def case(house: House) -> UUID:
    drawing: Drawing = process(start_form=True).user_task().script("s").user_task("b").end()
    drawing.boundary("late", "b", timer("Duration", "PT1H"), cancelActivity="false").end("end2")
    drawing.boundary("told", "b", event("message", messageRef="m"), cancelActivity="false").end("end3")
    house.deploy(drawing.root(message()))
    return house.start(values={"意见": "公告", "电话": PHONE})


def after(house: House, case: UUID, known: int) -> list[str]:
    return house.events(case)[known:]


def test_each_command_leaves_its_events(house: House, case: UUID) -> None:
    golden: list[tuple[str, list[str]]] = []
    known = 0

    def note(command: str) -> None:
        nonlocal known
        golden.append((command, after(house, case, known)))
        known += len(golden[-1][1])

    note("start")
    (task,) = house.tasks(case)
    for command in (tasks.claim, tasks.release):
        with house.at(CLERK) as tx:
            command(tx, task.id)
        note(command.__name__)
    with house.at(CLERK) as tx:
        tasks.save_draft(tx, task.id, {"意见": ["写"]})
    note("draft")
    with house.at(CLERK) as tx:
        tasks.save_draft(tx, task.id, {"意见": ["写了"]}, known=1)
    note("draft again")
    house.complete(case)
    note("complete")
    house.correlate("补充材料", house.case(case).business_key)
    note("message")
    house.clock.advance(hours=1)
    house.drain()
    note("timer")
    house.complete(case, "b")
    note("last")

    assert golden == [
        ("start", STARTED),
        ("claim", ["user_task_claimed"]),
        ("release", ["user_task_released"]),
        ("draft", []),
        ("draft again", []),
        ("complete", ["user_task_completed", "advanced", "user_task_created"]),
        ("message", ["message_received", "advanced"]),
        ("timer", ["timer_fired", "advanced"]),
        ("last", ["user_task_completed", "advanced", "instance_completed"]),
    ]


def test_a_cancelled_case_ends_with_its_reason(house: House, case: UUID) -> None:
    house.cancel(case)
    assert house.events(case) == [*STARTED, "instance_canceled"]
    row, data = house.history(case)[-1]
    assert (data["reason"], row.actor) == ("重复", house.actor("admin").name)


def test_the_head_on_the_case_is_the_last_event(house: House, case: UUID) -> None:
    house.complete(case)
    row, (last, _) = house.case(case), house.history(case)[-1]
    assert (row.history_seq, row.history_head) == (last.seq, last.hash)


def test_personal_values_stand_there_as_commitments_only(house: House, case: UUID) -> None:
    house.complete(case, values={"意见": "好", "电话": "13911111111"})
    house.complete(case, "b", {"意见": "好", "电话": None})
    rows = house.history(case)
    assert not any(PHONE in row.payload or "13911111111" in row.payload for row, _ in rows)
    hidden = [str(row.private) for row, _ in rows if row.private]
    assert [PHONE in text or "13911111111" in text for text in hidden[:2]] == [True, True]


def test_what_scripts_and_outputs_write_is_recorded(house: House, case: UUID) -> None:
    house.complete(case)
    advanced = [data for row, data in house.history(case) if row.type == "advanced"]
    assert advanced[-1]["variables"] == {"x": {"$": "n", "v": "1"}}
    assert [step["element"] for step in advanced[-1]["steps"] if step["what"] == "completed"] == ["a", "s"]


def test_copies_of_personal_values_are_personal_too(house: House) -> None:
    copied = io(outputs={"电话": "=电话", "名单": '=[{电话: 电话, 事由: "登记"}]'})
    house.deploy(process().user_task(form="f", more=copied).user_task("b", form="g").end())
    case = house.start()
    house.complete(case, values={**GIVEN, "电话": "13800000000"})
    assert house.variables(case)["名单"][0]["电话"] == "13800000000"
    assert not any("13800000000" in row.payload for row, _ in house.history(case))

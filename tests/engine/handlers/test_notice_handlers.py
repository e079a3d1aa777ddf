"""Service tasks of public notices: what they need, what they write, and what is said of inputs that do not fit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from engine import bpmn, definitions
from engine.database import Engine
from engine.errors import InvalidState, StepFailed
from engine.handlers import HANDLERS
from engine.lifecycle import NoticeState
from engine.model.base import new_id
from tests.clock import FrozenClock
from tests.engine.commands.house import House, io, process
from tests.engine.commands.noticing import INPUTS, noticed, object_to, objections, publishing, started, whole
from tests.engine.handlers.tickets import ticket

GIVEN = {"title": "车位方案", "text": "北侧增设 20 个车位。"}
UNTIL = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


@pytest.fixture
def house(platform: Engine, clock: FrozenClock) -> House:
    return House(platform, clock)


@pytest.fixture
def case(house: House) -> UUID:
    house.deploy(process().user_task().end())
    return house.start()


def call(house: House, case: UUID, type_: str, **inputs: Any) -> Mapping[str, Any]:
    asked = ticket(inputs)
    asked = type(asked)(**{**vars(asked), "type": type_, "instance_id": case, "job_id": new_id()})
    return HANDLERS[type_](house.engine, asked)


def publish(house: House, case: UUID, **inputs: Any) -> Mapping[str, Any]:
    return call(house, case, "publish_notice", **{**GIVEN, **inputs})["notice"]  # type: ignore[no-any-return] # a context


def test_a_publication_gives_its_number_and_period(house: House, case: UUID) -> None:
    assert publish(house, case, until=UNTIL, kind="公告", objections=True) == {
        "number": "GS-2026-00001",
        "until": UNTIL,
        "published_at": house.clock.now,
    }
    notice = noticed(house, case)
    assert (notice.title, notice.text, notice.kind) == ("车位方案", "北侧增设 20 个车位。", "公告")
    assert (notice.takes_objections, notice.element_id) == (True, "call")


def test_without_a_period_it_stays_and_asks_for_no_objections(house: House, case: UUID) -> None:
    assert publish(house, case)["until"] is None
    notice = noticed(house, case)
    assert (notice.kind, notice.takes_objections, notice.told) == ("公示", False, [])


def test_a_moment_without_a_zone_is_one_of_ours(house: House, case: UUID) -> None:
    publish(house, case, until=datetime(2026, 12, 1, 9, 0))
    assert noticed(house, case).until == UNTIL


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        ({"title": None}, "publish_notice 任务缺少 title"),
        ({"text": " "}, "publish_notice 任务缺少 text"),
        ({"kind": "通知"}, "kind“通知”不对，可以是 公示、公告、公开"),
        ({"until": "2026-12-01"}, "until 应当是日期和时间"),
        ({"objections": "true"}, "objections 应当是 =true 或 =false，现在是“true”"),
        ({"to": "nobody@jinxing"}, "没有“nobody”这个岗位"),
    ],
)
def test_a_publication_that_does_not_fit_says_what(
    house: House, case: UUID, inputs: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(StepFailed, match=sentence):
        publish(house, case, **inputs)


def test_a_period_that_is_over_before_it_begins_is_refused(house: House, case: UUID) -> None:
    with pytest.raises(InvalidState, match="已经过了"):
        publish(house, case, until=house.clock.now)


def test_objections_come_without_names(house: House, case: UUID) -> None:
    notice = publish(house, case, objections=True)
    object_to(house, case, "太吵")
    house.clock.advance(hours=1)
    found = call(house, case, "collect_objections", notice=notice["number"])
    filed_at = house.clock.now - timedelta(hours=1)
    shown = [{"number": "GS-2026-00001-1", "filed_at": filed_at, "text": "太吵"}]
    assert found == {"objections": shown, "objection_count": 1}


def test_the_whole_result_of_the_publication_names_the_notice_too(house: House, case: UUID) -> None:
    notice = publish(house, case)
    assert call(house, case, "collect_objections", notice=notice) == {"objections": [], "objection_count": 0}
    assert noticed(house, case).state is NoticeState.CLOSED


def test_an_outcome_may_leave_open_whether_objections_were_upheld(house: House, case: UUID) -> None:
    notice = publish(house, case, objections=True)
    object_to(house, case)
    assert call(house, case, "conclude_notice", notice=notice, outcome="按方案实施。") == {}
    (objection,) = objections(house, case)
    assert (objection.reply, objection.upheld) == ("按方案实施。", None)


def test_a_notice_is_taken_back_with_a_reason(house: House, case: UUID) -> None:
    notice = publish(house, case)
    assert call(house, case, "withdraw_notice", notice=notice, reason="方案有误") == {}
    assert (noticed(house, case).state, noticed(house, case).outcome) == (NoticeState.WITHDRAWN, "方案有误")


@pytest.mark.parametrize(
    ("type_", "inputs", "sentence"),
    [
        ("collect_objections", {}, "collect_objections 任务缺少 notice"),
        ("conclude_notice", {"notice": "GS-2026-00001"}, "conclude_notice 任务缺少 outcome"),
        ("conclude_notice", {"notice": "GS-2026-00001", "outcome": "好", "upheld": "否"}, "upheld 应当是"),
        ("withdraw_notice", {"notice": "GS-2026-00001"}, "withdraw_notice 任务缺少 reason"),
    ],
)
def test_what_is_missing_is_named(house: House, case: UUID, type_: str, inputs: dict[str, Any], sentence: str) -> None:
    publish(house, case)
    with pytest.raises(StepFailed, match=sentence):
        call(house, case, type_, **inputs)


def test_a_crash_between_the_board_and_the_case_publishes_no_second_notice(house: House) -> None:
    house.deploy(publishing().user_task().end())
    case = house.start()
    real, crashes = HANDLERS["publish_notice"], [True]

    def crash_once(engine: Engine, asked: Any) -> Mapping[str, Any]:
        found = real(engine, asked)
        if crashes.pop() if crashes else False:
            raise RuntimeError("the machine stops here")
        return found

    house.worker.handlers = {"publish_notice": crash_once}
    house.drain()
    assert house.open(case) == []
    house.clock.advance(seconds=10)
    house.drain()
    assert (house.open(case), house.variables(case)["公示编号"]) == (["a"], noticed(house, case).number)
    assert house.variables(case)["公示截止"] == noticed(house, case).until


def findings(house: House, drawing: Any) -> list[str]:
    with house.reading() as tx:
        found = bpmn.check(bpmn.read(drawing.xml()), definitions.world(tx))
    return [f"{each.rule} {each.message}" for each in found if each.rule.startswith(("job.", "variable."))]


def test_the_checker_knows_the_tasks_and_what_they_write(house: House) -> None:
    assert findings(house, whole()) == []
    # Without output mappings the results go into the case as they are.
    inputs = {"title": INPUTS["title"], "text": INPUTS["text"]}
    plain = process().service("c", "publish_notice", io(inputs=inputs)).script("s", "=notice.number", "编号二").end()
    assert findings(house, plain) == []
    started(house, plain)
    mapped = io(inputs=inputs, outputs={"公示编号": "=notice.number"})
    lost = process().service("c", "publish_notice", mapped).script("s", "=notice.until", "截止").end()
    assert any("variable.unwritten" in each and "notice" in each for each in findings(house, lost))

"""Public notices: on the board once, the outcome as the reply to objections, taken back with their case."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from engine import notices
from engine.errors import InvalidState
from engine.lifecycle import InstanceState, NoticeState
from engine.model.base import new_id
from engine.notices import Announcement
from tests.bpmn_xml import element, event, extension, message, zeebe
from tests.engine.commands.house import House, process
from tests.engine.commands.noticing import (
    TITLE,
    WHO,
    collecting,
    noticed,
    object_to,
    objections,
    publishing,
    started,
    whole,
)


def test_a_notice_goes_from_the_board_to_its_outcome(house: House) -> None:
    case = started(house, whole())
    notice = noticed(house, case)
    assert (notice.number, notice.state, notice.kind) == ("GS-2026-00001", NoticeState.OPEN, "公示")
    assert (notice.published_at, notice.until) == (house.clock.now, house.clock.now + timedelta(days=7))
    assert object_to(house, case) == "GS-2026-00001-1"
    assert object_to(house, case, "噪声太大。") == "GS-2026-00001-2"

    house.clock.advance(days=7)
    house.drain()
    assert noticed(house, case).state is NoticeState.CLOSED
    shown = house.variables(case)["异议清单"]
    assert [(each["number"], each["text"]) for each in shown] == [
        ("GS-2026-00001-1", "车位挡住消防通道。"),
        ("GS-2026-00001-2", "噪声太大。"),
    ]
    assert not any(secret in str(shown) for secret in WHO)

    house.clock.advance(days=1)
    house.complete(case, values={"意见": "异议不成立，按方案实施。"})
    house.drain()
    notice = noticed(house, case)
    assert (notice.state, notice.outcome) == (NoticeState.CONCLUDED, "异议不成立，按方案实施。")
    assert {(each.reply, each.upheld, each.replied_at) for each in objections(house, case)} == {
        ("异议不成立，按方案实施。", False, house.clock.now)
    }
    assert notice.settled_at == house.clock.now == notice.closed_at + timedelta(days=1)
    assert house.case(case).state is InstanceState.COMPLETED


def test_history_tells_of_the_notice_and_hides_who_objected_to_what(house: House) -> None:
    case = started(house, whole())
    object_to(house, case)
    house.clock.advance(days=7)
    house.drain()
    house.complete(case, values={"意见": "不成立"})
    house.drain()
    told = {row.type: data for row, data in house.history(case)}
    assert told["notice_published"]["title"] == TITLE
    assert told["objection_filed"]["objection"] == "GS-2026-00001-1"
    assert set(told["objection_filed"]["variables"]) == {"text", "name", "phone"}
    assert (told["objections_collected"]["count"], told["notice_concluded"]["outcome"]) == (1, "不成立")
    written = "".join(row.payload for row, _ in house.history(case))
    assert not any(secret in written for secret in (*WHO, "消防通道"))


def test_one_job_publishes_once(house: House) -> None:
    house.deploy(process().user_task().end())
    case, job = house.start(), new_id()
    for title in ("一", "二"):
        with house.at() as tx:
            notices.publish(tx, case, "publish", job, Announcement(title, "内容"))
    assert noticed(house, case).title == "一"
    assert house.events(case).count("notice_published") == 1


def test_a_notice_belongs_to_the_unit_of_its_scope(house: House) -> None:
    house.deploy(process().user_task().end())
    case, jinxing = house.start(unit="jinxing-1"), house.unit("jinxing")
    with house.at() as tx:
        notices.publish(tx, case, "publish", new_id(), Announcement("一", "内容", unit_id=jinxing))
    notice = noticed(house, case)
    assert (notice.unit_id, notice.unit_path.endswith(f"/{jinxing.hex}/")) == (jinxing, True)


def test_an_ended_case_publishes_nothing(house: House) -> None:
    house.deploy(process().user_task().end())
    case = house.start()
    house.cancel(case)
    with house.at() as tx, pytest.raises(InvalidState, match="已经终止"):
        notices.publish(tx, case, "publish", new_id(), Announcement("一", "内容"))


def test_a_job_that_was_overtaken_publishes_nothing(house: House) -> None:
    drawing = publishing().end()
    drawing.boundary("told", "publish", event("message", messageRef="m")).user_task("b").end("end2").root(message())
    house.deploy(drawing)
    case = house.start()
    (job,) = house.jobs(case)
    house.correlate("补充材料", house.case(case).business_key)
    with house.at() as tx, pytest.raises(InvalidState, match="不再需要"):
        notices.publish(tx, case, "publish", job.id, Announcement("一", "内容"))


def test_collecting_ends_the_period_at_once_and_can_be_repeated(house: House) -> None:
    case = started(house, publishing().user_task().end())
    number = noticed(house, case).number
    object_to(house, case)
    for _ in range(2):
        with house.at() as tx:
            notice, found = notices.collect(tx, number)
            assert (notice.state, [each.text for each in found]) == (NoticeState.CLOSED, ["车位挡住消防通道。"])
    assert house.events(case).count("objections_collected") == 1
    with pytest.raises(InvalidState, match="公示期满"):
        object_to(house, case)


def test_an_outcome_stands(house: House) -> None:
    case = started(house, publishing().user_task().end())
    number = noticed(house, case).number
    for _ in range(2):
        with house.at() as tx:
            notices.conclude(tx, number, "通过", True)
    assert house.events(case).count("notice_concluded") == 1
    for act in (partial(notices.conclude, outcome="不通过"), partial(notices.withdraw, reason="写错")):
        with house.at() as tx, pytest.raises(InvalidState, match="已公布结果"):
            act(tx, number)
    assert noticed(house, case).outcome == "通过"


def test_what_was_taken_back_stays_with_its_first_reason(house: House) -> None:
    case = started(house, publishing().user_task().end())
    number = noticed(house, case).number
    for reason in ("方案有误", "另有原因"):
        with house.at() as tx:
            notices.withdraw(tx, number, reason)
    assert (noticed(house, case).state, noticed(house, case).outcome) == (NoticeState.WITHDRAWN, "方案有误")
    assert house.events(case).count("notice_withdrawn") == 1
    with house.at() as tx, pytest.raises(InvalidState, match="已撤销"):
        notices.collect(tx, number)
    with pytest.raises(InvalidState, match="已撤销"):
        object_to(house, case)


def test_a_cancelled_case_takes_its_open_notices_back(house: House) -> None:
    case = started(house, publishing().user_task().end())
    other = house.start()
    house.drain()
    house.cancel(case)
    notice = noticed(house, case)
    assert (notice.state, notice.outcome) == (NoticeState.WITHDRAWN, "事项已终止")
    assert notice.settled_at == notice.closed_at == house.clock.now
    assert house.events(case)[-1] == "notice_withdrawn"
    assert noticed(house, other).state is NoticeState.OPEN


def test_a_cancelled_case_leaves_a_published_outcome_alone(house: House) -> None:
    case = started(house, publishing().user_task().end())
    with house.at() as tx:
        notices.conclude(tx, noticed(house, case).number, "通过")
    house.cancel(case)
    assert (noticed(house, case).state, noticed(house, case).outcome) == (NoticeState.CONCLUDED, "通过")


def test_a_case_that_its_applicant_takes_back_takes_its_notices_back(house: House) -> None:
    drawing = publishing().user_task().end()
    drawing.boundary("back", "a", event("message", messageRef="m")).end("end2").root(message("m", "撤回诉求"))
    case = started(house, drawing)
    house.correlate("撤回诉求", house.case(case).business_key, {"撤回原因": "已解决"})
    assert house.case(case).state is InstanceState.COMPLETED
    assert (noticed(house, case).state, noticed(house, case).outcome) == (NoticeState.WITHDRAWN, "事项已撤回")


@pytest.mark.parametrize("until", ['=now() + duration("P7D")', None])
def test_a_case_that_ends_as_planned_leaves_its_notice_on_the_board(house: House, until: str | None) -> None:
    case = started(house, publishing(until=until).end())
    assert house.case(case).state is InstanceState.COMPLETED
    assert noticed(house, case).state is NoticeState.OPEN
    assert object_to(house, case) == f"{noticed(house, case).number}-1"
    assert house.events(case)[-1] == "objection_filed"


def test_a_notice_taken_back_by_the_case_and_then_by_its_diagram_is_no_fault(house: House) -> None:
    back = event("message", messageRef="m")
    drawing = publishing().user_task().end()
    withdraw = zeebe("ioMapping", zeebe("input", source="=公示编号", target="notice")
                     + zeebe("input", source='="申请人撤回"', target="reason"))  # fmt: skip
    task = extension(zeebe("taskDefinition", type="withdraw_notice"), withdraw)
    drawing.boundary("back", "a", back).node("serviceTask", "w", task).end("end2").root(message("m", "撤回诉求"))
    case = started(house, drawing)
    house.correlate("撤回诉求", house.case(case).business_key)
    house.drain()
    assert (house.case(case).state, house.incidents(case)) == (InstanceState.COMPLETED, [])


def test_an_error_code_needs_no_notice(house: House) -> None:
    """Whatever ends the case by itself does not look for notices: that end is as planned."""
    drawing = collecting(publishing()).end("end", event("error", errorRef="e"))
    case = started(house, drawing.root(element("bpmn:error", id="e", errorCode="不通过")))
    house.complete(case)
    assert noticed(house, case).state is NoticeState.CLOSED

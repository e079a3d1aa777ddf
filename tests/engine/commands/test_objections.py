"""Objections against public notices: as long as they are open, each with a number, told to whoever waits."""

from __future__ import annotations

import pytest

from engine import notices
from engine.errors import InvalidState, InvalidVariables, NotFound
from engine.lifecycle import NoticeState
from engine.people import ANONYMOUS
from tests.bpmn_xml import event, message
from tests.engine.commands.house import House, process
from tests.engine.commands.noticing import WHO, noticed, object_to, objections, publishing, started
from tests.engine.commands.test_two_at_once import at_once


def file(house: House, number: str, text: str = "太吵", name: str = WHO[0], phone: str = WHO[1]) -> str:
    with house.at(ANONYMOUS) as tx:
        return notices.file_objection(tx, number, text, name, phone)


def test_objections_end_with_the_period_to_the_moment(house: House) -> None:
    case = started(house, publishing().user_task().end())
    number = noticed(house, case).number
    house.clock.advance(days=6, hours=23, minutes=59)
    assert file(house, number) == f"{number}-1"
    house.clock.advance(minutes=1)
    assert noticed(house, case).state_at(house.clock.now) is NoticeState.CLOSED
    with pytest.raises(InvalidState, match=f"{number} 公示期满，不能再提出异议"):
        file(house, number)


def test_a_notice_without_end_takes_objections_until_it_is_concluded(house: House) -> None:
    case = started(house, publishing(until=None).user_task().end())
    number = noticed(house, case).number
    house.clock.advance(days=400)
    file(house, number)
    with house.at() as tx:
        notices.conclude(tx, number, "已采纳")
    with pytest.raises(InvalidState, match="已公布结果"):
        file(house, number)


def test_a_notice_that_asks_for_no_objections_takes_none(house: House) -> None:
    case = started(house, publishing(objections=None).user_task().end())
    with pytest.raises(InvalidState, match="不征求异议"):
        file(house, noticed(house, case).number)


def test_who_objects_to_nothing_hears_it(house: House) -> None:
    with pytest.raises(NotFound, match="GS-1999-00001"):
        file(house, "GS-1999-00001")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("text", " \n", "请填写异议内容。"),
        ("text", "字" * 2001, "异议内容最多 2000 个字，现在有 2001 个字。"),
        ("name", "", "请填写您的姓名。"),
        ("name", "名" * 41, "姓名最多 40 个字，现在有 41 个字。"),
        ("phone", "", "请填写联系电话。"),
        ("phone", "110", "请填写正确的联系电话，如 13812345678 或 0543-3361234。"),
        ("phone", "没有电话", "请填写正确的联系电话，如 13812345678 或 0543-3361234。"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_said_for_its_field(
    house: House, field: str, value: str, sentence: str
) -> None:
    case = started(house, publishing().user_task().end())
    with pytest.raises(InvalidVariables) as caught:
        file(house, noticed(house, case).number, **{field: value})
    assert caught.value.errors == {field: [sentence]}
    assert objections(house, case) == []


@pytest.mark.parametrize("phone", ["０５４３－３３６１２３４", "+86 138 1234 5678", " 13812345678 "])
def test_telephone_numbers_come_as_people_type_them(house: House, phone: str) -> None:
    case = started(house, publishing().user_task().end())
    file(house, noticed(house, case).number, text="太吵\0", phone=phone)
    (objection,) = objections(house, case)
    assert (objection.text, objection.phone.isascii()) == ("太吵", True)


def test_the_account_of_who_objects_is_kept(house: House) -> None:
    case = started(house, publishing().user_task().end())
    object_to(house, case, by="resident-1")
    assert objections(house, case)[0].account_id == house.actor("resident-1").account_id


def test_two_objections_at_the_same_moment_get_a_number_each(house: House) -> None:
    case = started(house, publishing().user_task().end())
    number = noticed(house, case).number

    def act() -> None:
        with house.engine.begin(ANONYMOUS) as tx:
            notices.file_objection(tx, number, "太吵", *WHO)

    assert at_once(*[act] * 6) == ["done"] * 6
    assert [each.seq for each in objections(house, case)] == [1, 2, 3, 4, 5, 6]


def test_the_posts_that_the_notice_names_are_reminded_of_each_objection(house: House) -> None:
    case = started(house, publishing().user_task().end())
    assert house.told(case) == set()
    object_to(house, case)
    object_to(house, case)
    assert house.told(case) == {f"community_clerk@{house.unit('jinxing')}"}


def test_a_case_that_waits_for_objections_gets_each_as_a_message(house: House) -> None:
    heard = message("m", "收到异议", "=公示编号")
    drawing = publishing().user_task().end()
    drawing.boundary("heard", "a", event("message", messageRef="m"), cancelActivity="false").user_task("b").end("end2")
    case = started(house, drawing.root(heard))
    object_to(house, case, "太吵")
    assert house.open(case) == ["a"]  # the transaction of whoever objects does not move the case
    house.drain()
    object_to(house, case, "太暗")
    house.drain()
    assert house.open(case) == ["a", "b", "b"]
    assert house.variables(case)["异议编号"] == f"{noticed(house, case).number}-2"
    assert "太吵" not in "".join(row.payload for row, _ in house.history(case))


def test_an_objection_that_nobody_waits_for_leaves_no_message(house: House) -> None:
    case = started(house, publishing().user_task().end())
    before = len(house.jobs(case))
    object_to(house, case)
    assert (house.drain(), len(house.jobs(case))) == (0, before)


def test_another_case_may_wait_for_the_objections_and_conclude(house: House) -> None:
    """The case that published is locked by who objects, the one that waits by the job: never both at once."""
    listening = process("q", inputVariables="公示").catch("wait", event("message", messageRef="m"))
    house.deploy(listening.user_task("b").end().root(message("m", "收到异议", "=公示")))
    case = started(house, publishing().user_task().end())
    other = house.start("q", {"公示": noticed(house, case).number})
    object_to(house, case)
    house.drain()
    assert house.open(other) == ["b"]

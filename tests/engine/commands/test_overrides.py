"""Whom another value of a setting concerns, what is refused, and what history tells of it."""

from __future__ import annotations

import pytest

from engine import overrides
from engine.errors import InvalidVariables, NotAuthorized, NotFound
from engine.queries.story import story
from engine.queries.wording import in_chinese
from engine.release import load_release
from tests.bpmn_xml import timer
from tests.clock import FrozenClock
from tests.engine.commands.house import Drawing, House, process
from tests.engine.commands.running import BEFORE, POLICY, change, changed, due, inside, plain


def test_it_concerns_the_unit_and_those_below_without_a_value_of_their_own(house: House) -> None:
    house.deploy(plain(), POLICY)
    here, there, elsewhere = (house.start(unit=unit) for unit in ("jinxing-1", "jinxing-2", "chaoyang-1"))
    change(house, 6, "jinxing-2", move=False)
    change(house, 10, "jinxing")
    assert due(house, here)["a"] == "12-08 18"
    assert due(house, there)["a"] == "12-01 18"
    assert due(house, elsewhere)["a"] == "12-01 18"


def test_a_withdrawn_value_moves_them_back_if_asked(house: House) -> None:
    house.deploy(plain(), POLICY)
    case = house.start()
    change(house, 10)
    with house.at("admin") as tx:
        overrides.withdraw(tx, "p", "期限", house.unit("jinxing-1"), move_deadlines=True)
    house.drain()
    assert due(house, case) == BEFORE


def test_cases_of_earlier_versions_move_too_and_ended_ones_do_not(house: House) -> None:
    house.deploy(plain(), POLICY)
    running, ended = house.start(), house.start()
    house.cancel(ended)
    house.deploy(process().user_task().end(), POLICY)
    change(house, 10)
    assert due(house, running)["a"] == "12-08 18"
    assert changed(house, ended) == []


def test_a_case_that_ends_before_its_turn_is_left_alone(house: House) -> None:
    house.deploy(plain(), POLICY)
    case = house.start()
    with house.at("admin") as tx:
        overrides.override(tx, "p", "期限", house.unit("jinxing-1"), 10, "纪要", move_deadlines=True)
    house.cancel(case)
    house.drain()
    assert changed(house, case) == []


def test_history_and_story_tell_what_moved_and_who_wished_it(house: House) -> None:
    house.deploy(inside(), POLICY)
    case = house.start()
    house.complete(case, "first")
    change(house, 7)

    (data,) = changed(house, case)
    assert (data["setting"], data["value"], data["by"]) == ("期限", "7", "滨城区系统管理员")
    assert [(each["element"], each["what"]) for each in data["changes"]] == [
        ("level", "variable"),
        ("a", "task"),
        ("late", "timer"),
    ]
    assert data["variables"]["本级期限"]
    with house.reading() as tx:
        instance = house.case(case)
        told = next(each for each in story(tx, instance) if each.type == "deadline_changed")
        event = next(row for row, _ in house.history(case) if row.type == "deadline_changed")
        words = in_chinese(event, load_release(tx, instance.definition_id))
    assert told.template.format(**told.params) == "参数“期限”有调整，重算期限"
    assert told.who == "滨城区系统管理员"
    assert told.notes == (("期限", "a 2026-12-01 18:00 → 2026-12-03 18:00"),)
    assert words.startswith(
        "滨城区系统管理员调整参数“期限”（现为 7），重算期限：level 2026-12-01 18:00 → 2026-12-03 18:00；a "
    )


def test_a_deadline_that_cannot_be_worked_out_leaves_the_case_as_it_is_and_is_told(
    house: House, clock: FrozenClock
) -> None:
    house.deploy(plain(), POLICY)
    case = house.start()
    change(house, 1999)  # the calendar knows no such year
    for _ in range(3):
        clock.advance(minutes=5)
        house.drain()
    assert due(house, case) == BEFORE
    told = [data for row, data in house.history() if row.type == "deadlines_not_changed"]
    assert [(each["case"], each["setting"]) for each in told] == [(house.case(case).business_key, "期限")]


def test_the_value_must_fit_and_say_where_it_comes_from(house: House) -> None:
    house.deploy(plain(), POLICY)
    unit = house.unit("jinxing-1")
    with house.at("admin") as tx, pytest.raises(InvalidVariables, match="应当是整数"):
        overrides.override(tx, "p", "期限", unit, "十天", "纪要")
    with house.at("admin") as tx, pytest.raises(InvalidVariables, match="请填写这个取值的依据"):
        overrides.override(tx, "p", "期限", unit, 10, " ")
    with house.at("admin") as tx, pytest.raises(NotFound, match="没有参数“时限”"):
        overrides.override(tx, "p", "时限", unit, 10, "纪要")
    with house.at("jinxing-clerk") as tx, pytest.raises(NotAuthorized):
        overrides.override(tx, "p", "期限", unit, 10, "纪要")
    with house.at("jinxing-clerk") as tx, pytest.raises(NotAuthorized):
        overrides.withdraw(tx, "p", "期限", unit)


def test_a_value_that_is_no_time_for_a_start_is_refused(house: House) -> None:
    drawing = (
        Drawing("p").start("tick", timer("Cycle", "=policy.节奏")).user_task(groups="district_office@district").end()
    )
    house.deploy(drawing, POLICY)
    unit = house.unit("bincheng")
    with house.at("admin") as tx, pytest.raises(InvalidVariables, match="每周一") as refused:
        overrides.override(tx, "p", "节奏", unit, "每周一", "纪要")
    assert list(refused.value.errors) == ["value"]

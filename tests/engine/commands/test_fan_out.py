"""Work for each unit below: every body has its own unit, its own people, and gives one element to the collection."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from engine import definitions, tasks
from engine.lifecycle import InstanceState, UserTaskState
from tests.bpmn_xml import element, extension, timer, zeebe
from tests.engine.commands.house import House, io, process
from tests.engine.forms.form_builder import number, source


def loop(**attributes: str) -> str:
    characteristics = {
        "inputCollection": '=children(unit, "group")', "inputElement": "unit",
        "outputCollection": "票数", "outputElement": "=票",
    } | attributes  # fmt: skip
    until = characteristics.pop("until", None)
    inner = extension(zeebe("loopCharacteristics", **characteristics))
    inner += element("bpmn:completionCondition", until) if until else ""
    sequential = characteristics.get("sequential")
    return element("bpmn:multiInstanceLoopCharacteristics", inner, isSequential=sequential)


@pytest.fixture
def house(house: House) -> House:
    with house.at() as tx:
        definitions.add_form(tx, json.dumps(source(number("票", required=True), id="vote"), ensure_ascii=False))
    return house


def voting(house: House, **attributes: str) -> UUID:
    drawing = process().user_task("vote", form="vote", groups="group_leader@group", inner=loop(**attributes))
    house.deploy(drawing.user_task().end())
    return house.start(unit="jinxing")


def vote(house: House, case: UUID, group: int, votes: int) -> None:
    unit = house.unit(f"jinxing-{group}")
    (task,) = (each for each in house.tasks(case) if each.unit_id == unit)
    with house.at(f"jinxing-{group}-leader") as tx:
        tasks.complete(tx, task.id, {"票": votes})


def test_each_group_has_a_task_of_its_own(house: House) -> None:
    case = voting(house)
    open_tasks = house.tasks(case)
    assert [task.element_id for task in open_tasks] == ["vote"] * 3
    for task in open_tasks:
        assert house.candidates(task.id) == {f"group_leader@{task.unit_id}"}
    for group, votes in ((2, 20), (3, 30), (1, 10)):
        vote(house, case, group, votes)
    assert (house.open(case), house.variables(case)["票数"]) == (["a"], [10, 20, 30])
    assert set(house.variables(case)) == {"票数"}


def test_enough_is_enough(house: House) -> None:
    case = voting(house, until="=numberOfCompletedInstances = 2")
    vote(house, case, 3, 30)
    vote(house, case, 1, 10)
    assert (house.open(case), len(house.tasks(case, UserTaskState.CANCELED))) == (["a"], 1)
    assert [votes for votes in house.variables(case)["票数"] if votes is not None] == [10, 30]


def test_one_after_the_other(house: House) -> None:
    case = voting(house, sequential="true")
    for group in (1, 2, 3):
        assert [task.unit_id for task in house.tasks(case)] == [house.unit(f"jinxing-{group}")]
        vote(house, case, group, group)
    assert (house.open(case), house.variables(case)["票数"]) == (["a"], [1, 2, 3])


def test_for_nobody_it_goes_on_at_once(house: House) -> None:
    case = voting(house, inputCollection="=[]")
    assert (house.open(case), house.variables(case)["票数"]) == (["a"], [])


def test_a_list_that_is_none_is_an_incident(house: House) -> None:
    case = voting(house, inputCollection="=没有")
    assert ([each.element_id for each in house.incidents(case)], house.open(case)) == (["vote"], [])


def test_a_unit_that_is_none_is_an_incident_of_its_body_alone(house: House) -> None:
    case = voting(house, inputCollection='=append(children(unit, "group"), "三组")')
    assert (len(house.open(case)), len(house.incidents(case))) == (3, 1)
    for group in (1, 2, 3):
        vote(house, case, group, group)
    house.cancel(case)
    assert (house.case(case).state, house.incidents(case)) == (InstanceState.CANCELED, [])


def test_a_boundary_takes_all_bodies_away(house: House) -> None:
    drawing = process().user_task("vote", form="vote", groups="group_leader@group", inner=loop()).end()
    drawing.boundary("late", "vote", timer("Duration", "PT1H")).user_task().end("end2")
    house.deploy(drawing)
    case = house.start(unit="jinxing")
    vote(house, case, 1, 1)
    house.clock.advance(hours=1)
    assert house.drain() == 1
    assert (house.open(case), len(house.tasks(case, UserTaskState.CANCELED))) == (["a"], 2)


def test_notifications_go_to_the_posts_of_each_unit(house: House) -> None:
    inputs = io(inputs={"to": "group_leader@group", "text": "开会"})
    service = extension(zeebe("taskDefinition", type="notify"), inputs) + loop(outputElement="=1")
    house.deploy(process().node("serviceTask", "tell", service).user_task().end())
    case = house.start(unit="jinxing")
    assert house.drain() == 3
    assert house.told(case) == {f"group_leader@{house.unit(f'jinxing-{group}')}" for group in (1, 2, 3)}
    assert house.open(case) == ["a"]

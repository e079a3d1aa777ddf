"""A step that fails keeps what the person before it entered, opens one incident, and goes on after a retry."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from engine import policy
from engine.errors import InvalidState, NotAuthorized
from engine.execution import latest_release
from engine.incidents import retry
from engine.lifecycle import IncidentState, InstanceState
from tests.bpmn_xml import timer, zeebe
from tests.engine.commands.house import Drawing, House, process

#: A setting that makes the step fail until an administrator overrides it.
POLICY = """
数:
  value: 0
  unit: 次
  source: assumption
"""
#: A unit that is none, until the setting is overridden.
BROKEN = '=if policy.数 = 0 then children("nowhere") else policy.数'


def failing_script() -> Drawing:
    return process().user_task().script("b", BROKEN).end()


def no_way_out() -> Drawing:
    drawing = process().user_task().gateway("exclusive", "b").when("=policy.数 > 1").end("one")
    return drawing.at("b", "=policy.数 = 1").end("two")


def unknown_department() -> Drawing:
    return process().user_task().user_task(
        "b", groups='=if policy.数 = 0 then "officer@nowhere" else "community_clerk@community"'
    ).end()  # fmt: skip


def nobody() -> Drawing:
    return process().user_task().user_task(
        "b", groups='=if policy.数 = 0 then null else "community_clerk@community"'
    ).end()  # fmt: skip


def due_date_is_no_date() -> Drawing:
    schedule = zeebe("taskSchedule", dueDate='=if policy.数 = 0 then "明天" else now()')
    return process().user_task().user_task("b", more=schedule).end()


def priority_is_no_number() -> Drawing:
    schedule = zeebe("priorityDefinition", priority='=if policy.数 = 0 then "急" else 70')
    return process().user_task().user_task("b", more=schedule).end()


def timer_is_no_duration() -> Drawing:
    wait = timer("Duration", '=if policy.数 = 0 then "很久" else duration("PT1H")')
    return process().user_task().catch("b", wait).end()


FAULTS = [
    failing_script, no_way_out, unknown_department, nobody, due_date_is_no_date, priority_is_no_number,
    timer_is_no_duration,
]  # fmt: skip


def correct(house: House, value: int = 1) -> None:
    """What an administrator does about it."""
    with house.at() as tx:
        setting = latest_release(tx, "p").settings["数"]
        policy.override(tx, "p", setting, house.unit("bincheng"), value, "更正")


def broken_case(house: House, draw: Callable[[], Drawing]) -> UUID:
    house.deploy(draw(), POLICY)
    case = house.start()
    house.complete(case)
    return case


def test_the_input_is_kept_and_a_retry_goes_on(house: House) -> None:
    for draw in FAULTS:
        keeps_the_input_and_goes_on(house, draw)
        correct(house, 0)


def keeps_the_input_and_goes_on(house: House, draw: Callable[[], Drawing]) -> None:
    case = broken_case(house, draw)

    (incident,) = house.incidents(case)
    assert incident.element_id == "b"
    assert "{" not in incident.template.format(**incident.params)
    assert house.variables(case)["意见"] == "可行"
    assert house.case(case).state is InstanceState.ACTIVE
    assert house.events(case).count("incident_opened") == 1
    assert house.open(case) == []

    house.retry(case)  # nothing was corrected: a new incident, and only one
    (again,) = house.incidents(case)
    assert again.id != incident.id
    assert house.events(case)[-2:] in (["incident_resolved", "incident_opened"], ["advanced", "incident_opened"])

    correct(house)
    house.retry(case)
    assert house.incidents(case) == []
    assert len(house.incidents(case, IncidentState.RESOLVED)) == 2
    house.clock.advance(hours=1)
    house.drain()
    if house.open(case):
        house.complete(case, "b")
    assert house.case(case).state is InstanceState.COMPLETED
    assert house.incidents(case) == []


def test_only_some_posts_retry_and_only_once(house: House) -> None:
    case = broken_case(house, failing_script)
    (incident,) = house.incidents(case)
    with pytest.raises(NotAuthorized, match="您的岗位不能处理异常"):
        house.retry(case, "jinxing-clerk")
    correct(house)
    house.retry(case)
    with pytest.raises(InvalidState), house.at("admin") as tx:
        retry(tx, incident.id)


def test_a_second_retry_of_a_running_case_is_refused_by_name(house: House) -> None:
    case = broken_case(house, _branching)
    (incident,) = house.incidents(case)
    correct(house)
    house.retry(case)
    with pytest.raises(InvalidState, match=r"这个异常已由.*系统管理员.*处理"), house.at("admin") as tx:
        retry(tx, incident.id)


def _branching() -> Drawing:
    return process().user_task().script("b", BROKEN).user_task("c").end()


def test_a_failure_stops_no_other_branch(house: House) -> None:
    drawing = process().gateway("parallel", "fork").script("b", BROKEN).end()
    house.deploy(drawing.at("fork").user_task("a").end("end2"), POLICY)
    case = house.start()
    assert (len(house.incidents(case)), house.open(case)) == (1, ["a"])
    house.complete(case)
    assert house.case(case).state is InstanceState.ACTIVE
    correct(house)
    house.retry(case)
    assert house.case(case).state is InstanceState.COMPLETED


def test_an_incident_goes_with_its_token(house: House) -> None:
    def inside(drawing: Drawing) -> Drawing:
        return drawing.start("s").script("b", BROKEN).end("e")

    drawing = process().sub_process("sub", inside).end()
    drawing.boundary("late", "sub", timer("Duration", "PT1H")).user_task("a").end("end2")
    house.deploy(drawing, POLICY)
    case = house.start()
    assert len(house.incidents(case)) == 1
    house.clock.advance(hours=1)
    house.drain()
    assert (house.incidents(case), house.open(case)) == ([], ["a"])
    assert "incident_resolved" in house.events(case)


@pytest.mark.parametrize("draw", [failing_script, unknown_department])
def test_cancelling_the_case_closes_its_incidents(house: House, draw: Callable[[], Drawing]) -> None:
    case = broken_case(house, draw)
    (incident,) = house.incidents(case)
    house.cancel(case)
    (closed,) = house.incidents(case, IncidentState.RESOLVED)
    assert (closed.id, closed.resolved_at) == (incident.id, house.clock.now)
    with pytest.raises(InvalidState, match="已经终止"), house.at("admin") as tx:
        retry(tx, incident.id)


def test_an_expression_may_not_see_the_server(house: House) -> None:
    case = broken_case(house, lambda: process().user_task().script("b", "=意见.__class__").end())
    assert house.variables(case).get("x") is None

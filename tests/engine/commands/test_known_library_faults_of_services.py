"""A service that fails: SpiffWorkflow 3.2.0 fails again while it tells so, and hides the cause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.database import Engine
from engine.jobs import Ticket
from tests.bpmn_xml import event
from tests.clock import FrozenClock
from tests.engine.commands.house import House, process


def _fault(engine: Engine, ticket: Ticket) -> Mapping[str, Any]:
    raise ZeroDivisionError("the divisor is zero")


def test_the_incident_of_a_failing_service_names_the_cause_and_no_boundary_takes_it(
    platform: Engine, clock: FrozenClock
) -> None:
    house = House(platform, clock, {"notify": _fault})
    drawing = process().service("c", "notify", retries="1").user_task("a").end()
    house.deploy(drawing.boundary("caught", "c", event("error")).user_task("b").end("end2"))
    case = house.start()

    house.drain()

    (incident,) = house.incidents(case)
    assert "the divisor is zero" in incident.template.format(**incident.params)
    assert incident.element_id == "c"
    assert house.open(case) == []

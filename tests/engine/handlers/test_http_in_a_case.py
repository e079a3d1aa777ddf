"""A case that calls a web service: the answer is mapped, failures are tried again, errors take their boundary."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.database import Engine
from tests.bpmn_xml import element, event, zeebe
from tests.clock import FrozenClock
from tests.engine.commands.house import House, io, process
from tests.engine.handlers.servers import Web


@pytest.fixture
def house(platform: Engine, clock: FrozenClock) -> House:
    return House(platform, clock)


def started(house: House, web: Web, **headers: str) -> UUID:
    inputs = {"url": f'="{web.url()}" + 意见', "method": '="POST"', "body": "={事由: 意见}"}
    own = zeebe("taskHeaders", "".join(zeebe("header", key=key, value=value) for key, value in headers.items()))
    mapping = io(inputs=inputs, outputs={"单号": "=response.body.id"})
    drawing = process(start_form=True).service("c", "http", mapping + own, retries="2").user_task().end()
    drawing.boundary("taken", "c", event("error", errorRef="e1")).user_task("b").end("end2")
    house.deploy(drawing.root(element("bpmn:error", id="e1", errorCode="重名")))
    return house.start(values={"意见": "road"})


def test_the_answer_is_mapped_into_the_case(house: House, web: Web) -> None:
    web.answer = (200, {"Content-Type": "application/json"}, b'{"id": "A-7"}')
    case = started(house, web)
    house.drain()
    assert (house.open(case), house.variables(case)["单号"]) == (["a"], "A-7")
    assert web.seen[0].path == "/road"
    assert "response" not in house.variables(case)


def test_a_failure_is_tried_again_after_the_time_that_the_diagram_says(house: House, web: Web) -> None:
    web.answer = (503, {}, b"later")
    case = started(house, web, retryBackoff="PT5M")
    house.drain()
    house.clock.advance(minutes=4, seconds=59)
    assert house.drain() == 0
    house.clock.advance(seconds=1)
    assert house.drain() == 1
    (incident,) = house.incidents(case)
    assert "503" in incident.template.format(**incident.params)
    assert len({seen.headers["idempotency-key"] for seen in web.seen}) == 1

    web.answer = (200, {"Content-Type": "application/json"}, b'{"id": "A-8"}')
    house.retry(case)
    house.drain()
    assert (house.open(case), house.variables(case)["单号"]) == (["a"], "A-8")


def test_an_error_of_the_service_takes_the_boundary(house: House, web: Web) -> None:
    web.answer = (409, {}, b"")
    case = started(house, web, errorOn="409=重名")
    house.drain()
    assert (house.open(case), house.incidents(case)) == (["b"], [])

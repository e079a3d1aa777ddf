"""Personal data stays hidden in history when it travels between the cases of one call, in either direction."""

from __future__ import annotations

from engine.history import verify
from tests.bpmn_xml import extension, zeebe
from tests.engine.commands.house import GIVEN, House, process

PHONE = "13800000000"


def payloads(house: House, *cases: object) -> str:
    return "".join(row.payload for case in cases for row, _ in house.history(case))  # type: ignore[arg-type] # ids


def test_what_a_caller_hands_down_stays_hidden(house: House) -> None:
    house.deploy(process("child").user_task("b", form="g").script("s", "=电话", "电话").end())
    called = extension(zeebe("calledElement", processId="child"))
    house.deploy(process().user_task().node("callActivity", "call", called).user_task("z", form="g").end())
    case = house.start()
    house.complete(case, values={**GIVEN, "电话": PHONE})
    house.drain()
    (inner,) = house.children(case)
    house.complete(inner.id, "b", {"乙": 1})
    house.drain()
    assert house.open(case) == ["z"]
    assert PHONE not in payloads(house, case, inner.id)
    with house.reading() as tx:
        assert verify.verify_all(tx).ok


def test_what_a_called_case_brings_back_stays_hidden(house: House) -> None:
    house.deploy(process("child").user_task("b").end())
    called = extension(zeebe("calledElement", processId="child"))
    drawing = process().node("callActivity", "call", called).user_task("z", form="g").script("s", "=电话", "电话")
    house.deploy(drawing.user_task("y", form="g").end())
    case = house.start()
    house.drain()
    (inner,) = house.children(case)
    house.complete(inner.id, "b", {**GIVEN, "电话": PHONE})
    house.drain()
    house.complete(case, "z", {})
    assert house.open(case) == ["y"]
    assert house.variables(case)["电话"] == PHONE
    assert PHONE not in payloads(house, case, inner.id)

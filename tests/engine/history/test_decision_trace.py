"""The trace of a decision: personal values stand in it as commitments, whatever was concluded from them as well."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from engine.database import Engine
from engine.history import record, verify
from engine.model.history import HistoryEvent
from engine.model.process import ProcessInstance
from engine.people import SYSTEM
from tests.engine.history.chains import events, file_appeal, tamper

PERSONAL = frozenset({"电话", "年收入"})
TRACE: list[dict[str, Any]] = [
    {"decision": "档次", "inputs": {"年收入": Decimal("120000.5"), "人口": 3}, "value": "中"},
    {"decision": "地段", "inputs": {"街道": "金星"}, "value": "城区"},
    {"decision": "补助", "inputs": {"档次": "中", "地段": "城区"}, "value": 500},
    {"decision": "结论", "inputs": {"补助": 500, "人口": 3}},
]


def recorded(engine: Engine) -> tuple[ProcessInstance, HistoryEvent]:
    case = file_appeal(engine)
    with engine.begin(SYSTEM) as tx:
        row = tx.get(ProcessInstance, case.id)
        data = {"decision": "结论", "trace": TRACE, "variables": {"结论": 500, "电话": "13800000000"}}
        record(tx, row, "decision_evaluated", "n", data, PERSONAL)
    return case, events(engine, case.id)[-1]


def test_personal_values_and_what_follows_from_them_are_commitments(platform: Engine) -> None:
    _, event = recorded(platform)
    data = json.loads(event.payload)["data"]
    shown = [
        (step["decision"], sorted(name for name, value in step["inputs"].items() if "commitment" in str(value)))
        for step in data["trace"]
    ]
    assert shown == [("档次", ["年收入"]), ("地段", []), ("补助", ["档次"]), ("结论", ["补助"])]
    values = ["commitment" in str(step.get("value")) for step in data["trace"]]
    assert values == [True, False, True, False]
    assert (data["variables"]["结论"], list(data["variables"]["电话"])) == (500, ["commitment"])
    assert "120000" not in event.payload
    assert sorted(event.private or {}) == [
        "trace.0.inputs.年收入", "trace.0.value", "trace.2.inputs.档次", "trace.2.value", "trace.3.inputs.补助",
        "variables.电话",
    ]  # fmt: skip


def report(engine: Engine, case: ProcessInstance) -> list[str]:
    with engine.read(SYSTEM) as tx:
        return [fault.message for fault in verify.verify_chain(tx, case.id).faults]


def test_the_trace_verifies_with_and_without_what_was_kept_aside(platform: Engine) -> None:
    case, event = recorded(platform)
    assert report(platform, case) == []
    tamper(platform, case.id, event.seq, private=None)
    assert report(platform, case) == []


@pytest.mark.parametrize(
    "path", ["trace.0.inputs.年收入", "trace.2.value", "trace.9.value", "trace.1.inputs.街道", "x"]
)
def test_a_value_kept_aside_that_the_trace_does_not_promise_is_found(platform: Engine, path: str) -> None:
    case, event = recorded(platform)
    tamper(platform, case.id, event.seq, private={path: ["00" * 16, 1]})
    assert report(platform, case) == [f"个人信息“{path}”与留痕时的承诺值不符。"]

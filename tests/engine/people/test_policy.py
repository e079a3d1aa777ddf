"""Policy: settings with a source, overridden by the nearest unit."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine import policy
from engine.database import Engine
from engine.errors import InvalidDefinition, InvalidVariables, NotAuthorized, NotFound
from engine.model.history import HistoryEvent
from engine.people import ANONYMOUS, SYSTEM
from tests.engine.people.town import Town, build_town

TEXT = """
小组办理期限:
  value: 5
  unit: 工作日
  source: assumption
  clause: DB3716/T69 5.2.2 a
  note: 标准没有规定。
同意比例: {value: 0.1, source: 第十六条}
提醒间隔: {value: P3D, source: assumption}
需要公示: {value: true, source: assumption}
渠道: {value: [热线, 网站, 2], source: assumption}
"""


def _values(town: Town, code: str | None) -> dict[str, Any]:
    with town.engine.read(SYSTEM) as tx:
        return policy.values(tx, "appeal", policy.parse(TEXT), town.units[code] if code else None)


def _override(town: Town, code: str, name: str, value: Any) -> None:
    with town.engine.begin(SYSTEM) as tx:
        policy.override(tx, "appeal", policy.parse(TEXT)[name], town.units[code], value, "街道例会纪要")


def test_reads_each_kind_of_value() -> None:
    settings = policy.parse(TEXT)

    assert {name: setting.value for name, setting in settings.items()} == {
        "小组办理期限": Decimal(5),
        "同意比例": Decimal("0.1"),
        "提醒间隔": timedelta(days=3),
        "需要公示": True,
        "渠道": ["热线", "网站", Decimal(2)],
    }
    first = settings["小组办理期限"]
    assert (first.unit, first.source, first.clause) == ("工作日", "assumption", "DB3716/T69 5.2.2 a")


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
def test_no_settings_are_no_fault(text: str) -> None:
    assert policy.parse(text) == {}


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("5", "缺少取值"),
        ("{source: x}", "缺少取值"),
        ("{value: 5}", "没有写明依据"),
        ("{value: 5, source: x, colour: red}", "“colour”不是已知的项"),
        ("{value: five, type: integer, source: x}", "应当是整数，现在是“five”"),
        ("{value: 5, type: number, source: x}", "类型“number”不存在"),
        ("{value: {a: 1}, source: x}", "不是数字、文本、是否、时长或列表"),
        ("{value: true, type: integer, source: x}", "应当是整数"),
        ("{value: 3 days, type: duration, source: x}", "应当是时长"),
        ("{value: null, source: x}", "不是数字"),
    ],
)
def test_says_what_is_wrong_and_in_which_line(entry: str, sentence: str) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        policy.parse(f"好的: {{value: 1, source: x}}\n坏的: {entry}\n")

    [finding] = refused.value.findings
    assert sentence in finding.message
    assert "坏的" in finding.message
    assert finding.line == 2


def test_a_name_is_given_once() -> None:
    with pytest.raises(InvalidDefinition) as refused:
        policy.parse("甲: {value: 1, source: x}\n甲: {value: 2, source: x}\n")

    assert "写了两次" in refused.value.findings[0].message


@pytest.mark.parametrize(
    "text",
    ["[1, 2]", "just text", "a: [", "a: !!python/object:os.system {}", "x" * 100_001, "[" * 5_000, "a: 2026-13-45"],
)
def test_refuses_what_is_no_policy_file(text: str) -> None:
    with pytest.raises(InvalidDefinition):
        policy.parse(text)


def test_the_policies_of_all_processes_can_be_read() -> None:
    files = sorted((Path(__file__).parents[3] / "processes").glob("*/policy.yaml"))

    assert files
    for file in files:
        assert policy.parse(file.read_text(encoding="utf-8"))


def test_the_nearest_unit_has_the_last_word(engine: Engine) -> None:
    town = build_town(engine)
    _override(town, "shizhong", "小组办理期限", 7)
    _override(town, "jinxing", "小组办理期限", 3)

    found = [_values(town, code)["小组办理期限"] for code in ("jinxing-1", "chaoyang-1", "bincheng", None)]

    assert found == [3, 7, 5, 5]


def test_an_override_replaces_the_one_before_and_can_be_withdrawn(engine: Engine) -> None:
    town = build_town(engine)
    _override(town, "jinxing", "同意比例", 0.5)
    _override(town, "jinxing", "同意比例", 0.6)
    assert _values(town, "jinxing-1")["同意比例"] == Decimal("0.6")

    with engine.begin(SYSTEM) as tx:
        policy.withdraw_override(tx, "appeal", "同意比例", town.units["jinxing"])

    assert _values(town, "jinxing-1")["同意比例"] == Decimal("0.1")
    with engine.begin(SYSTEM) as tx, pytest.raises(NotFound):
        policy.withdraw_override(tx, "appeal", "同意比例", town.units["jinxing"])


def test_another_process_keeps_its_own(engine: Engine) -> None:
    town = build_town(engine)
    _override(town, "jinxing", "小组办理期限", 3)

    with engine.read(SYSTEM) as tx:
        other = policy.values(tx, "premises", policy.parse(TEXT), town.units["jinxing-1"])

    assert other["小组办理期限"] == 5


def test_history_keeps_who_set_what_and_why(engine: Engine) -> None:
    town = build_town(engine)

    _override(town, "jinxing", "小组办理期限", 3)

    with engine.read(SYSTEM) as tx:
        told = tx.session.scalars(select(HistoryEvent).where(HistoryEvent.type == "policy_overridden")).one()
    assert all(part in told.payload for part in ("小组办理期限", "街道例会纪要", str(town.units["jinxing"])))


@pytest.mark.parametrize("value", ["three", 2.5, None, True, [1]])
def test_an_override_must_fit_the_setting(engine: Engine, value: Any) -> None:
    town = build_town(engine)

    with pytest.raises(InvalidVariables, match="小组办理期限"):
        _override(town, "jinxing", "小组办理期限", value)


def test_an_override_needs_a_source(engine: Engine) -> None:
    town = build_town(engine)
    setting = policy.parse(TEXT)["小组办理期限"]

    with engine.begin(SYSTEM) as tx, pytest.raises(InvalidVariables) as refused:
        policy.override(tx, "appeal", setting, town.units["jinxing"], 3, " ")

    assert list(refused.value.errors) == ["source"]


def test_only_who_manages_settings_overrides(engine: Engine) -> None:
    town = build_town(engine)
    setting = policy.parse(TEXT)["小组办理期限"]

    with engine.begin(ANONYMOUS) as tx, pytest.raises(NotAuthorized):
        policy.override(tx, "appeal", setting, town.units["jinxing"], 3, "随便")

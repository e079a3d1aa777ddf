"""Scenario files as data."""

from __future__ import annotations

import pytest

from engine.errors import InvalidDefinition
from engine.scenarios import parse

GOOD = "name: 试\ngiven: {at: '2026-11-24T09:00', starter: anonymous, start: {日: 2026-12-01}}\nsteps: []"


def test_dates_stay_text_and_moments_are_in_china() -> None:
    script = parse(GOOD, "p")
    assert script.given["start"] == {"日": "2026-12-01"}
    assert script.at.isoformat() == "2026-11-24T09:00:00+08:00"


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("name: [", "不是有效的 YAML"),
        ("name: a\nname: b", "“name” ×2"),
        ("- 1", "应当有 name、given 和 steps 三项"),
        (GOOD.replace("name: 试\n", ""), "缺少“name”"),
        (GOOD.replace("starter", "start_by"), "缺少“starter”"),
        (GOOD.replace("2026-11-24T09:00", "明天"), "at “明天”不是时刻"),
        (GOOD.replace("[]", "[完成]"), "每一步都应写成“步骤: 内容”"),
    ],
)
def test_what_is_no_scenario_is_told_with_its_file(text: str, because: str) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        parse(text, "p", "p/scenarios/x.yaml")
    assert "p/scenarios/x.yaml" in str(refused.value)
    assert because in str(refused.value)

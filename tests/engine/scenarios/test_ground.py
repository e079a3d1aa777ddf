"""Scenarios that play one after the other on the same ground."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import definitions, scenarios
from engine.people import SYSTEM
from engine.scenarios import Ground, VirtualClock
from tests.clock import START
from tests.engine.commands.house import process

POLICY = "期限: {value: 3, source: assumption}"
SCENARIO = """
name: 期限
given: {{unit: jinxing, starter: jinxing-clerk, at: '2026-11-24T09:00', policy: {{期限: {days}}}}}
steps:
- expect: {{variables: {{x: {days}}}, cases: {{p: 1}}}}
"""


@pytest.fixture
def ground(furnished_sqlite: Path, tmp_path: Path) -> Iterator[Ground]:
    with Ground(tmp_path, VirtualClock(START)) as ground:
        shutil.copyfile(furnished_sqlite, ground.file)
        with ground.engine.begin(SYSTEM) as tx:
            drawing = process().script("s", "=policy.期限").end()
            definitions.deploy_file(tx, "p", drawing.xml().decode(), POLICY)
        ground.keep()
        yield ground


def test_each_scenario_has_its_own_settings_and_cases(ground: Ground) -> None:
    for days in (5, 7, 9):
        with ground.fresh() as engine:
            scenarios.play(scenarios.parse(SCENARIO.format(days=days), "p"), engine, ground.clock)


def test_the_compiled_releases_stay(ground: Ground) -> None:
    with ground.fresh() as engine:
        scenarios.play(scenarios.parse(SCENARIO.format(days=5), "p"), engine, ground.clock)
    with ground.fresh() as engine:
        kinds = {key[0] for key in engine.cache}
        assert "release" in kinds
        assert "snapshot" not in kinds


def test_nobody_waits_for_the_disk(ground: Ground) -> None:
    with ground.fresh() as engine, engine.sql.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 0

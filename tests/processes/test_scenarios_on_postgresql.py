"""Every scenario of every process on PostgreSQL; test_scenarios.py has them on SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import scenarios
from engine.database import Engine
from tests.clock import FrozenClock

FILES = sorted((Path(__file__).parents[2] / "processes").glob("*/scenarios/*.yaml"))


@pytest.mark.parametrize("furnished_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_a_scenario_passes_on_postgresql(platform: Engine, clock: FrozenClock, path: Path) -> None:
    scenarios.play(scenarios.read(path), platform, clock)

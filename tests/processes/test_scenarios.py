"""Every scenario of every process, on both databases; and what the scenarios of a process leave out of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import scenarios
from engine.database import Engine
from engine.people import SYSTEM
from engine.scenarios import Gaps, Ground, Passage, Passages, ScenarioFailed, VirtualClock
from tests.clock import FrozenClock

PROCESSES = Path(__file__).parents[2] / "processes"
FILES = sorted(PROCESSES.glob("*/scenarios/*.yaml"))
KEYS = sorted(path.stem for path in PROCESSES.glob("*/*.bpmn"))


@pytest.fixture(scope="module")
def ground(furnished_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with Ground(tmp_path_factory.mktemp("ground"), VirtualClock()) as ground:
        shutil.copyfile(furnished_sqlite, ground.file)
        ground.keep()
        yield ground


@pytest.mark.parametrize("key", KEYS)
def test_the_scenarios_of_a_process_pass_and_leave_nothing_out(ground: Ground, key: str) -> None:
    passage, failures = Passage(), []
    for path in (each for each in FILES if each.parent.parent.name == key):
        passages = Passages()
        with ground.fresh() as engine:
            try:
                scenarios.play(scenarios.read(path), engine, ground.clock, passages)
            except ScenarioFailed as failure:
                failures.append(str(failure))
        passage.add(passages[key])
    assert not failures, "\n".join(failures)
    with ground.engine.read(SYSTEM) as tx:
        found = scenarios.gaps_of(tx, key, passage)
    assert found == Gaps(found.flow_count, flows=(), timers=(), elements=(), ends=(), calls=())


@pytest.mark.parametrize("furnished_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_a_scenario_passes_on_postgresql(platform: Engine, clock: FrozenClock, path: Path) -> None:
    scenarios.play(scenarios.read(path), platform, clock)

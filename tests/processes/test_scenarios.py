"""Every scenario of every process passes, leaves nothing of the process out, and no clause of the standard either."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from engine import bpmn, scenarios
from engine.coverage import Coverage, compare
from engine.people import SYSTEM
from engine.queries import standard
from engine.scenarios import Gaps, Ground, Passage, Passages, ScenarioFailed, VirtualClock
from webapp.cli_coverage import add_passed, as_text

PROCESSES = Path(__file__).parents[2] / "processes"
DIAGRAMS = sorted(PROCESSES.glob("*/*.bpmn"))
KEYS = [path.stem for path in DIAGRAMS]
FAMILIES = 19


@dataclass
class Played:
    """What became of the scenarios of one process; ``passed`` is as ``engine.coverage`` wants it."""

    passage: Passage = field(default_factory=Passage)
    failures: list[str] = field(default_factory=list)
    passed: dict[str, dict[str, set[str]]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def ground(furnished_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with Ground(tmp_path_factory.mktemp("ground"), VirtualClock()) as ground:
        shutil.copyfile(furnished_sqlite, ground.file)
        ground.keep()
        yield ground


@pytest.fixture(scope="module")
def played(ground: Ground) -> Callable[[str], Played]:
    """Plays the scenarios of a process, once for all tests of this file."""

    @cache
    def play_all(key: str) -> Played:
        played = Played()
        for path in sorted((PROCESSES / key / "scenarios").glob("*.yaml")):
            script, passages = scenarios.read(path), Passages()
            with ground.fresh() as engine:
                try:
                    scenarios.play(script, engine, ground.clock, passages)
                except ScenarioFailed as failure:
                    played.failures.append(str(failure))
            played.passage.add(passages[key])
            add_passed(played.passed, script, passages)
        return played

    return play_all


@pytest.mark.parametrize("key", KEYS)
def test_the_scenarios_of_a_process_pass_and_leave_nothing_out(
    ground: Ground, played: Callable[[str], Played], key: str
) -> None:
    found = played(key)
    assert not found.failures, "\n".join(found.failures)
    with ground.engine.read(SYSTEM) as tx:
        gaps = scenarios.gaps_of(tx, key, found.passage)
    assert gaps == Gaps(gaps.flow_count, flows=(), timers=(), elements=(), ends=(), calls=())


def test_every_family_of_processes_is_there() -> None:
    assert len(KEYS) == FAMILIES


@pytest.fixture(scope="module")
def coverage(ground: Ground, played: Callable[[str], Played]) -> Coverage:
    """The standard against all processes and all their scenarios."""
    passed: dict[str, dict[str, set[str]]] = {}
    for key in KEYS:
        for process, elements in played(key).passed.items():
            for element, names in elements.items():
                passed.setdefault(process, {}).setdefault(element, set()).update(names)
    with ground.engine.read(SYSTEM) as tx:
        clauses = [line.clause for line in standard.clauses(tx)]
    drawn = [bpmn.read(path.read_bytes()).process(path.stem) for path in DIAGRAMS]
    return compare(clauses, [process for process in drawn if process is not None], passed)


def test_every_clause_is_carried_out_by_a_scenario_or_said_to_be_for_none(coverage: Coverage) -> None:
    assert (coverage.uncited, coverage.unexecuted, coverage.unknown) == ((), (), ())
    assert len(coverage.cited.keys() | set(coverage.exempt)) == 180


def test_no_clause_is_both_carried_out_and_said_to_be_for_no_process(coverage: Coverage) -> None:
    assert coverage.cited.keys() & set(coverage.exempt) == set()


def test_every_step_says_what_it_rests_on(coverage: Coverage) -> None:
    assert coverage.baseless == ()


def test_the_pages_name_the_scenarios_as_they_are_now(coverage: Coverage) -> None:
    there = (PROCESSES / "executed.yaml").read_text("utf-8")
    assert there == as_text(coverage), "wuji coverage --write brings it up to date"

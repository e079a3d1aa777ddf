"""The measurement of the inbox runs and tells what it found; how fast it is, no test says."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bench import asked, databases, inbox, population
from bench.filled import filled
from engine.model.work import UserTask
from engine.people import SYSTEM
from engine.queries.worklist_wish import PAGE_SIZE


def test_a_small_run_asks_for_every_page_and_reads_no_table_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_SUBDISTRICTS", "_COMMUNITIES"):
        monkeypatch.setattr(population, name, 1)
    monkeypatch.setattr(inbox, "WHO", {"clerk": "community_clerk"})
    monkeypatch.setattr(asked, "ABOVE", {"community": "community_secretary"})
    monkeypatch.setattr(inbox, "KEPT", tmp_path / "kept")
    file = tmp_path / "figures.json"
    inbox.main(["--tasks", "200", "--n", "1", "--sqlite-only", "--keep", "--json", str(file)])
    figures = json.loads(file.read_text(encoding="utf-8"))["sqlite"]
    found = figures["clerk"]
    assert found["claimable"]["200"] > 0
    assert found["read from end to end"] == {}
    assert found["times"]["search, two characters | 200"]["wall_p5"] > 0
    assert found["lines"]["tab watched | 200"] == found["lines"]["tab open | 200"] == PAGE_SIZE
    assert figures["from above"]["times"].keys() >= {"work of a community | 200", "cases with two characters | 200"}
    assert "by process" in capsys.readouterr().out
    with databases.kept_databases(inbox.KEPT, False) as places, filled(places, "sqlite", 200) as engine:
        assert "200 tasks" not in capsys.readouterr().err  # not filled again
        with engine.read(SYSTEM) as tx:
            assert tx.session.scalar(select(func.count()).select_from(UserTask)) == 220


def test_a_page_that_became_slow_breaks_the_promise(capsys: pytest.CaptureFixture[str]) -> None:
    def figures(after: float, lines: int = 20, name: str = "one", who: str = "clerk") -> dict[str, object]:
        pages = {"tab open": (8.0, 8.0, 20), "by level, none": (4.0, 4.0, 0), name: (8.0, after, lines)}
        times = {
            f"{name} | {size}": dict.fromkeys(("wall_median", "wall_p95", "cpu_median"), ms)
            for name, (few, many, _lines) in pages.items()
            for size, ms in ((10, few), (20, many))
        }
        shown = {f"{name} | {size}": each[2] for name, each in pages.items() for size in (10, 20)}
        shown[f"{name} | 20"] = 20
        found = {"times": times, "lines": shown, "bytes": {"x": 1}, "read from end to end": {}}
        return {"sqlite": {who: found}}

    assert inbox.report(figures(11.9), [10, 20])
    assert not inbox.report(figures(12.1), [10, 20])
    assert not inbox.report(figures(31.0), [10, 20])
    # a line costs 0.2 ms here: with five lines more, 13.4 is no more than 1.5 times as much
    assert inbox.report(figures(13.4, 15), [10, 20])
    assert not inbox.report(figures(13.6, 15), [10, 20])
    # nothing is promised for what is no list of an inbox
    assert inbox.report(figures(40.0, name="my work"), [10, 20])
    assert inbox.report(figures(40.0, who="from above"), [10, 20])


def test_every_two_conditions_come_together() -> None:
    factors = {"a": ("", "1"), "b": ("", "1", "2"), "c": ("", "x", "y", "z")}
    found = list(asked.pairwise(factors))
    for (a, first), (b, second) in combinations(factors.items(), 2):
        assert all(any(one[a] == x and one[b] == y for one in found) for x in first for y in second)
    assert len(found) < 16

"""The measurement of the inbox runs and tells what it found; how fast it is, no test says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bench import databases, inbox, population
from bench.filled import filled
from engine.model.work import UserTask
from engine.people import SYSTEM


def test_a_small_run_asks_for_every_page_and_reads_no_table_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_SUBDISTRICTS", "_COMMUNITIES"):
        monkeypatch.setattr(population, name, 1)
    monkeypatch.setattr(inbox, "WHO", {"clerk": "community_clerk"})
    monkeypatch.setattr(inbox, "KEPT", tmp_path / "kept")
    file = tmp_path / "figures.json"
    inbox.main(["--tasks", "200", "--n", "1", "--sqlite-only", "--keep", "--json", str(file)])
    figures = json.loads(file.read_text(encoding="utf-8"))["sqlite"]
    found = figures["clerk"]
    assert found["claimable"]["200"] > 0
    assert found["read from end to end"] == {}
    assert found["times"]["search, two characters | 200"]["wall_p5"] > 0
    assert "by process" in capsys.readouterr().out
    with databases.kept_databases(inbox.KEPT, False) as places, filled(places, "sqlite", 200) as engine:
        assert "200 tasks" not in capsys.readouterr().err  # not filled again
        with engine.read(SYSTEM) as tx:
            assert tx.session.scalar(select(func.count()).select_from(UserTask)) == 220


def test_a_page_that_became_slow_breaks_the_promise(capsys: pytest.CaptureFixture[str]) -> None:
    def figures(after: float) -> dict[str, object]:
        times = {f"tab open | {size}": {"wall_median": ms, "wall_p95": ms} for size, ms in ((10, 8.0), (20, after))}
        found = {"times": times, "claimable": {"10": 1, "20": 2}, "bytes": {"x": 1}, "read from end to end": {}}
        return {"sqlite": dict.fromkeys(inbox.WHO, found)}

    assert inbox.report(figures(11.9), [10, 20])
    assert not inbox.report(figures(12.1), [10, 20])
    assert not inbox.report(figures(31.0), [10, 20])

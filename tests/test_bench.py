"""The bench runs and writes what it measured; how fast it is, no test says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.measure import Series, interleave, quantile
from bench.promises import Promise, judge
from bench.report import table, width


def test_a_small_run_prints_a_table_and_writes_the_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "figures.json"
    main(["--n", "2", "--loops", "1,2", "--instances", "2,4", "--sqlite-only", "--json", str(file)])
    figures = json.loads(file.read_text(encoding="utf-8"))
    step = figures["steps"]["sqlite"]
    assert {"raw memory", "raw JSON", "ORM rows", "command"} == set(step["times"])
    assert {"command", "HTTP"} == set(step["page"])
    assert step["times"]["command"]["wall_p5"] <= step["times"]["command"]["wall_p95"]
    assert {"1 loops", "2 loops"} <= set(figures["history"]["sqlite"])
    assert {"2 instances", "4 instances"} <= set(figures["instances"]["sqlite"])
    assert "command" in capsys.readouterr().out


def test_the_counted_promises_are_kept(tmp_path: Path) -> None:
    """Statements, commits and bytes do not depend on the machine, so they may be asserted; times may not."""
    file = tmp_path / "figures.json"
    main(["--n", "2", "--only", "steps", "--json", str(file)])
    promises = json.loads(file.read_text(encoding="utf-8"))["promises"]
    counted = [one for one in promises if any(word in one["what"] for word in ("statements", "commits", "bytes"))]
    assert len(counted) == 6
    assert all(one["kept"] for one in counted), counted


def test_the_steps_take_turns_and_warm_up_is_not_counted() -> None:
    order: list[str] = []
    variants = {name: [lambda name=name: order.append(name)] * 3 for name in "AB"}
    series = interleave(variants, rounds=2, warm_up=1)
    assert "".join(order) == "ABBAAB"
    assert [len(one.wall) for one in series.values()] == [2, 2]


def test_quantiles_are_interpolated() -> None:
    assert [quantile([4, 1, 3, 2], share) for share in (0, 0.5, 1)] == [1, 2.5, 4]
    assert Series("x", [1.0], [2.0]).summary()["cpu_median"] == 2.0


def test_a_figure_beyond_its_limit_breaks_the_promise() -> None:
    one, other = ({"wall_median": wall} for wall in (1.0, 1.5))
    [slower, _bytes] = judge({"history": {"sqlite": {"1 loops": one, "9 loops": other, "token_state_bytes": 9}}})
    assert not slower.kept
    assert Promise("x", 2, 2).kept


def test_a_table_stands_straight_with_chinese_in_it() -> None:
    lines = list(table([("甲", 1), ("ab", 22)]))
    assert {width(line) for line in lines} == {2 + 2 + 2 + 2}

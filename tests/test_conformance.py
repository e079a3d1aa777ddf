"""The frame of ``make conformance``: a table for each group, and an exit code that tells a broken promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.__main__ import main
from tests.conformance.groups import VARIABLE, Failure, Group, Promise, Row


def _group(kept: bool) -> Group:
    rows = (Row("first", passed=3, failed=1), Row("second", passed=2, refused=1))
    failures = (Failure("first/7", "gives 1, not 2"),)
    return Group("Cases", rows, failures, (Promise("5 of 7 pass", kept),))


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))


def test_the_table_has_rows_a_total_and_every_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], {"cases": lambda folder: _group(kept=True)}) == 0

    printed = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["first", "4", "3", "1", "0"] in printed
    assert ["total", "7", "5", "1", "1"] in printed
    assert ["✗", "first/7:", "gives", "1,", "not", "2"] in printed


def test_a_broken_promise_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], {"good": lambda folder: _group(kept=True), "bad": lambda folder: _group(kept=False)}) == 1
    assert "✗ 5 of 7 pass" in capsys.readouterr().out


def test_only_the_groups_that_were_asked_for_run() -> None:
    assert main(["good"], {"good": lambda folder: _group(kept=True), "bad": lambda folder: _group(kept=False)}) == 0


def test_a_group_that_does_not_exist_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["none"], {"good": lambda folder: _group(kept=True)})
    assert "none" in capsys.readouterr().err


def test_without_the_material_the_groups_are_skipped_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "absent"))

    assert main([], {"bad": lambda folder: _group(kept=False)}) == 0
    assert "bad" in capsys.readouterr().out

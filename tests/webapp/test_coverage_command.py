"""``wuji coverage`` says which clauses nobody carries out; the pages name the same scenarios."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.coverage import Coverage
from engine.errors import EngineError
from webapp import cli_coverage, library, playing
from webapp.cli import main
from webapp.cli_coverage import as_text, of_the_library

SCENARIO = library.folder("processes") / "appeal" / "scenarios" / "vote_passed.yaml"


@pytest.fixture(scope="module")
def covered() -> Coverage:
    """What one scenario of one process covers; all of them are played by the tests of processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli_coverage, "chosen", lambda keys: {"appeal": [SCENARIO]})
        return of_the_library()


@pytest.fixture(autouse=True)
def played_once(monkeypatch: pytest.MonkeyPatch, covered: Coverage) -> None:
    """The command tells it without playing it again."""
    monkeypatch.setattr(cli_coverage, "of_the_library", lambda: covered)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["coverage", *arguments], env={"LC_ALL": "zh_CN.UTF-8"})
    return result.exit_code, result.output


def test_clauses_that_no_scenario_passes_are_listed_and_the_exit_code_says_so() -> None:
    code, text = run()
    assert code == 1
    assert "没有场景走到的条款" in text
    assert "DB3716/T69 5.2.4.2" in text  # of the subdistrict, which this scenario never reaches


def test_what_a_scenario_passes_is_told_with_its_name() -> None:
    _, text = run("--json")
    told = json.loads(text)
    assert told["executed"]["DB3716/T69 5.2.2 b"] == ["appeal/vote_passed"]
    assert told["unknown"] == []
    assert told["baseless"] == []


def test_the_file_for_the_pages_has_the_scenarios_by_clause(covered: Coverage) -> None:
    text = as_text(covered)
    assert "DB3716/T69 5.2.2 b:\n- appeal/vote_passed\n" in text


def test_a_failing_scenario_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise EngineError("坏了")

    monkeypatch.setattr(cli_coverage, "of_the_library", of_the_library)
    monkeypatch.setattr(cli_coverage, "play", fail)
    monkeypatch.setattr(cli_coverage, "chosen", lambda keys: {"appeal": [SCENARIO]})
    code, text = run()
    assert (code, text.strip()) == (1, "错误：坏了")


def test_an_unknown_process_has_no_scenarios(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="没有流程“nothing”"):
        playing.chosen(["nothing"])

"""``wuji scenario``: an analyst plays the scenarios of a process at the terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.bpmn_xml import Drawing, timer
from tests.engine.forms.form_builder import source, text
from webapp import library
from webapp.cli import main

SCENARIO = """
name: {name}
given: {{unit: jinxing, starter: jinxing-clerk, at: '2026-11-24T09:00:00+08:00'}}
steps:
{steps}
"""
ON_TIME = """
- complete: a
  by: community_clerk@community
  values: {意见: 可行}
- expect: {state: completed}
"""
LATE = """
- advance: 3 工作日
- expect: {state: completed, path: [late]}
"""
Run = Callable[..., Result]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library with one process: a task with a deadline."""
    drawing = Drawing("p").start().user_task(groups="community_clerk@community", clause="DB3716/T69 5.2.2 a")
    drawing.end().boundary("late", "a", timer("Duration", "PT1H")).end("lapsed")
    (tmp_path / "processes" / "p" / "scenarios").mkdir(parents=True)
    (tmp_path / "processes" / "p" / "p.bpmn").write_bytes(drawing.xml())
    catalogue = library.folder("processes").glob("*.yaml")
    for path in catalogue:
        (tmp_path / "processes" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "forms").mkdir()
    form = json.dumps(source(text("意见", required=True), id="f"), ensure_ascii=False)
    (tmp_path / "forms" / "f.form").write_text(form, encoding="utf-8")
    monkeypatch.setattr(library, "folder", lambda name: tmp_path / name)
    return tmp_path


@pytest.fixture
def write(shelf: Path) -> Callable[[str, str], None]:
    def written(name: str, steps: str) -> None:
        path = shelf / "processes" / "p" / "scenarios" / f"{name}.yaml"
        path.write_text(SCENARIO.format(name=name, steps=steps), encoding="utf-8")

    return written


@pytest.fixture
def run() -> Run:
    environ = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}
    return lambda *arguments, **more: CliRunner().invoke(main, ["scenario", *arguments], env=environ | more)


def test_scenarios_that_leave_nothing_out_end_with_0(run: Run, write: Callable[[str, str], None]) -> None:
    write("by-day", ON_TIME)
    write("too-late", LATE)

    done = run("p", "--verbose")

    lines = done.output.splitlines()
    assert (done.exit_code, lines[0].split()[:2], lines[2].split()[:2]) == (0, ["✓", "by-day"], ["✓", "too-late"])
    assert lines[1].strip() == "首次走到：a_end, start_a"
    assert lines[4:] == ["p：顺序流 3 / 3", "共 2 个场景，0 个失败。"]


def test_what_is_left_out_is_listed_and_the_exit_code_is_1(run: Run, write: Callable[[str, str], None]) -> None:
    write("by-day", ON_TIME)

    done = run()

    assert done.exit_code == 1
    assert done.output.splitlines()[1:] == [
        "p：顺序流 2 / 3",
        "    没有走到：late → lapsed（late_lapsed）",
        "    没有触发过的定时：late (late)",
        "    没有到过的结束：lapsed (lapsed)",
        "共 1 个场景，0 个失败。",
    ]


def test_a_failure_is_one_sentence_and_the_others_go_on(run: Run, write: Callable[[str, str], None]) -> None:
    write("a-wrong", "- expect: {open: [b]}")
    write("by-day", ON_TIME)
    write("too-late", LATE)

    done = run("p")

    lines = done.output.splitlines()
    assert (done.exit_code, lines[-1]) == (1, "共 3 个场景，1 个失败。")
    assert lines[0].startswith("✗ a-wrong：p/scenarios/a-wrong.yaml 第 1 步（")
    assert "应当是" in lines[0]
    assert "a (金星社区工作人员)" in lines[0]
    assert [line[0] for line in lines[1:3]] == ["✓", "✓"]


def test_no_scenario_leaves_anything_behind_for_the_next(run: Run, write: Callable[[str, str], None]) -> None:
    write("one", ON_TIME + "- expect: {cases: {p: 1}}")
    write("two", LATE + "- expect: {cases: {p: 1}}")
    assert run("p").exit_code == 0


def test_json_tells_the_same(run: Run, write: Callable[[str, str], None]) -> None:
    write("by-day", ON_TIME)

    done = run("p", "--json")

    told = json.loads(done.output)
    assert (done.exit_code, [each["name"] for each in told["scenarios"]]) == (1, ["by-day"])
    assert told["scenarios"][0]["message"] == ""
    (process,) = told["processes"]
    assert (process["key"], process["complete"], process["flow_count"]) == ("p", False, 3)
    assert process["flows"] == [{"id": "late_lapsed", "name": "", "source": "late", "target": "lapsed"}]


def test_an_unknown_process_is_told_with_those_there_are(run: Run, shelf: Path) -> None:
    done = run("q")
    assert (done.exit_code, done.stderr) == (1, "错误：没有流程“q”，现有：p。\n")


def test_a_broken_file_is_named(run: Run, shelf: Path) -> None:
    (shelf / "processes" / "p" / "scenarios" / "bad.yaml").write_text("name: [", encoding="utf-8")
    done = run("p")
    assert done.exit_code == 1
    assert done.stderr.startswith("错误：场景文件 p/scenarios/bad.yaml 不是有效的 YAML")


def test_english_where_the_terminal_speaks_it(run: Run, write: Callable[[str, str], None]) -> None:
    write("by-day", "- complete: b\n  by: jinxing-clerk")

    done = run("p", LC_ALL="en_US.UTF-8")

    assert "“b” does not wait now." in done.output
    assert done.output.splitlines()[-1] == "1 scenarios, 1 failed."

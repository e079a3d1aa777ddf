"""``wuji check``: an analyst checks files at the terminal, with and without what running here needs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.bpmn_xml import Drawing, extension, simple, zeebe
from tests.decision_table import table
from webapp import library
from webapp.cli import main

APPEAL = library.folder("processes") / "appeal" / "appeal.bpmn"
Check = Callable[..., Result]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    environ = {"WUJI_VAR": str(tmp_path / "var"), "DATABASE_URL": None, "LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}
    return lambda *arguments, **more: CliRunner().invoke(main, ["check", *map(str, arguments)], env=environ | more)


@pytest.fixture
def check_here(check: Check, furnished_sqlite: Path) -> Check:
    """Against a database that holds the library already: to release it anew takes seconds each time."""
    return lambda *arguments: check("--deploy", "--json", *arguments, DATABASE_URL=f"sqlite:///{furnished_sqlite}")


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, Drawing], Path]:
    def written(name: str, drawing: Drawing) -> Path:
        path = tmp_path / name
        path.write_bytes(drawing.xml())
        return path

    return written


def broken() -> Drawing:
    return Drawing().start().user_task().end().at("end").flow("end", "a")


def test_a_sound_file_passes(check: Check) -> None:
    done = check(APPEAL)

    assert done.exit_code == 0
    assert "没有问题" in done.output


def test_an_error_is_said_under_its_file_and_the_exit_code_is_1(
    check: Check, write: Callable[[str, Drawing], Path]
) -> None:
    path = write("broken.bpmn", broken())

    done = check(APPEAL, path)

    assert done.exit_code == 1
    lines = done.output.splitlines()
    place = lines.index(str(path))
    assert "错误" in lines[place + 1]
    assert "flow.out-of-end" in lines[place + 1]
    assert lines[-1] == "共 2 个文件：1 处错误，0 处提醒。"


def test_the_terminal_speaks_english_where_the_locale_does(check: Check, write: Callable[[str, Drawing], Path]) -> None:
    done = check(write("broken.bpmn", broken()), LANG="en_GB.UTF-8")

    assert done.output.splitlines()[-1] == "Files checked: 1. Errors: 1. Warnings: 0."


def test_programs_read_json(check: Check, write: Callable[[str, Drawing], Path]) -> None:
    path = write("broken.bpmn", broken())

    done = check("--json", path)

    (found,) = json.loads(done.output)
    assert found == {
        "file": str(path),
        "element": "end",
        "rule": "flow.out-of-end",
        "severity": "error",
        "message": "结束事件“end”不能有离开的连线。请删去，或改用中间事件。",
        "line": found["line"],
    }
    assert found["line"] > 1


def test_a_file_that_is_no_diagram_is_an_error_with_its_line(check: Check, tmp_path: Path) -> None:
    path = tmp_path / "torn.bpmn"
    path.write_text("<bpmn>\n</b>")

    done = check("--json", path)

    assert done.exit_code == 1
    (found,) = json.loads(done.output)
    assert (found["rule"], found["line"]) == ("file", 2)


def test_what_cannot_run_here_is_said_with_deploy_only(
    check: Check, check_here: Check, write: Callable[[str, Drawing], Path]
) -> None:
    path = write("nobody.bpmn", Drawing().start().user_task(form="appeal-accept", groups=None).end())

    assert check(path).exit_code == 0
    refused = check_here(path)

    assert refused.exit_code == 1
    assert "user-task.assignment" in refused.output


def test_a_file_from_the_library_can_run_on_the_bundled_library(check: Check) -> None:
    done = check("--deploy", APPEAL)

    assert done.exit_code == 0, done.output


def test_files_that_are_checked_together_may_call_each_other(
    check_here: Check, write: Callable[[str, Drawing], Path]
) -> None:
    called = write("called.bpmn", Drawing("called").start().script("b").end())
    call = extension(zeebe("calledElement", processId="called"))
    caller = write("caller.bpmn", Drawing("caller").start().node("callActivity", "c", call).end())

    alone, together = check_here(caller), check_here(caller, called)

    assert "call.unknown" in [each["rule"] for each in json.loads(alone.output)]
    assert "call.unknown" not in [each["rule"] for each in json.loads(together.output)]


def test_a_database_that_is_there_says_what_exists(check: Check, tmp_path: Path) -> None:
    # Given a database without any form or post.
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    assert CliRunner().invoke(main, ["migrate"], env={"DATABASE_URL": url, "WUJI_VAR": str(tmp_path)}).exit_code == 0

    done = check("--deploy", "--json", APPEAL, DATABASE_URL=url)

    assert done.exit_code == 1
    assert {"user-task.form-unknown", "user-task.position"} <= {each["rule"] for each in json.loads(done.output)}


def test_faulty_settings_beside_a_file_are_said_of_the_file(
    check_here: Check, write: Callable[[str, Drawing], Path], tmp_path: Path
) -> None:
    path = write("simple.bpmn", simple())
    (tmp_path / "policy.yaml").write_text("- no settings")

    done = check_here(path)

    assert done.exit_code == 1
    assert [each["rule"] for each in json.loads(done.output)] == ["file"]


def test_a_picture_passes_as_a_drawing_and_is_not_to_be_deployed(
    check: Check, check_here: Check, write: Callable[[str, Drawing], Path]
) -> None:
    path = write("picture.bpmn", Drawing(executable=False).start().user_task().end())

    assert check(path).exit_code == 0
    assert "process.executable" in check_here(path).output


def test_the_simple_diagram_of_the_tests_has_no_error(check: Check, write: Callable[[str, Drawing], Path]) -> None:
    assert check(write("simple.bpmn", simple())).exit_code == 0


def deciding() -> Drawing:
    called = extension(zeebe("calledDecision", decisionId="level", resultVariable="级别"))
    return Drawing().start().node("businessRuleTask", "r", called).end()


def rules(done: Result) -> list[tuple[str, str]]:
    return [(line["rule"], line["message"]) for line in json.loads(done.output) if line["severity"] == "error"]


def test_the_decisions_beside_a_file_are_known(check_here: Check, write: Callable[[str, Drawing], Path]) -> None:
    path = write("p.bpmn", deciding())
    assert [rule for rule, _ in rules(check_here(path))] == ["decision.unknown"]

    path.with_name("level.dmn").write_text(table("level", [("-", "1")]), "utf-8")
    assert rules(check_here(path)) == []

    path.with_name("level.dmn").write_text("<nothing/>", "utf-8")
    ((rule, message),) = rules(check_here(path))
    assert (rule, message.partition("：")[0]) == ("file", "level.dmn")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of two processes: ``faulty``, and ``calls_it``, which calls it."""
    folder = tmp_path / "library"
    call = extension(zeebe("calledElement", processId="faulty"))
    for drawing in (broken_process("faulty"), Drawing("calls_it").start().node("callActivity", "c", call).end()):
        (folder / drawing.key).mkdir(parents=True)
        (folder / drawing.key / f"{drawing.key}.bpmn").write_bytes(drawing.xml())
    for name in ("clauses", "not_processes", "executed"):
        (folder / f"{name}.yaml").write_text("", "utf-8")
    monkeypatch.setattr(library, "folder", lambda name: folder if name == "processes" else folder / name)
    return folder


def broken_process(key: str) -> Drawing:
    return Drawing(key).start().node("callActivity", "c", extension(zeebe("calledElement", processId="nowhere"))).end()


def test_another_file_of_the_library_that_is_faulty_is_named_in_one_sentence(
    check: Check, files: Path, write: Callable[[str, Drawing], Path]
) -> None:
    path = write("sound.bpmn", Drawing("sound").start().script("b").end())

    done = check("--deploy", path)

    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    lines = done.output.splitlines()
    assert lines[0] == f"{path}：没有问题"
    assert lines[1] == str(files / "faulty" / "faulty.bpmn")
    assert "流程库里的这个文件不能发布，请先改正：faulty.bpmn" in lines[2]
    assert lines[3:] == ["共 1 个文件：1 处错误，0 处提醒。"]


def test_a_faulty_file_of_the_library_hears_what_is_wrong_with_it(check: Check, files: Path) -> None:
    done = check("--deploy", "--json", files / "faulty" / "faulty.bpmn")

    assert [each["rule"] for each in json.loads(done.output)] == ["call.unknown"]


def test_a_torn_file_of_the_library_is_named_too(check: Check, files: Path) -> None:
    torn = files / "faulty" / "faulty.bpmn"
    torn.write_text("<bpmn>\n</b>")

    done = check("--deploy", "--json", files / "calls_it" / "calls_it.bpmn")

    assert [(each["file"], each["rule"]) for each in json.loads(done.output)] == [(str(torn), "library")]


def test_a_database_that_is_away_is_one_sentence(check: Check, files: Path) -> None:
    done = check("--deploy", files / "calls_it" / "calls_it.bpmn", DATABASE_URL="postgresql+psycopg://127.0.0.1:1/x")

    assert (done.exit_code, isinstance(done.exception, SystemExit)) == (1, True)
    assert "连接不上数据库" in done.output

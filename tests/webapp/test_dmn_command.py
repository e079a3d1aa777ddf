"""``wuji dmn``: an analyst works a decision out at the terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.dmn_xml import decision, imported, input_data, literal, model, table
from webapp.cli import main

RELIEF = model(
    input_data("年龄", "number"),
    input_data("申请日", "date"),
    decision("老年人", literal("年龄 >= 60"), "年龄", type_ref="boolean"),
    decision("减免", table(["老年人"], [""], ["true", "0.50"], ["false", "0"]), "老年人"),
    decision("到期", literal('申请日 + duration("P30D")'), "申请日", type_ref="date"),
)
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    path = tmp_path / "relief.dmn"
    path.write_text(RELIEF, encoding="utf-8")
    environ = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}

    def invoke(*arguments: str, file: Path = path, **more: str) -> Result:
        return CliRunner().invoke(main, ["dmn", str(file), *arguments], env=environ | more)

    return invoke


def test_the_value_is_printed_as_feel_writes_it(run: Run) -> None:
    found = run("--decision", "减免", "--input", '{"年龄": 70}')
    assert (found.stdout, found.exit_code) == ("0.5\n", 0)


def test_texts_of_dates_are_read_by_the_type_of_the_input(run: Run) -> None:
    found = run("--decision", "到期", "--input", '{"申请日": "2026-11-28"}')
    assert found.stdout == "2026-12-28\n"


def test_the_trace_tells_steps_and_rules(run: Run) -> None:
    found = run("--decision", "减免", "--input", '{"年龄": 30}', "--trace")
    assert found.stdout.splitlines() == [
        "老年人（年龄 = 30）→ false",
        "减免（老年人 = false）→ 0",
        "  决策表“减免”（U）命中规则 2 (rule2)",
        "0",
    ]


def test_the_trace_speaks_english_too(run: Run) -> None:
    found = run("--decision", "减免", "--input", "{}", "--trace", LANG="en_GB.UTF-8")
    assert "  the table “减免” (U): no rule matches" in found.stdout.splitlines()


def test_without_a_decision_all_are_listed(run: Run) -> None:
    found = run()
    assert found.stdout.splitlines()[1] == "减免(年龄: number) → Any"
    assert found.exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence", "code"),
    [
        (["--decision", "none"], "错误：没有决策“none”。可用的有：老年人、减免、到期。", 1),
        (["--decision", "减免", "--input", "{"], "这不是 JSON：{", 1),
        (["--decision", "减免", "--input", "[]"], "变量应当是 JSON 对象", 1),
        (["--decision", "老年人", "--input", '{"年龄": "x"}'], "错误：输入“年龄”应为“number”", 1),
    ],
)
def test_what_is_wrong_is_said(run: Run, arguments: list[str], sentence: str, code: int) -> None:
    found = run(*arguments)
    assert sentence in found.stderr
    assert found.exit_code == code


def test_faults_of_the_file_are_listed_with_their_lines(run: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.dmn"
    wrong.write_text(model(decision("d", literal("1 +"))), encoding="utf-8")

    found = run(file=wrong, LANG="en_US.UTF-8")
    assert "Line 3: the expression “1 +” of “d” is wrong: The expression is not finished" in found.stderr
    assert found.exit_code == 1


def test_imported_models_are_given_beside(run: Run, tmp_path: Path) -> None:
    using = tmp_path / "using.dmn"
    text = model(
        imported("base", "urn:test"), decision("d", literal("base.老年人"), "urn:test#老年人"), namespace="urn:2"
    )
    using.write_text(text, encoding="utf-8")

    found = run("--import", str(tmp_path / "relief.dmn"), "--decision", "d", "--input", '{"年龄": 70}', file=using)
    assert found.stdout == "true\n"

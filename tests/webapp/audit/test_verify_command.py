"""``wuji verify`` says in sentences whether history is whole, and exits with 1 when it is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from engine.database import Engine
from tests.engine.history.chains import events, file_appeal, tamper
from webapp.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(platform: Engine, tmp_path: Path) -> Run:
    """Runs ``wuji verify`` on the database of this test."""
    environ = {"DATABASE_URL": platform.url.render_as_string(hide_password=False), "WUJI_VAR": str(tmp_path)}
    return lambda *arguments: CliRunner().invoke(main, ["verify", *arguments], env=environ)


def test_whole_histories_exit_with_0(platform: Engine, run: Run) -> None:
    file_appeal(platform)
    result = run()
    assert result.exit_code == 0, result.output
    assert result.output.startswith("校验通过：2 条链")


def test_a_changed_row_is_named_and_exits_with_1(platform: Engine, run: Run) -> None:
    case = file_appeal(platform)
    whole = file_appeal(platform)
    first = events(platform, case.id)[0]
    tamper(platform, case.id, 1, payload=first.payload.replace("环境卫生", "物业服务"))
    result = run()
    assert result.exit_code == 1
    assert f"{case.business_key} 第 1 条：哈希与内容或前一条不符" in result.output
    assert "校验失败" in result.output
    assert run("--case", case.business_key).exit_code == 1
    assert run("--case", whole.business_key).exit_code == 0


def test_an_unknown_number_is_one_sentence(run: Run) -> None:
    result = run("--case", "SQ-1999-00001")
    assert result.exit_code == 1
    assert "没有编号为 SQ-1999-00001 的事项" in result.output


def test_an_exported_file_is_verified(
    platform: Engine, run: Run, sign_in: Callable[[str], FlaskClient], tmp_path: Path
) -> None:
    case = file_appeal(platform)
    answer = sign_in("auditor").post("/audit/export", data={"format": "jsonl", "chain": str(case.id)})
    file = tmp_path / "export.jsonl"
    file.write_bytes(answer.data)
    assert run("--file", str(file)).exit_code == 0
    file.write_text(answer.text.replace("环境卫生", "物业服务"), encoding="utf-8")
    result = run("--file", str(file))
    assert result.exit_code == 1
    assert f"{case.business_key} 第 1 条" in result.output

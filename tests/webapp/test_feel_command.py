"""``wuji feel``: an analyst tries an expression at the terminal."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from webapp.cli import main

Feel = Callable[..., Result]


@pytest.fixture
def feel() -> Feel:
    environ = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}
    return lambda *arguments, **more: CliRunner().invoke(main, ["feel", *arguments], env=environ | more)


@pytest.mark.parametrize(
    ("expression", "context", "shown"),
    [
        ('金额 > 5000 and 类型 = "维修"', {"金额": 6000, "类型": "维修"}, "true"),
        ("=单价 * 数量", {"单价": 0.1, "数量": 3}, "0.3"),
        ("合同 总额 + 1", {"合同 总额": 2}, "3"),
        ('"甲" + "乙"', {}, '"甲乙"'),
        ('@"2026-11-28" + duration("P3D")', {}, "2026-12-01"),
        ('{a: [1, "x", null]}', {}, '{a: [1, "x", null]}'),
    ],
)
def test_the_value_is_written_as_feel_writes_it(feel: Feel, expression: str, context: object, shown: str) -> None:
    done = feel(expression, "--context", json.dumps(context))
    assert (done.exit_code, done.stdout) == (0, f"{shown}\n")


def test_unary_tests_ask_about_a_value(feel: Feel) -> None:
    assert feel("> 5, [1..2]", "--unary", "2").stdout == "true\n"
    assert feel("> 最多", "--unary", "2", "--context", '{"最多": 3}').stdout == "false\n"


def test_why_there_is_no_value_stands_beside_it(feel: Feel) -> None:
    done = feel('1 + "一"')
    assert (done.exit_code, done.stdout) == (0, "null\n")
    assert done.stderr.strip().endswith("。")
    assert feel('1 + "一"', LANG="en_US.UTF-8").stderr == "“+” cannot be applied to number and text.\n"


def test_a_caret_points_at_what_is_wrong(feel: Feel) -> None:
    done = feel("金额 > > 5")
    assert done.exit_code == 1
    assert "第 1 行" in done.stderr
    assert done.stderr.endswith("  金额 > > 5\n         ^\n")


def test_what_costs_too_much_ends_with_a_sentence(feel: Feel) -> None:
    done = feel("for i in 1..10**12 return i")
    assert done.exit_code == 1
    assert done.stderr.startswith("错误：")


@pytest.mark.parametrize(("context", "said"), [("{", "这不是 JSON"), ("[]", "变量应当是 JSON 对象")])
def test_variables_that_are_none_are_refused(feel: Feel, context: str, said: str) -> None:
    done = feel("1", "--context", context)
    assert done.exit_code == 1
    assert said in done.stderr

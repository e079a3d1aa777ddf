"""``wuji feel``: work out one expression, say why it has no value, or point at where it is wrong."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import click

from engine import feel
from engine.feel import FeelError, FeelSyntaxError, Reason
from webapp.cli_check import language
from webapp.i18n import _, fill, speaking

_AS_TEXT = feel.compile("string([value])")


@click.command("feel")
@click.argument("expression", metavar="EXPR")
@click.option(
    "--context",
    default="{}",
    metavar="JSON",
    help="变量 / the variables",  # zh: both languages
)
@click.option(
    "--unary",
    metavar="JSON",
    help="把 EXPR 当作对这个值的单目测试 / EXPR is unary tests of this value",  # zh: both languages
)
def evaluate(expression: str, context: str, unary: str | None) -> None:
    """计算一个 FEEL 表达式；写错时退出码为 1。"""
    with speaking(language(os.environ)):
        variables = read_variables(context, '{"金额": 6000}')  # zh: an example
        if unary is not None:
            variables["?"] = read_json(unary)
        reasons: list[Reason] = []
        try:
            value = _compiled(expression, unary is not None, variables).evaluate(variables, trace=reasons)
        except FeelSyntaxError as error:
            _point(expression, error)
            sys.exit(1)
        except FeelError as error:
            complain(fill(error.message, error.params))
            sys.exit(1)
        click.echo(as_text(value))
        for reason in reasons:
            click.echo(fill(reason.message, reason.params), err=True)


def read_json(text: str) -> Any:
    """A value from the command line; its numbers are exact. Raises ClickException when it is not JSON."""
    try:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except ValueError as error:
        raise click.ClickException(_("这不是 JSON：{text}（{reason}）", text=text, reason=error)) from error


def read_variables(text: str, example: str) -> dict[str, Any]:
    """Variables from the command line. Raises ClickException, with an example, for what is no JSON object."""
    values = read_json(text)
    if not isinstance(values, dict):
        raise click.ClickException(_("变量应当是 JSON 对象，例如 {example}。", example=example))
    return values


def complain(sentence: str) -> None:
    """Say on the standard error output what is wrong."""
    click.echo(_("错误：{error}", error=sentence), err=True)


def as_text(value: Any) -> str:
    """A value as FEEL writes it down."""
    return str(_AS_TEXT.evaluate({"value": value}))[1:-1]


def _compiled(expression: str, is_unary: bool, variables: Mapping[str, Any]) -> feel.Expression:
    text = expression.removeprefix("=")
    return feel.compile_unary(text, variables) if is_unary else feel.compile(text, variables)


def _point(expression: str, error: FeelSyntaxError) -> None:
    """Say what is wrong, and put a caret under the first wrong character."""
    line = expression.removeprefix("=").splitlines()[error.line - 1 : error.line]
    complain(fill(error.message, error.params))
    for text in line:
        # A Chinese character takes two columns of a terminal.
        before = sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text[: error.column - 1])
        click.echo(f"  {text}\n  {' ' * before}^", err=True)

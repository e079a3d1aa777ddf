"""``wuji dmn``: what a decision comes to at the terminal, and by which rules."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from engine import dmn, feel
from engine.errors import EngineError
from engine.values import decode
from webapp.cli_check import language
from webapp.cli_feel import as_text, complain, read_variables
from webapp.i18n import _, fill, speaking, translate_error

#: How FEEL reads a text of each of these types (DMN 1.5, 10.3.4.1); JSON has no such values.
_READ = {
    "date": "date(text)",
    "time": "time(text)",
    "date and time": "date and time(text)",
    "dateTime": "date and time(text)",
    "days and time duration": "duration(text)",
    "dayTimeDuration": "duration(text)",
    "years and months duration": "duration(text)",
    "yearMonthDuration": "duration(text)",
}
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("dmn")
@click.argument("file", type=_FILE, metavar="FILE")
@click.option(
    "--decision",
    metavar="NAME",
    help="决策的名称或 ID；不写则列出全部 / its name or id; without it all are listed",  # zh: both languages
)
@click.option(
    "--input",
    "given",
    metavar="JSON",
    default="{}",
    help="输入，JSON 对象 / the inputs, a JSON object",  # zh: both languages
)
@click.option(
    "--import",
    "imports",
    type=_FILE,
    multiple=True,
    metavar="FILE",
    help="被引用的模型 / an imported model",  # zh: both languages
)
@click.option(
    "--trace",
    is_flag=True,
    help="说明经过和命中的规则 / tell the steps and the rules that matched",  # zh: both languages
)
def decide(file: Path, decision: str | None, given: str, imports: tuple[Path, ...], trace: bool) -> None:
    """计算 DMN 文件里的决策；算不出来时退出码为 1。"""
    with speaking(language(os.environ)):
        try:
            model = dmn.load(file.read_bytes(), [each.read_bytes() for each in imports])
            if decision is None:
                sys.exit(_list(model))
            outcome = model.trace(decision, _inputs(model, decision, given))
        except EngineError as error:
            complain(translate_error(error))
            sys.exit(1)
        if trace:
            _tell(outcome)
        for violation in outcome.violations:
            complain(fill(violation.message, violation.params))
        click.echo(as_text(outcome.value))
    sys.exit(1 if outcome.violations else 0)


def _list(model: dmn.Model) -> int:
    """Print what can be decided and what is wrong; the exit code."""
    for each in model.decisions.values():
        inputs = [f"{one.name}: {one.type}" for one in each.inputs] + sorted(each.reads)
        click.echo(f"{each.name}({', '.join(inputs)}) → {each.type}")
    for problem in model.problems:
        complain(translate_error(problem))
    return 1 if model.problems else 0


def _inputs(model: dmn.Model, decision: str, given: str) -> dict[str, Any]:
    values = read_variables(given, '{"年龄": 70}')  # zh: an example
    about = next((each for each in model.decisions.values() if decision in (each.name, each.id)), None)
    types = {each.name: each.type for each in about.inputs} if about else {}
    return {name: _read(value, types.get(name, "")) for name, value in values.items()}


def _read(value: Any, kind: str) -> Any:
    """A value of JSON as the input's type has it: texts become dates, times and durations."""
    if isinstance(value, str) and kind in _READ:
        found = feel.compile(_READ[kind]).evaluate({"text": value})
        return value if found is None else found
    return decode(value)


def _tell(outcome: dmn.Outcome) -> None:
    for step in outcome.steps:
        inputs = ", ".join(f"{name} = {as_text(value)}" for name, value in step.inputs.items())
        click.echo(_("{name}（{inputs}）→ {value}", name=step.name, inputs=inputs, value=as_text(step.value)))
        for table in step.tables:
            rules = ", ".join(f"{rule.number} ({rule.id})" if rule.id else str(rule.number) for rule in table.rules)
            where = {"table": table.where, "policy": table.hit_policy}
            if rules:
                click.echo("  " + _("决策表“{table}”（{policy}）命中规则 {rules}", rules=rules, **where))
            else:
                click.echo("  " + _("决策表“{table}”（{policy}）没有规则命中", **where))
    for note in outcome.notes:
        click.echo("  · " + fill(note.message, note.params))

"""``wuji check``: the rules of BPMN itself, and with ``--deploy`` also what running here needs."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click

from engine import bpmn, definitions, migrations
from engine.database import Engine
from engine.errors import N_, EngineError, InvalidDefinition
from engine.people import SYSTEM
from webapp import demo, library, serving
from webapp.i18n import _, fill, speaking, translate_error

_SEVERITIES = {"error": N_("错误"), "warning": N_("提醒"), "note": N_("说明")}


@dataclass(frozen=True)
class Line:
    """What is said about one element of one file; ``message`` is in the reader's language, ``line`` 0 if unknown."""

    file: str
    element: str
    rule: str
    severity: str
    message: str
    line: int


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False), metavar="FILE…")
@click.option(
    "--deploy",
    is_flag=True,
    help="也检查能否在这里运行 / also what running here needs",  # zh: both languages
)
@click.option("--notes", is_flag=True, help="也列出说明 / also notes")  # zh: both languages
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")  # zh: both languages
def check(files: tuple[str, ...], deploy: bool, notes: bool, as_json: bool) -> None:
    """检查流程图；有错误时退出码为 1。"""
    with speaking(language(os.environ)):
        try:
            found = [line for each in files for line in _judge(each, None)] if not deploy else _judge_here(files)
        except EngineError as error:
            click.echo(_("错误：{error}", error=translate_error(error)), err=True)
            sys.exit(1)
        found = [line for line in found if notes or line.severity != "note"]
        _print_json(found) if as_json else _print(files, found)
    sys.exit(any(line.severity == "error" for line in found))


def language(environ: Mapping[str, str]) -> str:
    """The language of a terminal: English where the locale says so, else Chinese."""
    spoken = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "en" if spoken.lower().startswith("en") else "zh-CN"


def _judge_here(files: tuple[str, ...]) -> list[Line]:
    keys = frozenset(key for each in files for key in _keys(each))
    faults: library.Faults = {}
    with _platform(faults) as engine, engine.read(SYSTEM) as tx:
        asked = {Path(each).resolve() for each in files}
        found = [_missing(path, error) for path, error in faults.items() if path.resolve() not in asked]
        keys |= {path.stem for path in faults}
        for each in files:
            try:
                world = definitions.world(tx, *library.beside(Path(each)))
            except InvalidDefinition as error:
                found.append(_refused(each, error))
                continue
            # Files that are checked together may call each other.
            found += _judge(each, replace(world, processes=(world.processes or frozenset()) | keys))
        return found


def _judge(file: str, world: bpmn.World | None) -> list[Line]:
    try:
        diagram = bpmn.read(Path(file).read_bytes())
        files = frozenset(each.name for each in Path(file).parent.iterdir())
        around = replace(world or bpmn.World(), beside=files)
        findings = bpmn.check(diagram, around, deploy=world is not None)
    except InvalidDefinition as error:
        return [_refused(file, error)]
    return [
        Line(file, each.element, each.rule, each.severity, fill(each.template, each.params), each.line)
        for each in findings
    ]


def _refused(file: str, error: InvalidDefinition) -> Line:
    """What is said of a file that can't be read, or that lies beside one that can't."""
    return Line(file, "", "file", "error", translate_error(error), int(error.params.get("line", 0)))


def _missing(path: Path, error: InvalidDefinition) -> Line:
    """What is said of another file of the library: whatever needs it is judged as if it were sound."""
    message = _("流程库里的这个文件不能发布，请先改正：{reason}", reason=translate_error(error))
    return Line(str(path), "", "library", "error", message, int(error.params.get("line", 0)))


def _keys(file: str) -> set[str]:
    try:
        return {process.key for process in bpmn.read(Path(file).read_bytes()).processes}
    except InvalidDefinition:
        return set()  # the file gets a line of its own


@contextmanager
def _platform(faults: library.Faults) -> Iterator[Engine]:
    """The platform to run on: the database that the environment names, else the bundled library on its own.

    What of the library can't be released is noted in ``faults``.
    """
    settings = serving.Settings.read()
    if "DATABASE_URL" in os.environ or (settings.var / "wuji.db").is_file():
        with Engine(settings.database_url) as engine:
            engine.ensure_reachable()
            yield engine
        return
    with tempfile.TemporaryDirectory() as folder, Engine(f"sqlite:///{folder}/wuji.db") as engine:
        migrations.upgrade(engine)
        demo.load_structure(engine)
        library.deploy(engine, faults)
        yield engine


def _print_json(found: list[Line]) -> None:
    click.echo(json.dumps([asdict(line) for line in found], ensure_ascii=False, indent=2))


def _print(files: tuple[str, ...], found: list[Line]) -> None:
    for file in dict.fromkeys((*files, *(line.file for line in found))):
        own = [line for line in found if line.file == file]
        click.echo(file if own else _("{file}：没有问题", file=file))
        for line in own:
            where = [_("第 {line} 行", line=line.line)] if line.line else []
            click.echo("  " + "  ".join([_(_SEVERITIES[line.severity]), *where, line.message, f"({line.rule})"]))
    errors, warnings = (sum(line.severity == each for line in found) for each in ("error", "warning"))
    click.echo(
        _(
            "共 {files} 个文件：{errors} 处错误，{warnings} 处提醒。",
            files=len(files),
            errors=errors,
            warnings=warnings,
        )
    )

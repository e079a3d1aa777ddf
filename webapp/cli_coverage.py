"""``wuji coverage``: holds the standard against the processes and their scenarios, at the terminal."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import yaml

from engine import bpmn
from engine.bpmn.model import Process
from engine.coverage import Coverage, Place, compare
from engine.errors import EngineError
from engine.people import SYSTEM
from engine.queries import standard
from engine.scenarios import Passages, Script, play, read
from webapp import library
from webapp.cli_check import language
from webapp.i18n import _, speaking, translate_error
from webapp.playing import chosen, furnished

_HEADER = "# 由 wuji coverage --write 生成：哪些场景办理过哪一条，每个流程最多列三个。\n"  # zh: a remark in a file


@click.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")  # zh: both languages
@click.option(
    "--write",
    is_flag=True,
    help="更新 processes/executed.yaml / bring processes/executed.yaml up to date",  # zh: both languages
)
def coverage(as_json: bool, write: bool) -> None:
    """对照标准条款、流程和场景，列出没有办理的条款和没有依据的环节；有缺漏时退出码为 1。"""
    with speaking(language(os.environ)):
        try:
            found = of_the_library()
        except EngineError as error:
            click.echo(_("错误：{error}", error=translate_error(error)), err=True)
            sys.exit(1)
        if write:
            (library.folder("processes") / "executed.yaml").write_text(as_text(found), "utf-8")
        click.echo(json.dumps(_as_data(found), ensure_ascii=False, indent=2) if as_json else "\n".join(_lines(found)))
    sys.exit(0 if found.is_complete else 1)


def of_the_library() -> Coverage:
    """Play all scenarios and compare. Raises ScenarioFailed when one fails."""
    scripts = [read(path) for paths in chosen(()).values() for path in paths]
    passed: dict[str, dict[str, set[str]]] = {}
    with furnished(scripts) as ground:
        for script in scripts:
            passages = Passages()
            with ground.fresh() as engine:
                play(script, engine, ground.clock, passages)
            add_passed(passed, script, passages)
        with ground.engine.read(SYSTEM) as tx:
            clauses = [line.clause for line in standard.clauses(tx)]
    return compare(clauses, _processes(), passed)


def as_text(found: Coverage) -> str:
    """The text of processes/executed.yaml: the scenarios by clause id."""
    rows = {id: list(names) for id, names in found.executed.items() if names}
    return _HEADER + (yaml.safe_dump(rows, allow_unicode=True, width=1_000) if rows else "{}\n")


def add_passed(passed: dict[str, dict[str, set[str]]], script: Script, passages: Passages) -> None:
    """Note in ``passed`` what the cases of a scenario have passed, under its name (``process/file``)."""
    name = f"{script.key}/{Path(script.file).stem}"
    for process, passage in passages.items():
        for element in passage.elements:
            passed.setdefault(process, {}).setdefault(element, set()).add(name)


def _processes() -> Iterator[Process]:
    for path in sorted(library.folder("processes").glob("*/*.bpmn")):
        process = bpmn.read(path.read_bytes()).process(path.stem)
        if process is not None:
            yield process


def _lines(found: Coverage) -> Iterator[str]:
    done = sum(bool(names) for names in found.executed.values())
    yield _("由场景办理的条款：{done}；不由流程办理的：{exempt}", done=done, exempt=len(found.exempt))
    yield from _listed(_("没有环节办理的条款"), found.uncited)
    yield from _listed(_("没有场景走到的条款"), found.unexecuted)
    yield from _listed(_("条款目录里没有的编号"), [f"{id} ← {_place(place)}" for id, place in found.unknown])
    yield from _listed(_("没有写明依据的环节"), [_place(place) for place in found.baseless])
    yield _("只按其他依据设定的环节：{n}", n=len(found.assumed))


def _listed(title: str, items: tuple[str, ...] | list[str]) -> Iterator[str]:
    yield _("{title}：{n}", title=title, n=len(items))
    yield from (f"    {item}" for item in items)


def _place(place: Place) -> str:
    return f"{place.process} {place.name}" + (f" ({place.element})" if place.element else "")


def _as_data(found: Coverage) -> Mapping[str, Any]:
    return {"complete": found.is_complete, **asdict(found)}

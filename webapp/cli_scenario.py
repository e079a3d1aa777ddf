"""``wuji scenario``: plays the scenarios of processes at the terminal, and says what they leave out."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from engine.errors import N_, EngineError
from engine.people import SYSTEM
from engine.scenarios import (
    Gaps,
    Ground,
    Missed,
    MissedFlow,
    Passage,
    Passages,
    ScenarioFailed,
    Script,
    gaps_of,
    play,
    read,
)
from webapp.cli_check import language
from webapp.i18n import _, speaking, translate_error
from webapp.playing import chosen, furnished

_KINDS = {
    "timers": N_("没有触发过的定时"),
    "elements": N_("没有到过的元素"),
    "ends": N_("没有到过的结束"),
    "calls": N_("没有调用过的调用活动"),
}


@dataclass(frozen=True)
class Outcome:
    """What became of one scenario; ``message`` is empty when it passed, ``news`` are flows that it took first."""

    process: str
    file: str
    name: str
    seconds: float
    message: str
    news: tuple[str, ...]


@click.command()
@click.argument("keys", nargs=-1, metavar="[KEY]…")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")  # zh: both languages
@click.option(
    "--verbose",
    is_flag=True,
    help="也列出每个场景首次走到的顺序流 / also the flows that each scenario is the first to take",  # zh: both
)
def scenario(keys: tuple[str, ...], as_json: bool, verbose: bool) -> None:
    """运行流程的场景，列出没有走到的顺序流和定时；有失败或缺漏时退出码为 1。"""
    with speaking(language(os.environ)):
        try:
            report = _Report(as_json, verbose)
            _run(chosen(keys), report)
        except EngineError as error:
            click.echo(_("错误：{error}", error=translate_error(error)), err=True)
            sys.exit(1)
        report.finish()
    sys.exit(0 if report.ok else 1)


def _run(chosen: dict[str, list[Path]], report: _Report) -> None:
    scripts = {key: [read(path) for path in paths] for key, paths in chosen.items()}
    with furnished([script for each in scripts.values() for script in each]) as ground:
        for key, own in scripts.items():
            passage = Passage()
            for script in own:
                report.tell(_play(ground, script, passage))
            with ground.engine.read(SYSTEM) as tx:
                report.sum_up(key, gaps_of(tx, key, passage))


def _play(ground: Ground, script: Script, passage: Passage) -> Outcome:
    """Play one scenario and add to ``passage`` what the cases of its process have passed in it."""
    passages, begin, message = Passages(), time.perf_counter(), ""
    with ground.fresh() as engine:
        try:
            play(script, engine, ground.clock, passages)
        except ScenarioFailed as error:
            message = translate_error(error)
    own = passages[script.key]
    news = tuple(sorted(own.flows - passage.flows))
    passage.add(own)
    return Outcome(script.key, script.file, script.name, round(time.perf_counter() - begin, 3), message, news)


class _Report:
    """Prints what comes of the scenarios, at once as text or at the end as JSON."""

    def __init__(self, as_json: bool, verbose: bool) -> None:
        self.as_json, self.verbose = as_json, verbose
        self.ok = True
        self.outcomes: list[Outcome] = []
        self.gaps: dict[str, Gaps] = {}

    def tell(self, outcome: Outcome) -> None:
        """One scenario has come to its end."""
        self.outcomes.append(outcome)
        self.ok = self.ok and not outcome.message
        if self.as_json:
            return
        if outcome.message:
            click.echo(_("✗ {name}：{message}", name=outcome.name, message=outcome.message))
        else:
            click.echo(_("✓ {name} {seconds} 秒", name=outcome.name, seconds=f"{outcome.seconds:.1f}"))
        if self.verbose and outcome.news:
            click.echo("    " + _("首次走到：{flows}", flows=", ".join(outcome.news)))

    def sum_up(self, key: str, gaps: Gaps) -> None:
        """All scenarios of a process have been played."""
        self.gaps[key] = gaps
        self.ok = self.ok and gaps.is_complete
        if not self.as_json:
            taken = gaps.flow_count - len(gaps.flows)
            click.echo(_("{key}：顺序流 {taken} / {count}", key=key, taken=taken, count=gaps.flow_count))
            for line in _lines(gaps):
                click.echo(f"    {line}")

    def finish(self) -> None:
        """Say how it went in all."""
        failed = sum(bool(outcome.message) for outcome in self.outcomes)
        if self.as_json:
            told = {"scenarios": [asdict(each) for each in self.outcomes], "processes": _as_data(self.gaps)}
            click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            click.echo(_("共 {count} 个场景，{failed} 个失败。", count=len(self.outcomes), failed=failed))


def _lines(gaps: Gaps) -> Iterator[str]:
    for flow in gaps.flows:
        yield _("没有走到：{source} → {target}（{id}）", source=flow.source, target=flow.target, id=_named(flow))
    for kind, title in _KINDS.items():
        missed: tuple[Missed, ...] = getattr(gaps, kind)
        if missed:
            names = ", ".join(f"{each.name} ({each.id})" for each in missed)
            yield _("{title}：{names}", title=title, names=names)


def _named(flow: MissedFlow) -> str:
    return f"{flow.id} {flow.name}" if flow.name else flow.id


def _as_data(gaps: dict[str, Gaps]) -> list[dict[str, Any]]:
    return [{"key": key, "complete": each.is_complete, **asdict(each)} for key, each in gaps.items()]

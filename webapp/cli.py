"""``wuji``: serve the platform, migrate its database, work off jobs, verify histories."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from engine import migrations
from engine.database import Engine
from engine.deliveries import Courier
from engine.errors import N_, EngineError, InvalidDefinition
from engine.worker import Worker
from webapp import cli_audit, cli_check, cli_coverage, cli_dmn, cli_feel, cli_scenario, serving
from webapp.demo import Demo
from webapp.i18n import _, translate_error
from webapp.library import Deployed
from webapp.messages import letters

_OUTCOMES = {
    "published": N_("流程 {key}：已发布"),
    "draft": N_("流程 {key}：分析员已在平台上发布过，文件里的新图存为草稿"),
}


def _speaking(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn an error into one sentence and exit code 1, never a traceback."""

    @wraps(command)
    def spoken(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except InvalidDefinition as error:
            for finding in error.findings:
                click.echo(f"  {finding.element}: {finding.message} ({finding.rule})", err=True)
            _fail(error)
        except EngineError as error:
            _fail(error)

    return spoken


def _fail(error: EngineError) -> None:
    click.echo(_("错误：{error}", error=translate_error(error)), err=True)
    sys.exit(1)


@click.group(help="Wuji 五级流程平台 / process platform")  # zh: read before a language is known
def main() -> None:
    """The group of all commands."""


@main.command()
@click.option("--demo", is_flag=True, help="装入演示单位和账号 / load the demo organisation")  # zh: both languages
@_speaking
def serve(demo: bool) -> None:
    """启动网站和后台任务（DATABASE_URL、PORT、HOST、WUJI_VAR）。"""
    settings = serving.Settings.read()
    serving.ensure_port_free(settings)
    prepared = serving.prepare(settings, demo, lambda text: click.echo(_(text)))
    serving.serve(settings, prepared, lambda: _welcome(settings, prepared.deployed, prepared.demo))


@main.command()
@_speaking
def migrate() -> None:
    """建立或升级数据库。"""
    done = migrations.upgrade(_engine())
    click.echo(_("数据库已升级。") if done else _("数据库已是最新。"))


@main.command()
@_speaking
def worker() -> None:
    """只运行后台任务，可在多台机器上同时运行。"""
    engine = _engine()
    click.echo(_("后台任务已启动，按 Ctrl+C 停止。"))
    Courier(engine, letters.writer(engine)).start()
    Worker(engine).run()


@main.command()
@click.option(
    "--case",
    "number",
    metavar="NUMBER",
    help="只校验这个编号的事项 / only the case with this number",  # zh: both languages
)
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="校验导出的 JSONL 文件，不需要数据库 / an exported JSONL file, without a database",  # zh: both languages
)
@_speaking
def verify(number: str | None, file: Path | None) -> None:
    """校验留痕有没有被改动；有不符时退出码为 1。"""
    if file is not None:
        sys.exit(0 if cli_audit.verify_file(file) else 1)
    with _engine() as engine:
        sys.exit(0 if cli_audit.verify_database(engine, number) else 1)


main.add_command(cli_check.check)
main.add_command(cli_dmn.decide)
main.add_command(cli_feel.evaluate)
main.add_command(cli_scenario.scenario)
main.add_command(cli_coverage.coverage)


def _engine() -> Engine:
    settings = serving.Settings.read()
    serving.make_writable(settings.var)
    engine = Engine(settings.database_url)
    engine.ensure_reachable()
    return engine


def _welcome(settings: serving.Settings, deployed: list[Deployed], demo: Demo | None) -> None:
    for process in deployed:
        if process.outcome in _OUTCOMES:
            click.echo(_(_OUTCOMES[process.outcome], key=process.key))
    if demo is not None:
        click.echo("\n" + _("演示账号（密码都是 {password}）：", password=demo.password) + f"\n{demo.table}")
    click.echo("\n" + _("Wuji 五级已启动：{address}  （按 Ctrl+C 停止）", address=settings.address))

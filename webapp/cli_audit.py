"""``wuji verify``: what it prints."""

from __future__ import annotations

from pathlib import Path

import click

from engine.database import Engine
from engine.history import verify
from engine.people import SYSTEM
from webapp.i18n import _, fill


def verify_database(engine: Engine, number: str | None) -> bool:
    """Verify all histories, or that of the case with this number, and say what came of it; whether all is well."""
    with engine.read(SYSTEM) as tx:
        if number is None:
            return tell(verify.verify_all(tx))
        return tell(verify.verify_chain(tx, verify.chain_of(tx, number)))


def verify_file(path: Path) -> bool:
    """Verify an exported JSONL file and say what came of it; whether all is well."""
    with path.open(encoding="utf-8") as lines:
        return tell(verify.verify_file(lines))


def tell(report: verify.Report) -> bool:
    """Print a report, the faults first."""
    for fault in report.faults:
        where = _("{name} 第 {seq} 条", name=fault.name, seq=fault.seq) if fault.seq else _(fault.name)
        click.echo(_("{where}：{what}", where=where, what=fill(fault.template, fault.params)))
    if report.fault_count > len(report.faults):
        click.echo(_("共 {count} 处，这里列出前 {shown} 处。", count=report.fault_count, shown=len(report.faults)))
    counted = {"chains": report.chains, "events": report.events}
    if report.ok:
        click.echo(_("校验通过：{chains} 条链，{events} 条留痕。", **counted))
    else:
        click.echo(
            _("校验失败：{chains} 条链，{events} 条留痕，{faults} 处不符。", faults=report.fault_count, **counted)
        )
    return report.ok

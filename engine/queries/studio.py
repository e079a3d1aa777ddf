"""What analysts see: the processes with their versions and drafts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import undefer

from engine.database import Transaction
from engine.errors import N_, NotFound
from engine.model.process import ProcessDefinition, ProcessDraft
from engine.release import Bundle


@dataclass(frozen=True)
class ProcessLine:
    """One process: its newest version, if it was ever published, and its draft, if there is one."""

    key: str
    name: str
    newest: ProcessDefinition | None
    draft: ProcessDraft | None

    @property
    def touched_at(self) -> datetime:
        """When it was last saved or published."""
        moments = [self.draft.saved_at] if self.draft else []
        return max([*moments, self.newest.published_at] if self.newest else moments)


def processes(tx: Transaction) -> list[ProcessLine]:
    """All processes, the last touched first."""
    rows = tx.session.scalars(select(ProcessDefinition).order_by(ProcessDefinition.version))
    newest = {row.key: row for row in rows}
    drafts = {row.key: row for row in tx.session.scalars(select(ProcessDraft))}
    lines = [_line(key, newest.get(key), drafts.get(key)) for key in _keys(newest, drafts)]
    return sorted(lines, key=lambda line: line.touched_at, reverse=True)


def process(tx: Transaction, key: str) -> ProcessLine:
    """One process; NotFound when there is neither a version nor a draft."""
    found = versions(tx, key)
    draft = tx.session.get(ProcessDraft, key)
    if not found and draft is None:
        raise NotFound(N_("没有找到流程“{key}”。"), key=key)
    return _line(key, found[0] if found else None, draft)


def versions(tx: Transaction, key: str) -> list[ProcessDefinition]:
    """All versions of a process, the newest first."""
    query = select(ProcessDefinition).where(ProcessDefinition.key == key)
    return list(tx.session.scalars(query.order_by(ProcessDefinition.version.desc())))


def bundle(tx: Transaction, key: str) -> Bundle | None:
    """The bundle of the newest version."""
    query = select(ProcessDefinition).where(ProcessDefinition.key == key).order_by(ProcessDefinition.version.desc())
    row = tx.session.scalars(query.options(undefer(ProcessDefinition.bundle)).limit(1)).first()
    return Bundle.unpack(row.bundle) if row else None


def diagram_to_edit(tx: Transaction, key: str) -> str:
    """The draft's diagram, else that of the newest version."""
    draft = tx.session.get(ProcessDraft, key)
    if draft is not None:
        return draft.diagram
    newest = bundle(tx, key)
    if newest is None:
        raise NotFound(N_("没有找到流程“{key}”。"), key=key)
    return newest.diagram


def _keys(*tables: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(key for table in tables for key in table))


def _line(key: str, newest: ProcessDefinition | None, draft: ProcessDraft | None) -> ProcessLine:
    name = draft.name if draft else (newest.name if newest else key)
    return ProcessLine(key, name, newest, draft)

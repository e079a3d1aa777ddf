"""Exports of history as JSONL (to verify offline), CSV (to read in a spreadsheet) and XES (for process mining).

The writers are generators over events, so an export of any size needs the memory of one batch.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from xml.sax.saxutils import quoteattr

from engine.clock import TIMEZONE
from engine.database import Transaction
from engine.errors import N_, InvalidVariables
from engine.history.canonical import moment
from engine.history.events import record_system
from engine.history.selection import Selection, count
from engine.model.history import HistoryEvent
from engine.tables import NOT_XML, csv_header, csv_line


@dataclass(frozen=True)
class Row:
    """An event with what files say about it. ``case``, ``title`` and ``process`` are empty for the system's chain."""

    event: HistoryEvent
    previous: bytes | None
    case: str
    title: str
    process: str
    element: str
    words: str


@dataclass(frozen=True)
class Export:
    """An export that history knows of: what it covers, in which format, how many events."""

    selection: Selection
    format: str
    count: int
    at: str
    by: str
    scope: Mapping[str, str | None]


def begin(tx: Transaction, selection: Selection, format: str, case: str | None = None) -> Export:
    """Record the export in the system's history; only then may it be written. Needs the permission history.export.

    Raises InvalidVariables for an unknown format or a period that ends before it begins.
    """
    tx.actor.require("history.export")
    if format not in WRITERS:
        raise InvalidVariables(N_("不能导出“{format}”格式。请选择 JSONL、CSV 或 XES。"), {}, format=format)
    if selection.since and selection.until and selection.since >= selection.until:
        raise InvalidVariables.at("until", N_("结束日期不能早于开始日期。"))
    until = min(selection.until, tx.now) if selection.until else tx.now
    settled = selection if selection.chain else Selection(None, selection.since, until)
    scope = {
        "case": case,
        "since": moment(selection.since) if selection.since else None,
        "until": None if selection.chain else moment(until),
    }
    number = count(tx, settled)
    record_system(tx, "history_exported", {**scope, "format": format, "count": number})
    return Export(settled, format, number, moment(tx.now), tx.actor.name, scope)


def jsonl(export: Export, rows: Iterable[Row]) -> Iterator[str]:
    """One line about the export, then one per event: payload as it was hashed, its hash and the hash before it."""
    about = {"at": export.at, "by": export.by, "count": export.count, **export.scope}
    yield json.dumps({"export": about}, ensure_ascii=False) + "\n"
    for row in rows:
        previous = row.previous.hex() if row.previous is not None else None
        ends = json.dumps({"previous": previous, "hash": row.event.hash.hex(), "case": row.case}, ensure_ascii=False)
        yield f'{ends[:-1]}, "payload": {row.event.payload}}}\n'


_HEADER = (
    N_("事项编号"),
    N_("事项"),
    N_("序号"),
    N_("时间"),
    N_("类型"),
    N_("经过"),
    N_("环节"),
    N_("岗位"),
    N_("哈希"),
)


def csv_lines(export: Export, rows: Iterable[Row]) -> Iterator[str]:
    """RFC 4180 with a byte order mark, which Excel needs to see UTF-8; no cell can start a formula."""
    yield csv_header(_HEADER)
    for row in rows:
        event = row.event
        at = f"{event.at.astimezone(TIMEZONE):%Y-%m-%d %H:%M:%S}"
        what = (event.type, row.words, row.element, event.actor, event.hash.hex())
        yield csv_line(map(str, (row.case, row.title, event.seq, at, *what)))


_XES_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/><string key="lifecycle:transition" value="complete"/>\
<date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/></global>
<classifier name="Activity" keys="concept:name"/>
<string key="lifecycle:model" value="standard"/>
"""
#: IEEE 1849-2016, lifecycle extension, standard model.
_TRANSITIONS = {
    "user_task_created": "schedule",
    "user_task_claimed": "assign",
    "user_task_released": "reassign",
    "user_task_canceled": "withdraw",
    "job_failed": "ate_abort",
}


def xes(export: Export, rows: Iterable[Row]) -> Iterator[str]:
    """An event log as IEEE 1849-2016 says: a trace for each case, an event for each entry."""
    yield _XES_HEAD
    trace = None
    for row in rows:
        if row.event.chain_id != trace:
            yield ("</trace>\n" if trace is not None else "") + _trace(row)
            trace = row.event.chain_id
        yield _event(row)
    yield ("</trace>\n" if trace is not None else "") + "</log>\n"


def _trace(row: Row) -> str:
    name = row.case or "系统"  # zh: a name in a file, which is written in Chinese
    told = {"concept:name": name, "wuji:title": row.title, "wuji:process": row.process}
    return "<trace>" + "".join(_attribute("string", key, value) for key, value in told.items() if value) + "\n"


def _event(row: Row) -> str:
    event = row.event
    attributes = [
        _attribute("string", "concept:name", row.element or row.words),
        _attribute("string", "lifecycle:transition", _TRANSITIONS.get(event.type, "complete")),
        _attribute("date", "time:timestamp", event.at.astimezone(UTC).isoformat(timespec="milliseconds")),
        _attribute("string", "org:resource", event.actor),
        _attribute("string", "wuji:type", event.type),
        _attribute("string", "wuji:words", row.words),
        _attribute("int", "wuji:seq", event.seq),
        _attribute("string", "wuji:hash", event.hash.hex()),
    ]
    return f"<event>{''.join(attributes)}</event>\n"


def _attribute(kind: str, key: str, value: Any) -> str:
    return f"<{kind} key={quoteattr(key)} value={quoteattr(NOT_XML.sub('', str(value)))}/>"


#: Formats by name, each with its writer and its media type.
WRITERS: Mapping[str, tuple[Callable[[Export, Iterable[Row]], Iterator[str]], str]] = {
    "jsonl": (jsonl, "application/x-ndjson"),
    "csv": (csv_lines, "text/csv"),
    "xes": (xes, "application/xml"),
}

"""Proving that history is what was written: links, columns, numbers, heads, commitments; in the database or in a file.

What can be proved: no event was changed, taken out or put in unless all that follow were written anew, the head of
the chain included. A file that was exported earlier proves those, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from engine.database import Transaction
from engine.errors import N_, NotFound
from engine.history.canonical import canonical, digest, moment
from engine.history.events import link
from engine.history.selection import BATCH, Span, batch
from engine.model.history import SYSTEM_CHAIN, HistoryChain, HistoryEvent
from engine.model.process import ProcessInstance
from engine.values import decode

SYSTEM_NAME = N_("系统")
_MOST_FAULTS = 100
#: The sentence of a fault and its parameters.
_What = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Fault:
    """What does not fit. ``name`` is the number of the case, or 系统; ``seq`` the event, 0 for the chain as a whole."""

    chain: UUID
    name: str
    seq: int
    template: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence in Chinese."""
        return self.template.format(**self.params)


@dataclass
class Report:
    """How much was verified and what did not fit; the first 100 faults are kept, ``fault_count`` counts all."""

    chains: int = 0
    events: int = 0
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    #: Chains that were left out because the limit was reached.
    left: int = 0

    @property
    def ok(self) -> bool:
        """Whether everything fits."""
        return self.fault_count == 0

    def add(self, faults: Iterable[Fault]) -> None:
        """Note faults."""
        for fault in faults:
            self.fault_count += 1
            if len(self.faults) < _MOST_FAULTS:
                self.faults.append(fault)


@dataclass(frozen=True)
class Head:
    """What the row of a case, or of the system's chain, says its history is."""

    chain: UUID
    name: str
    seq: int
    hash: bytes


def verify_chain(tx: Transaction, chain: UUID) -> Report:
    """Verify one chain from its first event to its head. NotFound when there is no such chain."""
    head = _head(tx, chain)
    report = Report()
    _check(tx, head, report)
    return report


def verify_all(tx: Transaction, most_events: int | None = None) -> Report:
    """Verify the system's chain and all cases, the newest first; stop after about ``most_events`` events."""
    report = Report()
    report.add(_orphans(tx))
    for head in _heads(tx):
        if most_events is not None and report.events >= most_events:
            report.left = _count_heads(tx) - report.chains
            return report
        _check(tx, head, report)
        tx.session.expunge_all()
    return report


def chain_of(tx: Transaction, number: str) -> UUID:
    """The chain of a case by its number. NotFound when there is none."""
    found = tx.session.scalar(select(ProcessInstance.id).where(ProcessInstance.business_key == number.strip()))
    if found is None:
        raise NotFound(N_("没有编号为 {number} 的事项。请核对编号。"), number=number)
    return found


_CASE_HEAD = (
    ProcessInstance.id,
    ProcessInstance.business_key,
    ProcessInstance.history_seq,
    ProcessInstance.history_head,
)


def _head(tx: Transaction, chain: UUID) -> Head:
    """The head as it stands now, past whatever the session has read before."""
    if chain == SYSTEM_CHAIN:
        row = tx.session.execute(select(HistoryChain.seq, HistoryChain.head).where(HistoryChain.id == chain)).one()
        return Head(chain, SYSTEM_NAME, *row)
    found = tx.session.execute(select(*_CASE_HEAD).where(ProcessInstance.id == chain)).one_or_none()
    if found is None:
        raise NotFound(N_("没有找到这个事项的留痕，或者当前岗位不能查看它。"))
    return Head(*found)


def _heads(tx: Transaction) -> Iterator[Head]:
    yield _head(tx, SYSTEM_CHAIN)
    last: UUID | None = None
    while True:
        query = select(*_CASE_HEAD).order_by(ProcessInstance.id.desc()).limit(BATCH)
        rows = tx.session.execute(query if last is None else query.where(ProcessInstance.id < last)).all()
        yield from (Head(*row) for row in rows)
        if len(rows) < BATCH:
            return
        last = rows[-1].id


def _count_heads(tx: Transaction) -> int:
    return 1 + (tx.session.scalar(select(func.count()).select_from(ProcessInstance)) or 0)


def _orphans(tx: Transaction) -> Iterator[Fault]:
    """Chains whose case is gone."""
    known = select(ProcessInstance.id)
    query = select(HistoryEvent.chain_id).where(HistoryEvent.chain_id.not_in(known), HistoryEvent.seq == 1)
    for chain in tx.session.scalars(query.where(HistoryEvent.chain_id != SYSTEM_CHAIN).limit(_MOST_FAULTS)):
        yield Fault(chain, str(chain), 0, N_("有留痕，但没有对应的事项。"))


def _check(tx: Transaction, head: Head, report: Report) -> None:
    seq, last = 0, b""
    report.chains += 1
    while True:
        while rows := batch(tx, Span(head.chain, 1, head.seq), seq):
            for event, _ in rows:
                report.events += 1
                report.add(Fault(head.chain, head.name, event.seq, *what) for what in _faults(event, seq, last))
                seq, last = event.seq, event.hash
        beyond = _count_beyond(tx, head)
        now = _head(tx, head.chain)
        if now.seq <= head.seq:
            break
        head = now  # somebody worked on the case meanwhile: PostgreSQL shows what was committed since
    report.add(Fault(head.chain, head.name, seq, *what) for what in _head_faults(head, seq, last, beyond))


def _count_beyond(tx: Transaction, head: Head) -> int:
    query = select(func.count()).where(HistoryEvent.chain_id == head.chain, HistoryEvent.seq > head.seq)
    return tx.session.scalar(query) or 0


def _head_faults(head: Head, seq: int, last: bytes, beyond: int) -> Iterator[_What]:
    if (seq, last) != (head.seq, head.hash):
        counted = {"seq": seq, "head": head.seq}
        yield N_("最后一条是第 {seq} 条，与登记的链头（第 {head} 条）不符，末尾可能被删改。"), counted
    if beyond:
        yield N_("登记的链头（第 {head} 条）之后多出 {count} 条。"), {"head": head.seq, "count": beyond}


def _faults(event: HistoryEvent, seq: int, last: bytes) -> Iterator[_What]:
    yield from _link_faults(event.seq, event.payload, event.hash, seq, last)
    try:
        payload = json.loads(event.payload)
        told = [payload[name] for name in ("chain", "seq", "at", "type", "element")] + [payload["actor"]["post"]]
    except (ValueError, KeyError, TypeError):
        yield N_("内容读不出来，已被改坏。"), {}
        return
    kept = [str(event.chain_id), event.seq, moment(event.at), event.type, event.element_id, event.actor]
    names = (N_("所属事项"), N_("序号"), N_("时间"), N_("类型"), N_("环节"), N_("岗位"))
    for name, said, column in zip(names, told, kept, strict=True):
        if said != column:
            yield N_("“{name}”一栏是“{column}”，内容里是“{said}”。"), {"name": name, "column": column, "said": said}
    yield from _private_faults(event, payload["data"])


def _link_faults(own: int, payload: str, hash: bytes, seq: int, last: bytes) -> Iterator[_What]:
    if own != seq + 1:
        missing = str(seq + 1) if own == seq + 2 else f"{seq + 1}–{own - 1}"
        yield N_("缺少第 {missing} 条。"), {"missing": missing}
    if link(last, payload) != hash:
        yield N_("哈希与内容或前一条不符，内容可能被改动。"), {}


def _private_faults(event: HistoryEvent, data: dict[str, Any]) -> Iterator[_What]:
    """The personal values kept aside must be those that the event commits to; erased ones are no fault."""
    for path, kept in (event.private or {}).items():
        try:
            fits = _promised(data, path) == {"commitment": digest(kept[0], decode(kept[1]))}
        except (ValueError, KeyError, TypeError, IndexError):
            fits = False
        if not fits:
            name = path.removeprefix("variables.")
            yield N_("个人信息“{name}”与留痕时的承诺值不符。"), {"name": name}


def _promised(data: dict[str, Any], path: str) -> Any:
    """What stands in the event at ``variables.name``, ``trace.2.inputs.name`` or ``trace.2.value``."""
    place, _, name = path.partition(".")
    if place != "trace":
        return data[place][name]
    number, _, below = name.partition(".")
    step = data["trace"][int(number)]
    return step["value"] if below == "value" else step["inputs"][below.removeprefix("inputs.")]


def verify_file(lines: Iterable[str]) -> Report:
    """Verify an exported JSONL file, line by line, without a database."""
    report = Report()
    promised, state = None, _FileState()
    for number, text in enumerate(lines, 1):
        try:
            line = json.loads(text)
            if number == 1 and "export" in line:
                promised = line["export"]["count"]
                continue
            report.add(state.check(line))
            report.events += 1
        except (ValueError, KeyError, TypeError):
            report.add([Fault(UUID(int=0), N_("文件"), number, N_("文件第 {line} 行读不出来。"), {"line": number})])
    report.chains = state.chains
    if promised is not None and promised != report.events:
        counted = {"promised": promised, "found": report.events}
        sentence = N_("文件开头写明 {promised} 条，实际 {found} 条，文件可能被截断或增删。")
        report.add([Fault(UUID(int=0), N_("文件"), 0, sentence, counted)])
    return report


class _FileState:
    """Where the verification of a file stands: chains come one after the other, each in order."""

    def __init__(self) -> None:
        self.chains = 0
        self.chain: str | None = None
        self.name = ""
        self.seq = 0
        self.last = b""

    def check(self, line: dict[str, Any]) -> list[Fault]:
        """Verify one line. Raises ValueError, KeyError or TypeError when it is no line of an export."""
        payload, hash = line["payload"], bytes.fromhex(line["hash"])
        if payload["chain"] != self.chain:
            self._enter(line)
        faults = list(_link_faults(payload["seq"], canonical(payload), hash, self.seq, self.last))
        self.seq, self.last = payload["seq"], hash
        return [Fault(UUID(payload["chain"]), self.name, self.seq, *what) for what in faults]

    def _enter(self, line: dict[str, Any]) -> None:
        payload = line["payload"]
        self.chains += 1
        self.chain, self.name = payload["chain"], line["case"] or SYSTEM_NAME
        self.seq, self.last = payload["seq"] - 1, bytes.fromhex(line["previous"] or "")

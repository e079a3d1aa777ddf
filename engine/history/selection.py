"""Which events: of one chain, or of a period; read in short transactions, so that a slow reader holds nothing up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from engine.database import Engine, Transaction
from engine.model.history import HistoryEvent
from engine.people.actor import Actor

#: Events read at once; with payloads of some kilobytes this stays far below 10 MB.
BATCH = 500


@dataclass(frozen=True)
class Selection:
    """One chain, or the events of a period: from ``since`` up to, and without, ``until``."""

    chain: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


class Span(NamedTuple):
    """Events of a chain from ``first`` to ``last``, without a gap."""

    chain: UUID
    first: int
    last: int


class Linked(NamedTuple):
    """An event with the hash before it; empty for the first of its chain, None when the one before is missing."""

    event: HistoryEvent
    previous: bytes | None


def count(tx: Transaction, selection: Selection) -> int:
    """How many events the selection has."""
    spans = _spans(selection).subquery()
    return int(tx.session.scalar(select(func.coalesce(func.sum(spans.c.last - spans.c.first + 1), 0))) or 0)


def spans(tx: Transaction, selection: Selection, after: UUID | None = None) -> list[Span]:
    """The next spans of the selection by chain.

    From the first to the last event in the period: moments within a chain may cross by some milliseconds, and an
    excerpt with a gap could not be verified.
    """
    query = _spans(selection)
    if after is not None:
        query = query.where(HistoryEvent.chain_id > after)
    return [Span(*row) for row in tx.session.execute(query.order_by(HistoryEvent.chain_id).limit(BATCH))]


def batch(tx: Transaction, span: Span, after: int) -> list[Linked]:
    """The next events of a span with a number above ``after``."""
    before = aliased(HistoryEvent)
    previous = (
        select(before.hash)
        .where(before.chain_id == HistoryEvent.chain_id, before.seq == HistoryEvent.seq - 1)
        .scalar_subquery()
    )
    query = select(HistoryEvent, previous).where(
        HistoryEvent.chain_id == span.chain, HistoryEvent.seq > after, HistoryEvent.seq <= span.last
    )
    rows = tx.session.execute(query.order_by(HistoryEvent.seq).limit(BATCH))
    return [Linked(event, b"" if event.seq == 1 else hash_before) for event, hash_before in rows]


def walk(engine: Engine, actor: Actor, selection: Selection) -> Iterator[list[Linked]]:
    """All events of a selection in batches, chain by chain, each batch read in a transaction of its own."""
    last: UUID | None = None
    while True:
        with engine.read(actor) as tx:
            found = spans(tx, selection, last)
        for span in found:
            yield from _walk_span(engine, actor, span)
        if len(found) < BATCH:
            return
        last = found[-1].chain


def _walk_span(engine: Engine, actor: Actor, span: Span) -> Iterator[list[Linked]]:
    at = span.first - 1
    while at < span.last:
        with engine.read(actor) as tx:
            rows = batch(tx, span, at)
        if not rows:
            return
        yield rows
        at = rows[-1].event.seq


def _spans(selection: Selection) -> Any:
    first, last = func.min(HistoryEvent.seq).label("first"), func.max(HistoryEvent.seq).label("last")
    query: Any = select(HistoryEvent.chain_id, first, last).group_by(HistoryEvent.chain_id)
    if selection.chain is not None:
        query = query.where(HistoryEvent.chain_id == selection.chain)
    if selection.since is not None:
        query = query.where(HistoryEvent.at >= selection.since)
    if selection.until is not None:
        query = query.where(HistoryEvent.at < selection.until)
    return query

"""What auditors see: events of all chains by case, type, actor, element and period; and the same for files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select

from engine import people
from engine.clock import beginning_of, end_of
from engine.database import Engine, Transaction
from engine.errors import N_, NotFound
from engine.history.export import Export, Row
from engine.history.selection import Linked, walk
from engine.model.history import SYSTEM_CHAIN, HistoryChain, HistoryEvent
from engine.model.process import ProcessInstance
from engine.people import Actor
from engine.queries.cockpit import HISTORY_PAGE, Told
from engine.queries.paging import Page, fetch
from engine.queries.wording import element_name, in_chinese, sentence
from engine.release import Release, load_release


@dataclass(frozen=True)
class Wish:
    """What the search is narrowed to; ``since`` and ``until`` are days, both included.

    ``case`` is part of a number or a title, ``element`` part of an element's id or its exact id.
    """

    case: str = ""
    type: str = ""
    actor: str = ""
    element: str = ""
    since: date | None = None
    until: date | None = None
    page: int = 1


@dataclass(frozen=True)
class Found:
    """An event in words, with its case; None for the system's chain."""

    told: Told
    case: ProcessInstance | None


def search(tx: Transaction, wish: Wish) -> Page[Found]:
    """One page of the events that fit, the newest first."""
    query = select(HistoryEvent).where(_is_visible(tx), *_narrowed(tx, wish))
    order = (HistoryEvent.at.desc(), HistoryEvent.chain_id, HistoryEvent.seq.desc())
    page = fetch(tx, query.order_by(*order), wish.page)
    events = [row[0] for row in page.items]
    cases = cases_of(tx, events)
    found = [Found(_told(tx, event, cases.get(event.chain_id)), cases.get(event.chain_id)) for event in events]
    return Page(found, page.number, page.total, page.size)


def chain(tx: Transaction, chain_id: UUID) -> ProcessInstance | None:
    """The case whose history has this id, None for the system's; NotFound when there is no such history."""
    if chain_id == SYSTEM_CHAIN:
        tx.get(HistoryChain, chain_id, N_("记录"))
        return None
    query = select(ProcessInstance).where(ProcessInstance.id == chain_id, people.visible_to(tx.actor))
    case = tx.session.scalars(query).one_or_none()
    if case is None:
        raise NotFound(N_("没有找到这个事项的留痕，或者当前岗位不能查看它。"))
    return case


def history(tx: Transaction, chain_id: UUID, page: int) -> Page[Told]:
    """One page of one chain, in order."""
    case = chain(tx, chain_id)
    query = select(HistoryEvent).where(HistoryEvent.chain_id == chain_id).order_by(HistoryEvent.seq)
    found = fetch(tx, query, page, HISTORY_PAGE)
    return Page([_told(tx, row[0], case) for row in found.items], found.number, found.total, found.size)


def export_rows(engine: Engine, actor: Actor, export: Export) -> Iterator[Row]:
    """The events of an export with what files say about them, batch by batch."""
    for linked in walk(engine, actor, export.selection):
        with engine.read(actor) as tx:
            rows = _rows(tx, linked)
        yield from rows


def _rows(tx: Transaction, linked: list[Linked]) -> list[Row]:
    cases = cases_of(tx, [each.event for each in linked])
    return [_row(tx, each, cases.get(each.event.chain_id)) for each in linked]


def _row(tx: Transaction, linked: Linked, case: ProcessInstance | None) -> Row:
    event, previous = linked
    release = _release(tx, case)
    words = in_chinese(event, release)
    element = element_name(release, event.element_id)
    if case is None or release is None:
        return Row(event, previous, "", "", "", element, words)
    return Row(event, previous, case.business_key, case.title, release.bundle.name, element, words)


def _told(tx: Transaction, event: HistoryEvent, case: ProcessInstance | None) -> Told:
    release = _release(tx, case)
    template, params = sentence(event.type, event.element_id, event.payload, release)
    kind = people.org_tree(tx).positions.get(params.get("position", ""))
    if kind is not None:
        params["position"] = kind.name
    return Told(event, template, params, element_name(release, event.element_id))


def _release(tx: Transaction, case: ProcessInstance | None) -> Release | None:
    return load_release(tx, case.definition_id) if case is not None else None


def cases_of(tx: Transaction, events: Iterable[HistoryEvent]) -> dict[UUID, ProcessInstance]:
    """The cases that these events belong to, by id."""
    ids = {event.chain_id for event in events} - {SYSTEM_CHAIN}
    if not ids:
        return {}
    query = select(ProcessInstance).where(ProcessInstance.id.in_(ids), people.visible_to(tx.actor))
    return {case.id: case for case in tx.session.scalars(query)}


def _is_visible(tx: Transaction) -> ColumnElement[bool]:
    own = exists().where(ProcessInstance.id == HistoryEvent.chain_id, people.visible_to(tx.actor))
    return or_(HistoryEvent.chain_id == SYSTEM_CHAIN, own)


def _narrowed(tx: Transaction, wish: Wish) -> Iterator[ColumnElement[bool]]:
    if wish.case:
        yield HistoryEvent.chain_id.in_(_cases_with(wish.case))
    if wish.type:
        yield HistoryEvent.type == wish.type
    if wish.actor:
        yield HistoryEvent.actor.icontains(wish.actor, autoescape=True)
    if wish.element:
        yield HistoryEvent.element_id.icontains(wish.element, autoescape=True)
    if wish.since is not None:
        yield HistoryEvent.at >= beginning_of(wish.since)
    if wish.until is not None:
        yield HistoryEvent.at < end_of(wish.until)


def _cases_with(text: str) -> Select[Any]:
    columns = (ProcessInstance.business_key, ProcessInstance.title)
    return select(ProcessInstance.id).where(or_(*(column.icontains(text, autoescape=True) for column in columns)))

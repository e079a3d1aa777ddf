"""Ledgers (台账): tables of the cases of a process, with the columns that the process declares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from engine import people
from engine.clock import TIMEZONE, beginning_of, end_of
from engine.database import Engine, Transaction
from engine.errors import N_, NotFound
from engine.execution import feel_environment
from engine.execution.environment import case_globals
from engine.execution.personal import personal_names_of
from engine.forms.terms import show
from engine.ledger import Ledger
from engine.lifecycle import InstanceState, state_name
from engine.masking import mask
from engine.model.process import ProcessInstance
from engine.people import Actor
from engine.queries.newest import newest_releases
from engine.queries.paging import Page, fetch
from engine.queries.searching import found_by
from engine.release import Release, load_release
from engine.variables import ROOT, Scopes

#: Rows on one page, and rows that an export reads at once.
PAGE_ROWS = 50
_BATCH = 200


class Sort(StrEnum):
    """In which order the cases stand."""

    NEWEST = "newest"
    OLDEST = "oldest"
    ENDED = "ended"
    NUMBER = "number"


@dataclass(frozen=True)
class Wish:
    """What a ledger is narrowed to. ``since`` and ``until`` are days of the start, both included."""

    search: str = ""
    unit_id: UUID | None = None
    state: InstanceState | None = None
    since: date | None = None
    until: date | None = None
    sort: Sort = Sort.NEWEST
    page: int = 1


@dataclass(frozen=True)
class Overview:
    """A process that keeps a ledger, with the number of cases that the actor sees: this year's and all."""

    release: Release
    this_year: int
    total: int


@dataclass(frozen=True)
class Row:
    """A case and its cells, personal ones masked for who may not see them in full; ``hidden`` says which are."""

    case: ProcessInstance
    cells: tuple[Any, ...]
    hidden: tuple[bool, ...]


def overviews(tx: Transaction) -> list[Overview]:
    """All ledgers, by the name of the process."""
    year = beginning_of(tx.now.astimezone(TIMEZONE).date().replace(month=1, day=1))
    kept = [release for release in newest_releases(tx) if release.ledger is not None]
    kept.sort(key=lambda release: release.bundle.name)
    total = _counts(tx, [release.key for release in kept])
    recent = _counts(tx, [release.key for release in kept], ProcessInstance.started_at >= year)
    return [Overview(release, recent.get(release.key, 0), total.get(release.key, 0)) for release in kept]


def ledger_of(tx: Transaction, key: str) -> tuple[Release, Ledger]:
    """The newest version of a process, and its ledger. Raises NotFound when it keeps none."""
    for release in newest_releases(tx):
        if release.key == key and release.ledger is not None:
            return release, release.ledger
    raise NotFound(N_("没有找到流程“{key}”的台账。"), key=key)


def rows(tx: Transaction, key: str, wish: Wish) -> Page[Row]:
    """One page of a ledger."""
    _release, ledger = ledger_of(tx, key)
    found = fetch(tx, _ordered(select(ProcessInstance).where(*_narrowed(tx, key, wish)), wish), wish.page, PAGE_ROWS)
    return Page(_rows(tx, ledger, [case for (case,) in found.items]), found.number, found.total, found.size)


def ids(tx: Transaction, key: str, wish: Wish) -> list[UUID]:
    """The cases of a whole ledger, in order."""
    return list(tx.session.scalars(_ordered(select(ProcessInstance.id).where(*_narrowed(tx, key, wish)), wish)))


def export_rows(engine: Engine, actor: Actor, key: str, cases: Sequence[UUID]) -> Iterator[tuple[Any, ...]]:
    """The cells of these cases, batch by batch, each read in a transaction of its own."""
    for start in range(0, len(cases), _BATCH):
        batch = cases[start : start + _BATCH]
        with engine.read(actor) as tx:
            _release, ledger = ledger_of(tx, key)
            query = select(ProcessInstance).where(ProcessInstance.id.in_(batch), people.visible_to(actor))
            found = {row.case.id: row for row in _rows(tx, ledger, list(tx.session.scalars(query)))}
        yield from (found[id].cells for id in batch if id in found)


def written(value: Any) -> Any:
    """A cell as a typed file has it: numbers, days and moments as such, everything else as a text."""
    is_typed = isinstance(value, int | float | Decimal | date) and not isinstance(value, bool)
    return value if is_typed else show(value)


def told(value: Any) -> str:
    """A cell as people read it; moments are those of clocks here."""
    return show(value.astimezone(TIMEZONE) if isinstance(value, datetime) and value.tzinfo else value)


def _rows(tx: Transaction, ledger: Ledger, cases: list[ProcessInstance]) -> list[Row]:
    own = [(case, load_release(tx, case.definition_id)) for case in cases]
    personal = personal_names_of(tx, own)
    return [_row(tx, ledger, case, release, personal[case.id]) for case, release in own]


def _row(tx: Transaction, ledger: Ledger, case: ProcessInstance, release: Release, names: frozenset[str]) -> Row:
    known = {**case_globals(tx, release, case), "办结时间": case.ended_at, "状态": state_name(case.state)}
    view = Scopes.load(case.variables).view(ROOT, known)
    cells = ledger.cells(view, feel_environment(tx))
    personal = ledger.personal(names)
    masked = not tx.actor.may("personal_data.unmask")
    hidden = [each and masked and cell not in (None, "", []) for each, cell in zip(personal, cells, strict=True)]
    tree = people.org_tree(tx)
    shown = [mask(cell) if hide else tree.called(cell) for cell, hide in zip(cells, hidden, strict=True)]
    return Row(case, tuple(shown), tuple(hidden))


def _narrowed(tx: Transaction, key: str, wish: Wish) -> list[ColumnElement[bool]]:
    conditions = [ProcessInstance.process_key == key, people.visible_to(tx.actor)]
    conditions += found_by(tx, wish.search)
    if wish.unit_id is not None:
        path = people.org_tree(tx).unit(wish.unit_id).path
        conditions.append(ProcessInstance.unit_path.startswith(path, autoescape=True))
    if wish.state is not None:
        conditions.append(ProcessInstance.state == wish.state)
    if wish.since is not None:
        conditions.append(ProcessInstance.started_at >= beginning_of(wish.since))
    if wish.until is not None:
        conditions.append(ProcessInstance.started_at < end_of(wish.until))
    return conditions


def _ordered(query: Select[Any], wish: Wish) -> Select[Any]:
    order: dict[Sort, tuple[Any, ...]] = {
        Sort.NEWEST: (ProcessInstance.started_at.desc(),),
        Sort.OLDEST: (ProcessInstance.started_at,),
        Sort.ENDED: (ProcessInstance.ended_at.is_(None), ProcessInstance.ended_at.desc()),
        Sort.NUMBER: (ProcessInstance.business_key,),
    }
    return query.order_by(*order[wish.sort], ProcessInstance.id)


def _counts(tx: Transaction, keys: list[str], *conditions: ColumnElement[bool]) -> dict[str, int]:
    query = select(ProcessInstance.process_key, func.count()).where(
        ProcessInstance.process_key.in_(keys), people.visible_to(tx.actor), *conditions
    )
    return {row[0]: row[1] for row in tx.session.execute(query.group_by(ProcessInstance.process_key))}

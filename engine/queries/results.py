"""Published results, for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from engine import people
from engine.database import Transaction
from engine.model.process import ProcessInstance
from engine.model.result import PublishedResult
from engine.queries.paging import Page, fetch


@dataclass(frozen=True)
class Wish:
    """What the list is narrowed to. ``unit`` is the code of a unit; what is below it counts, too."""

    search: str = ""
    unit: str = ""
    page: int = 1


@dataclass(frozen=True)
class Line:
    """A result, with the name of the unit that settled it."""

    row: PublishedResult
    unit: str


def published(tx: Transaction, wish: Wish) -> Page[Line]:
    """One page of what is published, the newest first."""
    query = select(PublishedResult).where(PublishedResult.withdrawn_at.is_(None), *_narrowed(tx, wish))
    found = fetch(tx, query.order_by(PublishedResult.settled_at.desc(), PublishedResult.id.desc()), wish.page)
    tree = people.org_tree(tx)
    lines = [Line(row, tree.unit(row.unit_id).name if row.unit_id else "") for (row,) in found.items]
    return Page(lines, found.number, found.total, found.size)


def is_published(tx: Transaction, instance: ProcessInstance) -> bool:
    """Whether the result of a case can be read by everybody."""
    query = select(PublishedResult.id).where(PublishedResult.instance_id == instance.id)
    return tx.session.scalar(query.where(PublishedResult.withdrawn_at.is_(None))) is not None


def _narrowed(tx: Transaction, wish: Wish) -> list[ColumnElement[bool]]:
    conditions = [_mentions(word, _named(tx, word)) for word in wish.search.split()]
    unit = people.org_tree(tx).by_code(wish.unit)
    if unit is not None:
        conditions.append(PublishedResult.unit_path.startswith(unit.path))
    return conditions


def _mentions(word: str, paths: Iterable[str]) -> ColumnElement[bool]:
    texts = (PublishedResult.category, PublishedResult.outcome, PublishedResult.summary)
    return or_(
        *(text.icontains(word, autoescape=True) for text in texts),
        *(PublishedResult.unit_path.startswith(path) for path in paths),
    )


def _named(tx: Transaction, word: str) -> list[str]:
    """The paths of the units whose names have the word."""
    return [unit.path for unit in people.org_tree(tx) if word in unit.name]

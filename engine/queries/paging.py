"""One page of a longer list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from engine.database import Transaction

Item = TypeVar("Item")
PAGE_SIZE = 20
#: Counting ends here where there may be very many; pages say 999+.
MOST_COUNTED = 1_000


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Items of page ``number`` (from 1) and how many there are in all."""

    items: list[Item]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """The number of pages, at least 1."""
        return max(1, -(-self.total // self.size))


def cut(found: list[Item], number: int, size: int = PAGE_SIZE) -> Page[Item]:
    """One page of what is in memory already; a page beyond the end gives the last one."""
    number = min(max(1, number), max(1, -(-len(found) // size)))
    return Page(found[(number - 1) * size : number * size], number, len(found), size)


def fetch(tx: Transaction, query: Select[Any], number: int, size: int = PAGE_SIZE) -> Page[Any]:
    """The rows of one page of an ordered query; a page beyond the end gives the last one."""
    total = tx.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    last = max(1, -(-total // size))
    number = min(max(1, number), last)
    rows = list(tx.session.execute(query.offset((number - 1) * size).limit(size)))
    return Page(rows, number, total, size)

"""The numbers that stand for names in the lists of an inbox (:class:`engine.model.inbox.ListNumber`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast
from uuid import UUID

from sqlalchemy import select

from engine.database import Transaction
from engine.model.inbox import ListNumber
from engine.model.people import Level

#: What no line has: nothing is in the list of whoever never had any, nor of a process without cases.
_NOBODY = 0
_KNOWN = "list numbers"


def of_names(tx: Transaction, names: Iterable[str]) -> list[int]:
    """The number of each name, in their order; one statement for those that a reader has not asked for yet."""
    known = cast(dict[str, int], tx.session.info.setdefault(_KNOWN, {})) if tx.reads_only else {}
    wanted = list(names)
    if missing := sorted(set(wanted) - known.keys()):
        known |= dict.fromkeys(missing, _NOBODY)
        query = select(ListNumber.name, ListNumber.id).where(ListNumber.name.in_(missing))
        known.update((row.name, row.id) for row in tx.session.execute(query))
    return [known[name] for name in wanted]


def of_list(tx: Transaction, owner: str) -> int:
    """The number of one list."""
    return of_names(tx, [owner])[0]


def of_processes(tx: Transaction, keys: Iterable[str]) -> list[int]:
    """The numbers of processes."""
    return of_names(tx, (f"process:{key}" for key in keys))


def of_level(tx: Transaction, level: Level) -> int:
    """The number of a level of units."""
    return of_names(tx, [f"level:{level.value}"])[0]


def of_units(tx: Transaction, ids: Sequence[UUID]) -> list[int]:
    """The numbers of units; of those that have cases."""
    return [number for number in of_names(tx, (f"unit:{id.hex}" for id in ids)) if number != _NOBODY]

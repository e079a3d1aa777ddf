"""Finding by words, through the index of :mod:`engine.search`."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, select
from sqlalchemy.orm import InstrumentedAttribute

from engine import search
from engine.database import Transaction
from engine.model.inbox import SearchGram
from engine.model.process import ProcessInstance

#: Up to so many cases it is quicker to begin with those that have the rarest pair than with the lines of the list.
FEW = 1_000


def matches(word: str) -> ColumnElement[bool]:
    """The condition on ProcessInstance that title, number, applicant or search variables contain the word."""
    wanted = search.sought(word)
    found = (ProcessInstance.id.in_(cases_with(each)) for each in wanted)
    return and_(*found) if wanted else false()


def has(instance_id: InstrumentedAttribute[UUID], wanted: range) -> ColumnElement[bool]:
    """The condition that the case of a row, one among many, is found.

    A single character has too many entries to look through for each row: there, the text itself is quicker.
    """
    if character := search.character(wanted):
        text = ProcessInstance.search_text.contains(character, autoescape=True)
        return exists().where(ProcessInstance.id == instance_id, text)
    return exists().where(SearchGram.gram == wanted.start, SearchGram.instance_id == instance_id)


def rarest(tx: Transaction, sought: Iterable[range]) -> tuple[range, int]:
    """What the fewest cases are found by, and how many these are (no more than ``FEW`` are counted)."""
    wanted = list(sought)
    counted = [select(func.count()).select_from(cases_with(each).limit(FEW).subquery()) for each in wanted]
    numbers = tx.session.execute(select(*(query.scalar_subquery() for query in counted))).one()
    return min(zip(wanted, numbers, strict=True), key=lambda pair: pair[1])


def cases_with(wanted: range) -> Select[UUID]:
    """The ids of all cases that are found."""
    query = select(SearchGram.instance_id)
    if len(wanted) == 1:
        return query.where(SearchGram.gram == wanted.start)
    return query.where(SearchGram.gram >= wanted.start, SearchGram.gram < wanted.stop)

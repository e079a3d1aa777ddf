"""Finding by words, through the index of :mod:`engine.search`."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, and_, false, func, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from engine import search
from engine.database import Transaction
from engine.model.inbox import IMPRINT, SearchGram
from engine.model.process import ProcessInstance

_Id = ColumnElement[UUID] | InstrumentedAttribute[UUID]
#: Up to so many cases are looked at one by one; nobody counts any further.
FEW = 200
#: Up to so many cases of a single character are listed once, rather than asked for line by line.
LISTED = 10_000


@dataclass(frozen=True)
class Weighed:
    """What a search has to do with: ``rare`` is what the fewest cases are found by, ``cases`` how many, counted up to
    a bound; ``listed`` the single characters of few enough cases to be listed."""

    rare: range
    cases: int
    listed: frozenset[range] = frozenset()

    @property
    def is_rare(self) -> bool:
        """Whether the search begins with these cases, and not with the lines of a list."""
        return self.cases < FEW


def matches(word: str) -> ColumnElement[bool]:
    """The condition on ProcessInstance that title, number, applicant or search variables contain the word."""
    wanted = search.sought(word)
    found = (ProcessInstance.id.in_(cases_with(each)) for each in wanted)
    return and_(*found) if wanted else false()


def found_by(tx: Transaction, text: str) -> list[ColumnElement[bool]]:
    """The conditions on ProcessInstance that it has all words of the text, or names the person that the text is."""
    words = [matches(word) for word in text.split()]
    person = named(tx, text)
    return [or_(and_(*words), ProcessInstance.id.in_(cases_with(person)))] if person is not None else words


def named(tx: Transaction, text: str) -> range | None:
    """The person whose whole name or number the text is, when a case names one and the actor may read such things."""
    person = search.sought_person(text) if tx.actor.may("personal_data.unmask") else None
    return person if person is not None and tx.session.scalar(cases_with(person).limit(1)) is not None else None


def read_words(text: str) -> list[range]:
    """What a case must have to be found by all these words; empty when one of them can be found nowhere."""
    words = [search.sought(word) for word in text.split()]
    return list(dict.fromkeys(each for ranges in words for each in ranges)) if all(words) else []


def weigh(tx: Transaction, wanted: Sequence[range]) -> Weighed:
    """How many cases there are of what is searched for, at most one statement; none when ``wanted`` is empty."""
    if not wanted:
        return Weighed(range(0), 0)
    limited = (cases_with(each).limit(LISTED if search.character(each) else FEW).subquery() for each in wanted)
    counted = [select(func.count()).select_from(query).scalar_subquery() for query in limited]
    numbers = dict(zip(wanted, tx.session.execute(select(*counted)).one(), strict=True))
    rare = min(numbers, key=numbers.__getitem__)
    listed = (each for each, number in numbers.items() if search.character(each) and number < LISTED)
    return Weighed(rare, numbers[rare], frozenset(listed))


def may_have(row: Any, wanted: Sequence[range]) -> list[ColumnElement[bool]]:
    """The conditions that the imprint of a row leaves it possible that its case is found; quicker than asking.

    The part with the most bits comes first: it passes the fewest rows.
    """
    parts = sorted(zip(IMPRINT, search.sought_imprint(wanted), strict=True), key=lambda part: -part[1].bit_count())
    return [getattr(row, name).bitwise_and(literal(part, BigInteger())) == part for name, part in parts if part]


def has(instance_id: _Id, wanted: range, listed: Container[range] = ()) -> ColumnElement[bool]:
    """The condition that the case of a row is found, asked row by row.

    A single character has too many entries to look through for each row: its cases are listed once, or where they are
    too many for that, the text itself is quicker.
    """
    if wanted in listed:
        # "Is true" keeps PostgreSQL from joining them: it would leave the order of the list, and read all of it.
        return instance_id.in_(cases_with(wanted)).is_(true())
    return _entry_of(instance_id, wanted).limit(1).scalar_subquery().is_not(None)


def _entry_of(instance_id: _Id, wanted: range) -> Select[Any]:
    if character := search.character(wanted):
        text = ProcessInstance.search_text.contains(character, autoescape=True)
        return select(literal(1)).where(ProcessInstance.id == instance_id, text)
    return select(literal(1)).where(SearchGram.gram == wanted.start, SearchGram.instance_id == instance_id)


def cases_with(wanted: range) -> Select[UUID]:
    """The ids of all cases that are found."""
    query = select(SearchGram.instance_id)
    if len(wanted) == 1:
        return query.where(SearchGram.gram == wanted.start)
    return query.where(SearchGram.gram >= wanted.start, SearchGram.gram < wanted.stop)

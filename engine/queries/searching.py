"""Finding by words, through the index of :mod:`engine.search`."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
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
#: A character that no more pairs begin with is sought by these.
PAIRS = 4


@dataclass(frozen=True)
class Weighed:
    """What a search has to do with: ``rare`` is what the fewest cases are found by, ``cases`` how many, counted up to
    a bound. Of single characters, ``pairs`` has all entries of those that have few, and ``listed`` those of the others
    that have few enough cases to be listed."""

    rare: range
    cases: int
    pairs: Mapping[range, Sequence[int]] = field(default_factory=dict)
    listed: Container[range] = ()

    @property
    def is_rare(self) -> bool:
        """Whether the search begins with these cases, and not with the lines of a list."""
        return self.cases < FEW

    def has(self, instance_id: _Id, wanted: range) -> ColumnElement[bool]:
        """The condition that the case of a row is found, asked row by row.

        A single character may have too many entries to look through for each row: its cases are listed once, or where
        they are too many for that, the text itself is quicker.
        """
        if wanted in self.listed:
            # "Is true" keeps PostgreSQL from joining them: it would leave the order of the list, and read all of it.
            return instance_id.in_(cases_with(wanted)).is_(true())
        return self._entry_of(instance_id, wanted).limit(1).scalar_subquery().is_not(None)

    def _entry_of(self, instance_id: _Id, wanted: range) -> Select[Any]:
        entries = self.pairs.get(wanted, ())
        if not entries and (character := search.character(wanted)):
            text = ProcessInstance.search_text.contains(character, autoescape=True)
            return select(literal(1)).where(ProcessInstance.id == instance_id, text)
        is_sought = SearchGram.gram.in_(entries) if entries else SearchGram.gram == wanted.start
        return select(literal(1)).where(is_sought, SearchGram.instance_id == instance_id)


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
    """How many cases there are of what is searched for; none when ``wanted`` is empty.

    One statement, and one more for each single character.
    """
    if not wanted:
        return Weighed(range(0), 0)
    characters = frozenset(each for each in wanted if search.character(each))
    pairs = {each: found for each in characters if (found := _pairs(tx, each))}
    long = characters - pairs.keys()
    limited = (cases_with(each).limit(LISTED if each in long else FEW).subquery() for each in wanted)
    counted = [select(func.count()).select_from(query).scalar_subquery() for query in limited]
    numbers = dict(zip(wanted, tx.session.execute(select(*counted)).one(), strict=True))
    rare = min(numbers, key=numbers.__getitem__)
    return Weighed(rare, numbers[rare], pairs, frozenset(each for each in long if numbers[each] < LISTED))


def _pairs(tx: Transaction, wanted: range) -> list[int]:
    """All entries of a single character, found one after the other; none when they are more than ``PAIRS``."""
    least, within = func.min(SearchGram.gram), SearchGram.gram < wanted.stop
    entry = select(least.label("gram")).where(SearchGram.gram >= wanted.start, within).cte("entry", recursive=True)
    following = select(least).where(SearchGram.gram > entry.c.gram, within).scalar_subquery()
    every = entry.union_all(select(following).where(entry.c.gram.is_not(None)))
    found = [gram for gram in tx.session.scalars(select(every.c.gram).limit(PAIRS + 1)) if gram is not None]
    return found if len(found) <= PAIRS else []


def may_have(row: Any, wanted: Sequence[range]) -> list[ColumnElement[bool]]:
    """The conditions that the imprint of a row leaves it possible that its case is found; quicker than asking.

    The part with the most bits comes first: it passes the fewest rows.
    """
    parts = sorted(zip(IMPRINT, search.sought_imprint(wanted), strict=True), key=lambda part: -part[1].bit_count())
    return [getattr(row, name).bitwise_and(literal(part, BigInteger())) == part for name, part in parts if part]


def cases_with(wanted: range) -> Select[UUID]:
    """The ids of all cases that are found."""
    query = select(SearchGram.instance_id)
    if len(wanted) == 1:
        return query.where(SearchGram.gram == wanted.start)
    return query.where(SearchGram.gram >= wanted.start, SearchGram.gram < wanted.stop)

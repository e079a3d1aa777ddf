"""Finding by words, through the index of :mod:`engine.search`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from engine import search
from engine.database import Transaction
from engine.model.inbox import InboxEntry, SearchGram
from engine.model.process import ProcessInstance

_Id = ColumnElement[UUID] | InstrumentedAttribute[UUID]
#: Up to so many cases can be looked at one by one; neither cases nor lines are counted any further.
FEW = 3_000


@dataclass(frozen=True)
class Weighed:
    """What a search in a list has to do with: ``rare`` is what the fewest cases are found by, ``cases`` so many;
    ``lines`` are those of the list. Both numbers end at ``FEW``.
    """

    rare: range
    cases: int
    lines: int

    @property
    def begins_with_lines(self) -> bool:
        """Whether looking each line up is less work than looking at all cases that have the rarest pair."""
        return self.lines < FEW and self.lines <= self.cases

    @property
    def begins_with_cases(self) -> bool:
        """Whether it is the other way round."""
        return not self.begins_with_lines and self.cases < FEW


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


def weigh(tx: Transaction, wanted: Sequence[range], owners: Sequence[str]) -> Weighed:
    """How much there is of what is searched for, and of the lists that it is searched in; one statement."""
    limited = [*map(cases_with, wanted), select(InboxEntry.subject_id).where(InboxEntry.owner.in_(owners))]
    counted = [select(func.count()).select_from(query.limit(FEW).subquery()).scalar_subquery() for query in limited]
    *cases, lines = tx.session.execute(select(*counted)).one()
    rare, number = min(zip(wanted, cases, strict=True), key=lambda pair: pair[1])
    return Weighed(rare, number, lines)


def has(instance_id: _Id, wanted: range) -> ColumnElement[bool]:
    """The condition that the case of a row is found; the database may compare whole lists to answer it.

    A single character has too many entries to look through for each row: there, the text itself is quicker.
    """
    return exists(_entry_of(instance_id, wanted))


def has_one_by_one(instance_id: _Id, wanted: range) -> ColumnElement[bool]:
    """The same, asked row by row: quicker while few rows are asked."""
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

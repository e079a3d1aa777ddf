"""Cases that belong together: those that may be about the same matter, those that a case leads, and its lead."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from engine import people, search
from engine.database import Transaction
from engine.errors import N_
from engine.lifecycle import InstanceState
from engine.model.inbox import SearchGram
from engine.model.process import ProcessInstance, SearchVariable
from engine.queries import searching
from engine.queries.neighbours import APPLICANT, PLACE, PLACES

#: Older cases are hardly about what somebody sees now.
RECENT = timedelta(days=180)
_MOST = 10
_ALIKE = N_("内容相近")
#: Of the pairs of characters in a title so many must be in the other one.
_SHARE = 0.4


@dataclass(frozen=True)
class Candidate:
    """A case that may be about the same matter, and why that may be."""

    case: ProcessInstance
    whys: tuple[str, ...]


def suggestions(tx: Transaction, lead: ProcessInstance, scope: str) -> list[Candidate]:
    """Open cases of the same process below a unit that are alike, at the same place or of the same applicant.

    ``scope`` is the path of the unit; without one, only those of the lead's own unit. The most alike come first.
    """
    found: dict[UUID, list[str]] = {}
    open_ones = select(ProcessInstance.id).where(*_open(tx, lead, scope))
    for why, ids in ((PLACE, _at_place(lead)), (APPLICANT, _of_applicant(lead))):
        if ids is not None:
            for id in tx.session.scalars(open_ones.where(ids).order_by(ProcessInstance.started_at.desc()).limit(_MOST)):
                found.setdefault(id, []).append(why)
    for id in _alike(tx, lead, scope):
        found.setdefault(id, []).append(_ALIKE)
    visible = people.visible_to(tx.actor, list(found))
    query = select(ProcessInstance).where(ProcessInstance.id.in_(list(found)), visible)
    rows = sorted(tx.session.scalars(query), key=lambda row: (-len(found[row.id]), row.business_key))
    return [Candidate(row, tuple(found[row.id])) for row in rows[:_MOST]]


def _open(tx: Transaction, lead: ProcessInstance, scope: str) -> list[ColumnElement[bool]]:
    case = ProcessInstance
    inside = case.unit_path.startswith(scope) if scope else case.unit_id == lead.unit_id
    recent = case.started_at > tx.now - RECENT
    return [case.process_key == lead.process_key, case.state == InstanceState.ACTIVE, case.id != lead.id, inside,
            case.parent_id.is_(None), recent]  # fmt: skip


def _at_place(lead: ProcessInstance) -> ColumnElement[bool]:
    own = SearchVariable.__table__.alias("own").c
    here = (own.name == SearchVariable.name) & (own.value == SearchVariable.value)
    same = select(SearchVariable.instance_id).join(own.instance_id.table, here)
    return ProcessInstance.id.in_(same.where(own.instance_id == lead.id, own.name.in_(PLACES), own.value != ""))


def _of_applicant(lead: ProcessInstance) -> ColumnElement[bool] | None:
    return None if lead.started_by is None else ProcessInstance.started_by == lead.started_by


def _alike(tx: Transaction, lead: ProcessInstance, scope: str) -> list[UUID]:
    """By the pairs of characters of the title that are rare enough to say something."""
    grams = sorted(search.grams(lead.title))
    counted = [
        select(func.count()).select_from(
            select(SearchGram.instance_id).where(SearchGram.gram == gram).limit(searching.FEW).subquery()
        )
        for gram in grams
    ]
    if not counted:
        return []
    numbers = tx.session.execute(select(*(query.scalar_subquery() for query in counted))).one()
    rare = [gram for gram, number in zip(grams, numbers, strict=True) if 1 < number < searching.FEW]
    shared = func.count()
    query = select(SearchGram.instance_id).join(ProcessInstance, ProcessInstance.id == SearchGram.instance_id)
    query = query.where(SearchGram.gram.in_(rare), *_open(tx, lead, scope)).group_by(SearchGram.instance_id)
    return list(
        tx.session.scalars(query.having(shared >= max(2, _SHARE * len(grams))).order_by(shared.desc()).limit(_MOST))
    )


def by_numbers(tx: Transaction, numbers: Collection[str]) -> list[ProcessInstance]:
    """The cases with these numbers, as far as the actor may see them."""
    wanted = [number.strip().upper() for number in numbers]
    query = select(ProcessInstance).where(ProcessInstance.business_key.in_(wanted))
    ids = [row.id for row in tx.session.scalars(query)]
    return by_ids(tx, ids)


def by_ids(tx: Transaction, ids: Collection[UUID]) -> list[ProcessInstance]:
    """The cases with these ids, as far as the actor may see them, in the order of their numbers."""
    query = select(ProcessInstance).where(ProcessInstance.id.in_(ids), people.visible_to(tx.actor, ids))
    return list(tx.session.scalars(query.order_by(ProcessInstance.business_key)))


def led_by(tx: Transaction, lead: ProcessInstance) -> list[ProcessInstance]:
    """The cases that rest while this one is led for them, and those that ended with it."""
    if not lead.has_led:
        return []
    query = select(ProcessInstance).where(
        ProcessInstance.joined_to == lead.id,
        or_(ProcessInstance.state == InstanceState.JOINED, ProcessInstance.ended_at.is_not(None)),
    )
    return list(tx.session.scalars(query.order_by(ProcessInstance.business_key)))


def lead_of(tx: Transaction, instance: ProcessInstance) -> ProcessInstance | None:
    """The case that is or was led for this one, whoever may see it; None when there is none."""
    return tx.session.get(ProcessInstance, instance.joined_to) if instance.joined_to is not None else None


def may_read(tx: Transaction, instance: ProcessInstance) -> bool:
    """Whether the actor may see a case."""
    return bool(by_ids(tx, [instance.id]))

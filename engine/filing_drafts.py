"""What residents have filled in at the counter and not sent yet: kept for some days, then gone with its files.

Personal data: nothing of it goes into history or into a log, and only whoever began it opens it again, by the account
or by a token in a cookie, of which the table has the hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from uuid import UUID

from sqlalchemy import delete, select

from engine import counter_limits, files
from engine.database import Transaction
from engine.drafts import LeftOver
from engine.model.base import as_id
from engine.model.counter import FilingDraft
from engine.model.draft import TaskDraft
from engine.people import Actor

#: Of one owner; the one that was saved longest ago makes room.
MOST_DRAFTS = 5


def owners(actor: Actor, token: str | None) -> tuple[str, ...]:
    """Whose drafts somebody opens: those of the account first, then those of the browser."""
    account = (f"account:{actor.account_id}",) if actor.account_id else ()
    return (*account, f"browser:{hashlib.sha256(token.encode()).hexdigest()}") if token else account


@dataclass(frozen=True)
class Filled:
    """What was filled in: texts by path, the digest of the form, the chosen unit, what the form has no place for."""

    raw: Mapping[str, list[str]]
    form_digest: str = ""
    unit_code: str = ""
    left_over: LeftOver = ()


def begin(tx: Transaction, owner: str, process_key: str, filled: Filled) -> FilingDraft:
    """Keep a new draft."""
    mine = select(FilingDraft).where(FilingDraft.owner == owner).order_by(FilingDraft.saved_at.desc(), FilingDraft.id)
    for old in tx.session.scalars(mine.offset(MOST_DRAFTS - 1)):
        _drop(tx, old)
    draft = FilingDraft(owner=owner, process_key=process_key, begun_at=tx.now)
    tx.add(draft)
    draft.raw = {}
    save(tx, draft, filled, {})
    return draft


def save(tx: Transaction, draft: FilingDraft, filled: Filled, before: Mapping[str, list[str]]) -> None:
    """Keep what was typed since; it lives for as many days again.

    ``before`` is what the draft said when the page was sent: what another window has saved meanwhile stays where this
    one changed nothing.
    """
    changed = {name: list(texts) for name, texts in filled.raw.items() if before.get(name) != texts}
    kept = {name: texts for name, texts in draft.raw.items() if name in filled.raw or name not in before}
    draft.unit_code, draft.raw, draft.saved_at = filled.unit_code, {**kept, **changed}, tx.now
    draft.form_digest, draft.left_over = filled.form_digest, [list(each) for each in filled.left_over]
    draft.expires_at = tx.now + timedelta(days=days(tx))


def days(tx: Transaction) -> int:
    """How many days a draft lives after it was saved."""
    return counter_limits.limits(tx).draft_days


def opened(tx: Transaction, draft_id: UUID, by: Collection[str], to_change: bool = False) -> FilingDraft | None:
    """The draft, if it is one of these owners' and its time is not over; ``to_change`` locks it."""
    query = select(FilingDraft).where(FilingDraft.id == draft_id, FilingDraft.owner.in_(by))
    query = query.where(FilingDraft.expires_at > tx.now)
    return tx.session.scalar(query.with_for_update() if to_change else query)


def of(tx: Transaction, by: Collection[str]) -> list[FilingDraft]:
    """All drafts of these owners, the one saved last first."""
    if not by:
        return []
    query = select(FilingDraft).where(FilingDraft.owner.in_(by), FilingDraft.expires_at > tx.now)
    return list(tx.session.scalars(query.order_by(FilingDraft.saved_at.desc(), FilingDraft.id)))


def discard(tx: Transaction, draft_id: UUID, by: Collection[str]) -> bool:
    """Drop a draft with its files; whether there was one."""
    draft = opened(tx, draft_id, by, to_change=True)
    if draft is not None:
        _drop(tx, draft)
    return draft is not None


def sent(tx: Transaction, draft: FilingDraft) -> None:
    """It was filed: its files belong to the case now, what was taken out of it goes."""
    _drop(tx, draft)


def forget_expired(tx: Transaction) -> None:
    """Drop drafts whose time is over, and uploads that are as old and belong to no case and to nobody's draft."""
    for draft in tx.session.scalars(select(FilingDraft).where(FilingDraft.expires_at <= tx.now)):
        _drop(tx, draft)
    old = files.unused(tx, tx.now - timedelta(days=days(tx)))
    if old:
        files.drop_unused(tx, old - _in_drafts(tx))


def _in_drafts(tx: Transaction) -> set[UUID]:
    """The files in all drafts, also in those of officials for their tasks, which live as long as the task is open."""
    raws = [*tx.session.scalars(select(FilingDraft.raw)), *tx.session.scalars(select(TaskDraft.raw))]
    return {found for raw in raws for texts in raw.values() for text in texts if (found := as_id(text))}


def _drop(tx: Transaction, draft: FilingDraft) -> None:
    tx.session.execute(delete(FilingDraft).where(FilingDraft.id == draft.id))
    tx.session.expunge(draft)
    files.drop_unused(tx, chain.from_iterable(draft.raw.values()))

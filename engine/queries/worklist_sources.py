"""Whose entries the lists of an official are made of, and what of them the official may see.

Own posts and the own account; and while the official stands in for somebody, that post and what its holder has
claimed. Nobody finds work in their own matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, select

from engine.database import Transaction
from engine.model.inbox import InboxEntry
from engine.model.work import TaskCandidate, UserTask
from engine.people import Actor, StandIn
from engine.queries import list_numbers
from engine.queries.worklist_wish import Acting, Source, Tab

_KIND = {Tab.MINE: "claimed", Tab.DONE: "done", Tab.STARTED: "started", Tab.WATCHED: "watched"}
#: The same for everybody, so that the statements that count need to be made once only.
NO_OWN_MATTER = InboxEntry.subject_id.not_in(select(UserTask.id).where(UserTask.barred == bindparam("me")))


def sources(tx: Transaction, tab: Tab, acting: Acting | None = None) -> list[Source]:
    """What one list of the actor is made of; with ``acting`` only the own work, or only that of others."""
    actor = tx.actor
    list_numbers.of_names(tx, _names(actor))
    if tab is Tab.OPEN:
        not_mine = _no_matter_of(actor.account_id)
        own = [_source(tx, holder, not_mine) for holder in sorted(actor.holders)]
        others = [_source(tx, each.holder, (*not_mine, *_for_others(tx, each))) for each in actor.standing_in]
    else:
        own, others = [_source(tx, own_list(_KIND[tab], actor.account_id))], []
        if tab is Tab.MINE:
            others = [
                _source(tx, own_list("claimed", each.principal), _of_post(tx, each)) for each in actor.standing_in
            ]
    return {None: [*own, *others], Acting.OWN: own, Acting.FOR_OTHERS: others}[acting]


def _names(actor: Actor) -> Iterator[str]:
    """All that the lists of an actor are selected by, so that their numbers take one statement."""
    yield from actor.holders
    yield from (own_list(kind, actor.account_id) for kind in _KIND.values())
    for each in actor.standing_in:
        yield from (each.holder, own_list("claimed", each.principal))


def _source(tx: Transaction, owner: str, conditions: tuple[ColumnElement[bool], ...] = ()) -> Source:
    return Source(list_numbers.of_list(tx, owner), conditions)


def own_list(kind: str, account_id: UUID | None) -> str:
    """The owner of the entries of one account: ``claimed``, ``done``, ``started`` or ``watched``."""
    return f"{kind}:{account_id.hex if account_id else ''}"


def matching(found: list[Source]) -> list[ColumnElement[bool]]:
    """For each of the sources the condition on InboxEntry that it is in there."""
    return [and_(InboxEntry.list_no == each.list_no, *each.conditions) for each in found]


def _for_others(tx: Transaction, each: StandIn) -> tuple[ColumnElement[bool], ...]:
    chosen = list_numbers.of_processes(tx, sorted(each.processes))
    return (*_no_matter_of(each.principal), *((InboxEntry.process_no.in_(chosen),) if each.processes else ()))


def _of_post(tx: Transaction, each: StandIn) -> tuple[ColumnElement[bool], ...]:
    """What somebody has claimed in one post: the account may have others, and matters of its own."""
    there = exists().where(TaskCandidate.task_id == InboxEntry.subject_id, TaskCandidate.holder == each.holder)
    return (there, *_no_matter_of(tx.actor.account_id), *_for_others(tx, each))


def _no_matter_of(account_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    if account_id is None:
        return ()
    return (InboxEntry.subject_id.not_in(select(UserTask.id).where(UserTask.barred == account_id)),)

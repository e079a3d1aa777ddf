"""Whose entries the lists of an official are made of, and what of them the official may see.

Own posts and the own account; and while the official stands in for somebody, that post and what its holder has
claimed. Nobody finds work in their own matter.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, select

from engine.model.inbox import InboxEntry
from engine.model.work import TaskCandidate, UserTask
from engine.people import Actor, StandIn
from engine.queries.worklist_wish import Acting, Source, Tab

_KIND = {Tab.MINE: "claimed", Tab.DONE: "done", Tab.STARTED: "started", Tab.WATCHED: "watched"}
#: The same for everybody, so that the statements that count need to be made once only.
NO_OWN_MATTER = InboxEntry.subject_id.not_in(select(UserTask.id).where(UserTask.barred == bindparam("me")))


def sources(actor: Actor, tab: Tab, acting: Acting | None = None) -> list[Source]:
    """What one list is made of; with ``acting`` only the own work, or only that of others."""
    if tab is Tab.OPEN:
        not_mine = _no_matter_of(actor.account_id)
        own = [Source(holder, not_mine) for holder in sorted(actor.holders)]
        others = [Source(each.holder, (*not_mine, *_for_others(each))) for each in actor.standing_in]
    else:
        own, others = [Source(own_list(_KIND[tab], actor.account_id))], []
        if tab is Tab.MINE:
            others = [Source(own_list("claimed", each.principal), _of_post(actor, each)) for each in actor.standing_in]
    return {None: [*own, *others], Acting.OWN: own, Acting.FOR_OTHERS: others}[acting]


def own_list(kind: str, account_id: UUID | None) -> str:
    """The owner of the entries of one account: ``claimed``, ``done``, ``started`` or ``watched``."""
    return f"{kind}:{account_id.hex if account_id else ''}"


def matching(found: list[Source]) -> list[ColumnElement[bool]]:
    """For each of the sources the condition on InboxEntry that it is in there."""
    return [and_(InboxEntry.owner == each.owner, *each.conditions) for each in found]


def _for_others(each: StandIn) -> tuple[ColumnElement[bool], ...]:
    chosen = (InboxEntry.process_key.in_(sorted(each.processes)),) if each.processes else ()
    return (*_no_matter_of(each.principal), *chosen)


def _of_post(actor: Actor, each: StandIn) -> tuple[ColumnElement[bool], ...]:
    """What somebody has claimed in one post: the account may have others, and matters of its own."""
    there = exists().where(TaskCandidate.task_id == InboxEntry.subject_id, TaskCandidate.holder == each.holder)
    return (there, *_no_matter_of(actor.account_id), *_for_others(each))


def _no_matter_of(account_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    if account_id is None:
        return ()
    return (InboxEntry.subject_id.not_in(select(UserTask.id).where(UserTask.barred == account_id)),)

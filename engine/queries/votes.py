"""Votes for those who vote and for those who see the case: what is to be cast, what came out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased

from engine import people
from engine.database import Transaction
from engine.errors import N_, NotFound
from engine.lifecycle import VoteState
from engine.model.history import HistoryEvent
from engine.model.process import ProcessInstance
from engine.model.vote import Elector, Vote
from engine.queries.meetings import CaseLink

_MOST = 100


@dataclass(frozen=True)
class Paper:
    """A vote with its case; ``elector`` is the actor's own row, None for somebody who only looks on."""

    vote: Vote
    case: CaseLink
    elector: Elector | None
    electors: int
    voted: int
    is_over: bool
    #: Of an open vote that is counted: each elector's post and choice, None for who did not vote.
    ballots: tuple[tuple[str, str | None], ...] = ()
    #: Why it was cancelled.
    reason: str | None = None

    @property
    def may_cast(self) -> bool:
        """Whether the actor can vote now."""
        return self.elector is not None and not self.elector.has_voted and self.is_open

    @property
    def is_open(self) -> bool:
        """Whether ballots are still taken."""
        return self.vote.state is VoteState.OPEN and not self.is_over


def invitations(tx: Transaction) -> tuple[int, int]:
    """In how many votes the actor is an elector, and how many of these wait for the actor's ballot."""
    waits = and_(Elector.has_voted.is_(False), Vote.state == VoteState.OPEN, Vote.until > tx.now)
    query = select(func.count(), func.coalesce(func.sum(case((waits, 1), else_=0)), 0)).select_from(Elector)
    query = query.join(Vote, Vote.id == Elector.vote_id).where(Elector.account_id == tx.actor.account_id)
    every, waiting = tx.session.execute(query).one()
    return every, int(waiting)


def papers(tx: Transaction) -> list[Paper]:
    """The votes in which the actor is an elector: what waits for a ballot first, then the newest first."""
    query = (
        select(Vote, ProcessInstance, Elector, *_counts(), people.visible_to(tx.actor).label("visible"))
        .join(ProcessInstance, Vote.instance_id == ProcessInstance.id)
        .join(Elector, and_(Elector.vote_id == Vote.id, Elector.account_id == tx.actor.account_id))
        .order_by(Vote.opened_at.desc(), Vote.number.desc())
        .limit(_MOST)
    )
    found = [_paper(tx, *row) for row in tx.session.execute(query)]
    return sorted(found, key=lambda each: (not each.may_cast, each.vote.until if each.may_cast else tx.now))


def paper(tx: Transaction, number: str) -> Paper:
    """A vote for one of its electors or for somebody who may see its case; else NotFound."""
    mine = and_(Elector.vote_id == Vote.id, Elector.account_id == tx.actor.account_id)
    visible = people.visible_to(tx.actor)
    query = (
        select(Vote, ProcessInstance, Elector, *_counts(), visible.label("visible"))
        .join(ProcessInstance, Vote.instance_id == ProcessInstance.id)
        .outerjoin(Elector, mine)
        .where(Vote.number == number, or_(visible, Elector.vote_id.is_not(None)))
    )
    row = tx.session.execute(query).one_or_none()
    if row is None:
        raise NotFound(N_("没有找到这次表决，或者当前岗位不能查看它。"))
    vote = row[0]
    shown = vote.state is VoteState.COUNTED and not vote.secret
    ballots = tuple(_ballots(tx, vote)) if shown else ()
    return _paper(tx, *row, ballots=ballots, reason=_reason(tx, vote))


def of_case(tx: Transaction, instance: ProcessInstance) -> list[Vote]:
    """The votes of a case, oldest first."""
    return list(tx.session.scalars(select(Vote).where(Vote.instance_id == instance.id).order_by(Vote.number)))


def _counts() -> tuple[Any, Any]:
    each = aliased(Elector)
    electors = select(func.count()).where(each.vote_id == Vote.id).correlate(Vote)
    return electors.scalar_subquery(), electors.where(each.has_voted.is_(True)).scalar_subquery()


def _paper(
    tx: Transaction, vote: Vote, instance: ProcessInstance, elector: Elector | None, electors: int, voted: int,
    may_see: bool, **more: Any,
) -> Paper:  # fmt: skip
    link = CaseLink(instance.business_key, instance.title, instance.id if may_see else None)
    return Paper(vote, link, elector, electors, voted, tx.now >= vote.until, **more)


def _ballots(tx: Transaction, vote: Vote) -> list[tuple[str, str | None]]:
    query = select(Elector.name, Elector.choice).where(Elector.vote_id == vote.id).order_by(Elector.name)
    return [(name, choice) for name, choice in tx.session.execute(query)]


def _reason(tx: Transaction, vote: Vote) -> str | None:
    """What history says about the cancellation."""
    if vote.state is not VoteState.CANCELED:
        return None
    query = select(HistoryEvent.payload).where(
        HistoryEvent.chain_id == vote.instance_id, HistoryEvent.type == "vote_canceled"
    )
    told = (json.loads(payload)["data"] for payload in tx.session.scalars(query))
    return next((data["reason"] for data in told if data["vote"] == vote.number), None)

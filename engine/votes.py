"""Votes: a case asks its electors a question; each answers once; the ballots are counted.

Of a secret ballot two traces are left that nothing ties together: that the elector has voted, and one more for a
choice. There is no event, no time and no order of single ballots; see docs/decisions/0021.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import case, exists, func, select, update

from engine import people, voting
from engine.database import Transaction
from engine.errors import N_, AlreadyDone, InvalidState, InvalidVariables, NotAuthorized, NotFound, StepFailed
from engine.execution import is_wanted, leave_message, lock_instance
from engine.history import record
from engine.lifecycle import VoteState
from engine.model.base import new_id
from engine.model.process import ProcessInstance
from engine.model.vote import BallotCount, Elector, Vote
from engine.numbering import next_number

#: The message that all have voted; its key is the number of the vote.
ALL_VOTED = "投票结束"
_KEPT = "P30D"
_PREFIX = "BJ"
_LONGEST_OPTION = 120


class NoElectors(InvalidState):
    """Nobody holds any of the posts that may vote."""


@dataclass(frozen=True)
class Question:
    """What is asked, from the choices of which an elector takes one, and until when."""

    question: str
    until: datetime
    text: str = ""
    options: Sequence[str] = voting.CHOICES
    secret: bool = False


def open_vote(
    tx: Transaction, instance_id: UUID, job_id: UUID, asked: Question, groups: Iterable[str], *,
    unit_id: UUID | None = None, element_id: str = "",
) -> tuple[Vote, int]:  # fmt: skip
    """Ask everybody who holds one of the posts today, each account once; the vote and how many electors it has.

    ``groups`` are candidate groups as in assignments, resolved from ``unit_id``, by default the unit of the case. Who
    is an elector is settled now: later appointments change nothing. The same job opens one vote. Raises NoElectors,
    and StepFailed for options or a time that cannot be.
    """
    instance = lock_instance(tx, instance_id)
    instance.ensure_active()
    known = tx.session.scalar(select(Vote).where(Vote.job_id == job_id))
    if known is not None:
        return known, _electors(tx, known)
    if not is_wanted(tx, job_id):  # who is asked to vote can't know that the case has moved on
        raise InvalidState(N_("事项已经不再需要这次表决。"))
    _ensure_sound(tx, asked)
    named = _entitled(tx, instance, groups, unit_id or instance.unit_id)
    vote = tx.add(_row(tx, instance, job_id, asked, unit_id or instance.unit_id, element_id))
    for account_id, name in named.items():
        tx.append(Elector, vote_id=vote.id, account_id=account_id, name=name, has_voted=False)
    for option in vote.options if vote.secret else ():
        tx.append(BallotCount, vote_id=vote.id, choice=option, count=0)
    opened = {"vote": vote.number, "electors": len(named), "secret": vote.secret, "options": vote.options}
    who = {} if vote.secret else {"names": list(named.values())}
    record(tx, instance, "vote_opened", element_id or None, opened | {"until": vote.until.isoformat()} | who)
    return vote, len(named)


def cast(tx: Transaction, number: str, choice: str) -> Vote:
    """Vote, once and for good: a ballot that was cast cannot be changed.

    Raises NotAuthorized for somebody who is no elector, AlreadyDone for a second ballot, InvalidState when the vote is
    over, InvalidVariables for a choice that there is not.
    """
    vote = _locked(tx, number)
    elector = _ensure_elector(tx, vote)
    _ensure_takes_ballots(tx, vote)
    if elector.has_voted:
        raise AlreadyDone(N_("“{question}”已经投过票，不能再投，也不能改。"), question=vote.question)
    if choice not in vote.options:
        raise InvalidVariables.at("choice", N_("请选择一个选项。"))
    elector.has_voted = True
    if vote.secret:
        _count_secretly(tx, vote, choice)
    else:
        elector.choice, elector.voted_at = choice, tx.now
        instance = tx.session.get_one(ProcessInstance, vote.instance_id)
        record(tx, instance, "ballot_cast", None, {"vote": number, "elector": elector.name, "choice": choice})
    tx.session.flush()  # so that the last one is seen to be the last
    if not tx.session.scalar(select(exists().where(Elector.vote_id == vote.id, Elector.has_voted.is_(False)))):
        leave_message(tx, ALL_VOTED, number, {}, vote.unit_id, _KEPT)
    return vote


def count(
    tx: Transaction, instance_id: UUID, number: str, *, quorum: Decimal, majority: Decimal,
    of: str = voting.OF_VOTED, element_id: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Close the vote and count: the tally, which stands. A second count gives the first one's tally.

    Raises InvalidState for a vote that was cancelled.
    """
    vote, instance = _of_case(tx, instance_id, number)
    if vote.state is VoteState.COUNTED and vote.tally is not None:
        return _without_rule(vote.tally)
    vote.move(VoteState.COUNTED, tx.now)
    ballots = [] if vote.secret else _ballots(tx, vote)
    counts = _secret_counts(tx, vote) if vote.secret else _open_counts(vote, ballots)
    electors = _electors(tx, vote)
    tally = voting.tally_of(counts, electors=electors, quorum=quorum, majority=majority, of=of)
    rule = {"quorum": str(quorum), "majority": str(majority), "of": of}
    vote.tally = tally | {"rule": rule}
    who = {} if vote.secret else {"ballots": [{"elector": name, "choice": choice} for name, choice in ballots]}
    record(tx, instance, "vote_counted", element_id, {"vote": number, "tally": tally, "rule": rule} | who)
    return tally


def cancel(tx: Transaction, instance_id: UUID, number: str, reason: str, element_id: str | None = None) -> None:
    """End the vote without a count. One that is over stays as it is."""
    vote, instance = _of_case(tx, instance_id, number)
    if vote.state is not VoteState.OPEN:
        return
    vote.move(VoteState.CANCELED, tx.now)
    record(tx, instance, "vote_canceled", element_id, {"vote": number, "reason": reason})


def _entitled(
    tx: Transaction, instance: ProcessInstance, groups: Iterable[str], unit_id: UUID | None
) -> dict[UUID, str]:
    applicant = [people.account_holder(instance.started_by)] if instance.started_by else []
    holders = people.resolve_holders(people.org_tree(tx), groups, unit_id, applicant)
    named = people.accounts_behind(tx, holders)
    if not named:
        raise NoElectors(N_("现在没有人担任可以投票的岗位。"))
    return named


def _row(
    tx: Transaction, instance: ProcessInstance, job_id: UUID, asked: Question, unit_id: UUID | None, element_id: str
) -> Vote:
    return Vote(
        id=new_id(),
        number=next_number(tx, _PREFIX),
        instance_id=instance.id,
        element_id=element_id,
        job_id=job_id,
        unit_id=unit_id,
        question=asked.question,
        text=asked.text,
        options=list(asked.options),
        secret=asked.secret,
        state=VoteState.OPEN,
        opened_at=tx.now,
        until=asked.until,
    )


def _ensure_sound(tx: Transaction, asked: Question) -> None:
    options = list(asked.options)
    if len(options) < 2 or len(set(options)) < len(options) or not all(map(str.strip, options)):
        raise StepFailed(N_("表决至少要有两个选项，不能为空，不能重复。"))
    if max(map(len, options)) > _LONGEST_OPTION:
        raise StepFailed(N_("选项最多 {most} 个字。"), most=_LONGEST_OPTION)
    if asked.until <= tx.now:
        raise StepFailed(N_("投票截止时间 {until} 已经过去。"), until=asked.until.isoformat())


def _locked(tx: Transaction, number: str) -> Vote:
    """The vote, once its case and then itself are locked: ballots, the count and the end of the case take turns."""
    instance_id = tx.session.scalar(select(Vote.instance_id).where(Vote.number == number))
    if instance_id is None:
        raise NotFound(N_("没有编号为“{number}”的表决。"), number=number)
    lock_instance(tx, instance_id)
    query = select(Vote).where(Vote.number == number).execution_options(populate_existing=True)
    return tx.session.scalars(query).one()


def _of_case(tx: Transaction, instance_id: UUID, number: str) -> tuple[Vote, ProcessInstance]:
    vote = _locked(tx, number)
    instance = tx.session.get_one(ProcessInstance, vote.instance_id)
    if instance.id != instance_id:
        raise InvalidState(N_("表决 {vote} 不是这件事项的。"), vote=number)
    return vote, instance


def _ensure_elector(tx: Transaction, vote: Vote) -> Elector:
    account = tx.actor.account_id
    elector = tx.session.get(Elector, (vote.id, account), populate_existing=True) if account else None
    if elector is None:
        raise NotAuthorized(N_("“{question}”的投票人里没有您。"), question=vote.question)
    return elector


def _ensure_takes_ballots(tx: Transaction, vote: Vote) -> None:
    if vote.state is VoteState.COUNTED:
        raise InvalidState(N_("“{question}”已经计票，不能再投。"), question=vote.question)
    if vote.state is VoteState.CANCELED:
        raise InvalidState(N_("“{question}”的表决已经取消。"), question=vote.question)
    if tx.now >= vote.until:
        raise InvalidState(N_("“{question}”的投票已经截止。"), question=vote.question)


def _count_secretly(tx: Transaction, vote: Vote, choice: str) -> None:
    """Write all counts of the vote, not one: what the database notes of changed rows must not show which one grew."""
    grown = case((BallotCount.choice == choice, BallotCount.count + 1), else_=BallotCount.count)
    tx.session.execute(
        update(BallotCount).where(BallotCount.vote_id == vote.id).values(count=grown),
        execution_options={"synchronize_session": False},
    )


def _electors(tx: Transaction, vote: Vote) -> int:
    return tx.session.scalar(select(func.count()).where(Elector.vote_id == vote.id)) or 0


def _without_rule(tally: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in tally.items() if name != "rule"}


def _ballots(tx: Transaction, vote: Vote) -> list[tuple[str, str]]:
    query = select(Elector.name, Elector.choice).where(Elector.vote_id == vote.id, Elector.choice.is_not(None))
    rows = tx.session.execute(query.order_by(Elector.name, Elector.account_id))
    return [(name, choice) for name, choice in rows if choice is not None]


def _open_counts(vote: Vote, ballots: Iterable[tuple[str, str]]) -> dict[str, int]:
    counts = dict.fromkeys(vote.options, 0)
    for _, choice in ballots:
        counts[choice] += 1
    return counts


def _secret_counts(tx: Transaction, vote: Vote) -> dict[str, int]:
    query = select(BallotCount).where(BallotCount.vote_id == vote.id).execution_options(populate_existing=True)
    found = {row.choice: row.count for row in tx.session.scalars(query)}
    return {option: found[option] for option in vote.options}

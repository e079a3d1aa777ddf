"""Votes: who may vote, who has voted, and the counts. Of a secret vote nothing ties a choice to a person.

A secret ballot leaves two unconnected traces: that the elector has voted, without a time, and one more in the count of
a choice. Rows of single ballots would keep the order in which they came.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.errors import N_
from engine.lifecycle import VoteState, ensure_can_move
from engine.model.base import Base, EnumText, new_id
from engine.model.process import ProcessInstance


class Vote(Base):
    """A question that a case has put to its electors."""

    __tablename__ = "vote"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    #: Such as BJ-2026-00017.
    number: Mapped[str] = mapped_column(String(40), unique=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), index=True)
    element_id: Mapped[str] = mapped_column(String(120))
    #: The job that opened it: the same job does so once.
    job_id: Mapped[UUID] = mapped_column(unique=True)
    unit_id: Mapped[UUID | None]
    question: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    #: The texts to choose from, in their order.
    options: Mapped[list[Any]]
    secret: Mapped[bool]
    state: Mapped[VoteState] = mapped_column(EnumText(VoteState), default=VoteState.OPEN)
    opened_at: Mapped[datetime]
    until: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    #: How it came out, with the numbers and by which rule; None until it is counted.
    tally: Mapped[dict[str, Any] | None]
    instance: Mapped[ProcessInstance] = relationship(lazy="raise", passive_deletes=True)

    def move(self, state: VoteState, at: datetime) -> None:
        """End it as the lifecycle allows."""
        ensure_can_move(N_("表决 {number}").format(number=self.number), self.state, state)
        self.state, self.closed_at = state, at


class Elector(Base):
    """An account that may vote once, in the post that gave it the right when the vote was opened."""

    __tablename__ = "elector"
    __table_args__ = (Index("ix_elector_account", "account_id"),)

    vote_id: Mapped[UUID] = mapped_column(ForeignKey("vote.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    #: The post, as people say it: 金星社区一组居民代表.
    name: Mapped[str]
    has_voted: Mapped[bool] = mapped_column(default=False)
    #: Only of an open vote.
    choice: Mapped[str | None]
    voted_at: Mapped[datetime | None]
    vote: Mapped[Vote] = relationship(lazy="raise", passive_deletes=True)


class BallotCount(Base):
    """How many ballots a choice of a secret vote has so far."""

    __tablename__ = "ballot_count"

    vote_id: Mapped[UUID] = mapped_column(ForeignKey("vote.id", ondelete="CASCADE"), primary_key=True)
    choice: Mapped[str] = mapped_column(String(120), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    vote: Mapped[Vote] = relationship(lazy="raise", passive_deletes=True)

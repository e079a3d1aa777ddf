"""Agendas: what cases have put on the list of a meeting, and what the meeting decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.errors import N_
from engine.lifecycle import AgendaState, ensure_can_move
from engine.model.base import Base, EnumText, new_id
from engine.model.process import ProcessInstance


class AgendaItem(Base):
    """One case on the agenda of a kind of meeting at a unit. The case waits for the decision under ``number``."""

    __tablename__ = "agenda_item"
    __table_args__ = (Index("ix_agenda_item_meeting_unit_state", "meeting_key", "unit_id", "state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    #: Such as YC-2026-00017.
    number: Mapped[str] = mapped_column(String(40), unique=True)
    #: The case that waits.
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), index=True)
    #: The job that put it there: the same job does so once.
    job_id: Mapped[UUID] = mapped_column(unique=True)
    #: The process of the meeting, such as street_weekly_meeting, and the unit that holds it.
    meeting_key: Mapped[str] = mapped_column(String(80))
    unit_id: Mapped[UUID]
    #: The unit that the case comes from.
    from_unit_id: Mapped[UUID | None]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    state: Mapped[AgendaState] = mapped_column(EnumText(AgendaState), default=AgendaState.WAITING)
    added_at: Mapped[datetime]
    #: The meeting (a case of its own) that has it on its table, and since when.
    meeting_id: Mapped[UUID | None] = mapped_column(index=True)
    taken_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    #: What was decided, in words, and the values that went back to the case.
    result: Mapped[str | None]
    decision: Mapped[dict[str, Any] | None]
    instance: Mapped[ProcessInstance] = relationship(lazy="raise", passive_deletes=True)

    def move(self, state: AgendaState) -> None:
        """Change the state as the lifecycle allows."""
        ensure_can_move(N_("议程 {number}").format(number=self.number), self.state, state)
        self.state = state

    def give_back(self) -> None:
        """Let it wait for the next meeting; it keeps its place in the order."""
        self.move(AgendaState.WAITING)
        self.meeting_id = self.taken_at = None


#: The oldest first. Whoever locks several locks them in this order, so that two never wait for each other.
IN_ORDER = (AgendaItem.added_at, AgendaItem.number)

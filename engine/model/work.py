"""What waits: user tasks and their candidates, jobs, message subscriptions; and what went wrong: incidents.

The relationships are there so that rows are written in the order that foreign keys need; nothing is read through them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.errors import N_, AlreadyDone
from engine.lifecycle import IncidentState, JobState, UserTaskState, ensure_can_move
from engine.model.base import Base, EnumText, new_id
from engine.model.process import ProcessInstance
from engine.values import pack, unpack

NOTHING: Mapping[str, Any] = MappingProxyType({})


class UserTask(Base):
    """A piece of work that waits for a person. Its id is the id of its token."""

    __tablename__ = "user_task"
    __table_args__ = (
        Index("ix_user_task_state_due", "state", "due_at"),
        Index("ix_user_task_assignee_state", "assignee", "state"),
        Index("ix_user_task_completed_by_at", "completed_by", "completed_at"),
        Index(
            "ix_user_task_completed_at",
            "completed_at",
            sqlite_where=text("completed_at IS NOT NULL"),
            postgresql_where=text("completed_at IS NOT NULL"),
        ),
        Index(
            "ix_user_task_claimed_for",
            "claimed_for",
            sqlite_where=text("claimed_for IS NOT NULL"),
            postgresql_where=text("claimed_for IS NOT NULL"),
        ),
        Index(
            "ix_user_task_barred",
            "barred",
            sqlite_where=text("barred IS NOT NULL"),
            postgresql_where=text("barred IS NOT NULL"),
        ),
        Index("ix_user_task_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), index=True)
    element_id: Mapped[str] = mapped_column(String(120))
    name: Mapped[str]
    #: Name of the lane that it stands in; empty when there is none.
    lane: Mapped[str] = mapped_column(default="")
    scope: Mapped[str] = mapped_column(String(80), default="")
    unit_id: Mapped[UUID | None]
    state: Mapped[UserTaskState] = mapped_column(EnumText(UserTaskState), default=UserTaskState.CREATED)
    assignee: Mapped[UUID | None]
    #: The post in which the assignee claimed it, or who completed it, for people: 金星社区一组组长.
    holder_name: Mapped[str | None]
    created_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    #: For whom a substitute claimed it.
    claimed_for: Mapped[UUID | None]
    #: Whoever filed the appeal that it belongs to: nobody handles their own.
    barred: Mapped[UUID | None]
    #: How often it was handed on. Its candidates are rows of their own: whoever had to wait for the lock of the task
    #: sees by this number that those read before are old.
    handed_on: Mapped[int] = mapped_column(default=0)
    #: How many countersignatures it waits for, and how much advice is asked for.
    countersigns: Mapped[int] = mapped_column(default=0)
    advices: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    #: Whether a request for a later deadline waits for the level above, so that completing need not look for any.
    extension_asked: Mapped[bool] = mapped_column(default=False)
    priority: Mapped[int] = mapped_column(default=50)
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[UUID | None]
    #: When anybody last saved a draft for it (see engine.model.draft); None when there is none.
    draft_saved_at: Mapped[datetime | None]
    #: How often others have urged those who have to do it.
    urged: Mapped[int] = mapped_column(default=0)
    #: What it was completed with; of a task that came back, what it was completed with before.
    submitted: Mapped[bytes | None]
    instance: Mapped[ProcessInstance] = relationship(lazy="raise", passive_deletes=True)

    def ensure_open(self) -> None:
        """Raise AlreadyDone, naming who was faster, unless the task still waits."""
        if self.state is UserTaskState.COMPLETED:
            raise AlreadyDone(
                N_("“{task}”已由{who}办理，不需要再次提交。"), task=self.name, who=self.holder_name or N_("他人")
            )
        if self.state is UserTaskState.CANCELED:
            raise AlreadyDone(N_("“{task}”已经取消，不需要再办理。"), task=self.name)
        if self.state is UserTaskState.SUSPENDED:
            raise AlreadyDone(N_("“{task}”已经中止：事项已并入另一件一并办理。"), task=self.name)

    def claim(self, account: UUID | None, holder_name: str, at: datetime, claimed_for: UUID | None = None) -> None:
        """Give the task to one person, who may stand in for another."""
        self.ensure_open()
        self.assignee, self.holder_name, self.claimed_at = account, holder_name, at
        self.claimed_for = claimed_for

    def release(self) -> None:
        """Give the task back to its candidates; whoever drafted something keeps it."""
        self.ensure_open()
        self.assignee = self.holder_name = self.claimed_at = self.claimed_for = None

    def hand_on(self, account: UUID | None, holder_name: str | None, at: datetime) -> None:
        """Give the task to other candidates, perhaps to one person among them."""
        self.ensure_open()
        self.release()
        if account is not None:
            self.assignee, self.holder_name, self.claimed_at = account, holder_name, at
        self.handed_on += 1

    def move(self, unit_id: UUID | None, barred: UUID | None, at: datetime) -> None:
        """Let it wait for other candidates, as its case has come to another unit; nobody has it any more."""
        self.hand_on(None, None, at)
        self.unit_id, self.barred = unit_id, barred
        self.countersigns = self.advices = 0
        self.extension_asked = False

    def complete(
        self, account: UUID | None, holder_name: str, at: datetime, values: Mapping[str, Any] = NOTHING
    ) -> None:
        """Mark the task as done by this person, with these values."""
        self.ensure_open()
        ensure_can_move(self.name, self.state, UserTaskState.COMPLETED)
        self.state, self.completed_at = UserTaskState.COMPLETED, at
        self.completed_by, self.holder_name = account, holder_name
        self.submitted = pack(values) if values else None

    def cancel(self) -> None:
        """Take the task away: the case goes on elsewhere."""
        self.ensure_open()
        ensure_can_move(self.name, self.state, UserTaskState.CANCELED)
        self.state = UserTaskState.CANCELED

    @property
    def submitted_values(self) -> dict[str, Any]:
        """What it was completed with, by variable."""
        return unpack(self.submitted) if self.submitted else {}


class TaskCandidate(Base):
    """A holder who may claim or complete the task: a post at a unit, an account, or the receipt of a case."""

    __tablename__ = "task_candidate"
    __table_args__ = (Index("ix_task_candidate_holder_task", "holder", "task_id"),)

    task_id: Mapped[UUID] = mapped_column(ForeignKey("user_task.id", ondelete="CASCADE"), primary_key=True)
    holder: Mapped[str] = mapped_column(String(120), primary_key=True)
    task: Mapped[UserTask] = relationship(lazy="raise", passive_deletes=True)


class Job(Base):
    """Work for the machine, written in the business commit: timers, service tasks, calls between instances."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_due", "state", "due_at"), Index("ix_job_token", "token_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    #: timer, service_task, start_child, child_ended, cancel_child, follow_caller, signal, escalation, lead_ended,
    #: left_lead; and without a case: start_timer, start_by_signal, publish, match, next_start, move_deadlines
    kind: Mapped[str] = mapped_column(String(24))
    #: The handler of a service task, e.g. notify.
    type: Mapped[str] = mapped_column(String(80), default="")
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), index=True)
    token_id: Mapped[UUID | None]
    element_id: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[JobState] = mapped_column(EnumText(JobState), default=JobState.DUE)
    due_at: Mapped[datetime]
    owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=3)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    instance: Mapped[ProcessInstance | None] = relationship(lazy="raise", passive_deletes=True)

    @property
    def token(self) -> UUID:
        """The token that it is for. Raises ValueError for a job that is for none."""
        if self.token_id is None:
            raise ValueError(f"job {self.id} has no token")
        return self.token_id

    def forget_values(self) -> None:
        """Drop the variables that it carried: whoever took them has them, and they may be personal."""
        if self.payload.get("values"):
            self.payload = {**self.payload, "values": {}}

    def move(self, state: JobState) -> None:
        """Change the state as the lifecycle allows."""
        ensure_can_move(N_("后台任务"), self.state, state)
        self.state = state


class MessageSubscription(Base):
    """A token that waits for a message (or signal) with this name and correlation key."""

    __tablename__ = "message_subscription"
    __table_args__ = (Index("ix_message_subscription_name_key", "name", "key"),)

    token_id: Mapped[UUID] = mapped_column(primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), index=True)
    element_id: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200), default="")
    opened_at: Mapped[datetime]
    instance: Mapped[ProcessInstance] = relationship(lazy="raise", passive_deletes=True)


class Incident(Base):
    """Something failed and a person has to look; the input of the person before it is kept."""

    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_state_opened", "state", "opened_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), index=True)
    token_id: Mapped[UUID]
    job_id: Mapped[UUID | None]
    element_id: Mapped[str] = mapped_column(String(120))
    #: The sentence, as the template and its parameters, so that it can be shown in the reader's language.
    template: Mapped[str]
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[IncidentState] = mapped_column(EnumText(IncidentState), default=IncidentState.OPEN)
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]
    instance: Mapped[ProcessInstance] = relationship(lazy="raise", passive_deletes=True)

    def resolve(self, by: str, at: datetime) -> None:
        """Close it."""
        ensure_can_move(N_("异常"), self.state, IncidentState.RESOLVED)
        self.state, self.resolved_by, self.resolved_at = IncidentState.RESOLVED, by, at

"""Process definitions, their drafts and forms, and process instances."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.errors import N_, InvalidState
from engine.lifecycle import DefinitionState, InstanceState, ensure_can_move
from engine.model.base import Base, EnumText, UnitPath, new_id
from engine.model.inbox import IMPRINT


class ProcessDefinition(Base):
    """One published version of a process: a bundle of diagram, policy and the digests of its forms."""

    __tablename__ = "process_definition"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    name: Mapped[str]
    #: SHA-256 of the bundle's canonical JSON, hexadecimal; this names the version in history.
    digest: Mapped[str] = mapped_column(String(64))
    #: The bundle as compressed canonical JSON (see engine.definitions).
    bundle: Mapped[bytes] = mapped_column(deferred=True)
    state: Mapped[DefinitionState] = mapped_column(EnumText(DefinitionState), default=DefinitionState.PUBLISHED)
    #: "file" when it came with the platform, "studio" when an analyst published it.
    source: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(default="")
    #: What the diagram calls this version (zeebe:versionTag), for calls of exactly this one.
    version_tag: Mapped[str | None] = mapped_column(String(80))
    published_at: Mapped[datetime]
    published_by: Mapped[str]


class ProcessDraft(Base):
    """The diagram an analyst is working on; one per process.

    ``policy`` and ``decisions`` (DMN texts by file name) came with it as files; None means those of the newest version.
    """

    __tablename__ = "process_draft"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str]
    diagram: Mapped[str]
    base_version: Mapped[int | None]
    saved_at: Mapped[datetime]
    saved_by: Mapped[str]
    lock_version: Mapped[int] = mapped_column()
    policy: Mapped[str | None]
    decisions: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))

    __mapper_args__ = {"version_id_col": lock_version}  # noqa: RUF012 (SQLAlchemy reads a plain dict here)


class FormDefinition(Base):
    """The text of one version of a form, found by its digest; the newest one of an id serves new releases."""

    __tablename__ = "form_definition"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    form_id: Mapped[str] = mapped_column(String(120), index=True)
    content: Mapped[str]
    added_at: Mapped[datetime]


class NumberCounter(Base):
    """The last number given to a case, per prefix and year."""

    __tablename__ = "number_counter"

    prefix: Mapped[str] = mapped_column(String(16), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(default=0)


class ProcessInstance(Base):
    """A case. Its tokens and variables are two opaque compressed columns; all that others search by has rows."""

    __tablename__ = "process_instance"
    __table_args__ = (
        Index("ix_process_instance_state_started", "state", "started_at", "id"),
        Index("ix_process_instance_key_state", "process_key", "state"),
        # The order of lists of cases, and behind it what a search is narrowed by.
        Index("ix_process_instance_started", "started_at", "id", *IMPRINT),
        Index(
            "ix_process_instance_failed",
            "started_at",
            "id",
            sqlite_where=text("incidents > 0"),
            postgresql_where=text("incidents > 0"),
        ),
        Index(
            "ix_process_instance_correlation",
            "process_key",
            "correlation_key",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        Index(
            "ix_process_instance_helped_by_started_at",
            "helped_by",
            "started_at",
            sqlite_where=text("helped_by IS NOT NULL"),
            postgresql_where=text("helped_by IS NOT NULL"),
        ),
        Index(
            "ix_process_instance_joined_to",
            "joined_to",
            sqlite_where=text("joined_to IS NOT NULL"),
            postgresql_where=text("joined_to IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    definition_id: Mapped[UUID] = mapped_column(ForeignKey("process_definition.id"))
    process_key: Mapped[str] = mapped_column(String(80))
    #: The case number that people use, e.g. SQ-2026-00017.
    business_key: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str]
    unit_id: Mapped[UUID | None]
    #: Path of the unit in the organisation tree since it came there, for "all cases below".
    unit_path: Mapped[str] = mapped_column(UnitPath, default="", index=True)
    state: Mapped[InstanceState] = mapped_column(EnumText(InstanceState), default=InstanceState.ACTIVE)
    confidential: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime]
    started_by: Mapped[UUID | None] = mapped_column(index=True)
    started_by_name: Mapped[str]
    #: The official whose own matter it is, filed at the public counter; called cases inherit it.
    applicant_id: Mapped[UUID | None]
    #: The official who filed it for a resident who came in person, and is no party to it (帮办代办).
    helped_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    #: All that people find it by, a line each (see engine.search).
    search_text: Mapped[str] = mapped_column(default="")
    #: The imprint of that text, as four numbers.
    imprint_0: Mapped[int] = mapped_column(BigInteger, default=0)
    imprint_1: Mapped[int] = mapped_column(BigInteger, default=0)
    imprint_2: Mapped[int] = mapped_column(BigInteger, default=0)
    imprint_3: Mapped[int] = mapped_column(BigInteger, default=0)
    #: SHA-256 of the receipt code, salted with the id; None when there is no receipt.
    receipt_hash: Mapped[str | None] = mapped_column(String(64))
    parent_id: Mapped[UUID | None] = mapped_column(index=True)
    parent_token: Mapped[UUID | None]
    #: The case that was or is led for this one; it stays when that has ended.
    joined_to: Mapped[UUID | None]
    #: Whether it has ever led another case, so that the end of any other need not look for some.
    has_led: Mapped[bool] = mapped_column(default=False)
    #: The key of the message that started it. While it runs, no other message with this key starts the process.
    correlation_key: Mapped[str | None] = mapped_column(String(200))
    token_state: Mapped[bytes]
    variables: Mapped[bytes]
    #: Number of open incidents, so that a plain step need not look for any.
    incidents: Mapped[int] = mapped_column(default=0)
    #: Number of accounts that watch it, so that no step need look for any.
    watchers: Mapped[int] = mapped_column(default=0)
    history_seq: Mapped[int] = mapped_column(default=0)
    history_head: Mapped[bytes] = mapped_column(default=b"")
    lock_version: Mapped[int] = mapped_column()
    #: Only so that the definition is written before its instances; nothing is loaded through it.
    definition: Mapped[ProcessDefinition] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": lock_version}  # noqa: RUF012 (SQLAlchemy reads a plain dict here)

    def ensure_active(self) -> None:
        """Raise InvalidState unless work on this case goes on."""
        if self.state is InstanceState.COMPLETED:
            raise InvalidState(N_("事项 {number} 已经办结。"), number=self.business_key)
        if self.state is InstanceState.CANCELED:
            raise InvalidState(N_("事项 {number} 已经终止。"), number=self.business_key)
        if self.state is InstanceState.JOINED:
            raise InvalidState(N_("事项 {number} 已并入另一件事项一并办理。"), number=self.business_key)

    def join(self, lead: ProcessInstance) -> None:
        """Rest while ``lead`` is handled for both."""
        ensure_can_move(N_("事项 {number}").format(number=self.business_key), self.state, InstanceState.JOINED)
        self.state, self.joined_to = InstanceState.JOINED, lead.id
        lead.has_led = True

    def separate(self) -> None:
        """Go on alone, from where it stood."""
        ensure_can_move(N_("事项 {number}").format(number=self.business_key), self.state, InstanceState.ACTIVE)
        self.state, self.joined_to = InstanceState.ACTIVE, None

    def move(self, unit_id: UUID, unit_path: str) -> None:
        """Let it belong to another unit."""
        self.ensure_active()
        self.unit_id, self.unit_path = unit_id, unit_path

    def end(self, state: InstanceState, at: datetime, reason: str | None = None) -> None:
        """Move to a final state."""
        ensure_can_move(N_("事项 {number}").format(number=self.business_key), self.state, state)
        self.state, self.ended_at, self.end_reason = state, at, reason


class SearchVariable(Base):
    """A variable of an instance that people may search by, as text."""

    __tablename__ = "search_variable"
    __table_args__ = (Index("ix_search_variable_name_value", "name", "value"),)

    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[str] = mapped_column(String(400))
    instance: Mapped[ProcessInstance] = relationship(lazy="raise", passive_deletes=True)


class Clause(Base):
    """One clause of the standard that elements cite, with its modality (应, 宜, 可 or none)."""

    __tablename__ = "clause"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    modality: Mapped[str] = mapped_column(String(8))
    text: Mapped[str]
    actor: Mapped[str] = mapped_column(default="")
    #: The section that it stands in, with its heading, and its place in the standard.
    chapter: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    #: Why no process carries it out (such as 常设职责), and where the platform supports it; empty for all others.
    exempt: Mapped[str] = mapped_column(default="")
    support: Mapped[str] = mapped_column(default="")
    #: The scenarios that carry it out, as pairs of process key and file name.
    scenarios: Mapped[list[Any]] = mapped_column(default=list)

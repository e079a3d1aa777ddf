"""What makes the lists of an inbox fast, and how their readers like them: entries, the search index, saved views."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, new_id

#: The columns of the imprint of a case (:mod:`engine.search`), here and in its own row.
IMPRINT = ("imprint_0", "imprint_1", "imprint_2", "imprint_3")
_NARROWING = (*IMPRINT, "process_no", "level_no", "unit_no", "priority", "instance_id")


class ListNumber(Base):
    """A number for a name that very many lines are selected by, so that the indexes of lists are half as wide.

    Names are owners of lists: a holder for what is free to claim; ``claimed:``, ``done:``, ``started:`` or ``watched:``
    and the account's id in hexadecimal for the rest. And they are what lists are narrowed to: ``process:`` and its key,
    ``level:`` and its code, ``unit:`` and its id. A number stays with its name for ever.
    """

    __tablename__ = "list_number"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)


class InboxEntry(Base):
    """One line of one list. The database itself keeps these rows in line with tasks and cases, by triggers
    (:mod:`engine.migrations.entries`); nothing else writes them.

    A task that waits stands in the list of each of its candidates until somebody claims it; claimed, completed,
    started and watched ones stand in lists of that account. All ``_no`` are numbers of :class:`ListNumber`, without
    a foreign key: it would be looked up for each new line, and numbers never go away.
    """

    __tablename__ = "inbox_entry"
    __table_args__ = (
        # The order of a list, and behind it all that a list is narrowed by: what fits seldom is found without a look at
        # the rows themselves. PostgreSQL decides by the index alone only if a page needs no other column of the row.
        Index(
            "ix_inbox_entry_urgency", "list_no", "urgency", "subject_id", *_NARROWING, postgresql_include=["arrived_at"]
        ),
        Index("ix_inbox_entry_arrival", "list_no", "arrived_at", "subject_id", "urgency", *_NARROWING),
        Index("ix_inbox_entry_instance", "instance_id", "list_no"),
    )

    #: The task, or the case in the lists of started and of watched cases.
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    #: Whose list.
    list_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"))
    process_no: Mapped[int]
    #: The unit that the case belongs to, and its level.
    level_no: Mapped[int | None]
    unit_no: Mapped[int | None]
    priority: Mapped[int]
    #: The smaller, the earlier in the list: deadline (32 bits), priority (7 bits), arrival (24 bits); see ``urgency``.
    urgency: Mapped[int] = mapped_column(BigInteger)
    #: When it came into this list.
    arrived_at: Mapped[datetime]
    #: What its case may be found by.
    imprint_0: Mapped[int] = mapped_column(BigInteger)
    imprint_1: Mapped[int] = mapped_column(BigInteger)
    imprint_2: Mapped[int] = mapped_column(BigInteger)
    imprint_3: Mapped[int] = mapped_column(BigInteger)


class WaitingTask(Base):
    """An open task of a unit, whoever has it, for the numbers of leaders; kept as the entries are."""

    __tablename__ = "waiting_task"
    __table_args__ = (Index("ix_waiting_task_unit", "unit_id", "urgency"),)

    task_id: Mapped[UUID] = mapped_column(ForeignKey("user_task.id", ondelete="CASCADE"), primary_key=True)
    #: The unit that its case belongs to.
    unit_id: Mapped[UUID]
    urgency: Mapped[int] = mapped_column(BigInteger)


class SearchGram(Base):
    """A case is found under this entry of the search index (:mod:`engine.search`)."""

    __tablename__ = "search_gram"
    __table_args__ = ({"sqlite_with_rowid": False},)

    gram: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    #: Without a foreign key: it would need a second index as large as the first.
    instance_id: Mapped[UUID] = mapped_column(primary_key=True)


class SavedView(Base):
    """Conditions of a list under a name: of one account, or shared with everybody in a post."""

    __tablename__ = "saved_view"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    #: The holder of the post that sees it too; None for the account alone.
    holder: Mapped[str | None] = mapped_column(String(120), index=True)
    name: Mapped[str] = mapped_column(String(40))
    #: The conditions by their names in the address of the list.
    conditions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    saved_at: Mapped[datetime]


class ListPreference(Base):
    """How an account likes its lists."""

    __tablename__ = "list_preference"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    #: Names of the columns that are shown.
    columns: Mapped[list[Any]] = mapped_column(default=list)
    #: Whether single keys are shortcuts.
    shortcuts: Mapped[bool] = mapped_column(default=True)

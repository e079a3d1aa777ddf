"""Entries of the lists of an inbox, the search index, saved views and how accounts like their lists."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from engine.search import grams

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_BATCH = 500


def upgrade() -> None:
    """Add the tables; cases become searchable. The lines of lists are filled in by 0026."""
    _add_tables()
    # The default stays: to take it away, SQLite would copy the table and drop it, and all that hangs on a case with it.
    op.add_column("process_instance", sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
    _fill_search(op.get_bind())


def _add_tables() -> None:
    op.create_table(
        "inbox_entry",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("process_key", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("level", sa.String(length=24), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.BigInteger(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name="fk_inbox_entry_instance_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("subject_id", "owner", name="pk_inbox_entry"),
    )
    for name, columns in (
        ("urgency", ["owner", "urgency", "subject_id"]),
        ("process", ["owner", "process_key", "urgency", "subject_id"]),
        ("arrival", ["owner", "arrived_at", "subject_id"]),
        ("instance", ["instance_id"]),
    ):
        op.create_index(f"ix_inbox_entry_{name}", "inbox_entry", columns, unique=False)
    op.create_table(
        "search_gram",
        sa.Column("gram", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("gram", "instance_id", name="pk_search_gram"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_saved_view_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
    )
    op.create_index("ix_saved_view_account_id", "saved_view", ["account_id"], unique=False)
    op.create_index("ix_saved_view_holder", "saved_view", ["holder"], unique=False)
    op.create_table(
        "list_preference",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("shortcuts", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_list_preference_account_id"),
        sa.PrimaryKeyConstraint("account_id", name="pk_list_preference"),
    )


def _fill_search(connection: sa.Connection) -> None:
    """Every case gets the text that it is found by, and the entries of that text."""
    uuid, text = sa.Uuid(), sa.Text()
    case = sa.table(
        "process_instance",
        *(sa.column(name, text) for name in ("title", "business_key", "started_by_name", "search_text")),
        sa.column("id", uuid),
    )
    variable = sa.table("search_variable", sa.column("instance_id", uuid), sa.column("value", text))
    gram = sa.table("search_gram", sa.column("gram", sa.BigInteger()), sa.column("instance_id", uuid))
    ids: list[UUID] = list(connection.scalars(sa.select(case.c.id)))
    for first in range(0, len(ids), _BATCH):
        some = ids[first : first + _BATCH]
        texts: dict[UUID, list[str]] = {
            row.id: [row.title, row.business_key, row.started_by_name]
            for row in connection.execute(sa.select(case).where(case.c.id.in_(some)))
        }
        for row in connection.execute(sa.select(variable).where(variable.c.instance_id.in_(some))):
            texts[row.instance_id].append(row.value)
        whole = {id: "\n".join(lines) for id, lines in texts.items()}
        connection.execute(
            sa.update(case).where(case.c.id == sa.bindparam("case")).values(search_text=sa.bindparam("whole")),
            [{"case": id, "whole": each} for id, each in whole.items()],
        )
        rows: list[dict[str, Any]] = [
            {"gram": found, "instance_id": id} for id, each in whole.items() for found in sorted(grams(each))
        ]
        if rows:
            connection.execute(sa.insert(gram), rows)

"""Whoever has a task asks for a later deadline; the level above decides."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, and the column that says that a request waits; its default stays, as for other columns."""
    op.add_column("user_task", sa.Column("extension_asked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("deadline", sa.String(length=200), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("holder_name", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_for", sa.Uuid(), nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["user_task.id"], name="fk_extension_task_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name="fk_extension_instance_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_extension"),
    )
    op.create_index("ix_extension_holder_state", "extension", ["holder", "state"])
    op.create_index("ix_extension_task", "extension", ["task_id"])
    op.create_index("ix_extension_instance", "extension", ["instance_id"])
    op.create_index("ix_extension_decided_by", "extension", ["decided_by"])
    waits = sa.text("state = 'open'")
    op.create_index(
        "ix_extension_open", "extension", ["task_id"], unique=True, sqlite_where=waits, postgresql_where=waits
    )

"""Accounts watch cases; cases say how many do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the number."""
    op.create_table(
        "watch",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("watched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_watch_account_id"),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name="fk_watch_instance_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "instance_id", name="pk_watch"),
    )
    op.create_index("ix_watch_instance_id", "watch", ["instance_id"], unique=False)
    # The default stays: to take it away, SQLite would copy the table and drop it, and all that hangs on it with it.
    op.add_column("process_instance", sa.Column("watchers", sa.Integer(), nullable=False, server_default="0"))

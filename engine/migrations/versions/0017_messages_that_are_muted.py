"""Accounts mute kinds of messages and cases; old messages are found by their moment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and the index."""
    op.create_table(
        "muted_kind",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_muted_kind_account_id"),
        sa.PrimaryKeyConstraint("account_id", "kind", name="pk_muted_kind"),
    )
    op.create_table(
        "muted_case",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("muted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_muted_case_account_id"),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name="fk_muted_case_instance_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "instance_id", name="pk_muted_case"),
    )
    op.create_index("ix_muted_case_instance_id", "muted_case", ["instance_id"], unique=False)
    op.create_index("ix_notification_created_at", "notification", ["created_at"], unique=False)

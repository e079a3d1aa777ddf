"""Comments of officials on cases, and whom they mention."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name="fk_comment_instance_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_comment_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
    )
    op.create_index("ix_comment_instance_id", "comment", ["instance_id"], unique=False)
    op.create_index("ix_comment_account_at", "comment", ["account_id", "created_at"], unique=False)
    op.create_table(
        "mention",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_mention_comment_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name="fk_mention_instance_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("comment_id", "holder", name="pk_mention"),
    )
    op.create_index("ix_mention_instance_id", "mention", ["instance_id"], unique=False)
    op.create_index("ix_mention_holder_instance", "mention", ["holder", "instance_id"], unique=False)

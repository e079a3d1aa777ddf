"""Drafts belong to people: each has an own one for a task; those that there are belong to whoever holds the task."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and move what was drafted."""
    op.create_table(
        "task_draft",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.Column("form_digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["user_task.id"], name="fk_task_draft_task_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_task_draft_account_id"),
        sa.PrimaryKeyConstraint("task_id", "account_id", name="pk_task_draft"),
    )
    op.execute(
        "INSERT INTO task_draft (task_id, account_id, raw, form_digest, version, saved_at)"
        " SELECT id, assignee, draft, '', 1, draft_saved_at FROM user_task"
        " WHERE draft IS NOT NULL AND assignee IS NOT NULL AND draft_saved_at IS NOT NULL AND state = 'created'"
    )
    op.execute(
        "UPDATE user_task SET draft_saved_at = NULL"
        " WHERE draft_saved_at IS NOT NULL AND id NOT IN (SELECT task_id FROM task_draft)"
    )
    op.drop_column("user_task", "draft")

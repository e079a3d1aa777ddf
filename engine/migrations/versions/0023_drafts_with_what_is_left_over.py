"""Drafts keep what has no place in a newer version of the form."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("task_draft", sa.Column("left_over", sa.JSON(), nullable=False, server_default="[]"))

"""Drafts of residents know the version of the form, and keep what has no place in a newer one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("filing_draft", sa.Column("form_digest", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("filing_draft", sa.Column("left_over", sa.JSON(), nullable=False, server_default="[]"))

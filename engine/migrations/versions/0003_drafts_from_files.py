"""A draft that came as files keeps the policy and the decisions that came with its diagram."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("process_draft", sa.Column("policy", sa.Text(), nullable=True))
    op.add_column("process_draft", sa.Column("decisions", sa.JSON(), nullable=True))

"""Tasks say how often they were urged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the default stays, as SQLite would copy the table to take it away."""
    op.add_column("user_task", sa.Column("urged", sa.Integer(), nullable=False, server_default="0"))

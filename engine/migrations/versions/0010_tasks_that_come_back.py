"""Tasks keep what they were completed with, so that a case can be sent back to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. Tasks that were completed before come back with the variables of the case."""
    op.add_column("user_task", sa.Column("submitted", sa.LargeBinary(), nullable=True))

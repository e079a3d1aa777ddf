"""Cases join another one, which is led for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("process_instance", sa.Column("joined_to", sa.Uuid(), nullable=True))
    # The default stays: to take it away, SQLite would copy the table and drop it, and all that hangs on it with it.
    op.add_column("process_instance", sa.Column("has_led", sa.Boolean(), nullable=False, server_default=sa.false()))
    some = sa.text("joined_to IS NOT NULL")
    op.create_index(
        "ix_process_instance_joined_to", "process_instance", ["joined_to"], sqlite_where=some, postgresql_where=some
    )

"""Whoever filed a case for a resident finds it among the cases that they started."""

from __future__ import annotations

from alembic import op

from engine.migrations.entries import write_entries_of_helpers

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Write the entries for cases that were filed before."""
    write_entries_of_helpers(op.get_bind())

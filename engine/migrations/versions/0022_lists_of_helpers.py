"""Whoever filed a case for a resident finds it among the cases that they started."""

from __future__ import annotations

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change no table: the triggers are made anew with every upgrade, and the lines of older cases by 0026."""

"""Clauses have their whole sentence, their section, and where they are carried out or why not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the table; its rows are loaded anew at every start."""
    op.execute("DELETE FROM clause")
    with op.batch_alter_table("clause") as table:
        table.alter_column("quote", new_column_name="text", existing_type=sa.Text(), existing_nullable=False)
        table.add_column(sa.Column("chapter", sa.Text(), nullable=False))
        table.add_column(sa.Column("position", sa.Integer(), nullable=False))
        table.add_column(sa.Column("exempt", sa.Text(), nullable=False))
        table.add_column(sa.Column("support", sa.Text(), nullable=False))
        table.add_column(sa.Column("scenarios", sa.JSON(), nullable=False))

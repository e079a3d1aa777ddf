"""What applicants add to running cases, and the last digits of their telephone numbers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables. Cases that there are keep their query codes; they are not found by telephone digits."""
    op.create_table(
        "addition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name="fk_addition_instance_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_addition"),
    )
    op.create_index("ix_addition_instance_id_added_at", "addition", ["instance_id", "added_at"], unique=False)
    op.create_table(
        "receipt_phone",
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("tail_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name="fk_receipt_phone_instance_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("instance_id", name="pk_receipt_phone"),
    )

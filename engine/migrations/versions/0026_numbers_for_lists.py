"""Lines of lists are selected by numbers instead of texts, and their indexes are half as wide."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.migrations.entries import write_all_entries

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_IMPRINT = ("imprint_0", "imprint_1", "imprint_2", "imprint_3")
_NARROWING = (*_IMPRINT, "process_no", "level_no", "unit_no", "priority", "instance_id")
_INDEXES = {
    "urgency": (["list_no", "urgency", "subject_id", *_NARROWING], ["arrived_at"]),
    "arrival": (["list_no", "arrived_at", "subject_id", "urgency", *_NARROWING], []),
    "instance": (["instance_id", "list_no"], []),
}


def upgrade() -> None:
    """Make the table and all lines anew: each follows from tasks and cases."""
    op.drop_table("inbox_entry")
    op.create_table(
        "list_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_list_number"),
        sa.UniqueConstraint("name", name="uq_list_number_name"),
    )
    op.create_table(
        "inbox_entry",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("list_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("process_no", sa.Integer(), nullable=False),
        sa.Column("level_no", sa.Integer(), nullable=True),
        sa.Column("unit_no", sa.Integer(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.BigInteger(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _IMPRINT),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name="fk_inbox_entry_instance_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("subject_id", "list_no", name="pk_inbox_entry"),
    )
    write_all_entries(op.get_bind())
    for name, (columns, carried) in _INDEXES.items():
        op.create_index(
            f"ix_inbox_entry_{name}", "inbox_entry", columns, unique=False, postgresql_include=carried or None
        )

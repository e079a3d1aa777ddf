"""The indexes of the lists hold all that lists are narrowed by."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_NARROWING = ("instance_id", "process_key", "level", "unit_id", "priority")


def upgrade() -> None:
    """Make them anew; one that begins with the process is not needed any more."""
    for name in ("urgency", "process", "arrival", "instance"):
        op.drop_index(f"ix_inbox_entry_{name}", "inbox_entry")
    for name, columns in (
        ("urgency", ["owner", "urgency", "subject_id", *_NARROWING]),
        ("arrival", ["owner", "arrived_at", "subject_id", *_NARROWING]),
        ("instance", ["instance_id", "owner", "urgency", "subject_id"]),
    ):
        op.create_index(f"ix_inbox_entry_{name}", "inbox_entry", columns, unique=False)

"""Places to find units by, drafts and limits of the counter, cases filed for somebody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables and columns."""
    op.create_table(
        "place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name="fk_place_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_place"),
        sa.UniqueConstraint("unit_id", "name", name="uq_place_unit_id_name"),
    )
    op.create_table(
        "filing_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("process_key", sa.String(length=80), nullable=False),
        sa.Column("unit_code", sa.String(length=80), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.Column("begun_at", _MOMENT, nullable=False),
        sa.Column("saved_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_filing_draft"),
    )
    op.create_index("ix_filing_draft_owner", "filing_draft", ["owner"])
    op.create_index("ix_filing_draft_expires_at", "filing_draft", ["expires_at"])
    op.create_table(
        "counter_usage",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("hour", _MOMENT, nullable=False),
        sa.Column("filings", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "hour", name="pk_counter_usage"),
    )
    op.create_table(
        "counter_setting",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counter_setting"),
    )
    op.create_index("ix_file_link_digest", "file_link", ["digest"])
    op.add_column("process_instance", sa.Column("helped_by", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_process_instance_helped_by_started_at",
        "process_instance",
        ["helped_by", "started_at"],
        sqlite_where=sa.text("helped_by IS NOT NULL"),
        postgresql_where=sa.text("helped_by IS NOT NULL"),
    )

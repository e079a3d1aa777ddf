"""Messages that wait, start events that wait for them, and versions that have a tag."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OPENED = """
    UPDATE message_subscription SET opened_at =
    (SELECT started_at FROM process_instance WHERE process_instance.id = message_subscription.instance_id)
"""


def upgrade() -> None:
    """Add the tables and columns."""
    op.create_table(
        "message",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("instance_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_message"),
        sa.UniqueConstraint("name", "key", "message_id", name="uq_message_name_key_message_id"),
    )
    op.create_index("ix_message_expires", "message", ["expires_at"], unique=False)
    op.create_table(
        "start_subscription",
        sa.Column("process_key", sa.String(length=80), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["process_definition.id"],
            name="fk_start_subscription_definition_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("process_key", "element_id", "kind", "name", name="pk_start_subscription"),
    )
    op.create_index("ix_start_subscription_kind_name", "start_subscription", ["kind", "name"], unique=False)
    op.add_column("process_definition", sa.Column("version_tag", sa.String(length=80), nullable=True))
    op.add_column("process_instance", sa.Column("correlation_key", sa.String(length=200), nullable=True))
    op.create_index(
        "ix_process_instance_correlation",
        "process_instance",
        ["process_key", "correlation_key"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.add_column("message_subscription", sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(_OPENED)
    with op.batch_alter_table("message_subscription") as table:
        table.alter_column("opened_at", existing_type=sa.DateTime(timezone=True), nullable=False)

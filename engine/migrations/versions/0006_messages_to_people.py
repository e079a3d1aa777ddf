"""Messages have kinds and are read by each person alone; what leaves the platform has rows of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns and tables. What a post had read stays read for everybody in it, and nothing old goes out."""
    with op.batch_alter_table("notification") as table:
        table.alter_column("instance_id", existing_type=sa.Uuid(), nullable=True)
        table.add_column(sa.Column("kind", sa.String(length=24), nullable=False, server_default="process"))
        table.add_column(sa.Column("task_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("params", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("sorted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE notification SET sorted_at = created_at")
    with op.batch_alter_table("notification") as table:
        table.alter_column("kind", existing_type=sa.String(length=24), server_default=None)
        table.alter_column("params", existing_type=sa.JSON(), server_default=None)
    op.create_index(
        "ix_notification_unsorted",
        "notification",
        ["created_at"],
        sqlite_where=sa.text("sorted_at IS NULL"),
        postgresql_where=sa.text("sorted_at IS NULL"),
    )
    _create_reading()
    _create_settings()
    _create_deliveries()


def _create_reading() -> None:
    op.create_table(
        "notification_read",
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["notification_id", "holder"],
            ["notification.id", "notification.holder"],
            name="fk_notification_read_notification",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_notification_read_account_id"),
        sa.PrimaryKeyConstraint("notification_id", "holder", "account_id", name="pk_notification_read"),
    )
    op.create_table(
        "reading_mark",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_reading_mark_account_id"),
        sa.PrimaryKeyConstraint("account_id", "holder", name="pk_reading_mark"),
    )


def _create_settings() -> None:
    op.create_table(
        "message_settings",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.Column("workdays_only", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("new_address", sa.Text(), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        sa.Column("mailed_at", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_message_settings_account_id"),
        sa.PrimaryKeyConstraint("account_id", name="pk_message_settings"),
    )
    op.create_table(
        "robot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("brand", sa.String(length=24), nullable=False),
        sa.Column("secret", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("position_key", sa.String(length=60), nullable=True),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name="fk_robot_unit_id"),
        sa.ForeignKeyConstraint(["position_key"], ["position.key"], name="fk_robot_position_key"),
        sa.PrimaryKeyConstraint("id", name="pk_robot"),
    )
    op.create_table(
        "courier_mark",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_courier_mark"),
    )


def _create_deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("receiver", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parcel", sa.Uuid(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.Column("template", sa.Text(), nullable=True),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["notification_id", "holder"],
            ["notification.id", "notification.holder"],
            name="fk_delivery_notification",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("notification_id", "receiver", name="uq_delivery_notification_receiver"),
    )
    op.create_index("ix_delivery_state_due", "delivery", ["state", "due_at"], unique=False)
    op.create_index("ix_delivery_parcel", "delivery", ["parcel"], unique=False)
    op.create_index("ix_user_task_created_at", "user_task", ["created_at"], unique=False)

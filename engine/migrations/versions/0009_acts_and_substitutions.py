"""Tasks are handed on, posts are asked for opinions, substitutes work for others, nobody handles the own matter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns and tables. Cases that run already bar nobody."""
    op.add_column("process_instance", sa.Column("applicant_id", sa.Uuid(), nullable=True))
    op.add_column("user_task", sa.Column("claimed_for", sa.Uuid(), nullable=True))
    op.add_column("user_task", sa.Column("barred", sa.Uuid(), nullable=True))
    # The defaults stay: to take them away, SQLite would copy the table and drop it, and all that hangs on it with it.
    for name in ("handed_on", "countersigns", "advices"):
        op.add_column("user_task", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for name in ("claimed_for", "barred"):
        some = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_user_task_{name}", "user_task", [name], sqlite_where=some, postgresql_where=some)
    _create_consultations()
    _create_substitutions()


def _create_consultations() -> None:
    op.create_table(
        "consultation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("holder_name", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("opinion", sa.String(length=24), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_by_name", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["user_task.id"], name="fk_consultation_task_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name="fk_consultation_instance_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_consultation"),
    )
    op.create_index("ix_consultation_holder_state", "consultation", ["holder", "state"])
    op.create_index("ix_consultation_task", "consultation", ["task_id"])
    op.create_index("ix_consultation_instance", "consultation", ["instance_id"])
    op.create_index("ix_consultation_answered_by", "consultation", ["answered_by"])


def _create_substitutions() -> None:
    op.create_table(
        "substitution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("process_keys", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_name", sa.Text(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["principal_id"], ["account.id"], name="fk_substitution_principal_id"),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name="fk_substitution_appointment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_substitution"),
    )
    op.create_index("ix_substitution_principal_id", "substitution", ["principal_id"])
    op.create_table(
        "substitution_delegate",
        sa.Column("substitution_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["substitution_id"],
            ["substitution.id"],
            name="fk_substitution_delegate_substitution_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_substitution_delegate_account_id"),
        sa.PrimaryKeyConstraint("substitution_id", "account_id", name="pk_substitution_delegate"),
    )
    op.create_index("ix_substitution_delegate_account_id", "substitution_delegate", ["account_id"])

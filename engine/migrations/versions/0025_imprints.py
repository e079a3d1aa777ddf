"""Lines of lists carry the imprint of their case; what waits in a unit has rows; cases are found in their order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.search import grams, imprint

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_IMPRINT = ("imprint_0", "imprint_1", "imprint_2", "imprint_3")
_NARROWING = (*_IMPRINT, "instance_id", "process_key", "level", "unit_id", "priority")
_INDEXES = {
    "urgency": ["owner", "urgency", "subject_id", "arrived_at", *_NARROWING],
    "arrival": ["owner", "arrived_at", "subject_id", "urgency", *_NARROWING],
    "instance": ["instance_id", "owner", "urgency", "subject_id"],
}
_BATCH = 5_000


def upgrade() -> None:
    """Add the columns, and stamp the cases; all lines are made anew by 0026."""
    for name in _INDEXES:
        op.drop_index(f"ix_inbox_entry_{name}", "inbox_entry")
    for table in ("process_instance", "inbox_entry"):
        for column in _IMPRINT:
            # The default stays: to take it away, SQLite would copy the table and drop it, and all that hangs on it.
            op.add_column(table, sa.Column(column, sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "waiting_task",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("urgency", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["user_task.id"], name="fk_waiting_task_task_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("task_id", name="pk_waiting_task"),
    )
    _stamp_cases(op.get_bind())
    for name, columns in _INDEXES.items():
        op.create_index(f"ix_inbox_entry_{name}", "inbox_entry", columns, unique=False)
    op.create_index("ix_waiting_task_unit", "waiting_task", ["unit_id", "urgency"], unique=False)
    _change_indexes_of_cases()
    if op.get_bind().dialect.name != "sqlite":  # which orders by bytes anyway
        op.alter_column("org_unit", "path", type_=sa.Text(collation="C"))
        op.alter_column("process_instance", "unit_path", type_=sa.Text(collation="C"))


def _change_indexes_of_cases() -> None:
    op.drop_index("ix_process_instance_state_started", "process_instance")
    for name, columns in (
        ("state_started", ["state", "started_at", "id"]),
        ("started", ["started_at", "id", *_IMPRINT]),
    ):
        op.create_index(f"ix_process_instance_{name}", "process_instance", columns, unique=False)
    op.create_index(
        "ix_process_instance_failed",
        "process_instance",
        ["started_at", "id"],
        unique=False,
        sqlite_where=sa.text("incidents > 0"),
        postgresql_where=sa.text("incidents > 0"),
    )


def _stamp_cases(connection: sa.Connection) -> None:
    known = (sa.column("id", sa.Uuid()), sa.column("search_text", sa.Text()))
    case = sa.table("process_instance", *known, *(sa.column(name, sa.BigInteger()) for name in _IMPRINT))
    change = sa.update(case).where(case.c.id == sa.bindparam("case"))
    change = change.values({name: sa.bindparam(f"new_{name}") for name in _IMPRINT})
    rows = sa.select(case.c.id, case.c.search_text).order_by(case.c.id).limit(_BATCH)
    some = connection.execute(rows).all()
    while some:
        connection.execute(change, [{"case": row.id, **_values(row.search_text)} for row in some])
        some = connection.execute(rows.where(case.c.id > some[-1].id)).all()


def _values(text: str) -> dict[str, int]:
    values = imprint(grams(text))
    return {f"new_{name}": value for name, value in zip(_IMPRINT, values, strict=True)}

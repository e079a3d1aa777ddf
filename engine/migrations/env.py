"""Alembic's entry: runs the migrations on the connection that ``upgrade`` hands over."""

from __future__ import annotations

from alembic import context

from engine.migrations.entries import create_entry_triggers, drop_entry_triggers
from engine.model import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
)
with context.begin_transaction():
    # SQLite changes a table by copying it, which would lose its triggers or fail on those that name it.
    drop_entry_triggers(connection)
    context.run_migrations()
    create_entry_triggers(connection)

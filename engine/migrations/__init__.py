"""The schema and its versions (Alembic). ``upgrade(engine)`` brings a database to the newest one."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.database import Engine

#: PostgreSQL advisory lock: two processes that start together migrate one after the other.
_LOCK = 720_369


def upgrade(engine: Engine) -> bool:
    """Create or migrate the schema; whether anything was to do. Safe to call at every start, by several processes."""
    config = _config()
    head = ScriptDirectory.from_config(config).get_current_head()
    with engine.sql.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == head:
            return False
    with engine.sql.begin() as connection:
        if not engine.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config

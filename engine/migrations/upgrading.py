"""Running the migrations, with Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from engine.database import Engine

#: PostgreSQL advisory lock: two processes that start together migrate one after the other.
_LOCK = 720_369


def upgrade_to_head(engine: Engine) -> None:
    """Apply what is missing, in one transaction."""
    with engine.sql.begin() as connection:
        if not engine.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def configuration() -> Config:
    """Where Alembic finds the versions."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config

"""The schema and its versions. ``upgrade(engine)`` brings a database to the newest one."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.database import Engine

#: The newest version; a test holds it against the files in ``versions/``.
HEAD = "0026"


def upgrade(engine: Engine) -> bool:
    """Create or migrate the schema; whether anything was to do. Safe to call at every start, by several processes."""
    if _version(engine) == HEAD:
        return False
    # Alembic takes a fifth of a second to load, and most starts have nothing for it to do.
    from engine.migrations.upgrading import upgrade_to_head

    upgrade_to_head(engine)
    return True


def _version(engine: Engine) -> str | None:
    """What the database says of itself; None when it is empty."""
    try:
        with engine.sql.connect() as connection:
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return found
    except DBAPIError:
        return None

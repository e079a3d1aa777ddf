"""Guard rails in the database: history is append-only, whoever writes. Only personal values may be erased.

They stop accidents and plain SQL; whoever owns the database can drop them, and then the hash chain tells.
"""

from __future__ import annotations

from sqlalchemy import Connection

_KEPT = ("chain_id", "seq", "at", "type", "actor", "element_id", "payload", "hash")
_REFUSED = "history_event is append-only"

_POSTGRES = (
    f"""
    CREATE OR REPLACE FUNCTION history_event_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    BEGIN
      IF TG_OP = 'UPDATE' THEN
        IF NEW.private IS NULL AND ({", ".join(f"NEW.{name}" for name in _KEPT)})
            IS NOT DISTINCT FROM ({", ".join(f"OLD.{name}" for name in _KEPT)}) THEN
          RETURN NEW;
        END IF;
      END IF;
      RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'restrict_violation';
    END $guard$
    """,
    """
    CREATE OR REPLACE TRIGGER history_event_rows BEFORE UPDATE OR DELETE ON history_event
    FOR EACH ROW EXECUTE FUNCTION history_event_guard()
    """,
    """
    CREATE OR REPLACE TRIGGER history_event_all BEFORE TRUNCATE ON history_event
    FOR EACH STATEMENT EXECUTE FUNCTION history_event_guard()
    """,
)
_SQLITE = (
    f"""
    CREATE TRIGGER IF NOT EXISTS history_event_update BEFORE UPDATE ON history_event
    WHEN NEW.private IS NOT NULL OR {" OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _KEPT)}
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END
    """,
    f"""
    CREATE TRIGGER IF NOT EXISTS history_event_delete BEFORE DELETE ON history_event
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END
    """,
)
_DROP = {
    "postgresql": (
        "DROP TRIGGER IF EXISTS history_event_rows ON history_event",
        "DROP TRIGGER IF EXISTS history_event_all ON history_event",
    ),
    "sqlite": ("DROP TRIGGER IF EXISTS history_event_update", "DROP TRIGGER IF EXISTS history_event_delete"),
}


def create_history_guards(connection: Connection) -> None:
    """Make the database refuse to change or delete events; setting ``private`` to NULL stays possible. Repeatable."""
    for statement in _POSTGRES if connection.dialect.name == "postgresql" else _SQLITE:
        connection.exec_driver_sql(statement)


def drop_history_guards(connection: Connection) -> None:
    """Take the guard rails away, as a downgrade needs."""
    for statement in _DROP[connection.dialect.name]:
        connection.exec_driver_sql(statement)

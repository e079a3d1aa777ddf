"""Millions of rows into a database that is thrown away: without triggers, foreign keys and indexes; those come last.

Values are what both databases read: text, numbers, bytes, ids as hexadecimal text, moments as text in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Protocol

from sqlalchemy import Connection, bindparam, text

from engine.database import Engine
from engine.migrations.entries import create_entry_triggers, drop_entry_triggers, write_all_entries

Row = Sequence[str | int | bytes | None]
#: Whose indexes are made once, at the end.
_LARGE = ("process_instance", "user_task", "task_candidate", "inbox_entry", "list_number", "waiting_task")
_CHUNK = 10_000
_SQLITE = ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-500000", "threads=2")
_POSTGRES = ("session_replication_role = replica", "maintenance_work_mem = '512MB'", "synchronous_commit = off")

_INDEXES_OF_SQLITE = """
    SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN :tables
"""
_INDEXES_OF_POSTGRES = """
    SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relname IN :tables AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
"""


class Loader(Protocol):
    """Writes rows into a table; ``connection`` is for whatever else belongs to the filling."""

    connection: Connection

    def write(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Add the rows, which may be endless many, a part of them at a time."""


@contextmanager
def loading(engine: Engine) -> Iterator[Loader]:
    """Fill a database that nobody else uses; its lists, indexes and statistics are there when the block has ended."""
    engine.sql.dispose()
    with engine.sql.connect() as connection:
        connection.detach()  # closed at the end, so that nobody gets these settings
        _begin(connection, engine.is_sqlite)
        drop_entry_triggers(connection)
        indexes = _take_indexes(connection, engine.is_sqlite)
        yield _Sqlite(connection) if engine.is_sqlite else _Postgres(connection)
        write_all_entries(connection)
        for statement in indexes:
            connection.exec_driver_sql(statement)
        create_entry_triggers(connection)
        connection.exec_driver_sql("COMMIT")
    analyze(engine)


def analyze(engine: Engine) -> None:
    """Let the database look at its tables, so that it plans well."""
    with engine.sql.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if engine.is_sqlite else "VACUUM ANALYZE")


def _begin(connection: Connection, is_sqlite: bool) -> None:
    for setting in _SQLITE if is_sqlite else _POSTGRES:
        connection.exec_driver_sql(f"{'PRAGMA' if is_sqlite else 'SET'} {setting}")
    if is_sqlite:
        connection.exec_driver_sql("BEGIN")


def _take_indexes(connection: Connection, is_sqlite: bool) -> list[str]:
    """Drop the indexes that no constraint needs; the statements that make them again."""
    asked = text(_INDEXES_OF_SQLITE if is_sqlite else _INDEXES_OF_POSTGRES)
    found = connection.execute(asked.bindparams(bindparam("tables", _LARGE, expanding=True))).all()
    for name, _statement in found:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    made = [statement for _name, statement in found]
    if not is_sqlite:  # sorted once it is much faster than kept in order; SQLite's table is its own index
        connection.exec_driver_sql("ALTER TABLE search_gram DROP CONSTRAINT pk_search_gram")
        made.append("ALTER TABLE search_gram ADD CONSTRAINT pk_search_gram PRIMARY KEY (gram, instance_id)")
    return made


class _Sqlite:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def write(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        marks = ", ".join("?" * len(columns))
        cursor = self._driver.cursor()
        cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608 (our names)

    @property
    def _driver(self) -> Any:
        return self.connection.connection.dbapi_connection


class _Postgres(_Sqlite):
    def write(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        remaining = iter(rows)
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        with self._driver.cursor() as cursor, cursor.copy(statement) as copy:
            while lines := ["\t".join(map(_copied, row)) for row in islice(remaining, _CHUNK)]:
                copy.write("\n".join(lines) + "\n")


def _copied(value: str | int | bytes | None) -> str:
    """A value as COPY reads it."""
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    return value.replace("\n", "\\n") if isinstance(value, str) else str(value)

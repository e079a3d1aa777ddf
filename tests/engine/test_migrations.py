"""The migrations give exactly the schema of the rows, and may run again and again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table, TableClause, column, insert, select, table
from sqlalchemy.orm import Session

from engine import migrations
from engine.database import Engine
from engine.migrations.upgrading import configuration
from engine.model import Base
from engine.model.process import ProcessInstance
from engine.model.work import MessageSubscription
from tests import postgres


def test_the_migrated_schema_is_that_of_the_rows(engine: Engine) -> None:
    with engine.sql.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    assert differences == []


def test_a_second_upgrade_does_nothing(engine: Engine) -> None:
    assert migrations.upgrade(engine) is False


def test_the_newest_version_is_the_one_that_is_looked_for() -> None:
    assert ScriptDirectory.from_config(configuration()).get_current_head() == migrations.HEAD


@pytest.fixture(params=["sqlite", "postgres"])
def first_release(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with the schema of the first release, of each kind in turn."""
    if request.param == "sqlite":
        with _old(f"sqlite:///{tmp_path / 'old.db'}") as engine:
            yield engine
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    name = f"old_{uuid4().hex}"
    with _old(server.create(name)) as engine:
        yield engine
    server.drop(name)


@contextmanager
def _old(url: str) -> Iterator[Engine]:
    with Engine(url) as engine:
        _upgrade(engine, "0001")
        yield engine


def _upgrade(engine: Engine, revision: str) -> None:
    config = configuration()
    with engine.sql.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_a_case_that_waits_for_a_message_has_waited_since_it_began(first_release: Engine) -> None:
    began = datetime(2026, 11, 23, 9, tzinfo=UTC)
    definition, case = uuid4(), uuid4()
    with first_release.sql.begin() as connection:
        old = MetaData()
        old.reflect(connection)
        rows: dict[str, dict[str, Any]] = {
            "process_definition": {"id": definition},
            "process_instance": {"id": case, "definition_id": definition, "started_at": began, "state": "active"},
            "message_subscription": {"token_id": uuid4(), "instance_id": case},
        }
        for name, known in rows.items():
            connection.execute(insert(_as_it_was(old.tables[name])), {**_filler(old.tables[name]), **known})
    _upgrade(first_release, "head")
    with Session(first_release.sql) as session:
        assert session.scalars(select(MessageSubscription.opened_at)).all() == [began]
        assert session.scalars(select(ProcessInstance.correlation_key)).all() == [None]


def _as_it_was(old: Table) -> TableClause:
    """The columns that there were, with the types of today."""
    today = Base.metadata.tables[old.name]
    return table(old.name, *(column(each.name, today.c[each.name].type) for each in old.columns))


def _filler(old: Table) -> dict[str, Any]:
    """Something for every column that there was and that must have a value."""
    values: dict[type, Any] = {str: "x", int: 1, bool: False, bytes: b"", datetime: datetime(2026, 1, 1, tzinfo=UTC)}
    needed = [column for column in old.columns if not column.nullable]
    return {column.name: values.get(column.type.python_type) for column in needed}

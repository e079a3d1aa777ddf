"""The migrations give exactly the schema of the rows, and may run again and again."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine import migrations
from engine.database import Engine
from engine.migrations.upgrading import configuration
from engine.model import Base


def test_the_migrated_schema_is_that_of_the_rows(engine: Engine) -> None:
    with engine.sql.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    assert differences == []


def test_a_second_upgrade_does_nothing(engine: Engine) -> None:
    assert migrations.upgrade(engine) is False


def test_the_newest_version_is_the_one_that_is_looked_for() -> None:
    assert ScriptDirectory.from_config(configuration()).get_current_head() == migrations.HEAD

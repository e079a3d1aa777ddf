"""The migrations give exactly the schema of the rows, and may run again and again."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine import migrations
from engine.database import Engine
from engine.model import Base


def test_the_migrated_schema_is_that_of_the_rows(engine: Engine) -> None:
    with engine.sql.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    assert differences == []


def test_a_second_upgrade_does_nothing(engine: Engine) -> None:
    assert migrations.upgrade(engine) is False

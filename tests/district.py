"""The demo district as some weeks of work have left it, for tests that look at everything."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from engine import migrations
from engine.database import Engine
from engine.model.base import Base
from engine.model.inbox import InboxEntry, ListNumber, WaitingTask
from tests.clock import START, FrozenClock
from tests.conftest import DEMO_PASSWORD
from webapp.demo import past

LENGTH = timedelta(days=28)
#: The database writes these itself, as the rows that they follow from come in.
_FOLLOWING = (InboxEntry.__table__, ListNumber.__table__, WaitingTask.__table__)


def live(folder: Path) -> str:
    """Live through the weeks before the day of the tests; the address of the SQLite database."""
    url = f"sqlite:///{folder / 'district.db'}"
    (folder / "demo-password").write_text(DEMO_PASSWORD, encoding="ascii")
    with Engine(url, clock=FrozenClock()) as engine:
        migrations.upgrade(engine)
        past.live_through(engine, folder, START, LENGTH)
    return url


def copy(source: str, target: str) -> None:
    """Copy all rows to an empty migrated database, of whatever kind."""
    with Engine(source) as old, Engine(target) as new, old.sql.connect() as rows, new.sql.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
        for table in Base.metadata.sorted_tables:
            if table in _FOLLOWING:
                continue
            values = [dict(row) for row in rows.execute(table.select()).mappings()]
            for start in range(0, len(values), 500):
                connection.execute(table.insert(), values[start : start + 500])

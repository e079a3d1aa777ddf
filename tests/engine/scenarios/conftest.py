"""The house that scenarios play in, here as for commands."""

from __future__ import annotations

import pytest

from engine.database import Engine
from tests.clock import FrozenClock
from tests.engine.commands.house import House


@pytest.fixture
def house(platform: Engine, clock: FrozenClock) -> House:
    """The demo organisation with a small form, on SQLite and on PostgreSQL in turn."""
    return House(platform, clock)

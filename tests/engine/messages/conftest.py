"""The readers of these tests."""

from __future__ import annotations

import pytest

from engine.database import Engine
from tests.clock import FrozenClock
from tests.engine.messages.outside import World
from tests.engine.messages.readers import Readers


@pytest.fixture
def readers(platform: Engine) -> Readers:
    """The demo organisation with two clerks in one post, on SQLite and on PostgreSQL in turn."""
    return Readers(platform)


@pytest.fixture
def world(readers: Readers, clock: FrozenClock) -> World:
    """A courier; nobody has an address yet."""
    return World(readers.engine, clock)

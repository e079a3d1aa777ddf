"""An engine that only has a clock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.database import Engine
from tests.clock import FrozenClock


@pytest.fixture
def nobody(clock: FrozenClock) -> Iterator[Engine]:
    """An engine for handlers that need no database."""
    with Engine("sqlite://", clock=clock) as engine:
        yield engine

"""A database that scenarios play on one after the other, each as if it were the first."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from engine.database import Engine
from engine.scenarios.clock import VirtualClock
from engine.snapshots import forget


class Ground:
    """A SQLite database in ``folder``, to furnish once and to put back before each scenario. Nothing in it lasts.

    The engine stays the same throughout, and with it the compiled releases, which are most of the cost of a start.
    """

    def __init__(self, folder: Path, clock: VirtualClock) -> None:
        self.clock = clock
        self.file, self._kept = folder / "wuji.db", folder / "furnished.db"
        self.engine = Engine(f"sqlite:///{self.file}", clock, durable=False)

    def keep(self) -> None:
        """Remember the database as it is now."""
        self.engine.close()  # the last connection writes everything into the one file
        shutil.copyfile(self.file, self._kept)

    @contextmanager
    def fresh(self) -> Iterator[Engine]:
        """The database as it was kept, for one scenario."""
        self.engine.close()
        shutil.copyfile(self._kept, self.file)
        forget(self.engine)
        yield self.engine

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.close()

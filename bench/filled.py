"""Databases with many tasks, filled once and, if wished, kept for the next run."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import population
from bench.databases import Databases
from bench.loading import analyze
from engine import migrations
from engine.database import Engine

_ROOT = Path(__file__).resolve().parent.parent
#: What a filled database follows from; one that followed from something else is filled anew. Its schema is upgraded.
_SOURCES = ("bench/population.py", "bench/loading.py", "engine/search.py", "engine/migrations/entries.py")


@contextmanager
def filled(places: Databases, kind: str, tasks: int) -> Iterator[Engine]:
    """A database with so many waiting tasks: one that an earlier run has left in the same folder, or a new one."""
    name = f"inbox_{tasks}"
    note = places.folder / f"{name}.{kind}.filled"
    if not note.is_file() or note.read_text() != _digest():
        note.unlink(missing_ok=True)
        places.drop(kind, name)
        begun = time.monotonic()
        with Engine(places.make(kind, name), durable=False) as engine:
            population.fill(engine, tasks)
        print(f"… {kind}: {tasks} tasks in {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
        note.write_text(_digest())
    with Engine(places.url(kind, name), durable=False) as engine:
        if migrations.upgrade(engine):
            analyze(engine)
        yield engine


def _digest() -> str:
    found = hashlib.sha256()
    for source in _SOURCES:
        found.update((_ROOT / source).read_bytes())
    return found.hexdigest()

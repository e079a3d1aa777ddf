"""Tells whoever watches how cases move: by which sequence flows, which history does not say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from engine.execution.loaded import Loaded
from engine.tokens import Step


@dataclass(frozen=True)
class Moved:
    """How one case of the process ``key`` moved: the ids of the flows that it took, and its steps."""

    key: str
    flows: tuple[str, ...]
    steps: tuple[Step, ...]


def tell_watcher(loaded: Loaded) -> None:
    """Tell how the case has moved, once that is committed."""
    watch = loaded.tx.engine.watch
    if watch is not None:
        moved = Moved(loaded.release.key, tuple(loaded.run.flows), tuple(loaded.run.steps))
        loaded.tx.after_commit(partial(watch, moved))
    loaded.run.flows.clear()

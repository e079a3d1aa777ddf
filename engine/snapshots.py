"""Settings that everybody reads and few change are kept in memory until the settings stamp moves on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from engine.database import Engine, Transaction

_SNAPSHOT = "snapshot"
Value = TypeVar("Value")


def snapshot(tx: Transaction, name: str, load: Callable[[], Value]) -> Value:
    """The value kept under ``name`` for the stamp of this transaction, or a fresh one from ``load``.

    What a transaction reads after changing settings itself is kept for itself alone, until it changes them again: it
    may still be rolled back, and another transaction would then reach the same stamp with other settings.
    """
    if tx.settings_touched:
        if name not in tx.read_since:
            tx.session.flush()  # load must see the rows that this transaction has changed
            tx.read_since[name] = load()
        return cast(Value, tx.read_since[name])
    kept = tx.engine.cache.get((_SNAPSHOT, name))
    if kept is not None and kept[0] == tx.stamp:
        return cast(Value, kept[1])
    stamp = tx.stamp
    value = load()
    tx.engine.cache[_SNAPSHOT, name] = (stamp, value)
    return value


def forget(engine: Engine) -> None:
    """Drop all snapshots: the database was put back to an earlier state, so the stamp says nothing about them."""
    for key in [key for key in engine.cache if key[0] == _SNAPSHOT]:
        del engine.cache[key]

"""Two processes that start together set up one after the other."""

from __future__ import annotations

import threading
import time

import pytest

from engine import database
from engine.database import Engine


def test_only_one_sets_up_at_a_time(postgres_url: str) -> None:
    order: list[str] = []

    def set_up(name: str) -> None:
        with Engine(postgres_url) as engine, engine.alone():
            order.append(name)
            time.sleep(0.2)
            order.append(name)

    threads = [threading.Thread(target=set_up, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert len(order) == 6
    assert order[0::2] == order[1::2]


def test_setting_up_may_take_longer_than_a_transaction_may_idle(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The past of the demo takes a minute; the database ends sessions that sit in a transaction so long."""
    monkeypatch.setattr(database, "_IDLE_TIMEOUT_MS", 200)
    held: list[str] = []

    def wait() -> None:
        with Engine(postgres_url) as other, other.alone():
            held.append("other")

    with Engine(postgres_url) as engine:
        with engine.alone():
            waiting = threading.Thread(target=wait)
            waiting.start()
            time.sleep(0.8)
            held.append("first")
        waiting.join(timeout=30)
    assert held == ["first", "other"]

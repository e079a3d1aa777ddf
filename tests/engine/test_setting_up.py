"""Two processes that start together set up one after the other."""

from __future__ import annotations

import threading
import time

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

"""Deadlines that come near or pass are told to the posts concerned, until one of them has read it."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from engine.database import Engine
from engine.worker import Worker
from tests.clock import FrozenClock
from tests.webapp.official import file_appeal


def test_an_overdue_step_is_reported_to_the_post_above_until_it_is_read(
    platform: Engine, sign_in: Callable[[str], FlaskClient], clock: FrozenClock
) -> None:
    case = file_appeal(platform)
    assert "提醒" not in sign_in("jinxing-secretary").get("/tasks").text

    clock.advance(days=10)
    while Worker(platform).drain():
        pass

    above = sign_in("jinxing-secretary")
    page = above.get("/tasks").text
    assert "提醒（1 条未读）" in page
    assert case.business_key in page
    assert case.business_key not in sign_in("chaoyang-secretary").get("/tasks").text

    above.post(f"/cases/{case.id}/read")
    assert "提醒" not in above.get("/tasks").text

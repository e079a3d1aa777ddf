"""Asking for a later deadline, as pages: who is offered what, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from engine.clock import local_day
from engine.database import Engine
from engine.people import SYSTEM
from engine.workdays import calendar
from tests.clock import FrozenClock
from tests.webapp.official import file_appeal, open_task, words

SignIn = Callable[[str], FlaskClient]


def test_what_is_typed_stays_and_what_came_too_late_is_said(
    platform: Engine, sign_in: SignIn, clock: FrozenClock
) -> None:
    task = open_task(platform, file_appeal(platform).id)
    leader, secretary, stranger = map(sign_in, ("jinxing-1-leader", "jinxing-secretary", "chaoyang-secretary"))
    assert task.due_at is not None
    with platform.read(SYSTEM) as tx:
        day = calendar(tx).add(local_day(task.due_at), 1)
        last = calendar(tx).add(local_day(task.due_at), 10)
    url = f"/tasks/{task.id}/extend"
    assert f'max="{last}"' in leader.get(url).text
    late = last + timedelta(days=30)
    refused = leader.post(url, data={"until": late.isoformat(), "reason": "等检测报告"})
    assert (refused.status_code, "最晚可以延到" in refused.text) == (422, True)
    assert (late.isoformat() in refused.text, "等检测报告" in refused.text) == (True, True)
    leader.post(url, data={"until": day.isoformat(), "reason": "等检测报告"})
    assert "正在等待决定" in leader.get(url, follow_redirects=True).text
    listed = secretary.get("/extensions").text
    extension = listed.partition("/extensions/")[2].partition('"')[0]
    assert "等检测报告" in secretary.get(f"/extensions/{extension}").text
    for login in (stranger, leader):
        assert login.post(f"/extensions/{extension}", data={"decision": "grant"}).status_code == 403
    assert stranger.get(f"/extensions/{extension}").status_code == 404
    assert "延期申请" not in words(sign_in("jinxing-1-grid").get("/tasks").text)
    clock.advance(days=10)
    secretary = sign_in("jinxing-secretary")
    answer = secretary.post(f"/extensions/{extension}", data={"decision": "grant", "note": "同意，抓紧办"})
    assert (answer.status_code, "已经过去" in answer.text, "同意，抓紧办" in answer.text) == (409, True, True)
    secretary.post(f"/extensions/{extension}", data={"decision": "refuse", "note": "来不及了"})
    again = secretary.post(f"/extensions/{extension}", data={"decision": "refuse", "note": "x"}, follow_redirects=True)
    assert "不同意" in again.text
    assert "来不及了" in again.text
    # what was asked is done, and the message that asked it no longer counts as new
    assert "申请把" not in secretary.get("/messages").text
    assert "申请把" in secretary.get("/messages?show=all").text

"""Watching a case from its page, and the list in which it stands then."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from engine import people, urging
from engine.database import Engine
from engine.people import SYSTEM
from tests.webapp.official import file_appeal, open_task, words


def test_an_official_watches_a_case_and_ends_it(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    # given an appeal that waits for a group leader, urged by the secretary above
    case = file_appeal(platform)
    with platform.read(SYSTEM) as tx:
        account = people.account_by_login(tx, "jinxing-secretary")
        assert account is not None
        above = people.load_actor(tx, account.id)
    with platform.begin(above) as tx:
        urging.urge(tx, open_task(platform, case.id).id)
    browser = sign_in("jinxing-secretary")
    # when the secretary watches it
    answer = browser.post(f"/cases/{case.id}/watch", data={"next": f"/cases/{case.id}"})
    assert answer.headers["Location"] == f"/cases/{case.id}"
    assert "取消关注" in browser.get(f"/cases/{case.id}").text
    # then the list says where it is, and how often it was urged; and nothing once it is watched no more
    listed = words(browser.get("/tasks?tab=watched").text)
    assert "受理登记（金星社区一组组长）" in listed
    assert "已催办 1 次" in listed
    assert "已催办 1 次" in words(sign_in("jinxing-1-leader").get("/tasks?tab=open").text)
    browser = sign_in("jinxing-secretary")
    browser.post(f"/cases/{case.id}/unwatch")
    assert "还没有关注的事项" in browser.get("/tasks?tab=watched").text

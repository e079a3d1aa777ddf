"""Saying on the pages what one does not wish to be reminded of, and taking it back."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from engine import notifications, people
from engine.database import Engine
from engine.people import SYSTEM
from tests.webapp.official import file_appeal, words

SECRETARY = "jinxing-secretary"


def test_a_case_and_a_kind_are_muted_and_heard_again(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    case = file_appeal(platform)
    with platform.begin(SYSTEM) as tx:
        account = people.account_by_login(tx, SECRETARY)
        assert account is not None
        post = sorted(people.load_actor(tx, account.id).holders)
        told = notifications.tell(tx, "process", post, case, "期限快到了")
        urged = notifications.tell(tx, "urged", post, case, "请尽快办理")
    browser = sign_in(SECRETARY)
    page = browser.get("/messages").text
    assert f"/messages/{told}/mute" in page
    assert f"/messages/{urged}/mute" not in page
    # the case
    browser.post(f"/messages/{told}/mute")
    assert "期限快到了" not in browser.get("/messages").text
    assert "期限快到了" in browser.get("/messages?show=all").text
    assert case.business_key in browser.get("/messages/settings").text
    browser.post(f"/messages/settings/muted/{case.id}")
    assert "期限快到了" in browser.get("/messages").text
    # the kind, with everything else as it was
    form = {"digest_hour": "8", "locale": "zh-CN", "remind": ["answered", "mentioned", "watched", "substitution"]}
    assert "消息设置已保存" in words(browser.post("/messages/settings", data=form, follow_redirects=True).text)
    page = browser.get("/messages").text
    assert "期限快到了" not in page
    assert "请尽快办理" in page
    assert 'value="process" checked' not in browser.get("/messages/settings").text

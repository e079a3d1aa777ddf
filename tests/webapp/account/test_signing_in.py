"""Signing in, signing out, acting in another post, and a session that ends while a form is open."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from engine.accounts import MOST_FAILURES
from tests.clock import FrozenClock
from tests.conftest import DEMO_PASSWORD


def test_a_wrong_password_is_told_without_telling_whether_the_account_exists(client: FlaskClient) -> None:
    known = client.post("/login", data={"login": "analyst", "password": "wrong"})
    unknown = client.post("/login", data={"login": "nobody-here", "password": "wrong"})
    assert known.status_code == unknown.status_code == 401
    assert "登录名或密码" in known.text
    assert _said(known.text, "analyst") == _said(unknown.text, "nobody-here")


def test_too_many_failures_lock_the_account_for_a_while(client: FlaskClient, clock: FrozenClock) -> None:
    for _ in range(MOST_FAILURES):
        client.post("/login", data={"login": "analyst", "password": "wrong"})
    locked = client.post("/login", data={"login": "analyst", "password": DEMO_PASSWORD})
    assert locked.status_code == 401
    assert "分钟" in locked.text

    clock.advance(minutes=16)
    assert client.post("/login", data={"login": "analyst", "password": DEMO_PASSWORD}).status_code == 302


def test_signing_out_ends_the_session(sign_in: Callable[[str], FlaskClient]) -> None:
    browser = sign_in("jinxing-1-leader")
    assert browser.get("/tasks").status_code == 200
    browser.post("/logout")
    assert browser.get("/tasks").status_code == 401


def test_an_idle_session_ends(sign_in: Callable[[str], FlaskClient], clock: FrozenClock) -> None:
    browser = sign_in("jinxing-1-leader")
    clock.advance(hours=9)
    assert browser.get("/tasks").status_code == 401


def test_nothing_typed_is_lost_when_the_session_ends(sign_in: Callable[[str], FlaskClient], clock: FrozenClock) -> None:
    browser = sign_in("jinxing-1-leader")
    clock.advance(hours=9)
    typed = {"诉求标题": "三号楼的油烟", "诉求内容": "夜里没法开窗"}

    asked = browser.post("/processes/appeal/start", data=typed)
    assert asked.status_code == 401
    assert "夜里没法开窗" in asked.text
    kept = {"kept.诉求标题": "三号楼的油烟", "kept.诉求内容": "夜里没法开窗", "next": "/processes/appeal/start"}
    wrong = browser.post("/login", data={"login": "jinxing-1-leader", "password": "wrong", **kept})
    assert "夜里没法开窗" in wrong.text

    resumed = browser.post("/login", data={"login": "jinxing-1-leader", "password": DEMO_PASSWORD, **kept})
    assert resumed.status_code == 200
    assert 'action="/processes/appeal/start"' in resumed.text
    assert "夜里没法开窗" in resumed.text


def test_nobody_is_sent_to_another_site_after_signing_in(client: FlaskClient) -> None:
    for target in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        data = {"login": "analyst", "password": DEMO_PASSWORD, "next": target}
        answer = client.post("/login", data=data)
        assert answer.status_code == 302
        assert "evil" not in answer.headers["Location"]


def test_somebody_with_two_posts_acts_in_one_of_them(sign_in: Callable[[str], FlaskClient]) -> None:
    browser = sign_in("qingfeng-secretary")
    page = browser.get("/tasks").text
    assert page.count('name="appointment"') == 2


def _said(page: str, login: str) -> str:
    """The page without the login that was typed and without the CSRF tokens, which carry the second they were made."""
    tokens = set(re.findall(r'(?:name="csrf_token" value|name="csrf-token" content)="([^"]+)"', page))
    assert tokens, "the page has a form"
    for token in tokens:
        page = page.replace(token, "")
    return page.replace(login, "")

"""A person sets what goes to the own mailbox, proves the mailbox, and tries it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from flask.testing import FlaskClient

from engine.database import Engine
from tests.engine.handlers import servers

SignIn = Callable[[str], FlaskClient]
LOGIN = "jinxing-1-leader"
WISHES = {"mail.urged": "off", "digest_hour": "9", "workdays_only": "1", "quiet": "1", "quiet_from": "22",
          "quiet_until": "6", "locale": "en"}  # fmt: skip


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[servers.Post]:
    """A mail server that the settings name."""
    with servers.post() as found:
        monkeypatch.setenv("WUJI_SMTP_URL", f"smtp://127.0.0.1:{found.port}")
        monkeypatch.setenv("WUJI_MAIL_FROM", "wuji@example.cn")
        yield found


def _text(raw: bytes) -> str:
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def _chosen(page: str, name: str) -> str | None:
    select = re.search(rf'<select[^>]*name="{re.escape(name)}".*?</select>', page, re.S)
    assert select is not None
    found = re.search(r'value="([^"]*)" selected', select[0])
    return found[1] if found else None


def test_wishes_are_kept(platform: Engine, sign_in: SignIn) -> None:
    browser = sign_in(LOGIN)
    assert _chosen(browser.get("/messages/settings").text, "mail.urged") == "now"
    browser.set_cookie("locale", "zh-CN")  # what this browser was told goes before the account's language
    assert "消息设置已保存" in browser.post("/messages/settings", data=WISHES, follow_redirects=True).text
    page = browser.get("/messages/settings").text
    assert [_chosen(page, name) for name in ("mail.urged", "mail.task", "digest_hour", "quiet_from", "locale")] == [
        "off",
        "digest",
        "9",
        "22",
        "en",
    ]


def test_wishes_that_contradict_each_other_are_said_and_not_lost(platform: Engine, sign_in: SignIn) -> None:
    browser = sign_in(LOGIN)
    answer = browser.post("/messages/settings", data=WISHES | {"digest_hour": "23"})
    assert answer.status_code == 422
    assert "汇总邮件的时间在免打扰时段内" in answer.text
    assert [_chosen(answer.text, name) for name in ("mail.urged", "digest_hour")] == ["off", "23"]
    assert _chosen(browser.get("/messages/settings").text, "mail.urged") == "now"


def test_an_address_is_proved_tried_and_given_up(platform: Engine, sign_in: SignIn, post: servers.Post) -> None:
    browser = sign_in(LOGIN)
    refused = browser.post("/messages/settings/address", data={"address": "leader@"})
    assert refused.status_code == 422
    assert 'value="leader@"' in refused.text

    browser.post("/messages/settings/address", data={"address": "leader@example.cn"})
    code = re.search(r"\d{6}", _text(post.mails[0]))
    assert code is not None
    wrong = browser.post("/messages/settings/code", data={"code": "x"})
    assert wrong.status_code == 422
    assert "验证码不对" in wrong.text
    right = browser.post("/messages/settings/code", data={"code": code[0]}, follow_redirects=True)
    assert "邮箱已验证" in right.text

    assert "测试邮件已发到 leader@example.cn" in browser.post("/messages/settings/test", follow_redirects=True).text
    assert "邮箱可以接收消息" in _text(post.mails[1])
    assert "已停用邮箱" in browser.post("/messages/settings/address/forget", follow_redirects=True).text
    assert "还没有验证过的邮箱" in browser.post("/messages/settings/test", follow_redirects=True).text


def test_a_mail_that_does_not_go_is_said(
    platform: Engine, sign_in: SignIn, post: servers.Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.refused.add("leader@example.cn")
    browser = sign_in(LOGIN)
    data = {"address": "leader@example.cn"}
    assert "邮件没有发出" in browser.post("/messages/settings/address", data=data, follow_redirects=True).text
    monkeypatch.delenv("WUJI_SMTP_URL")
    assert "邮件没有发出" in browser.post("/messages/settings/address", data=data, follow_redirects=True).text

"""What the robots of the three chats are really sent, to a web server on this machine in their place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.deliveries.robots import post as say
from engine.errors import StepFailed
from tests.engine.handlers.servers import Web

PATHS = {
    "wecom": "/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",
    "dingtalk": "/robot/send?access_token=66fb1d0c",
    "feishu": "/open-apis/bot/v2/hook/8a7c-22",
}
TEXT = "有新的待办：SQ-2026-00001"


@pytest.mark.parametrize(
    ("brand", "body"),
    [
        ("wecom", {"msgtype": "text", "text": {"content": TEXT}}),
        (
            "dingtalk",
            {"msgtype": "text", "at": {"atMobiles": [], "isAtAll": False}, "text": {"content": TEXT}},
        ),
        ("feishu", {"msg_type": "text", "content": {"text": TEXT}}),
    ],
)
def test_each_chat_gets_what_it_wants(web: Web, brand: str, body: dict[str, Any]) -> None:
    say(brand, web.url(PATHS[brand]), TEXT)
    (seen,) = web.seen
    assert (seen.method, seen.path.rstrip("/")) == ("POST", PATHS[brand])
    assert json.loads(seen.body) == body
    assert seen.headers["content-type"].startswith("application/json")


def test_a_robot_that_wants_signatures_gets_one(web: Web) -> None:
    say("dingtalk", web.url(PATHS["dingtalk"] + "&secret=SEC0123abc"), TEXT)
    path = web.seen[0].path
    assert path.startswith("/robot/send?access_token=66fb1d0c&timestamp=")
    assert "&sign=" in path
    assert "%25" not in path  # the signature is not written in per cent twice
    assert "SEC0123abc" not in path


@pytest.mark.parametrize(
    ("brand", "answer"),
    [
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}),
        ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}),
        ("feishu", {"code": 19021, "msg": "sign match fail"}),
    ],
)
def test_a_refusal_with_status_200_is_a_refusal(web: Web, brand: str, answer: dict[str, Any]) -> None:
    web.answer = (200, {"Content-Type": "application/json"}, json.dumps(answer).encode())
    with pytest.raises(StepFailed, match=str(answer.get("errmsg") or answer["msg"])):
        say(brand, web.url(PATHS[brand]), TEXT)


@pytest.mark.parametrize("brand", PATHS)
def test_a_status_of_failure_is_a_failure_and_redirects_are_not_followed(web: Web, brand: str) -> None:
    web.answer = (302, {"Location": web.url("/elsewhere")}, b"")
    with pytest.raises(StepFailed, match="302"):
        say(brand, web.url(PATHS[brand]), TEXT)
    assert len(web.seen) == 1


@pytest.mark.parametrize("brand", PATHS)
def test_only_hosts_that_are_allowed_are_reached(web: Web, monkeypatch: pytest.MonkeyPatch, brand: str) -> None:
    monkeypatch.setenv("WUJI_HTTP_HOSTS", "qyapi.weixin.qq.com")
    with pytest.raises(StepFailed, match="不允许访问"):
        say(brand, web.url(PATHS[brand]), TEXT)
    assert web.seen == []


@pytest.mark.parametrize("address", ["", "nonsense", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", "file:///x"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(StepFailed, match="Webhook"):
        say("wecom", address, TEXT)

"""The administrator sees whether messages can leave, gives groups robots, and sends again what did not arrive."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from engine import people
from engine.database import Engine
from engine.deliveries import Courier
from engine.people import SYSTEM
from tests.clock import FrozenClock
from tests.engine.handlers import servers
from tests.engine.messages.readers import Readers
from tests.webapp.official import words
from webapp.messages.letters import writer

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[servers.Web]:
    """A group chat whose address is the secret GROUP."""
    with servers.web() as found:
        monkeypatch.setenv("WUJI_HTTP_HOSTS", f"127.0.0.1:{found.port}")
        monkeypatch.setenv("WUJI_SECRET_GROUP", found.url("/cgi-bin/webhook/send?key=top-secret"))
        yield found


def _form(engine: Engine, **change: Any) -> dict[str, Any]:
    with engine.read(SYSTEM) as tx:
        unit = people.org_tree(tx).by_code("jinxing")
        assert unit is not None
    form = {"name": "金星社区工作群", "brand": "wecom", "secret": "GROUP", "unit": str(unit.id), "position": ""}
    return {**form, "kinds": ["urged"], "locale": "zh-CN", **change}


def test_a_robot_is_added_tried_and_removed(platform: Engine, sign_in: SignIn, web: servers.Web) -> None:
    browser = sign_in("admin")
    assert "还没有机器人" in browser.get("/admin/outgoing").text
    page = browser.post("/admin/outgoing/robots", data=_form(platform), follow_redirects=True).text
    assert "金星社区工作群" in page
    assert "top-secret" not in page
    found = re.search(r"/admin/outgoing/robots/[0-9a-f-]+", page)
    assert found is not None
    assert "测试消息已发到" in browser.post(f"{found[0]}/test", follow_redirects=True).text
    assert len(web.seen) == 1
    web.answer = (200, {"Content-Type": "application/json"}, b'{"errcode": 93000, "errmsg": "invalid webhook url"}')
    refused = browser.post(f"{found[0]}/test", follow_redirects=True).text
    assert "93000" in refused
    assert "top-secret" not in refused
    assert browser.post(f"{found[0]}/remove", data={"reason": ""}).status_code == 422
    assert "已移除" in browser.post(f"{found[0]}/remove", data={"reason": "群已解散"}, follow_redirects=True).text
    assert "还没有机器人" in browser.get("/admin/outgoing").text


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"unit": ""}, "请选择单位。"),
    ({"brand": ""}, "请选择群聊软件。"),
    ({"secret": "https://qyapi.weixin.qq.com/x"}, "密钥名称由大写字母"),
    ({"kinds": []}, "请至少勾选一类消息。"),
]


def test_what_is_missing_is_said_and_the_rest_is_kept(platform: Engine, sign_in: SignIn) -> None:
    browser = sign_in("admin")
    for change, sentence in FAULTS:
        answer = browser.post("/admin/outgoing/robots", data=_form(platform, **change))
        assert answer.status_code == 422
        assert sentence in answer.text
        assert 'value="金星社区工作群"' in answer.text


def test_what_was_given_up_is_listed_and_sent_again(
    platform: Engine, sign_in: SignIn, web: servers.Web, clock: FrozenClock
) -> None:
    readers = Readers(platform)
    browser = sign_in("admin")
    browser.post("/admin/outgoing/robots", data=_form(platform))
    web.answer = (200, {"Content-Type": "application/json"}, b'{"errcode": 45009, "errmsg": "api freq out of limit"}')
    readers.tell("甲")
    courier = Courier(platform, writer(platform))
    for _ in range(6):
        courier.round()
        clock.advance(hours=2)
    assert len(web.seen) == 5
    browser = sign_in("admin")
    page = browser.get("/admin/outgoing").text
    assert "催办 金星社区工作群 机器人没有收下消息：45009 api freq out of limit" in words(page)
    found = re.search(r"/admin/outgoing/deliveries/[0-9a-f-]+/retry", page)
    assert found is not None
    assert "已重新排队" in browser.post(found[0], follow_redirects=True).text
    web.answer = (200, {"Content-Type": "application/json"}, b'{"errcode": 0}')
    assert courier.round() == 1
    assert "没有。发送失败的消息重试五次后会列在这里。" in browser.get("/admin/outgoing").text


def test_others_do_not_see_it(platform: Engine, sign_in: SignIn) -> None:
    assert sign_in("jinxing-1-leader").get("/admin/outgoing").status_code == 403

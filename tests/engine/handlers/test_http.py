"""Calling a web service: what is sent, what comes back, what fails, and where it may not go."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.database import Engine
from engine.errors import StepFailed
from engine.handlers import BpmnError
from engine.handlers.http import http
from tests.engine.handlers.servers import Web
from tests.engine.handlers.tickets import JOB, ticket

JSON = {"Content-Type": "application/json; charset=utf-8"}


def test_a_post_carries_json_and_brings_back_values(nobody: Engine, web: Web) -> None:
    web.answer = (201, JSON, '{"单号": "A-1", "金额": 12.50, "份数": 3}'.encode())
    body = {"事由": "修路", "金额": Decimal("12.50"), "份数": Decimal(3), "日期": date(2026, 11, 24)}
    variables = {"url": web.url("/申请?区=东 街"), "method": "post", "headers": {"X-Source": "wuji"}, "body": body}
    answer = http(nobody, ticket(variables))["response"]
    assert (answer["status"], answer["headers"]["content-type"]) == (201, JSON["Content-Type"])
    assert answer["body"] == {"单号": "A-1", "金额": Decimal("12.50"), "份数": 3}
    (seen,) = web.seen
    assert (seen.method, seen.path) == ("POST", "/%E7%94%B3%E8%AF%B7?%E5%8C%BA=%E4%B8%9C%20%E8%A1%97")
    assert json.loads(seen.body) == {"事由": "修路", "金额": 12.5, "份数": 3, "日期": "2026-11-24"}
    assert seen.headers["content-type"] == "application/json"
    assert (seen.headers["x-source"], seen.headers["idempotency-key"]) == ("wuji", str(JOB))


def test_only_the_own_inputs_of_the_task_count(nobody: Engine, web: Web) -> None:
    job = ticket({"url": web.url()})
    assert job.variables["method"] == "DELETE"  # a variable of the case, perhaps from a message
    http(nobody, job)
    assert web.seen[0].method == "GET"


def test_a_text_goes_and_comes_as_it_is(nobody: Engine, web: Web) -> None:
    web.answer = (200, {"Content-Type": "text/plain; charset=gbk"}, "收到".encode("gbk"))
    found = http(nobody, ticket({"url": web.url(), "method": "PUT", "body": "原文"}, {"resultVariable": "回执"}))
    assert found["回执"]["body"] == "收到"
    assert web.seen[0].body == "原文".encode()


@pytest.mark.parametrize("status", [302, 404, 409, 500])
def test_an_answer_that_is_no_success_is_a_failure(nobody: Engine, web: Web, status: int) -> None:
    web.answer = (status, {"Location": "http://127.0.0.1:1/"}, "没有".encode())
    with pytest.raises(StepFailed, match=f"服务返回 {status}：没有"):
        http(nobody, ticket({"url": web.url()}))
    assert len(web.seen) == 1  # no redirect is followed


def test_a_status_may_be_an_error_of_the_diagram(nobody: Engine, web: Web) -> None:
    web.answer = (409, {}, "已有同名".encode())
    with pytest.raises(BpmnError) as caught:
        http(nobody, ticket({"url": web.url()}, {"errorOn": "404=不存在，409 = 重名"}))
    assert (caught.value.code, caught.value.message) == ("重名", "409 已有同名")


def test_secrets_come_from_task_headers_only(nobody: Engine, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WUJI_SECRET_TOKEN", "s3cret")
    variables = {"url": web.url(), "method": "POST", "body": {"话": "{{secrets.TOKEN}}"}}
    http(nobody, ticket(variables, {"header:Authorization": "Bearer {{secrets.TOKEN}}"}))
    (seen,) = web.seen
    assert seen.headers["authorization"] == "Bearer s3cret"
    assert json.loads(seen.body) == {"话": "{{secrets.TOKEN}}"}


def test_a_secret_never_stands_in_a_failure(nobody: Engine, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WUJI_SECRET_TOKEN", "s3cret")
    web.answer = (401, {}, b"bad token s3cret")
    with pytest.raises(StepFailed, match=r"bad token \*\*\*$"):
        http(nobody, ticket({"url": web.url()}, {"header:X-Key": "{{ secrets.TOKEN }}"}))


def test_a_secret_that_is_not_set_is_named(nobody: Engine, web: Web) -> None:
    with pytest.raises(StepFailed, match="WUJI_SECRET_NOTHING"):
        http(nobody, ticket({"url": web.url()}, {"header:X-Key": "{{secrets.NOTHING}}"}))
    assert web.seen == []


@pytest.mark.parametrize(
    ("allowed", "url"),
    [
        ("", "http://127.0.0.1:{port}/"),
        ("127.0.0.1", "http://127.0.0.1:{port}/"),  # only 80 and 443 without a port
        ("api.example.cn", "http://127.0.0.1:{port}/"),
        ("*.example.cn", "http://example.cn/"),
        ("*.example.cn", "http://evilexample.cn/"),
        ("127.0.0.1:{port}", "http://localhost:{port}/"),
        ("127.0.0.1:{port}", "http://127.0.0.1:{port}@evil.example/"),
        ("127.0.0.1:{port}", "http://2130706433:{port}/"),
        ("127.0.0.1:{port}", "http://[::ffff:127.0.0.1]:{port}/"),
        ("[::1]:{port}", "http://127.0.0.1:{port}/"),
        ("127.0.0.1:{port}", "file:///etc/passwd"),
        ("127.0.0.1:{port}", "http://127.0.0.1:99999/"),
        ("127.0.0.1:{port}", "127.0.0.1:{port}"),
    ],
)
def test_what_is_not_allowed_is_not_asked(
    nobody: Engine, web: Web, monkeypatch: pytest.MonkeyPatch, allowed: str, url: str
) -> None:
    monkeypatch.setenv("WUJI_HTTP_HOSTS", allowed.format(port=web.port))
    with pytest.raises(StepFailed, match=r"不允许访问|网址"):
        http(nobody, ticket({"url": url.format(port=web.port)}))
    assert web.seen == []


@pytest.mark.parametrize("allowed", ["a.example.cn, 127.0.0.1:{port}", "b.example.cn，127.0.0.1:{port}"])
def test_what_is_listed_is_asked(nobody: Engine, web: Web, monkeypatch: pytest.MonkeyPatch, allowed: str) -> None:
    monkeypatch.setenv("WUJI_HTTP_HOSTS", allowed.format(port=web.port))
    http(nobody, ticket({"url": web.url()}))
    assert len(web.seen) == 1


@pytest.mark.parametrize(
    "variables",
    [
        {"url": None},
        {"method": "TRACE"},
        {"timeout": Decimal(51)},
        {"timeout": Decimal(0)},
        {"timeout": "soon"},
        {"headers": {"Host": "inner"}},
        {"headers": {"transfer-encoding": "chunked"}},
        {"headers": {"X": "a\r\nHost: inner"}},
        {"headers": {"X\r\nHost": "inner"}},
    ],
)
def test_inputs_that_make_no_request_are_refused(nobody: Engine, web: Web, variables: dict[str, Any]) -> None:
    with pytest.raises(StepFailed):
        http(nobody, ticket({"url": web.url()} | variables))
    assert web.seen == []


def test_an_answer_that_comes_drop_by_drop_is_given_up(nobody: Engine, web: Web) -> None:
    web.answer, web.pause = (200, {}, b"x" * 200), 0.05
    with pytest.raises(StepFailed, match="没有收到"):
        http(nobody, ticket({"url": web.url(), "timeout": timedelta(seconds=0.3)}))


def test_an_answer_that_is_too_long_is_given_up(nobody: Engine, web: Web) -> None:
    web.answer = (200, {}, b"x" * 1_000_001)
    with pytest.raises(StepFailed, match="没有收到"):
        http(nobody, ticket({"url": web.url()}))


def test_nobody_there_is_a_failure(nobody: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WUJI_HTTP_HOSTS", "127.0.0.1:9")
    with pytest.raises(StepFailed, match=r"没有收到 127\.0\.0\.1:9"):
        http(nobody, ticket({"url": "http://127.0.0.1:9/"}))


@pytest.mark.parametrize("body", [b"{broken", b'{"n": NaN}', b'{"n": -Infinity}', b'"\\ud800'])
def test_json_that_is_none_is_a_failure(nobody: Engine, web: Web, body: bytes) -> None:
    web.answer = (200, JSON, body)
    with pytest.raises(StepFailed, match="没有收到"):
        http(nobody, ticket({"url": web.url()}))

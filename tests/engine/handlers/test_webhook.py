"""Telling another system something: signed, and the same id when it is told again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest

from engine.database import Engine
from engine.errors import StepFailed
from engine.handlers.webhook import webhook
from tests.clock import FrozenClock
from tests.engine.handlers.servers import Web
from tests.engine.handlers.tickets import JOB, ticket


def test_an_event_is_posted_and_signed(
    nobody: Engine, web: Web, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WUJI_SECRET_PARTNER", "k3y")
    headers = {"secret": "PARTNER", "event": "appeal.settled", "header:X-Tenant": "bincheng"}
    assert webhook(nobody, ticket({"url": web.url("/hook"), "body": {"结果": "已办"}}, headers)) == {}
    (seen,) = web.seen
    assert (seen.method, seen.path, seen.headers["x-tenant"]) == ("POST", "/hook", "bincheng")
    assert json.loads(seen.body) == {
        "type": "appeal.settled",
        "timestamp": clock.now.isoformat(),
        "case": "SX-2026-00001",
        "data": {"结果": "已办"},
    }
    assert seen.headers["webhook-id"] == seen.headers["idempotency-key"] == str(JOB)
    signed = f"{JOB}.{seen.headers['webhook-timestamp']}.".encode() + seen.body
    expected = base64.b64encode(hmac.new(b"k3y", signed, hashlib.sha256).digest()).decode()
    assert seen.headers["webhook-signature"] == f"v1,{expected}"


def test_nothing_is_posted_without_a_key(nobody: Engine, web: Web) -> None:
    with pytest.raises(StepFailed, match="WUJI_SECRET_WEBHOOK"):
        webhook(nobody, ticket({"url": web.url()}))
    assert web.seen == []


def test_a_header_of_the_diagram_cannot_replace_the_signature(
    nobody: Engine, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WUJI_SECRET_WEBHOOK", "k3y")
    webhook(nobody, ticket({"url": web.url()}, {"header:webhook-id": "forged"}))
    assert web.seen[0].headers["webhook-id"] == str(JOB)


def test_a_refusal_is_a_failure(nobody: Engine, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WUJI_SECRET_WEBHOOK", "k3y")
    web.answer = (410, {}, b"gone")
    with pytest.raises(StepFailed, match="410"):
        webhook(nobody, ticket({"url": web.url()}))

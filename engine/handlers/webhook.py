"""A service task that tells another system something, signed as Standard Webhooks (standardwebhooks.com) describes.

Inputs, only from the task's own input mappings: ``url``, ``body`` (the data), ``timeout``. Task headers: ``secret`` is
the name of the secret that signs (``WEBHOOK``), ``event`` the type of the event (else the id of the element),
``header:NAME`` and ``errorOn`` as for ``http``. Posted is ``{"type", "timestamp", "case", "data"}``; ``webhook-id`` and
``Idempotency-Key`` are the id of the job and stay the same when it is tried again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from engine.database import Engine
from engine.errors import N_, StepFailed
from engine.handlers.http import headers_of, raise_for_status, timeout_of
from engine.handlers.outbound import Request, as_json, send
from engine.handlers.secrets import Secrets
from engine.jobs import Ticket


def webhook(engine: Engine, ticket: Ticket) -> Mapping[str, Any]:
    """Post the event. Raises BpmnError for a status in ``errorOn``, StepFailed for other failures."""
    if not ticket.inputs.get("url"):
        raise StepFailed(N_("webhook 任务缺少 url。请检查流程图里的输入映射。"))
    secrets, now = Secrets(), engine.clock()
    event = {
        "type": ticket.headers.get("event") or ticket.element_id,
        "timestamp": now.isoformat(),
        "case": ticket.number,
        "data": ticket.inputs.get("body"),
    }
    body = as_json(event)
    key = secrets.get(ticket.headers.get("secret") or "WEBHOOK")
    stamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": str(ticket.job_id),
        "webhook-id": str(ticket.job_id),
        "webhook-timestamp": stamp,
        "webhook-signature": signature(key, str(ticket.job_id), stamp, body),
    }
    url = str(ticket.inputs["url"])
    response = send(Request("POST", url, headers_of(ticket, secrets) | headers, body, timeout_of(ticket)))
    raise_for_status(ticket, response, secrets)
    return {}


def signature(key: str, id: str, stamp: str, body: bytes) -> str:
    """``v1,`` and the base64 of HMAC-SHA-256 over id, timestamp (seconds since 1970) and body, joined with points."""
    digest = hmac.digest(key.encode(), f"{id}.{stamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"

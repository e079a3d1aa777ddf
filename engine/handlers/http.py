"""A service task that calls a web service.

Inputs, only from the task's own input mappings: ``url``, ``method`` (GET), ``headers`` (a context), ``body`` (a context
or list goes as JSON, a text as it is), ``timeout`` (seconds, or a duration). Task headers: ``header:NAME`` is an HTTP
header that may name secrets, ``resultVariable`` (``response``) gets ``{status, headers, body}``, ``errorOn`` makes BPMN
errors of answers: ``404=不存在, 409=冲突``. Any other answer of 300 and more is a failure, which is tried again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine.database import Engine
from engine.errors import N_, StepFailed
from engine.handlers.bpmn_error import BpmnError
from engine.handlers.outbound import DEFAULT_TIMEOUT, LONGEST_TIMEOUT, Request, Response, as_json, send
from engine.handlers.secrets import Secrets
from engine.jobs import Ticket
from engine.release import names

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
_HEADER = "header:"
_FIRST_FAILURE = 300
_EXCERPT = 200


def http(_engine: Engine, ticket: Ticket) -> Mapping[str, Any]:
    """Send the request. Raises BpmnError for a status in ``errorOn``, StepFailed for other failures."""
    secrets = Secrets()
    response = send(_request(ticket, secrets))
    raise_for_status(ticket, response, secrets)
    answer = {"status": response.status, "headers": dict(response.headers), "body": response.body}
    return {ticket.headers.get("resultVariable") or "response": answer}


def raise_for_status(ticket: Ticket, response: Response, secrets: Secrets) -> None:
    """Raise BpmnError or StepFailed, without secrets in its text, unless the answer is a success."""
    if response.status < _FIRST_FAILURE:
        return
    said = secrets.hide(str(response.body))[:_EXCERPT]
    code = _codes(ticket).get(str(response.status))
    if code is not None:
        raise BpmnError(code, f"{response.status} {said}".strip())
    raise StepFailed(N_("服务返回 {status}：{said}"), status=response.status, said=said)


def headers_of(ticket: Ticket, secrets: Secrets) -> dict[str, str]:
    """The HTTP headers that the diagram wrote, with their secrets."""
    own = ((name.removeprefix(_HEADER), value) for name, value in ticket.headers.items() if name.startswith(_HEADER))
    return {name.strip(): secrets.fill(value) for name, value in own}


def timeout_of(ticket: Ticket) -> float:
    """Seconds. Raises StepFailed for what is no time between 0 and 50 seconds."""
    value = ticket.inputs.get("timeout")
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    try:
        found = DEFAULT_TIMEOUT if seconds is None else float(seconds)
    except (TypeError, ValueError):
        found = 0.0
    if not 0 < found <= LONGEST_TIMEOUT:
        raise StepFailed(N_("timeout 应当是 0 到 {most} 秒，现在是“{value}”。"), most=int(LONGEST_TIMEOUT), value=value)
    return found


def _request(ticket: Ticket, secrets: Secrets) -> Request:
    inputs = ticket.inputs
    method = str(inputs.get("method") or "GET").upper()
    if method not in _METHODS:
        raise StepFailed(N_("method“{method}”不对，可以是 {known}。"), method=method, known="、".join(_METHODS))
    if not inputs.get("url"):
        raise StepFailed(N_("http 任务缺少 url。请检查流程图里的输入映射。"))
    given = inputs.get("headers")
    headers = {str(name): str(value) for name, value in given.items()} if isinstance(given, Mapping) else {}
    body = inputs.get("body")
    if body is not None and not isinstance(body, str):
        headers.setdefault("Content-Type", "application/json")
    if method not in ("GET", "HEAD"):
        headers["Idempotency-Key"] = str(ticket.job_id)
    data = None if body is None else body.encode() if isinstance(body, str) else as_json(body)
    return Request(method, str(inputs["url"]), headers | headers_of(ticket, secrets), data, timeout_of(ticket))


def _codes(ticket: Ticket) -> dict[str, str]:
    pairs = (each.partition("=") for each in names(ticket.headers.get("errorOn")))
    return {status.strip(): code.strip() for status, _, code in pairs}

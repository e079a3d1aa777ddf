"""HTTP requests to other systems: only to hosts that the administrator has allowed, without following redirects.

A diagram says where a request goes, and variables may be part of that. So that neither reaches into the inner network,
nothing is allowed until ``WUJI_HTTP_HOSTS`` names it.
"""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from engine import feel
from engine.errors import N_, StepFailed
from engine.release import names

#: Comma separated: ``api.example.cn`` (ports 80 and 443), ``api.example.cn:8443``, ``*.example.cn``.
ALLOWED = "WUJI_HTTP_HOSTS"
_PORTS = {"http": 80, "https": 443}
#: Seconds. A worker has a job for 60 seconds; the request must be over before.
DEFAULT_TIMEOUT, LONGEST_TIMEOUT = 20.0, 50.0
_MOST_BYTES = 1_000_000
_SAFE = "/%!$&'()*+,;=:@~?"
#: Headers that would make another request of it, perhaps to another (virtual) host.
_NOT_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer"})
_TEXT = feel.compile("string(value)")


@dataclass(frozen=True)
class Request:
    """What is sent; ``timeout`` is in seconds, for the whole of it."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    timeout: float = DEFAULT_TIMEOUT


@dataclass(frozen=True)
class Response:
    """What came back: JSON as values (numbers as decimals), anything else as text."""

    status: int
    headers: Mapping[str, str]
    body: Any


def send(request: Request) -> Response:
    """Send a request and wait for the whole answer.

    Raises StepFailed for a host or header that is not allowed, and when no complete answer comes in time.
    """
    url = _checked(request.url)
    _check_headers(request.headers)
    connection = _connection(url, request.timeout)
    late = threading.Event()
    try:
        connection.connect()
        alarm = threading.Timer(request.timeout, _hang_up, [connection.sock, late])  # an answer may come drop by drop
        alarm.start()
        try:
            connection.request(request.method, _target(url), request.body, dict(request.headers))
            response = _read(connection.getresponse())
        finally:
            alarm.cancel()
        if late.is_set():  # an answer that ends with the connection looks complete
            raise TimeoutError(f"{request.timeout:g} s")
    except (OSError, HTTPException, ValueError) as error:
        template = N_("没有收到 {host} 的完整应答：{reason}")
        raise StepFailed(template, host=url.netloc, reason=f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()
    return response


def as_json(value: Any) -> bytes:
    """A value of a variable as JSON: decimals as numbers, moments and durations as their ISO 8601 texts."""
    return json.dumps(_plain(value), ensure_ascii=False).encode()


def _checked(text: str) -> SplitResult:
    try:
        url = urlsplit(text.strip())
        port = url.port or _PORTS.get(url.scheme)
    except ValueError as error:
        raise StepFailed(N_("网址“{url}”不对。"), url=text) from error
    if url.scheme not in _PORTS or not url.hostname or "@" in url.netloc:
        raise StepFailed(N_("网址“{url}”不对。请写成 https://主机/路径，不要带用户名和密码。"), url=text)
    if not any(_allows(entry, url.hostname, port) for entry in names(os.environ.get(ALLOWED))):
        template = N_("不允许访问 {host}。请系统管理员把它加到环境变量 {variable}。")
        raise StepFailed(template, host=f"{url.hostname}:{port}", variable=ALLOWED)
    return url


def _allows(entry: str, host: str, port: int | None) -> bool:
    name, separator, wanted = entry.lower().rpartition(":")
    if not separator or entry.endswith("]"):
        name, wanted = entry.lower(), ""
    fits_port = str(port) == wanted if wanted else port in _PORTS.values()
    fits_host = host.endswith(name[1:]) if name.startswith("*.") else host == name.strip("[]")
    return fits_port and fits_host


def _check_headers(headers: Mapping[str, str]) -> None:
    for name in headers:
        if name.strip().lower() in _NOT_OURS:
            raise StepFailed(N_("请求头 {name} 不能设置。请从流程图里删去。"), name=name)


def _target(url: SplitResult) -> str:
    """Path and query, with what is not ASCII (or not allowed) written in per cent."""
    return urlunsplit(("", "", quote(url.path, _SAFE) or "/", quote(url.query, _SAFE), ""))


def _connection(url: SplitResult, timeout: float) -> HTTPConnection:
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    return kind(url.hostname or "", url.port, timeout=timeout)


def _hang_up(sock: socket.socket, late: threading.Event) -> None:
    late.set()
    with suppress(OSError):  # it may be closed already
        sock.shutdown(socket.SHUT_RDWR)


def _read(response: HTTPResponse) -> Response:
    raw = response.read(_MOST_BYTES + 1)
    if len(raw) > _MOST_BYTES:
        raise ValueError(f"more than {_MOST_BYTES} bytes")
    kind = response.headers.get_content_type()
    text = raw.decode(response.headers.get_content_charset() or "utf-8", errors="replace")
    is_json = raw and (kind == "application/json" or kind.endswith("+json"))
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Response(response.status, headers, _values(text) if is_json else text)


def _values(text: str) -> Any:
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date | time | timedelta | feel.YearsMonths):
        return _TEXT.evaluate({"value": value})
    return value

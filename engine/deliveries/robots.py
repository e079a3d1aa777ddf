"""Robots of group chats: what each brand wants to be sent is written by apprise, and goes out by our own door.

That door (:mod:`engine.handlers.outbound`) reaches only hosts that the administrator allows, follows no redirects and
has an end. It also looks at the answer: WeCom and DingTalk refuse with status 200 and an ``errcode`` in the body, which
apprise 2.3 takes for success.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit, urlunsplit

from engine.errors import N_, StepFailed
from engine.handlers.outbound import Request, Response, send

BRANDS: Mapping[str, str] = {"wecom": N_("企业微信"), "dingtalk": N_("钉钉"), "feishu": N_("飞书")}
#: Module and class of apprise by brand.
_PLUGINS = {
    "wecom": ("apprise.plugins.wecombot", "NotifyWeComBot"),
    "dingtalk": ("apprise.plugins.dingtalk", "NotifyDingTalk"),
    "feishu": ("apprise.plugins.feishu", "NotifyFeishu"),
}
_FIRST_FAILURE = 300
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,200}")


def post(brand: str, address: str, text: str) -> None:
    """Say a text in the group of a robot.

    ``address`` is the webhook address as the chat program shows it, or the same path on a relay of the office; for a
    DingTalk robot that wants signatures with ``&secret=SEC…`` at its end. Raises StepFailed for a faulty address, a
    host that is not allowed, and when the robot refuses or does not answer.
    """
    if not _plugin(brand, address).send(body=text, title=""):
        raise StepFailed(N_("机器人没有收下消息：{reason}"), reason=brand)


def _plugin(brand: str, address: str) -> Any:
    """The plug-in with its token, pointed at the host of the address instead of the one that it knows."""
    url = urlsplit(address.strip())
    query = parse_qs(url.query)
    found = {
        "wecom": query.get("key", [""])[0],
        "dingtalk": query.get("access_token", [""])[0],
        "feishu": url.path.rstrip("/").rpartition("/")[2],
    }[brand]
    if url.scheme not in ("https", "http") or not url.hostname or not _TOKEN.fullmatch(found):
        raise StepFailed(N_("机器人的地址不对。请从群聊里重新复制 Webhook 地址。"))
    kind = _classes()[brand]
    plugin = kind(found, secret=query.get("secret", [None])[0]) if brand == "dingtalk" else kind(found)
    known = urlsplit(kind.notify_url)
    relayed = urlunsplit((url.scheme, url.netloc, known.path, known.query, ""))
    plugin.notify_url = relayed
    plugin.api_url = relayed.format(key=found, token=found)
    return plugin


@cache
def _classes() -> Mapping[str, Any]:
    """The plug-ins, with our door in the place of theirs. Loaded when the first robot speaks: it takes a while."""
    classes = {}
    for brand, (module_name, name) in _PLUGINS.items():
        module = import_module(module_name)
        module.requests = _Door(module.requests)  # type: ignore[attr-defined] # each plug-in keeps the library by name
        classes[brand] = getattr(module, name)
    return classes


class _Door:
    """Stands in for the library ``requests`` as far as the plug-ins use it."""

    def __init__(self, library: Any) -> None:
        self.codes = library.codes
        self.RequestException = library.RequestException

    def post(self, url: str, data: str | bytes, headers: Mapping[str, str], params: Any = None, **_ignored: Any) -> Any:
        """Send by the guarded way; raises StepFailed instead of giving back an answer that is a refusal."""
        if params:  # apprise gives the signature with its percent signs already written
            url += "&" + urlencode(params, quote_via=lambda text, *_: quote(text, safe="%"))
        body = data.encode() if isinstance(data, str) else data
        response = send(Request("POST", url, dict(headers), body))
        _raise_for_refusal(response)
        return _Taken(response)


class _Taken:
    """An answer as the plug-ins read it."""

    def __init__(self, response: Response) -> None:
        self.status_code = 200
        self.content = json.dumps(response.body, default=str).encode()


def _raise_for_refusal(response: Response) -> None:
    body = response.body if isinstance(response.body, dict) else {}
    code = body.get("errcode") or body.get("code")
    if response.status >= _FIRST_FAILURE or code:
        reason = body.get("errmsg") or body.get("msg") or f"HTTP {response.status}"
        raise StepFailed(N_("机器人没有收下消息：{reason}"), reason=f"{code or ''} {reason}".strip()[:200])

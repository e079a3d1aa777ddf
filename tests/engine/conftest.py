"""Real servers that take what leaves the platform."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.handlers import servers


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[servers.Web]:
    """A web server that may be reached."""
    with servers.web() as found:
        monkeypatch.setenv("WUJI_HTTP_HOSTS", f"127.0.0.1:{found.port}")
        yield found


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[servers.Post]:
    """A mail server that the settings name."""
    with servers.post() as found:
        monkeypatch.setenv("WUJI_SMTP_URL", f"smtp://127.0.0.1:{found.port}")
        monkeypatch.setenv("WUJI_MAIL_FROM", "wuji@example.cn")
        yield found

"""The readers of these tests, and real servers that take what goes out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.database import Engine
from tests.engine.handlers import servers
from tests.engine.messages.readers import Readers


@pytest.fixture
def readers(platform: Engine) -> Readers:
    """The demo organisation with two clerks in one post, on SQLite and on PostgreSQL in turn."""
    return Readers(platform)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[servers.Web]:
    """A web server that may be reached, where a group chat would be."""
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

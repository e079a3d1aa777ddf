"""The same step as a browser sends it: a form over HTTP, with session, CSRF token and the page that follows."""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from urllib.parse import urlencode

import waitress

from engine.database import Engine
from webapp import create_app

_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_SENTENCE = re.compile(r"<h1[^>]*>(.*?)</main>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


class Browser:
    """One kept-alive connection of somebody who is signed in."""

    def __init__(self, port: int, timeout: float = 30) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.cookies: dict[str, str] = {}
        self.csrf = ""

    def sign_in(self, login: str, password: str) -> None:
        """Sign in and keep the session's CSRF token."""
        self.get("/login")
        status, text = self.post("/login", {"login": login, "password": password})
        if status != 302:
            raise RuntimeError(f"cannot sign in as {login}: {status} {sentence(text)}")
        self.get("/tasks")

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        return self._request("GET", path, None)

    def post(self, path: str, fields: Mapping[str, object]) -> tuple[int, str]:
        """Send a form with the CSRF token."""
        return self._request("POST", path, urlencode({**fields, "csrf_token": self.csrf}))

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def _request(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        for header in response.headers.get_all("Set-Cookie") or ():
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        if found := _CSRF.search(text):
            self.csrf = unescape(found[1])
        return response.status, text


def sentence(page: str) -> str:
    """What an answer says to people, without its tags."""
    found = _SENTENCE.search(page)
    return " ".join(unescape(_TAG.sub(" ", found[1] if found else page)).split())[:300]


@contextmanager
def served(engine: Engine) -> Iterator[int]:
    """Serve the application on a free port of this machine, in a thread; the port."""
    app = create_app(engine, {"SECRET_KEY": "a key for one run"})
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        server.close()
        thread.join(timeout=10)

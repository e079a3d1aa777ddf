"""What travels compressed, what does not, and that lengths and tokens tell a stranger nothing."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from engine.database import Engine
from webapp import assets, compression, create_app
from webapp.csrf import masked, unmasked

READS_GZIP = {"Accept-Encoding": "gzip, deflate, br"}
PAGE = "<p>金星社区一组的诉求</p>" * 200


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__)
    compression.init_app(app)
    app.add_url_rule("/page", view_func=lambda: PAGE, endpoint="page")
    app.add_url_rule("/short", view_func=lambda: "<p>好</p>", endpoint="short")
    app.add_url_rule("/photo", view_func=lambda: Response(PAGE, mimetype="image/png"), endpoint="photo")
    app.add_url_rule("/export", view_func=lambda: Response(_rows(), mimetype="text/plain"), endpoint="export")
    app.add_url_rule("/file", view_func=lambda: Response([PAGE], direct_passthrough=True), endpoint="file")
    return app.test_client()


def _rows() -> Iterator[str]:
    yield PAGE


def test_a_page_travels_compressed_to_whoever_reads_that(client: FlaskClient) -> None:
    sent = client.get("/page", headers=READS_GZIP)
    assert sent.headers["Content-Encoding"] == "gzip"
    assert int(sent.headers["Content-Length"]) == len(sent.data) < len(PAGE.encode()) / 10
    assert gzip.decompress(sent.data).decode() == PAGE

    plain = client.get("/page")
    assert (plain.text, "Content-Encoding" in plain.headers) == (PAGE, False)
    assert plain.headers["Vary"] == sent.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["/short", "/photo", "/export", "/file"])
def test_what_gains_nothing_or_is_made_while_it_is_sent_travels_as_it_is(client: FlaskClient, path: str) -> None:
    assert "Content-Encoding" not in client.get(path, headers=READS_GZIP).headers


@pytest.mark.parametrize(
    ("site", "has_cookie", "packed"),
    [("cross-site", True, False), ("same-site", True, False), ("cross-site", False, True), ("same-origin", True, True)],
)
def test_what_another_site_asks_for_in_somebodys_name_is_not_compressed(
    client: FlaskClient, site: str, has_cookie: bool, packed: bool
) -> None:
    if has_cookie:
        client.set_cookie("wuji", "a session")
    sent = client.get("/page", headers={**READS_GZIP, "Sec-Fetch-Site": site})
    assert ("Content-Encoding" in sent.headers) is packed


def test_the_length_of_the_same_page_varies() -> None:
    assert len({len(compression.packed(PAGE.encode())) for _ in range(50)}) > 10


def test_tokens_look_different_on_every_page_and_all_are_good(platform: Engine, tmp_path: Path) -> None:
    manifest = tmp_path / ".vite" / "manifest.json"
    manifest.parent.mkdir()
    manifest.write_text('{"src/app.js": {"file": "assets/app.js"}}', encoding="utf-8")
    app = create_app(platform, {"SECRET_KEY": "a key for tests"})
    assets.init_app(app, tmp_path)
    browser = app.test_client()

    first, second = (_tokens(browser.get("/login").text) for _ in range(2))

    assert len(first) == len(second) == 1, "one token in all of a page, so that it compresses well"
    [one], [other] = first, second
    assert _alike(one, other) < len(one) / 4
    for token in (one, other):
        assert _status(browser, token) == 302
    for forged in (unmasked(one), one[:-4], "", "好", "AAAA", "_____w=="):
        assert _status(browser, forged) == 400


def _tokens(page: str) -> set[str]:
    return set(re.findall(r'(?:name="csrf_token" value|name="csrf-token" content)="([^"]+)"', page))


def _status(browser: FlaskClient, token: str) -> int:
    return browser.post("/preferences", data={"mode": "standard", "next": "/", "csrf_token": token}).status_code


def _alike(one: str, other: str) -> int:
    return sum(here == there for here, there in zip(one, other, strict=True))


@pytest.mark.parametrize("text", ["", "ImEi.aS.x_-y", "令牌"])
def test_a_mask_comes_off_again(text: str) -> None:
    assert unmasked(masked(text)) == text

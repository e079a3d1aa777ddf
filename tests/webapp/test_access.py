"""Every view names who may open it, every page carries the headers, and every form needs its token."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.database import Engine
from engine.people import PERMISSIONS
from webapp import assets, create_app
from webapp.auth import PUBLIC, SIGNED_IN

ACCESS = {PUBLIC, SIGNED_IN, *PERMISSIONS}


def test_every_view_names_its_access(app: Flask) -> None:
    views = {name: view for name, view in app.view_functions.items() if name != "static"}
    assert views
    unnamed = [name for name, view in views.items() if getattr(view, "access", None) not in ACCESS]
    assert unnamed == []


def test_who_has_not_signed_in_is_asked_to(app: Flask, client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.arguments or getattr(view, "access", PUBLIC) == PUBLIC or "GET" not in (rule.methods or set()):
            continue
        answer = client.get(rule.rule)
        assert answer.status_code == 401, rule.endpoint
        assert "登录" in answer.text


@pytest.mark.parametrize(
    ("login", "path"),
    [
        ("jinxing-1-leader", "/cockpit/cases"),
        ("jinxing-1-leader", "/studio"),
        ("jinxing-1-leader", "/audit"),
        ("analyst", "/tasks"),
        ("auditor", "/studio"),
        ("admin", "/studio"),
    ],
)
def test_a_post_without_the_permission_is_refused(sign_in: Callable[[str], FlaskClient], login: str, path: str) -> None:
    answer = sign_in(login).get(path)
    assert answer.status_code == 403
    assert "不能使用这个功能" in answer.text


def test_every_answer_carries_a_strict_policy(client: FlaskClient) -> None:
    for path in ("/", "/login", "/no-such-page"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe-eval" not in policy
        assert "unsafe-inline" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_pages_have_no_inline_scripts_styles_or_handlers() -> None:
    forbidden = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|\sstyle=\"|\son[a-z]+=\"|javascript:")
    root = Path(__file__).parents[2] / "webapp"
    for template in root.rglob("*.html"):
        if "node_modules" not in template.parts:
            assert not forbidden.search(template.read_text("utf-8")), template


def test_a_form_without_its_token_is_refused_in_words(platform: Engine, tmp_path: Path) -> None:
    app = create_app(platform, {"SECRET_KEY": "a key for tests"})
    assets.init_app(app, _manifest(tmp_path))
    answer = app.test_client().post("/login", data={"login": "analyst", "password": "x"})
    assert answer.status_code == 400
    assert "安全校验已失效" in answer.text


def test_a_bug_shows_a_page_and_no_traceback(platform: Engine, tmp_path: Path) -> None:
    app = create_app(platform, {"SECRET_KEY": "a key for tests"})
    assets.init_app(app, _manifest(tmp_path))
    app.view_functions["auth.login"] = _broken
    answer = app.test_client().get("/login")
    assert answer.status_code == 500
    assert "系统出了问题" in answer.text
    assert "Traceback" not in answer.text
    assert "secret detail" not in answer.text


def _broken() -> str:
    raise ZeroDivisionError("secret detail")


def _manifest(folder: Path) -> Path:
    manifest = folder / ".vite" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text('{"src/app.js": {"file": "assets/app.js"}}', encoding="utf-8")
    return folder


def test_a_form_whose_cookie_is_gone_is_kept_through_the_sign_in(platform: Engine, tmp_path: Path) -> None:
    app = create_app(platform, {"SECRET_KEY": "a key for tests"})
    assets.init_app(app, _manifest(tmp_path))
    answer = app.test_client().post("/processes/appeal/start", data={"诉求内容": "夜里没法开窗"})
    assert answer.status_code == 401
    assert 'name="kept.诉求内容" value="夜里没法开窗"' in answer.text

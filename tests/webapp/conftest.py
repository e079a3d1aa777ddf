"""The application on the demo organisation, and somebody signed in to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache

from engine import release
from engine.database import Engine, Transaction
from engine.release import Bundle, Release
from tests.conftest import DEMO_PASSWORD
from webapp import assets, create_app


@pytest.fixture(autouse=True, scope="package")
def compiled_once() -> Iterator[None]:
    """What one test has compiled serves the next: pages change no release, and all of them take a second."""
    kept: dict[tuple[UUID, str], Release] = {}
    compile_bundle = release.compile_bundle

    def once(tx: Transaction, id: UUID, version: int, bundle: Bundle) -> Release:
        key = (id, bundle.digest)
        if key not in kept:
            kept[key] = compile_bundle(tx, id, version, bundle)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(release, "compile_bundle", once)
        yield


@pytest.fixture
def app(platform: Engine, tmp_path: Path, compiled_templates: BytecodeCache) -> Flask:
    """The application on SQLite and on PostgreSQL in turn; pages do not need the front end to be built."""
    manifest = tmp_path / "dist" / ".vite" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    entries = {f"src/{name}.js": {"file": f"assets/{name}.js"} for name in ("app", "viewer", "modeler", "charts")}
    manifest.write_text(json.dumps(entries), encoding="utf-8")
    made = create_app(platform, {"SECRET_KEY": "a key for tests", "TESTING": True, "WTF_CSRF_ENABLED": False})
    assets.init_app(made, tmp_path / "dist")
    made.jinja_env.bytecode_cache = compiled_templates
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[str], FlaskClient]:
    """Gives a browser in which this demo login has signed in."""

    def browser_of(login: str) -> FlaskClient:
        browser = app.test_client()
        answer = browser.post("/login", data={"login": login, "password": DEMO_PASSWORD})
        assert answer.status_code == 302, answer.text
        return browser

    return browser_of

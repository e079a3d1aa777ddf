"""The built front end: the tags that load it, the sentence when it is missing, and what its lock may hold."""

import json
import os
import re
from pathlib import Path

import pytest
from flask import Flask

from webapp import assets, i18n

FRONTEND = Path(assets.__file__).parent / "frontend"
MANIFEST = {
    "src/app.js": {"file": "assets/app-1.js", "imports": ["_shared.js"], "css": ["assets/app-1.css"], "isEntry": True},
    "src/viewer.js": {"file": "assets/viewer-1.js", "imports": ["_drawing.js", "_shared.js"], "isEntry": True},
    "_drawing.js": {"file": "assets/drawing-1.js", "imports": ["_shared.js"], "css": ["assets/drawing-1.css"]},
    "_shared.js": {"file": "assets/shared-1.js"},
}


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    write(tmp_path, MANIFEST)
    return tmp_path


def write(dist: Path, manifest: dict[str, object]) -> Path:
    file = dist / ".vite" / "manifest.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(manifest), encoding="utf-8")
    return file


def tags(dist: Path, name: str) -> str:
    app = Flask(__name__)
    i18n.init_app(app)
    assets.init_app(app, dist)
    with app.test_request_context():
        rendered: str = app.jinja_env.from_string("{{ asset(name) }}").render(name=name)
    return rendered


def test_an_entry_is_a_stylesheet_and_a_module(dist: Path) -> None:
    assert tags(dist, "app").splitlines() == [
        '<link rel="stylesheet" href="/static/dist/assets/app-1.css">',
        '<link rel="modulepreload" href="/static/dist/assets/shared-1.js">',
        '<script type="module" src="/static/dist/assets/app-1.js"></script>',
    ]


def test_what_imports_need_is_loaded_once_and_first(dist: Path) -> None:
    assert re.findall(r"assets/(\S+?)\"", tags(dist, "viewer")) == [
        "drawing-1.css",
        "shared-1.js",
        "drawing-1.js",
        "viewer-1.js",
    ]


def test_a_rebuild_is_noticed(dist: Path) -> None:
    before = tags(dist, "app")
    file = write(dist, {"src/app.js": {"file": "assets/app-2.js"}})
    stamp = file.stat().st_mtime_ns + 1_000_000
    os.utime(file, ns=(stamp, stamp))
    assert "app-1.js" in before
    assert "app-2.js" in tags(dist, "app")


def test_a_missing_build_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(assets.FrontEndMissing, match="npm ci && npm run build"):
        tags(tmp_path, "app")


def test_an_unknown_entry_is_named(dist: Path) -> None:
    with pytest.raises(assets.FrontEndMissing, match="charts"):
        tags(dist, "charts")


@pytest.mark.parametrize(
    ("reads", "encoding", "content"),
    [("gzip, br", "br", b"packed well"), ("gzip", "gzip", b"packed"), ("", None, b"body{}")],
)
def test_files_of_the_build_travel_compressed_and_are_kept_for_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reads: str, encoding: str | None, content: bytes
) -> None:
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    folder = tmp_path / "dist" / "assets"
    folder.mkdir(parents=True)
    for ending, packed in (("", b"body{}"), (".gz", b"packed"), (".br", b"packed well")):
        (folder / f"app-1.css{ending}").write_bytes(packed)
    (tmp_path / "mark.svg").write_bytes(b"<svg/>")
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/static/<path:filename>", "static", assets.static)
    browser = app.test_client()

    with browser.get("/static/dist/assets/app-1.css", headers={"Accept-Encoding": reads}) as sent:
        assert (sent.headers.get("Content-Encoding"), sent.data) == (encoding, content)
        assert sent.mimetype == "text/css"
        assert sent.headers["Vary"] == "Accept-Encoding"
        assert {"public", "immutable", "max-age=31536000"} == set(sent.headers["Cache-Control"].split(", "))
    with browser.get("/static/mark.svg") as other:
        assert "immutable" not in other.headers["Cache-Control"]
    assert browser.get("/static/../assets.py").status_code == 404


def test_the_lock_names_no_host_and_every_package_has_a_digest() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if "integrity" not in package] == []


def test_versions_are_pinned() -> None:
    package = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert [name for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_every_text_of_the_scripts_has_its_english() -> None:
    said = set()
    for script in (FRONTEND / "src").rglob("*.js"):
        said |= set(re.findall(r'\bt\(\s*"([^"]+)"', script.read_text(encoding="utf-8")))
    english = (FRONTEND / "src" / "english.js").read_text(encoding="utf-8")
    translated = set(re.findall(r'^  "([^"]+)":', english, re.MULTILINE))
    assert said, "no t(…) found: the pattern is wrong"
    assert said == translated

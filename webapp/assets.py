"""The built front end: from an entry's name to the tags that load it, and its files as they travel."""

import json
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, send_from_directory, url_for
from markupsafe import Markup
from werkzeug.security import safe_join

from webapp.auth import public
from webapp.i18n import _

STATIC = Path(__file__).parent / "static"
DIST = STATIC / "dist"
#: What the build writes beside each file that becomes shorter by it, best first.
_ENCODINGS = {"br": ".br", "gzip": ".gz"}
_YEAR, _DAY = 365 * 24 * 3600, 24 * 3600  # seconds

STYLE = Markup('<link rel="stylesheet" href="{}">')
PRELOAD = Markup('<link rel="modulepreload" href="{}">')
SCRIPT = Markup('<script type="module" src="{}"></script>')


class FrontEndMissing(RuntimeError):
    """The front end was not built, or the build lacks an entry; the message says how to build it."""


class Assets:
    """Reads Vite's manifest and renders the tags of an entry (``app``, ``viewer``, ``modeler``).

    The manifest is read once for every build: a rebuild is noticed by the file's time stamp.
    """

    def __init__(self, dist: Path = DIST) -> None:
        self.manifest_file = dist / ".vite" / "manifest.json"

    def tags(self, name: str) -> Markup:
        """Stylesheet, preload and script tags of the entry, for the page's head.

        Raises:
            FrontEndMissing: no build, or no such entry in it.
        """
        chunks = self._manifest()
        key = f"src/{name}.js"
        if key not in chunks:
            raise FrontEndMissing(
                _("前端资源里没有“{name}”。请在 webapp/frontend 目录执行 npm ci && npm run build。", name=name)
            )
        needed = _with_imports(chunks, key)
        styles = [css for chunk in needed for css in chunk.get("css", [])]
        return Markup("\n").join(
            [
                *(STYLE.format(_url(css)) for css in dict.fromkeys(styles)),
                *(PRELOAD.format(_url(chunk["file"])) for chunk in needed[:-1]),
                SCRIPT.format(_url(chunks[key]["file"])),
            ]
        )

    def _manifest(self) -> dict[str, Any]:
        try:
            changed = self.manifest_file.stat().st_mtime_ns
        except FileNotFoundError:
            raise FrontEndMissing(
                _("前端资源还没有构建。请在 webapp/frontend 目录执行 npm ci && npm run build，再刷新页面。")
            ) from None
        return _read(self.manifest_file, changed)


@lru_cache(maxsize=4)
def _read(manifest_file: Path, changed: int) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(manifest_file.read_text(encoding="utf-8"))
    return manifest


def _with_imports(chunks: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The chunk and all that it imports, imports first, each once."""
    seen: dict[str, dict[str, Any]] = {}

    def visit(current: str) -> None:
        if current in seen:
            return
        seen[current] = chunks[current]
        for imported in chunks[current].get("imports", []):
            visit(imported)
        seen[current] = seen.pop(current)

    visit(key)
    return list(seen.values())


def _url(file: str) -> str:
    return url_for("static", filename=f"dist/{file}")


@public
def static(filename: str) -> Response:
    """A file of the front end, compressed as far as this browser can read it.

    The build names its files by their content, so whoever has one never asks again.
    """
    encoding = next((name for name in _ENCODINGS if _is_wanted(filename, name)), None)
    sent = send_from_directory(
        STATIC,
        filename + _ENCODINGS.get(encoding or "", ""),
        mimetype=mimetypes.guess_type(filename)[0],
        download_name=Path(filename).name,
        max_age=_YEAR if filename.startswith("dist/assets/") else _DAY,
    )
    if encoding:
        sent.headers["Content-Encoding"] = encoding
    sent.cache_control.public = True
    sent.cache_control.immutable = filename.startswith("dist/assets/") or None
    sent.vary.add("Accept-Encoding")
    return sent


def _is_wanted(filename: str, encoding: str) -> bool:
    path = safe_join(str(STATIC), filename + _ENCODINGS[encoding])
    return bool(request.accept_encodings[encoding]) and path is not None and Path(path).is_file()


def init_app(app: Flask, dist: Path = DIST) -> None:
    """Give the templates the global ``asset("app")``."""
    app.jinja_env.globals["asset"] = Assets(dist).tags

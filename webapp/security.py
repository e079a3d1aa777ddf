"""Headers that every answer carries, and the limits of a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import BadRequest

View = TypeVar("View", bound=Callable[..., Any])

_STRICT = {
    "default-src": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    "img-src": "'self' data:",
}
#: bpmn-js positions its drawing with style attributes and ships its icon font as data.
_DRAWING = {**_STRICT, "style-src": "'self' 'unsafe-inline'", "font-src": "'self' data:"}
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
MAX_REQUEST_BYTES = 32 * 1024 * 1024
MAX_TEXT_BYTES = 2 * 1024 * 1024
MAX_FORM_PARTS = 2_000


def drawing(view: View) -> View:
    """Mark a view whose page shows a drawing and so needs style attributes."""
    view.shows_drawing = True  # type: ignore[attr-defined] # functions carry attributes; their type does not say so
    return view


def init_app(app: Flask) -> None:
    """Limit requests and send the headers."""
    app.config.setdefault("MAX_CONTENT_LENGTH", MAX_REQUEST_BYTES)
    app.config.setdefault("MAX_FORM_MEMORY_SIZE", MAX_TEXT_BYTES)
    app.config.setdefault("MAX_FORM_PARTS", MAX_FORM_PARTS)
    app.before_request(_refuse_nul)
    app.after_request(_add_headers)


def _refuse_nul() -> None:
    """PostgreSQL has no texts with a NUL in them; nobody types one."""
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        raise BadRequest


def _add_headers(response: Response) -> Response:
    view = current_app.view_functions.get(request.endpoint or "")
    policy = _DRAWING if getattr(view, "shows_drawing", False) else _STRICT
    response.headers.setdefault("Content-Security-Policy", "; ".join(f"{key} {value}" for key, value in policy.items()))
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response

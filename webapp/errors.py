"""From errors to pages: one place that knows which sentence and status an error gets."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException

from engine.errors import (
    AlreadyDone,
    Conflict,
    EngineError,
    InvalidDefinition,
    InvalidState,
    InvalidVariables,
    NotAuthenticated,
    NotAuthorized,
    NotFound,
    Unavailable,
)
from webapp.i18n import _, translate_error

_STATUS: dict[type[EngineError], int] = {
    NotFound: 404,
    NotAuthorized: 403,
    NotAuthenticated: 401,
    AlreadyDone: 409,
    InvalidState: 409,
    Conflict: 409,
    InvalidVariables: 422,
    InvalidDefinition: 422,
    Unavailable: 503,
}
_log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(EngineError, engine_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, unexpected)


def status_of(error: EngineError) -> int:
    """The HTTP status of an engine error."""
    return next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 400)


def engine_error(error: EngineError) -> ResponseReturnValue:
    """An error that the engine raised on purpose: its sentence is for people."""
    return answer(status_of(error), translate_error(error), error.code)


def http_error(error: HTTPException) -> ResponseReturnValue:
    """An error of HTTP itself: unknown address, wrong method, too large."""
    if error.code is None or error.code < 400:
        return error
    return answer(error.code, None, "http")


def unexpected(error: Exception) -> ResponseReturnValue:
    """A bug: logged with its traceback, shown without one."""
    if current_app.testing:
        raise error
    _log.error("%s %s", request.method, request.path, exc_info=error)
    return answer(500, None, "bug")


def answer(status: int, message: str | None, code: str) -> ResponseReturnValue:
    """The page of a status, or JSON for a script; ``message`` replaces the page's own sentence."""
    if wants_json():
        response = jsonify({"ok": False, "code": code, "message": message or _("操作没有成功。")})
        response.status_code = status
        return response
    return Response(_page(status, message=message), status)


def _page(status: int, **context: Any) -> str:
    try:
        return render_template(f"errors/{status}.html", **context)
    except TemplateNotFound:
        return render_template("errors/400.html" if status < 500 else "errors/500.html", **context)


def wants_json() -> bool:
    """Whether the caller is a script of ours, not somebody looking at pages."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"

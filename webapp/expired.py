"""A form was sent after the session had ended: nothing that was typed may be lost.

The typed fields travel through the sign-in page and back as hidden fields, so they are stored nowhere. Uploaded files
have to be chosen again, and the page says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, current_app, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from webapp.errors import answer, wants_json
from webapp.i18n import _

#: Marks the fields of the form that was being sent.
PREFIX = "kept."
_NOT_KEPT = frozenset({"csrf_token", "login", "password", "next"})


@dataclass(frozen=True)
class Kept:
    """What was being sent, and where to."""

    target: str
    fields: tuple[tuple[str, str], ...]


def keep_and_ask_to_sign_in() -> ResponseReturnValue:
    """The sign-in page, with what the person was sending."""
    if wants_json():
        return {"ok": False, "code": "not_authenticated", "message": _("登录已过期，请重新登录。")}, 401
    kept = None
    if request.method == "POST":
        fields = tuple(pair for pair in request.form.items(multi=True) if pair[0] not in _NOT_KEPT)
        kept = Kept(request.full_path.rstrip("?"), fields)
    target = request.full_path.rstrip("?") if request.method == "GET" else ""
    page = render_template(
        "auth/login.html",
        kept=kept,
        prefix=PREFIX,
        target=target,
        files_lost=bool(request.files),
        action=url_for("auth.check"),
    )
    return Response(page, 401)


def init_app(app: Flask) -> None:
    """Handle forms whose token does not fit."""
    app.register_error_handler(CSRFError, csrf_error)


def csrf_error(error: CSRFError) -> ResponseReturnValue:
    """A form without a valid token: the cookie with the session is gone, the page is old, or it comes from elsewhere.

    Who was signed in signs in again and sends what was typed by pressing a button, so another site gains nothing.
    """
    access = getattr(current_app.view_functions.get(request.endpoint or ""), "access", "public")
    if access != "public" and "token" not in session:
        return keep_and_ask_to_sign_in()
    return answer(400, _("页面放置太久，安全校验已失效。请返回上一页，刷新后再提交。"), "csrf")


def kept_fields() -> tuple[tuple[str, str], ...]:
    """The fields that came through the sign-in page, with their own names again."""
    pairs = request.form.items(multi=True)
    return tuple((name.removeprefix(PREFIX), value) for name, value in pairs if name.startswith(PREFIX))


def local_path(target: str | None) -> str | None:
    """The target when it is a path of this site, else None: nobody is sent elsewhere by a link."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    return target

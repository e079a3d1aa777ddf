"""Signing in and out, and the choice of the acting post."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import NotAuthenticated
from webapp import auth
from webapp.auth import public, signed_in
from webapp.expired import PREFIX, Kept, kept_fields, local_path
from webapp.i18n import _, translate_error

blueprint = Blueprint("auth", __name__, template_folder="templates")


@blueprint.get("/login")
@public
def login() -> ResponseReturnValue:
    """The sign-in page."""
    if auth.current_visitor() is not None:
        return auth.to_home()
    return _page(target=local_path(request.args.get("next")) or "")


@blueprint.post("/login")
@public
def check() -> ResponseReturnValue:
    """Check login and password; what was being sent before the session ended comes back on a page of its own."""
    target = local_path(request.form.get("next")) or ""
    fields = kept_fields()
    kept = Kept(target, fields) if fields else None
    try:
        auth.sign_in(request.form.get("login", "").strip(), request.form.get("password", ""))
    except NotAuthenticated as error:
        page = _page(target=target, kept=kept, error=translate_error(error), login=request.form.get("login", ""))
        return Response(page, 401)
    if kept is not None:
        return render_template("auth/resume.html", kept=kept)
    return redirect(target or auth.home_url())


@blueprint.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """End the session."""
    auth.sign_out()
    flash(_("已退出登录。"), "success")
    return redirect(url_for("auth.login"))


@blueprint.post("/act")
@signed_in
def act() -> ResponseReturnValue:
    """Act in another post; the work of that post is shown next."""
    auth.act_as(UUID(request.form["appointment"]))
    return auth.to_home()


def _page(target: str, kept: Kept | None = None, error: str = "", login: str = "") -> str:
    return render_template(
        "auth/login.html",
        kept=kept,
        prefix=PREFIX,
        target=target,
        error=error,
        login=login,
        action=url_for("auth.check"),
        files_lost=False,
    )

"""Language and size of print, kept in cookies of this browser."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from webapp import i18n
from webapp.auth import public
from webapp.expired import local_path

blueprint = Blueprint("preferences", __name__)
#: The large-print version.
ELDER = "elder"
_MODES = frozenset({"standard", ELDER})
_YEAR_SECONDS = 365 * 24 * 3600


def display_mode() -> str:
    """``elder`` for the large-print version, else ``standard``."""
    mode = request.cookies.get("mode", "standard")
    return mode if mode in _MODES else "standard"


@blueprint.post("/preferences")
@public
def save() -> ResponseReturnValue:
    """Remember the choice and go back to the page it was made on."""
    response = redirect(local_path(request.form.get("next")) or "/")
    if request.form.get("mode") in _MODES:
        response.set_cookie("mode", request.form["mode"], max_age=_YEAR_SECONDS, samesite="Lax", httponly=True)
    if "language" in request.form:
        i18n.remember(response, request.form["language"])
    return response

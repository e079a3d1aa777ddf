"""Following: number and code open a case for this browser."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import NotAuthenticated
from engine.receipts import TooManyFailures, find_case
from webapp import receipts
from webapp.auth import public
from webapp.i18n import _, translate_error
from webapp.platform import engine
from webapp.portal.blueprint import blueprint


@blueprint.get("/follow")
@public
def follow() -> ResponseReturnValue:
    """Ask for number and code."""
    return _page()


@blueprint.post("/follow")
@public
def find() -> ResponseReturnValue:
    """Compare them and go on to the case. A wrong code and an unknown number read the same."""
    number, code = request.form.get("number", "").strip(), request.form.get("code", "").strip()
    missing = [_("请填写编号。")] * (not number) + [_("请填写查询码。")] * (not code)
    if missing:
        return Response(_page(number=number, code=code, missing=missing), 422)
    try:
        case_id = find_case(engine(), number, code, request.remote_addr or "")
    except NotAuthenticated as error:
        status = 429 if isinstance(error, TooManyFailures) else 422
        return Response(_page(number=number, code=code, error=translate_error(error)), status)
    receipts.remember(case_id)
    return redirect(url_for("portal.case", instance_id=case_id), 303)


@blueprint.post("/follow/end")
@public
def leave() -> ResponseReturnValue:
    """On a computer that others use, too: this browser shows no case any more."""
    receipts.forget_all()
    flash(_("已结束查询。再次查看需要重新填写编号和查询码。"), "success")
    return redirect(url_for("portal.follow"), 303)


def _page(**context: Any) -> str:
    return render_template("portal/follow.html", has_receipts=bool(receipts.known()), **context)

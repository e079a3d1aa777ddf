"""Following: number and code, or number and telephone digits, open a case for this browser."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import NotAuthenticated
from engine.instances import PHONE_DIGITS
from engine.receipts import TooManyFailures, find_by_phone, find_case
from webapp import receipts
from webapp.auth import public
from webapp.i18n import _, translate_error
from webapp.platform import engine
from webapp.portal import drafts
from webapp.portal.blueprint import blueprint, district_phone


@blueprint.get("/follow")
@public
def follow() -> ResponseReturnValue:
    """Ask for number and code; the number may stand in the address, as it does in the picture of a receipt.

    ``?by=code``: for the code alone, as the digits have been shown already.
    """
    return _page(number=request.args.get("number", "")[:60], by_code=request.args.get("by") == "code")


@blueprint.post("/follow")
@public
def find() -> ResponseReturnValue:
    """Compare them and go on to the case. What is wrong and an unknown number read the same."""
    number, code = request.form.get("number", "").strip(), request.form.get("code", "").strip()
    missing = [_("请填写编号。")] * (not number) + [_("请填写查询码或者手机号码后四位。")] * (not code)
    if missing:
        return Response(_page(number=number, code=code, missing=missing), 422)
    try:
        case_id = _open(number, code)
    except NotAuthenticated as error:
        status = 429 if isinstance(error, TooManyFailures) else 422
        return Response(_page(number=number, code=code, error=translate_error(error)), status)
    return redirect(url_for("portal.case", instance_id=case_id), 303)


def _open(number: str, code: str) -> UUID:
    """Four digits are those of the telephone, and open the case to be read; all else is the code."""
    client = request.remote_addr or ""
    if code.isdecimal() and len(code) == PHONE_DIGITS:
        case_id = find_by_phone(engine(), number, code, client)
        receipts.remember_to_read(case_id)
        return case_id
    case_id = find_case(engine(), number, code, client)
    receipts.remember(case_id)
    return case_id


@blueprint.post("/follow/end")
@public
def leave() -> ResponseReturnValue:
    """On a computer that others use, too: this browser shows no case any more."""
    receipts.forget_all()
    drafts.forget_all()
    flash(_("已结束查询。再次查看需要重新填写编号，以及查询码或者手机号码后四位。"), "success")
    return redirect(url_for("portal.follow"), 303)


def _page(**context: Any) -> str:
    context["call"] = district_phone()
    return render_template("portal/follow.html", has_receipts=bool(receipts.known() or receipts.readable()), **context)

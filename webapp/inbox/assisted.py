"""Filing for a resident who came in person (帮办代办): the case is the resident's, the official only writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine import filing
from engine.errors import NotFound
from engine.queries import cases, portal
from webapp.auth import current_actor, requires
from webapp.forms_view import FormView
from webapp.i18n import _, deadline
from webapp.inbox.views import blueprint
from webapp.platform import engine
from webapp.portal.qr import qr_code
from webapp.widgets import Widget

#: Where the receipt waits in the signed cookie; its code is shown for so long, to be printed again.
_HELPED, _SHOWN = "helped", timedelta(minutes=10)
#: The box that the official ticks. No form has such a key.
AGREED = "_agreed"


def asked(view: FormView, is_sent: bool = False) -> FormView:
    """The form with the question whether the resident agrees to what was written down, at its end."""
    label = _("已向居民复述填写的内容，居民同意提交")
    is_ticked = request.form.get(AGREED) == "true"
    fault = _("请向居民复述填写的内容，居民同意后勾选。") if is_sent and not is_ticked else ""
    box = Widget(
        kind="checkbox",
        id=f"f-{AGREED}",
        name=AGREED,
        label=label,
        options=(("true", label, is_ticked),),
        required=True,
        errors=(fault,) if fault else (),
    )
    errors = ((f"#f-{AGREED}", fault),) if fault else ()
    return replace(view, widgets=(*view.widgets, box), errors=(*view.errors, *errors))


def started(key: str, values: dict[str, Any], unit: UUID) -> ResponseReturnValue:
    """File it and go on to the receipt. Raises TooMuch for a telephone number with too many cases."""
    found = filing.file_for(engine(), current_actor(), key, values, unit)
    case = found.instance
    session[_HELPED] = {
        "id": str(case.id),
        "number": case.business_key,
        "title": case.title,
        "code": found.receipt_code,
        "at": case.started_at.isoformat(),
    }
    return redirect(url_for("inbox.helped"), 303)


@blueprint.get("/processes/receipt")
@requires("case.start")
def helped() -> ResponseReturnValue:
    """The receipt of the case that was just filed for a resident, to be printed and handed over."""
    kept = session.get(_HELPED)
    if kept is None:
        return redirect(url_for("inbox.start_list"))
    is_fresh = engine().clock() - datetime.fromisoformat(kept["at"]) < _SHOWN
    if not is_fresh and kept["code"]:
        session[_HELPED] = kept = {**kept, "code": ""}
    picture = qr_code(url_for("portal.follow", number=kept["number"], _external=True), _("查询进度的二维码"))
    return render_template("inbox/helped.html", receipt=kept, picture=picture, waits=_waits(UUID(kept["id"])))


def _waits(case_id: UUID) -> list[tuple[str, str, Any]]:
    """What happens next: the step, who does it, and until when."""
    with engine().read(current_actor()) as tx:
        try:
            found = portal.waiting(tx, cases.case(tx, case_id))
        except NotFound:  # somebody else has signed in meanwhile
            return []
    return [(_(each.task.name), _("、").join(each.who), deadline(each.task.due_at)) for each in found]

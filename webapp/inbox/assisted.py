"""Filing for a resident who came in person (帮办代办): the case is the resident's, the official only writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine import filing, people
from engine.counter_limits import TooMuch
from engine.database import Transaction
from engine.errors import NotFound
from engine.forms import Bound
from engine.queries import cases, portal
from engine.release import Release
from webapp import forms_view
from webapp.auth import current_actor, requires
from webapp.forms_view import FormView
from webapp.i18n import _, deadline, translate_error
from webapp.inbox.views import blueprint
from webapp.platform import engine
from webapp.portal import counter
from webapp.portal.counter import Asking, Counter
from webapp.portal.place_choice import GROUP, choice_of
from webapp.portal.qr import qr_code
from webapp.widgets import Widget

#: Where the receipt waits in the signed cookie; its code is shown for so long, to be printed again.
_HELPED, _SHOWN = "helped", timedelta(minutes=10)
#: The box that the official ticks. No form has such a key.
AGREED = "_agreed"


def begin(tx: Transaction, release: Release) -> str:
    """The empty form; an official of a group has its group chosen, one of a community chooses among its groups."""
    found = counter.counter_of(tx, release.key, request.args.get("group", ""), own=True)
    if found.chosen is None and tx.actor.unit_id is not None:
        near = people.org_tree(tx).unit(tx.actor.unit_id).code
        found = replace(found, choice=choice_of(tx, None, "", near))
    return _page(release, found, found.form.initial({}, found.env))


def submit(release: Release) -> ResponseReturnValue:
    """File it, or show the form again with what is wrong."""
    actor = current_actor()
    with engine().read(actor) as tx:
        found = counter.counter_of(tx, release.key, request.form.get(GROUP, ""))
    posted = counter.as_asked(forms_view.read(found.form, request.form, request.files))
    bound = posted.bind(forms_view.keep_uploads(engine(), actor, posted, {}), {}, found.env)
    if posted.action == forms_view.REFRESH:
        return _page(release, found, bound)
    if bound.errors or found.chosen is None or AGREED not in request.form:
        return Response(_page(release, found, bound, is_sent=True), 422)
    try:
        started = filing.file_for(engine(), actor, release.key, bound.values, found.chosen, found.level)
    except TooMuch as error:
        return Response(_page(release, found, bound, refusal=translate_error(error)), 429)
    case = started.instance
    session[_HELPED] = {
        "id": str(case.id),
        "number": case.business_key,
        "title": case.title,
        "code": started.receipt_code,
        "at": case.started_at.isoformat(),
    }
    return redirect(url_for("inbox.helped"), 303)


def _page(release: Release, found: Counter, bound: Bound, is_sent: bool = False, refusal: str = "") -> str:
    hint = _("填写小区、街巷、村或者社区的名称，例如：金星社区。不是本单位的居民，也可以代为提交。")
    asking = Asking(_("居民住在哪里"), hint, _("请选择居民所在的居民小组。"))
    view = counter.with_group(found, forms_view.show(found.form, bound), is_sent, asking)
    return render_template("inbox/help.html", release=release, view=_with_agreement(view, is_sent), refusal=refusal)


def _with_agreement(view: FormView, is_sent: bool) -> FormView:
    """The form with the question whether the resident agrees to what was written down, at its end."""
    label = _("已向居民复述填写的内容，居民同意提交")
    is_ticked = AGREED in request.form
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

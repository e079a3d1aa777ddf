"""Filing on one page: the whole start form of a public process, and the receipt."""

from __future__ import annotations

from uuid import UUID

from flask import Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine.errors import EngineError
from engine.forms import Bound
from engine.queries import cases, portal
from webapp import forms_view, receipts
from webapp.auth import current_actor, public
from webapp.i18n import Deadline, _, deadline
from webapp.platform import engine
from webapp.portal import counter, honesty, uploads
from webapp.portal.blueprint import RECEIPT, blueprint
from webapp.portal.counter import Counter, counter_of
from webapp.portal.form_steps import steps_of
from webapp.portal.place_choice import GROUP
from webapp.portal.qr import qr_code
from webapp.preferences import ELDER, display_mode


@blueprint.get("/start/<key>")
@public
def start(key: str) -> ResponseReturnValue:
    """The empty form. The group may stand in the address (``?group=jinxing-1``), so that a poster can lead here.

    In large print it is asked step by step.
    """
    if display_mode() == ELDER:
        return redirect(url_for("portal.begin", key=key, **request.args))
    with engine().read(current_actor()) as tx:
        found = counter_of(tx, key, request.args.get("group", ""), own=True)
    return _page(found, found.form.initial({}, found.env))


@blueprint.post("/start/<key>")
@public
def file(key: str) -> ResponseReturnValue:
    """File the case, or show the form again: with its errors, or under changed conditions."""
    with engine().read(current_actor()) as tx:
        found = counter_of(tx, key, request.form.get(GROUP, ""))
        doubt = honesty.doubt(tx, honesty.sent_opening())
    posted, kept = uploads.keep(counter.as_asked(forms_view.read(found.form, request.form, request.files)))
    bound = posted.bind(kept, {}, found.env)
    if posted.action == forms_view.REFRESH:
        return _page(found, bound)
    if bound.errors or found.chosen is None:
        return Response(_page(found, bound, is_sent=True), 422)
    if doubt:
        return Response(_page(found, bound, refusal=doubt), 422)
    try:
        started = counter.send(found, found.chosen, bound.values)
    except EngineError as error:
        sentence, status = counter.refusal(found, error)
        return Response(_page(found, bound, refusal=sentence), status)
    counter.keep_receipt(started)
    return redirect(url_for("portal.receipt"), 303)


@blueprint.get("/receipt")
@public
def receipt() -> ResponseReturnValue:
    """Number and code of the case that was just filed; the code is gone once another page was opened."""
    kept = session.get(RECEIPT)
    if kept is None:
        return redirect(url_for("portal.follow"))
    address = url_for("portal.follow", number=kept["number"], _external=True)
    picture = qr_code(address, _("查询进度的二维码"))
    return render_template("portal/receipt.html", receipt=kept, picture=picture, waits=_waits(UUID(kept["id"])))


def _waits(case_id: UUID) -> list[tuple[str, str, Deadline | None]]:
    """What happens next: the step, who does it, and until when."""
    try:
        actor = receipts.actor_for(case_id)
    except EngineError:  # the query was ended meanwhile
        return []
    with engine().read(actor) as tx:
        found = portal.waiting(tx, cases.case(tx, case_id))
    return [(_(each.task.name), _("、").join(each.who), deadline(each.task.due_at)) for each in found]


def _page(found: Counter, bound: Bound, is_sent: bool = False, refusal: str = "") -> str:
    opened = honesty.sent_opening() or engine().clock()
    return render_template(
        "portal/start.html",
        view=counter.with_group(found, forms_view.show(found.form, bound), is_sent),
        form=found.form,
        key=found.key,
        refusal=refusal,
        has_steps=len(steps_of(found.form)) > 1,
        opened={honesty.OPENED: honesty.opened_at(opened)},
        trap=honesty.TRAP,
    )

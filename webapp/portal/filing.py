"""Filing: the start form of a public process, and the receipt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine import feel, filing
from engine.errors import EngineError
from engine.filing import TooManyFilings
from engine.forms import Bound, Form
from engine.instances import Started
from engine.model.people import Level
from engine.people import Unit
from engine.queries import cases, portal, starting
from engine.queries.portal import Neighbourhood
from webapp import forms_view, receipts
from webapp.auth import current_actor, public
from webapp.errors import status_of
from webapp.files import upload_session
from webapp.forms_view import FormView
from webapp.i18n import Deadline, _, deadline, translate_error
from webapp.platform import engine
from webapp.portal.blueprint import RECEIPT, blueprint
from webapp.portal.form_steps import steps_of
from webapp.portal.qr import qr_code
from webapp.widgets import Widget

#: The field for one's own group; no form of ours has a key that begins like this.
GROUP = "_group"


@dataclass(frozen=True)
class Counter:
    """What filing needs: the form, what its expressions may use, where the case goes, the groups to choose from."""

    key: str
    form: Form
    env: feel.Environment
    level: Level
    places: list[Neighbourhood]
    chosen: Unit | None


@blueprint.get("/start/<key>")
@public
def start(key: str) -> ResponseReturnValue:
    """The empty form. The group may stand in the address (``?group=jinxing-1``), so that a poster can lead here."""
    counter = counter_of(key, request.args.get("group", ""))
    return _page(counter, counter.form.initial({}, counter.env))


@blueprint.post("/start/<key>")
@public
def file(key: str) -> ResponseReturnValue:
    """File the case, or show the form again: with its errors, or under changed conditions."""
    counter = counter_of(key, request.form.get(GROUP, ""))
    posted = forms_view.read(counter.form, request.form, request.files)
    actor = current_actor()
    kept = forms_view.keep_uploads(engine(), actor, posted, {}, upload_session(actor))
    bound = posted.bind(kept, {}, counter.env)
    if posted.action == forms_view.REFRESH:
        return _page(counter, bound)
    if bound.errors or counter.chosen is None:
        return Response(_page(counter, bound, is_sent=True), 422)
    try:
        started = start_case(counter, counter.chosen, bound.values)
    except EngineError as error:
        return Response(_page(counter, bound, refusal=translate_error(error)), refusal_status(error))
    keep_receipt(started)
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


def start_case(counter: Counter, group: Unit, values: dict[str, Any]) -> Started:
    """File it for whoever is asking."""
    actor, client = current_actor(), request.remote_addr or ""
    return filing.file(engine(), actor, counter.key, values, group, counter.level, upload_session(actor), client)


def refusal_status(error: EngineError) -> int:
    """The HTTP status of an answer that shows the form again."""
    return 429 if isinstance(error, TooManyFilings) else status_of(error)


def keep_receipt(started: Started) -> None:
    case = started.instance
    session[RECEIPT] = {
        "id": str(case.id),
        "number": case.business_key,
        "title": case.title,
        "code": started.receipt_code,
    }
    if case.started_by is None:
        receipts.remember(case.id)


def counter_of(key: str, group_code: str) -> Counter:
    with engine().read(current_actor()) as tx:
        release, form = portal.offered_start(tx, key)
        chosen = portal.group(tx, group_code)
        if chosen is None and request.method == "GET":
            chosen = portal.own_group(tx)
        level = starting.level_of_cases(release)
        return Counter(key, form, starting.start_environment(tx), level, portal.neighbourhoods(tx), chosen)


def _page(counter: Counter, bound: Bound, is_sent: bool = False, refusal: str = "") -> str:
    view = with_group(counter, forms_view.show(counter.form, bound), is_sent)
    has_steps = len(steps_of(counter.form)) > 1
    return render_template(
        "portal/start.html", view=view, form=counter.form, key=counter.key, refusal=refusal, has_steps=has_steps
    )


def with_group(counter: Counter, view: FormView, is_sent: bool) -> FormView:
    """The form with the choice of one's group in front, which no form has to bring along."""
    sentence = _("请选择您所在的居民小组。")
    is_missing = counter.chosen is None and is_sent
    widget = Widget(
        kind="select",
        id=f"f-{GROUP}",
        name=GROUP,
        label=_("您所在的居民小组"),
        hint=_("先由您所在的居民小组或者社区受理。"),
        errors=(sentence,) if is_missing else (),
        required=True,
        children=tuple(_options(place, counter.chosen) for place in counter.places),
    )
    errors = ((f"#f-{GROUP}", sentence),) if is_missing else ()
    return replace(view, widgets=(widget, *view.widgets), errors=(*errors, *view.errors))


def _options(place: Neighbourhood, chosen: Unit | None) -> Widget:
    options = tuple((unit.code, unit.name, unit == chosen) for unit in place.groups)
    return Widget(kind="options", id="", label=place.name, options=options)

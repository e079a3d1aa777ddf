"""The notice board (公示栏): public notices, and objecting to them; for officials, who objected to what."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine import objections, people
from engine.counter_limits import TooMuch
from engine.errors import InvalidState, InvalidVariables
from engine.lifecycle import NoticeState, state_name
from engine.notices import KINDS
from engine.queries import notices
from engine.queries.notices import Wish
from webapp.auth import current_actor, public, signed_in
from webapp.errors import status_of
from webapp.i18n import _, translate_error
from webapp.platform import engine
from webapp.portal import counter, objecting
from webapp.portal.blueprint import drop_the_receipt_code
from webapp.posting import posting
from webapp.sent import page_number

blueprint = Blueprint("notices", __name__, template_folder="templates")
blueprint.before_request(drop_the_receipt_code)
#: Where the receipt of an objection waits in the signed session cookie for its page.
_RECEIPT = "objection"


@blueprint.get("/notices")
@public
def board() -> ResponseReturnValue:
    """What is open first, then what came of the others; narrowed by unit, kind, state and words."""
    wish = _wish()
    with engine().read(current_actor()) as tx:
        found, units = notices.board(tx, wish), notices.places(tx)
    return render_template(
        "notices/board.html",
        wish=wish,
        page=found,
        postings=[posting(each) for each in found.items],
        units=units,
        kinds=[(kind, _(kind)) for kind in KINDS],
        states=[(state.value, _(state_name(state))) for state in NoticeState],
        narrowed=bool(wish.unit or wish.kind or wish.state),
    )


def _wish() -> Wish:
    asked = request.args
    state = asked.get("state", "")
    return Wish(
        search=asked.get("q", "").strip(),
        unit=asked.get("unit", ""),
        kind=asked.get("kind", ""),
        state=NoticeState(state) if state in set(NoticeState) else None,
        page=page_number(),
    )


@blueprint.get("/notices/<number>")
@public
def notice(number: str) -> ResponseReturnValue:
    """One notice with what came of it; as long as it takes objections, with the form for one."""
    return _page(number, {})


@blueprint.post("/notices/<number>/objections")
@public
def object_to(number: str) -> ResponseReturnValue:
    """File an objection, or show the form again with what was typed and what is wrong."""
    typed = {field: request.form.get(field, "") for field in objecting.FIELDS}
    try:
        own = objections.file(engine(), current_actor(), number, client=request.remote_addr or "", **typed)
    except InvalidVariables as error:
        return Response(_page(number, typed, errors=error.errors), status_of(error))
    except TooMuch as error:
        return Response(_page(number, typed, refusal=translate_error(error) + _whom_to_call(number)), 429)
    except InvalidState as error:
        return Response(_page(number, typed, refusal=translate_error(error)), status_of(error))
    session[_RECEIPT] = {"notice": number, "number": own}
    return redirect(url_for("notices.receipt", number=number), 303)


@blueprint.get("/notices/<number>/receipt")
@public
def receipt(number: str) -> ResponseReturnValue:
    """The number of the objection that this browser filed last; without one, the notice."""
    kept = session.get(_RECEIPT)
    if kept is None or kept["notice"] != number:
        return redirect(url_for("notices.notice", number=number))
    with engine().read(current_actor()) as tx:
        shown = posting(notices.notice(tx, number))
    return render_template("notices/receipt.html", posting=shown, number=kept["number"])


@blueprint.get("/notices/<number>/objections", endpoint="objections")
@signed_in
def objections_page(number: str) -> ResponseReturnValue:
    """Who objected to what, for the posts that look after the case."""
    actor = current_actor()
    with engine().read(actor) as tx:
        posted, case, found = notices.objections(tx, number)
    return render_template(
        "notices/objections.html",
        posting=posting(posted),
        case=case,
        objections=[objecting.objection(posted, each, actor) for each in found],
        masked=not actor.may("personal_data.unmask"),
    )


def _whom_to_call(number: str) -> str:
    with engine().read(current_actor()) as tx:
        unit_id = notices.notice(tx, number).notice.unit_id
        return counter.call(people.org_tree(tx).unit(unit_id) if unit_id else None)


def _page(
    number: str, typed: Mapping[str, str], errors: Mapping[str, list[str]] | None = None, refusal: str = ""
) -> str:
    with engine().read(current_actor()) as tx:
        posted = notices.notice(tx, number)
        case = notices.case_behind(tx, posted)
        filed = notices.replies(tx, posted) if posted.objections else ()
    labels = objecting.labels()
    return render_template(
        "notices/notice.html",
        posting=posting(posted),
        case=case,
        replies=[objecting.reply(posted, each) for each in filed],
        view=objecting.form(typed, errors or {}),
        typed=[(labels[field], value) for field, value in typed.items() if value.strip()],
        refusal=refusal,
    )

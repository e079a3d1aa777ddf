"""Setting up a substitution, ending it, and seeing whose work one does; for an admin, all of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import people, substitutions
from engine.clock import local_day
from engine.errors import InvalidVariables
from engine.model.base import as_id
from engine.queries import inbox
from engine.queries import substitutions as queries
from webapp.auth import current_actor, requires
from webapp.i18n import _, in_language, sentences, translate_error
from webapp.platform import engine
from webapp.sent import as_day

blueprint = Blueprint("substitutions", __name__, template_folder="templates")
_MANAGE = "people.manage"
_SEARCH = "search"
_TYPED = ("q", "starts_on", "ends_on", "reason", "appointment", "for")


@blueprint.get("/substitutions", endpoint="list")
@requires("task.handle", _MANAGE)
def list_substitutions() -> ResponseReturnValue:
    """Those of the account, those that it has received, and for an admin all that run or are to come."""
    actor = current_actor()
    with engine().read(actor) as tx:
        own = (
            (queries.given(tx, actor.account_id), queries.received(tx, actor.account_id))
            if actor.account_id
            else ([], [])
        )
        every = queries.current(tx) if actor.may(_MANAGE) else []
    return render_template("substitutions/list.html", given=own[0], received=own[1], every=every)


@blueprint.get("/substitutions/new")
@requires("task.handle", _MANAGE)
def new() -> ResponseReturnValue:
    """The form of a substitution; an admin first chooses for whom."""
    return _page({})


@blueprint.post("/substitutions/new")
@requires("task.handle", _MANAGE)
def set_up() -> ResponseReturnValue:
    """Set it up; a search only shows other people."""
    principal = _principal()
    if request.form.get("_do") == _SEARCH or principal is None:
        return _page({})
    form = request.form
    try:
        with engine().begin(current_actor()) as tx:
            substitutions.set_up(
                tx,
                principal,
                [id for each in form.getlist("delegates") if (id := as_id(each))],
                as_day(form.get("starts_on", "")),
                as_day(form.get("ends_on", "")),
                form.get("reason", ""),
                as_id(form.get("appointment", "")),
                form.getlist("process"),
            )
    except InvalidVariables as error:
        return Response(_page(sentences(error)), 422)
    flash(_("已设置委托。"), "success")
    return redirect(url_for("substitutions.list"))


@blueprint.post("/substitutions/<uuid:substitution_id>/end")
@requires("task.handle", _MANAGE)
def end(substitution_id: UUID) -> ResponseReturnValue:
    """End it before its last day is over."""
    try:
        with engine().begin(current_actor()) as tx:
            substitutions.end(tx, substitution_id, request.form.get("reason", ""))
    except InvalidVariables as error:
        flash(translate_error(error), "error")
    else:
        flash(_("委托已结束。"), "success")
    return redirect(url_for("substitutions.list"))


def _principal() -> UUID | None:
    """Whose work it is: the actor's own, unless an admin has chosen somebody."""
    actor = current_actor()
    if actor.may(_MANAGE):
        return as_id(request.values.get("for", ""))
    return actor.account_id


def _page(errors: dict[str, str]) -> str:
    principal = _principal()
    form = request.form
    typed: dict[str, Any] = {name: request.values.get(name, "") for name in _TYPED}
    with engine().read(current_actor()) as tx:
        today = local_day(tx.now).isoformat()
        found = people.colleagues(tx, None, typed["q"].strip(), principal)
        context = {
            "principal": queries.principal_name(tx, principal) if principal else "",
            "posts": people.posts_of(tx, principal) if principal else [],
            "processes": sorted(in_language(inbox.process_names(tx)).items()),
            "choices": _kept(tx, found, form.getlist("delegates"), principal),
        }
    typed["starts_on"] = typed["starts_on"] or today
    chosen = {"delegates": form.getlist("delegates"), "process": form.getlist("process")}
    return render_template("substitutions/new.html", typed=typed, chosen=chosen, errors=errors, **context)


def _kept(tx: Any, found: list[people.Receiver], chosen: list[str], but: UUID | None) -> list[people.Receiver]:
    """What was found, and in front of it those near by who were chosen before."""
    known = {str(each.account_id) for each in found}
    missing = [each for each in chosen if each not in known]
    near = people.colleagues(tx, None, "", but) if missing else []
    return [each for each in near if str(each.account_id) in missing] + found

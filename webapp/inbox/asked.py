"""What others ask of the acting post: the list, and the page on which a question is answered."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import consultations
from engine.errors import InvalidVariables
from engine.model.consultation import Opinion
from engine.queries import opinions
from webapp.auth import current_actor, requires
from webapp.casefile import case_file
from webapp.i18n import _, sentences
from webapp.inbox.views import blueprint
from webapp.platform import engine
from webapp.sent import page_number


@blueprint.get("/opinions", endpoint="opinions")
@requires("task.handle")
def list_opinions() -> ResponseReturnValue:
    """What waits for an answer; or what was answered."""
    done = request.args.get("tab") == "done"
    with engine().read(current_actor()) as tx:
        found = opinions.asked(tx, not done, page_number(digits=6))
        waiting = opinions.count_waiting(tx)
    return render_template("inbox/opinions.html", page=found, done=done, waiting=waiting)


@blueprint.get("/opinions/<uuid:consultation_id>")
@requires("task.handle")
def opinion(consultation_id: UUID) -> ResponseReturnValue:
    """One question with its case, and the form for the answer."""
    return _page(consultation_id, {})


@blueprint.post("/opinions/<uuid:consultation_id>")
@requires("task.handle")
def give_opinion(consultation_id: UUID) -> ResponseReturnValue:
    """Answer it."""
    chosen = request.form.get("opinion", "")
    given = Opinion(chosen) if chosen in set(Opinion) else Opinion.NONE
    try:
        with engine().begin(current_actor()) as tx:
            consultations.answer(tx, consultation_id, given, request.form.get("answer", ""))
    except InvalidVariables as error:
        return Response(_page(consultation_id, sentences(error)), 422)
    flash(_("意见已提交。"), "success")
    return redirect(url_for("inbox.opinions"))


def _page(consultation_id: UUID, errors: dict[str, str]) -> str:
    with engine().read(current_actor()) as tx:
        asked = opinions.one(tx, consultation_id)
        file = case_file(tx, asked.instance)
    typed = {name: request.form.get(name, "") for name in ("opinion", "answer")}
    return render_template("inbox/opinion.html", asked=asked, file=file, typed=typed, errors=errors)

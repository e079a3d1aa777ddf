"""Voting: the votes of whoever is signed in, and one vote with its ballot paper or its result."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import votes as commands
from engine.errors import AlreadyDone, InvalidState, InvalidVariables
from engine.queries import votes as queries
from webapp.auth import current_actor, signed_in
from webapp.errors import status_of
from webapp.i18n import _, translate_error
from webapp.platform import engine

blueprint = Blueprint("votes", __name__, template_folder="templates")


@blueprint.get("/votes")
@signed_in
def votes() -> ResponseReturnValue:
    """What waits for the visitor's ballot, and the other votes in which the visitor is an elector."""
    with engine().read(current_actor()) as tx:
        papers = queries.papers(tx)
    waiting = [paper for paper in papers if paper.may_cast]
    return render_template("votes/votes.html", waiting=waiting, others=[each for each in papers if not each.may_cast])


@blueprint.get("/votes/<number>")
@signed_in
def vote(number: str) -> ResponseReturnValue:
    """A vote: the ballot paper for an elector who has not voted, later how it came out."""
    return _page(number)


@blueprint.post("/votes/<number>")
@signed_in
def cast(number: str) -> ResponseReturnValue:
    """Cast the ballot, once the choice that cannot be changed has been confirmed."""
    choice = request.form.get("choice", "")
    if request.form.get("again"):
        return _page(number, choice=choice)
    if not request.form.get("confirmed"):
        return _confirm(number, choice)
    try:
        with engine().begin(current_actor()) as tx:
            commands.cast(tx, number, choice)
    except InvalidVariables as error:
        return Response(_page(number, error=translate_error(error)), 422)
    except (AlreadyDone, InvalidState) as error:
        return Response(_page(number, refusal=translate_error(error)), status_of(error))
    flash(_("已投票。"), "success")
    return redirect(url_for("votes.vote", number=number))


def _confirm(number: str, choice: str) -> ResponseReturnValue:
    with engine().read(current_actor()) as tx:
        paper = queries.paper(tx, number)
    if not paper.may_cast:
        return redirect(url_for("votes.vote", number=number))
    if choice not in paper.vote.options:
        return Response(_page(number, error=_("请选择一个选项。")), 422)
    return render_template("votes/confirm.html", paper=paper, choice=choice)


def _page(number: str, *, choice: str = "", error: str | None = None, refusal: str | None = None) -> str:
    with engine().read(current_actor()) as tx:
        paper = queries.paper(tx, number)
    return render_template("votes/vote.html", paper=paper, choice=choice, error=error, refusal=refusal)

"""The residents' pages: where they begin."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.forms import Form
from engine.queries import notices, portal
from webapp import receipts
from webapp.auth import current_actor, home_url, public
from webapp.platform import engine
from webapp.portal import adding, case, drafts, filing, following, place_choice, steps, uploads
from webapp.portal.blueprint import blueprint
from webapp.portal.form_steps import steps_of
from webapp.posting import posting

__all__ = ["adding", "blueprint", "case", "drafts", "filing", "following", "place_choice", "steps", "uploads"]

#: The process property that says in a sentence for whom and for what the process is.
OFFER = "offer"
#: On the first page; the notice board has all.
_MOST_NOTICES = 3


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """What one can do here."""
    actor = current_actor()
    with engine().read(actor) as tx:
        offered = portal.offered(tx)
        forms = [(release.key, release.start_form()) for release in offered]
        mine = portal.own_cases(tx, 1, [*receipts.known(), *receipts.readable()])
        posted = notices.newest(tx, _MOST_NOTICES)
        begun = drafts.begun(tx, {key: form for key, form in forms if form is not None})
    work = home_url()
    return render_template(
        "portal/home.html",
        offers=[
            (way_in(release.key, form), form.title, release.process.property(OFFER) or "")
            for release, (_key, form) in zip(offered, forms, strict=True)
            if form is not None
        ],
        begun=begun,
        mine=mine.total,
        postings=[posting(each) for each in posted],
        work_url=work if work != url_for("portal.home") else None,
    )


def way_in(key: str, form: Form) -> str:
    """Step by step where the form has steps, else all on one page."""
    return url_for("portal.begin" if len(steps_of(form)) > 1 else "portal.start", key=key)


@blueprint.get("/mine")
@public
def mine() -> ResponseReturnValue:
    """The cases that the account filed, and those that this browser may follow."""
    page = request.args.get("page", "1")
    with engine().read(current_actor()) as tx:
        shown = [*receipts.known(), *receipts.readable()]
        found = portal.own_cases(tx, int(page) if page.isascii() and page.isdigit() else 1, shown)
    return render_template("portal/mine.html", page=found, has_receipts=bool(shown))

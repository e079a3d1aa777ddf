"""A case on paper: one sheet of A4, or as many as it needs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import segno
from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from engine.clock import TIMEZONE
from engine.people import OFFICIAL
from engine.queries import cases
from webapp.auth import current_actor, requires
from webapp.casefile import case_file
from webapp.inbox.views import blueprint
from webapp.platform import engine


@blueprint.get("/cases/<uuid:instance_id>/sheet")
@requires(*OFFICIAL)
def sheet(instance_id: UUID) -> ResponseReturnValue:
    """Facts, story and files of a case, to be printed by those who handle it; personal data is masked as on screen."""
    with engine().read(current_actor()) as tx:
        found = cases.case_inside(tx, instance_id)
        return render_template(
            "inbox/sheet.html",
            instance=found,
            process=cases.release_of(tx, found).bundle.name,
            file=case_file(tx, found),
            masked=not tx.actor.may("personal_data.unmask"),
            code=_code(url_for("inbox.case", instance_id=found.id, _external=True)),
            now=tx.now,
        )


@blueprint.app_template_filter("stamp")
def stamp(moment: datetime) -> str:
    """A moment with its whole date, as it is written on paper: 2026-11-24 09:00."""
    return f"{moment.astimezone(TIMEZONE):%Y-%m-%d %H:%M}"


def _code(address: str) -> Markup:
    """The address as a QR code: an SVG without styles, as the content policy demands."""
    drawn = segno.make(address, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=3, border=0, omitsize=True, svgclass="sheet-code", lineclass=None))  # noqa: S704 (segno draws lines only; the address is in their pattern)

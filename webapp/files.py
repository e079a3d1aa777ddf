"""Uploaded files, for whoever may see the case they belong to."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from engine import files
from engine.errors import EngineError
from engine.people import Actor, receipt_actor
from engine.queries import cases, reading
from webapp import browser, receipts
from webapp.auth import current_actor, public
from webapp.platform import engine

blueprint = Blueprint("files", __name__)
#: What browsers show by themselves, where nothing of it can act in our name: a PDF opens in the browser's own viewer.
_SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "application/pdf"})


def upload_session(actor: Actor) -> str | None:
    """Stands for the uploader when the actor has no account: this browser, which is known again after it was closed."""
    return None if actor.account_id is not None else browser.upload_session_of(browser.token_to_keep())


@blueprint.app_template_filter("file_size")
def size_in_words(size: int) -> str:
    """A size in bytes as people say it: 820 KB, 2.4 MB."""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, round(size / 1024))} KB"


@blueprint.get("/files/<uuid:file_id>")
@public
def show(file_id: UUID) -> ResponseReturnValue:
    """A file: pictures and PDF are shown, anything else is offered for saving under its name."""
    known = browser.token()
    with engine().read(current_actor()) as tx:
        link, stored = files.read(tx, file_id, browser.upload_session_of(known) if known else None)
        content = stored.content
    if link.instance_id is not None:
        _ensure_open(link.instance_id, file_id)
    return send_file(
        BytesIO(content),
        mimetype=stored.media_type,
        as_attachment=stored.media_type not in _SHOWN,
        download_name=link.name,
    )


def _ensure_open(instance_id: UUID, file_id: UUID) -> None:
    """A receipt opens what its applicant may open, the acting post what it may; whichever of them the browser has."""
    opened = [receipt_actor(instance_id)] if instance_id in receipts.known() else []
    refusals = []
    for actor in (current_actor(), *opened):
        try:
            with engine().read(actor) as tx:
                reading.ensure_open(tx, cases.case(tx, instance_id), file_id)
        except EngineError as error:
            refusals.append(error)
        else:
            return
    raise refusals[0]

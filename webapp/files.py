"""Uploaded files, for whoever may see the case they belong to."""

from __future__ import annotations

import secrets
from io import BytesIO
from uuid import UUID

from flask import Blueprint, send_file, session
from flask.typing import ResponseReturnValue

from engine import files
from engine.people import Actor, receipt_actor
from engine.queries import cases
from webapp import receipts
from webapp.auth import current_actor, public
from webapp.platform import engine

blueprint = Blueprint("files", __name__)
_SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


def upload_session(actor: Actor) -> str | None:
    """Stands for the uploader when the actor has no account: a random value in the signed cookie."""
    if actor.account_id is not None:
        return None
    if "uploads" not in session:
        session["uploads"] = secrets.token_urlsafe(18)
    return str(session["uploads"])


@blueprint.app_template_filter("file_size")
def size_in_words(size: int) -> str:
    """A size in bytes as people say it: 820 KB, 2.4 MB."""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, round(size / 1024))} KB"


@blueprint.get("/files/<uuid:file_id>")
@public
def show(file_id: UUID) -> ResponseReturnValue:
    """A file: pictures are shown, anything else is offered for saving under its name."""
    with engine().read(current_actor()) as tx:
        link, stored = files.read(tx, file_id, session.get("uploads"))
        content = stored.content
    if link.instance_id is not None:
        _ensure_visible(link.instance_id)
    return send_file(
        BytesIO(content),
        mimetype=stored.media_type,
        as_attachment=stored.media_type not in _SHOWN,
        download_name=link.name,
    )


def _ensure_visible(instance_id: UUID) -> None:
    actor = receipt_actor(instance_id) if instance_id in receipts.known() else current_actor()
    with engine().read(actor) as tx:
        cases.case(tx, instance_id)

"""Uploaded files, for whoever may see the case they belong to."""

from __future__ import annotations

import secrets
from io import BytesIO
from uuid import UUID

from flask import Blueprint, send_file, session
from flask.typing import ResponseReturnValue

from engine import files
from engine.queries import cases
from webapp.auth import current_actor, public
from webapp.platform import engine

blueprint = Blueprint("files", __name__)
_SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


def upload_session() -> str | None:
    """Stands for the uploader when nobody is signed in: a random value in the signed cookie."""
    if current_actor().account_id is not None:
        return None
    if "uploads" not in session:
        session["uploads"] = secrets.token_urlsafe(18)
    return str(session["uploads"])


@blueprint.get("/files/<uuid:file_id>")
@public
def show(file_id: UUID) -> ResponseReturnValue:
    """A file: pictures are shown, anything else is offered for saving under its name."""
    with engine().read(current_actor()) as tx:
        link, stored = files.read(tx, file_id, session.get("uploads"))
        if link.instance_id is not None:
            cases.case(tx, link.instance_id)
        content = stored.content
    return send_file(
        BytesIO(content),
        mimetype=stored.media_type,
        as_attachment=stored.media_type not in _SHOWN,
        download_name=link.name,
    )

"""The drawing of a version, for the viewer."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from engine.people import OFFICIAL
from engine.queries import cases
from webapp.auth import current_actor, requires
from webapp.platform import engine

blueprint = Blueprint("diagrams", __name__)
_MONTH_SECONDS = 30 * 24 * 3600


@blueprint.get("/diagrams/<uuid:definition_id>.bpmn")
@requires(*OFFICIAL)
def bpmn(definition_id: UUID) -> ResponseReturnValue:
    """The BPMN file of a version. Versions never change, so browsers may keep it."""
    with engine().read(current_actor()) as tx:
        text = cases.diagram(tx, definition_id)
    response = Response(text, mimetype="application/xml")
    response.headers["Cache-Control"] = f"private, max-age={_MONTH_SECONDS}, immutable"
    return response

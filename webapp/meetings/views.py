"""The agendas of meetings: what waits for the next one, what lies on the table, what was decided of late."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.queries import meetings
from webapp.auth import current_actor, requires
from webapp.i18n import _
from webapp.platform import engine

blueprint = Blueprint("meetings", __name__, template_folder="templates")


@blueprint.get("/meetings")
@requires("task.handle")
def agendas() -> ResponseReturnValue:
    """The agendas around the acting post, of one kind of meeting where there are several."""
    with engine().read(current_actor()) as tx:
        found = meetings.agendas(tx)
    kinds = {agenda.key: agenda.name for agenda in found}
    kind = request.args.get("kind", "")
    shown = [agenda for agenda in found if kind not in kinds or agenda.key == kind]
    return render_template(
        "meetings/agendas.html",
        agendas=shown,
        waiting=sum(len(agenda.waiting) for agenda in shown),
        tabs=_tabs(kinds, kind) if len(kinds) > 1 else [],
        days=meetings.RECENT.days,
    )


def _tabs(kinds: dict[str, str], kind: str) -> list[dict[str, object]]:
    everything = {"url": url_for("meetings.agendas"), "label": _("全部会议"), "active": kind not in kinds}
    each = (
        {"url": url_for("meetings.agendas", kind=key), "label": name, "active": key == kind}
        for key, name in kinds.items()
    )
    return [everything, *each]

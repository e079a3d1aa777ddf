"""Watching a case, and watching it no more."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine import watching
from engine.model.process import ProcessInstance
from engine.queries import watched
from webapp.auth import current_actor, requires
from webapp.expired import local_path
from webapp.i18n import _
from webapp.inbox.views import blueprint
from webapp.platform import engine


@blueprint.post("/cases/<uuid:instance_id>/watch")
@requires("task.handle")
def watch(instance_id: UUID) -> ResponseReturnValue:
    """Watch the case."""
    with engine().begin(current_actor()) as tx:
        watching.watch(tx, instance_id)
    flash(_("已关注。事项退回、被催办、逾期和办结时会有消息，在“我关注的”里可以查看进展。"), "success")
    return _back(instance_id)


@blueprint.post("/cases/<uuid:instance_id>/unwatch")
@requires("task.handle")
def unwatch(instance_id: UUID) -> ResponseReturnValue:
    """Watch the case no more."""
    with engine().begin(current_actor()) as tx:
        watching.unwatch(tx, instance_id)
    flash(_("已取消关注。"), "success")
    return _back(instance_id)


def _back(instance_id: UUID) -> ResponseReturnValue:
    return redirect(local_path(request.form.get("next")) or url_for("inbox.case", instance_id=instance_id))


@blueprint.context_processor
def _offers() -> dict[str, Any]:
    return {"is_watched": _is_watched}


def _is_watched(instance: ProcessInstance) -> bool:
    """Whether the reader watches the case."""
    with engine().read(current_actor()) as tx:
        return watched.is_watched(tx, instance.id)

"""Comments on a case: saying something, changing it, taking it back."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import comments
from engine.errors import InvalidState, InvalidVariables
from engine.queries import cases
from webapp.auth import current_actor, requires
from webapp.expired import local_path
from webapp.i18n import _, translate_error
from webapp.inbox.views import blueprint
from webapp.platform import engine


@blueprint.post("/cases/<uuid:instance_id>/comments")
@requires("task.handle", "case.view_all")
def comment(instance_id: UUID) -> ResponseReturnValue:
    """Comment on a case; whoever is chosen beside the text is mentioned after it."""
    text, mention = request.form.get("text", ""), request.form.get("mention", "").strip().lstrip("@")
    if mention and text.strip():
        text = f"{text.rstrip()} @{mention}"
    try:
        with engine().begin(current_actor()) as tx:
            said = comments.add(tx, instance_id, text)
    except (InvalidState, InvalidVariables) as error:
        return _again(instance_id, text, translate_error(error))
    flash(_("评论已发表，已提醒{who}。", who=_("、").join(said.told)) if said.told else _("评论已发表。"), "success")
    if said.unknown:
        flash(_("没有找到“{name}”，没有提醒到。请写岗位的全称，例如“金星社区书记”。", name=said.unknown[0]), "info")
    return _back(instance_id)


@blueprint.post("/comments/<uuid:comment_id>")
@requires("task.handle", "case.view_all")
def change_comment(comment_id: UUID) -> ResponseReturnValue:
    """Change one's comment, or take it back."""
    try:
        with engine().begin(current_actor()) as tx:
            if request.form.get("_do") == "take_back":
                row = comments.take_back(tx, comment_id)
                done = _("评论已撤回。")
            else:
                row = comments.change(tx, comment_id, request.form.get("text", ""))
                done = _("评论已修改。")
            instance_id = row.instance_id
    except (InvalidState, InvalidVariables) as error:
        flash(translate_error(error), "danger")
        return redirect(local_path(request.form.get("next")) or url_for("inbox.tasks"))
    flash(done, "success")
    return _back(instance_id)


def _back(instance_id: UUID) -> ResponseReturnValue:
    target = local_path(request.form.get("next")) or url_for("inbox.case", instance_id=instance_id)
    return redirect(f"{target}#comments")


def _again(instance_id: UUID, text: str, error: str) -> ResponseReturnValue:
    """What was typed, with what is wrong, so that it can be mended and sent."""
    with engine().read(current_actor()) as tx:
        found = cases.case(tx, instance_id)
        page = render_template("inbox/comment_again.html", instance=found, text=text, error=error)
    return Response(page, 422)

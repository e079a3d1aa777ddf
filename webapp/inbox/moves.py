"""Moving a case back: sending it to an earlier step, and taking back what one has just done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import returns, urging
from engine.errors import InvalidVariables
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.queries import inbox
from engine.queries.inbox import Work
from webapp.auth import current_actor, requires, signed_in
from webapp.i18n import _, sentences
from webapp.inbox.views import blueprint
from webapp.platform import engine


@blueprint.get("/tasks/<uuid:task_id>/return")
@requires("task.handle")
def send_back(task_id: UUID) -> ResponseReturnValue:
    """Choose the step to which the case is sent back, and say why."""
    return _page(task_id)


@blueprint.post("/tasks/<uuid:task_id>/return")
@requires("task.handle")
def send_back_now(task_id: UUID) -> ResponseReturnValue:
    """Send it back; when something is missing the page says so and keeps what was typed."""
    to, reason = request.form.get("to", ""), request.form.get("reason", "")
    try:
        with engine().begin(current_actor()) as tx:
            returns.return_to(tx, task_id, to, reason)
    except InvalidVariables as error:
        return Response(_page(task_id, to, reason, sentences(error)), 422)
    with engine().read(current_actor()) as tx:
        target = inbox.work(tx, task_id).release.nodes[to]
    flash(_("已退回到“{task}”，原办理人已收到通知。", task=_(target.name or to)), "success")
    return redirect(url_for("inbox.tasks"))


@blueprint.post("/tasks/<uuid:task_id>/recall")
@requires("task.handle")
def recall(task_id: UUID) -> ResponseReturnValue:
    """Take a completed task back, and go on with it."""
    with engine().begin(current_actor()) as tx:
        back = returns.recall(tx, task_id)
    flash(_("已撤回。原来填写的内容还在，改好后请重新提交。"), "success")
    return redirect(url_for("inbox.task", task_id=back))


@blueprint.post("/tasks/<uuid:task_id>/urge")
@signed_in
def urge(task_id: UUID) -> ResponseReturnValue:
    """Ask those who have the task to get on with it."""
    with engine().begin(current_actor()) as tx:
        urged = urging.urge(tx, task_id, request.form.get("note", ""))
    flash(_("已催办“{task}”，办理人会收到通知。", task=_(urged.name)), "success")
    return redirect(url_for("inbox.case", instance_id=urged.instance_id))


@blueprint.context_processor
def _offers() -> dict[str, Any]:
    return {"can_send_back": _can_send_back, "to_recall": _to_recall, "to_urge": _to_urge}


def _to_urge(instance: ProcessInstance) -> list[urging.Urgent]:
    """The tasks of the case that the actor may urge."""
    with engine().read(current_actor()) as tx:
        return urging.to_urge(tx, instance)


def _can_send_back(work: Work) -> bool:
    """Whether there is an earlier step; whether the actor may do the task, the page knows already."""
    with engine().read(current_actor()) as tx:
        return bool(returns.steps_to_return(tx, work.release, work.task))


def _to_recall(instance: ProcessInstance) -> UserTask | None:
    """The task of the case that the actor completed last, if it can be taken back now."""
    with engine().read(current_actor()) as tx:
        return returns.task_to_recall(tx, instance)


def _page(task_id: UUID, chosen: str = "", reason: str = "", errors: dict[str, str] | None = None) -> str:
    with engine().read(current_actor()) as tx:
        work = inbox.work(tx, task_id)
        steps = returns.steps_to_return(tx, work.release, work.task) if work.is_open else []
    return render_template(
        "inbox/send_back.html", work=work, steps=steps, chosen=chosen, reason=reason, errors=errors or {}
    )

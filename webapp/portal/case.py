"""One case for the resident who filed it: where it stands, what is asked of them, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import joining, notifications, tasks
from engine.errors import N_, AlreadyDone, EngineError, InvalidState, NotAuthenticated, NotFound
from engine.forms import Bound
from engine.model.process import ProcessInstance
from engine.people import Actor
from engine.queries import cases, inbox, portal
from engine.queries.inbox import Work
from webapp import forms_view, receipts
from webapp.auth import public
from webapp.errors import status_of
from webapp.expired import keep_and_ask_to_sign_in
from webapp.files import upload_session
from webapp.i18n import _, translate_error
from webapp.platform import engine
from webapp.portal import uploads
from webapp.portal.blueprint import blueprint
from webapp.portal.folder import Folder, folder
from webapp.preferences import ELDER, display_mode

_LONGEST_REASON = 500
#: What stands on pages of its own in large print.
PARTS = frozenset({"story", "messages", "notices", "filed", "withdraw"})
View = Callable[..., ResponseReturnValue]


def opened(view: View) -> View:
    """Give the view whoever is asking about its case; nobody's typing is lost when the session has ended meanwhile."""

    @wraps(view)
    def opened(instance_id: UUID, **values: UUID) -> ResponseReturnValue:
        try:
            actor = receipts.actor_for(instance_id, reading=view.__name__ == case.__name__)
        except NotAuthenticated as error:
            if request.method == "POST":
                return keep_and_ask_to_sign_in()
            flash(translate_error(error), "info")
            return redirect(url_for("portal.follow"))
        return view(actor, instance_id, **values)

    return opened


@blueprint.get("/follow/case/<uuid:instance_id>")
@public
@opened
def case(actor: Actor, instance_id: UUID) -> ResponseReturnValue:
    """The case; its messages, once shown, count as read from now on."""
    instance, shown = _folder(actor, instance_id)
    are_shown = display_mode() != ELDER or _part() == "messages"
    if are_shown and actor.permissions and any(message["is_new"] for message in shown.messages):
        with engine().begin(actor) as tx:
            notifications.mark_read(tx, instance_id)
    return _render(instance, shown)


@blueprint.get("/follow/case/<uuid:instance_id>/tasks/<uuid:task_id>")
@public
@opened
def task(actor: Actor, instance_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """A step that waits for the resident; one that is over leads back to the case, with the reason."""
    work = _work(actor, instance_id, task_id)
    try:
        work.task.ensure_open()
    except AlreadyDone as error:
        flash(translate_error(error), "info")
        return redirect(url_for("portal.case", instance_id=instance_id))
    bound = work.form.initial(work.context, work.env) if work.form else None
    return _task_page(work, bound)


@blueprint.post("/follow/case/<uuid:instance_id>/tasks/<uuid:task_id>")
@public
@opened
def submit(actor: Actor, instance_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """Complete the step, or show its form again: with its errors, or under changed conditions."""
    work = _work(actor, instance_id, task_id)
    if work.form is None:
        return _complete(actor, work, None)
    posted = forms_view.read(work.form, request.form, request.files)
    posted, kept = uploads.keep(posted, actor, work.context)
    bound = posted.bind(kept, work.context, work.env)
    if posted.action == forms_view.REFRESH:
        return _task_page(work, bound)
    if bound.errors and work.is_open:
        return Response(_task_page(work, bound), 422)
    return _complete(actor, work, bound)


@blueprint.post("/follow/case/<uuid:instance_id>/withdraw")
@public
@opened
def withdraw(actor: Actor, instance_id: UUID) -> ResponseReturnValue:
    """Take the case back, with a reason."""
    reason = request.form.get("reason", "").strip()
    problem = _problem_with(reason)
    if problem:
        return Response(_withdraw_again(actor, instance_id, reason, problem), 422)
    try:
        with engine().begin(actor) as tx:
            cases.case(tx, instance_id)
            joining.withdraw(tx, instance_id, {portal.WITHDRAWAL_REASON: reason})
    except InvalidState as error:
        sentence = _("没有撤回：这件事项已经结束，或者现在不能撤回。您填写的原因：{reason}", reason=reason)
        return Response(_page(actor, instance_id, refusal=sentence), status_of(error))
    except EngineError as error:
        return Response(_withdraw_again(actor, instance_id, reason, translate_error(error)), status_of(error))
    flash(_("已撤回，办理已经停止。"), "success")
    return redirect(url_for("portal.case", instance_id=instance_id), 303)


def _withdraw_again(actor: Actor, instance_id: UUID, reason: str, problem: str) -> str:
    part = "withdraw" if display_mode() == ELDER else None
    return _page(actor, instance_id, reason=reason, reason_error=problem, part=part)


def _problem_with(reason: str) -> str:
    if not reason:
        return _("请填写撤回原因。")
    if len(reason) > _LONGEST_REASON:
        return _("撤回原因最多 {limit} 个字，现在有 {n} 个字。", limit=_LONGEST_REASON, n=len(reason))
    return ""


def _page(actor: Actor, instance_id: UUID, **context: Any) -> str:
    instance, shown = _folder(actor, instance_id)
    return _render(instance, shown, **context)


def _render(instance: ProcessInstance, shown: Folder, **context: Any) -> str:
    """The page; in large print one part of it at a time, the first being where the case stands."""
    shown_alone = {"part": _part(), **context}
    return render_template("portal/case.html", case=instance, folder=shown, call=shown.call, **shown_alone)


def _part() -> str | None:
    asked = request.args.get("part", "")
    return asked if display_mode() == ELDER and asked in PARTS else None


def _folder(actor: Actor, instance_id: UUID) -> tuple[ProcessInstance, Folder]:
    with engine().read(actor) as tx:
        instance = cases.case(tx, instance_id)
        return instance, folder(tx, instance)


def _work(actor: Actor, instance_id: UUID, task_id: UUID) -> Work:
    with engine().read(actor) as tx:
        work = inbox.work(tx, task_id)
    if work.instance.id != instance_id or tx.actor.holders.isdisjoint(work.candidates):
        raise NotFound(N_("没有找到这个环节，可能已被删除，或者地址有误。"))
    return work


def _complete(actor: Actor, work: Work, bound: Bound | None) -> ResponseReturnValue:
    values = bound.values if bound else {}
    try:
        with engine().begin(actor) as tx:
            tasks.complete(tx, work.task.id, values, upload_session(actor))
    except InvalidState as error:
        return _too_late(work, bound, error)
    except EngineError as error:
        return Response(_task_page(work, bound, refusal=translate_error(error)), status_of(error))
    flash(_("已提交“{task}”。", task=work.task.name), "success")
    return redirect(url_for("portal.case", instance_id=work.instance.id), 303)


def _too_late(work: Work, bound: Bound | None, error: EngineError) -> ResponseReturnValue:
    """The step is over: say why, and show what was typed, so that it can be copied."""
    typed = _typed(bound) if bound else []
    page = render_template("portal/too_late.html", work=work, message=translate_error(error), typed=typed)
    return Response(page, status_of(error))


def _typed(bound: Bound) -> list[tuple[str, str]]:
    labels = forms_view.labels(bound)
    pairs = ((labels[item.path], _("、").join(bound.raw.get(item.path, ()))) for item in bound.layout.inputs)
    return [(label, text) for label, text in pairs if text]


def _task_page(work: Work, bound: Bound | None, refusal: str = "") -> str:
    view = forms_view.show(work.form, bound) if work.form and bound else None
    instructions = _(work.release.nodes[work.task.element_id].documentation)
    return render_template("portal/task.html", work=work, view=view, instructions=instructions, refusal=refusal)

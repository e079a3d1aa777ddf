"""The official's pages: one task, and what is done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from engine import tasks
from engine.drafts import DraftConflict
from engine.errors import AlreadyDone, EngineError, InvalidState
from engine.forms import Bound, Form
from engine.queries import cases, inbox, worklist
from engine.queries.inbox import Work
from engine.queries.worklist import Tab
from webapp import forms_view
from webapp.auth import current_actor, requires
from webapp.casefile import case_file
from webapp.errors import status_of
from webapp.i18n import _, translate_error
from webapp.inbox import drafts
from webapp.inbox.deadlines import explained
from webapp.inbox.offers import acts_of
from webapp.platform import engine
from webapp.restoring import Words
from webapp.security import drawing

blueprint = Blueprint("inbox", __name__, template_folder="templates")


@blueprint.get("/tasks/<uuid:task_id>")
@drawing
@requires("task.handle")
def task(task_id: UUID) -> ResponseReturnValue:
    """The page of a task: the form, the case so far, the diagram."""
    with engine().read(current_actor()) as tx:
        work = inbox.work(tx, task_id)
        view, found = None, drafts.restored(tx, work)
        if work.form is not None and work.is_open:
            draft = found.raw
            kept = forms_view.restore_files(tx, work.form, draft, work.context) if draft else None
            view = forms_view.show(work.form, work.form.initial(work.context, work.env, draft, kept))
        return _page(tx, work, view, found.left_over)


@blueprint.post("/tasks/<uuid:task_id>")
@drawing
@requires("task.handle")
def submit(task_id: UUID) -> ResponseReturnValue:
    """Complete the task, save its draft, or show the form again under changed conditions."""
    try:
        with engine().read(current_actor()) as tx:
            work = inbox.work(tx, task_id)
            left_over = drafts.restored(tx, work).left_over if drafts.is_saved() else []
    except EngineError as error:
        if drafts.is_autosave():
            return drafts.unsaved_line(error=error)
        raise
    if work.form is None:
        return _complete(work, {}, None)
    posted = forms_view.read(work.form, request.form, request.files)
    kept = forms_view.keep_uploads(engine(), current_actor(), posted, work.context)
    bound = posted.bind(kept, work.context, work.env)
    raw = posted.draft(kept)
    if posted.action == forms_view.DRAFT:
        return _save_draft(work, work.form, raw, bound, left_over)
    if posted.action != forms_view.REFRESH and (newer := drafts.left_out(work, raw)):
        return drafts.choice(work, work.form, raw, newer)
    if posted.action == forms_view.REFRESH or bound.errors:
        return _again(work, bound, 200 if posted.action == forms_view.REFRESH else 422)
    return _complete(work, bound.values, bound)


@blueprint.post("/tasks/<uuid:task_id>/draft/discard")
@requires("task.handle")
def discard_draft(task_id: UUID) -> ResponseReturnValue:
    """Throw the own draft of a task away, and go back to the page on which it was shown."""
    with engine().begin(current_actor()) as tx:
        tasks.discard_draft(tx, task_id)
    flash(_("草稿已删除。"), "success")
    return redirect(url_for("inbox.task", task_id=request.form.get("back", task_id, type=UUID)))


@blueprint.post("/tasks/<uuid:task_id>/draft/take-over")
@requires("task.handle")
def take_over_draft(task_id: UUID) -> ResponseReturnValue:
    """Go on with what was typed for the same step before; when something else was typed since, ask which to keep."""
    try:
        with engine().begin(current_actor()) as tx:
            tasks.take_over_draft(tx, task_id, drafts.known() or 0)
    except DraftConflict as conflict:
        with engine().read(current_actor()) as tx:
            return drafts.choice_of_earlier(tx, inbox.work(tx, task_id), conflict.stored)
    flash(_("之前填写的内容已经放进表单，请核对后提交。"), "success")
    return redirect(url_for("inbox.task", task_id=task_id))


@blueprint.post("/tasks/<uuid:task_id>/claim")
@requires("task.handle")
def claim(task_id: UUID) -> ResponseReturnValue:
    """Claim the task."""
    with engine().begin(current_actor()) as tx:
        claimed = tasks.claim(tx, task_id)
    flash(_("已领取“{task}”。", task=claimed.name), "success")
    return redirect(url_for("inbox.task", task_id=task_id))


@blueprint.post("/tasks/<uuid:task_id>/release")
@requires("task.handle")
def release(task_id: UUID) -> ResponseReturnValue:
    """Give the task back; a draft stays with whoever wrote it."""
    with engine().begin(current_actor()) as tx:
        released = tasks.release(tx, task_id)
    flash(_("已放回“{task}”，同岗位的人可以领取。", task=released.name), "success")
    return redirect(url_for("inbox.tasks", tab=Tab.OPEN))


def _save_draft(
    work: Work, form: Form, raw: dict[str, list[str]], bound: Bound, left_over: Words
) -> ResponseReturnValue:
    try:
        with engine().begin(current_actor()) as tx:
            saved = tasks.save_draft(tx, work.task.id, raw, work.form_digest, drafts.known() or 0, left_over)
    except DraftConflict as conflict:
        if drafts.is_autosave():
            return drafts.unsaved_line(conflict.stored)
        return drafts.choice(work, form, raw, conflict.stored)
    except EngineError as error:
        return drafts.unsaved_line(error=error) if drafts.is_autosave() else _refused(work, bound, error)
    if drafts.is_autosave():
        return drafts.saved_line(work, saved)
    flash(_("草稿已保存。"), "success")
    return redirect(url_for("inbox.task", task_id=work.task.id))


def _complete(work: Work, values: dict[str, Any], bound: Any) -> ResponseReturnValue:
    try:
        with engine().begin(current_actor()) as tx:
            tasks.complete(tx, work.task.id, values)
    except (AlreadyDone, InvalidState) as error:
        return _refused(work, bound, error)
    with engine().read(current_actor()) as tx:
        following = worklist.next_task(tx, work.task.id)
    flash(_("已办结“{task}”。{next}", task=_(work.task.name), next=_link_to(following)), "success")
    return redirect(url_for("inbox.tasks"))


def _link_to(following: UUID | None) -> Markup:
    """The way on to the most urgent task that waits, for who does one after the other."""
    if following is None:
        return Markup()
    return Markup('<a href="{}">{}</a>').format(url_for("inbox.task", task_id=following), _("办理下一项"))


def _again(work: Work, bound: Any, status: int) -> ResponseReturnValue:
    with engine().read(current_actor()) as tx:
        left_over = drafts.restored(tx, work).left_over
        return Response(_page(tx, work, forms_view.show(work.form, bound), left_over), status)


def _refused(work: Work, bound: Any, error: EngineError) -> ResponseReturnValue:
    """Somebody was faster: say who, and show what was typed so that nothing is lost."""
    facts = forms_view.facts(work.form, bound.values, work.env) if bound is not None else []
    page = render_template("inbox/refused.html", work=work, facts=facts, message=translate_error(error))
    return Response(page, status_of(error))


def _page(tx: Any, work: Work, view: Any, left_over: Words) -> str:
    release = work.release
    node = release.nodes[work.task.element_id]
    return render_template(
        "inbox/task.html",
        work=work,
        view=view,
        left_over=left_over,
        earlier=drafts.earlier(tx, work),
        out_of_reach=drafts.out_of_reach(tx, work),
        deadline=explained(tx, work),
        mine=work.right is not None and work.task.assignee is not None,
        may=work.right is not None,
        acts=acts_of(tx, work),
        instructions=_(node.documentation),
        assumption=node.property("assumption"),
        clauses=cases.clauses(tx, release, node.id),
        file=case_file(tx, work.instance),
    )

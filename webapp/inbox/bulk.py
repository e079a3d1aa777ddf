"""One act on many tasks: each in a transaction of its own, and a line for each that says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import people, tasks
from engine.errors import N_, EngineError, InvalidState
from engine.queries import inbox
from engine.queries.worklist_page import PAGE_SIZE
from webapp import forms_view
from webapp.auth import current_actor, requires
from webapp.expired import local_path
from webapp.i18n import _, translate_error
from webapp.inbox import acts
from webapp.inbox.views import blueprint
from webapp.platform import engine


@dataclass(frozen=True)
class Outcome:
    """What came of one task; ``refusal`` is empty when it was done."""

    task_id: UUID
    title: str
    step: str
    refusal: str = ""


@dataclass(frozen=True)
class Act:
    """What can be done with many tasks at once, and how the page says that it was done."""

    title: str
    done: str
    do: Callable[[UUID], None]


@blueprint.post("/tasks/bulk")
@requires("task.handle")
def bulk() -> ResponseReturnValue:
    """Do one thing with all tasks that were selected, and say of each what came of it."""
    act = ACTS.get(request.form.get("act", ""))
    chosen = _selected()
    if act is None or not chosen:
        return _nothing_selected()
    return _done_with_each(act, chosen)


@blueprint.post("/tasks/bulk/hand-on")
@requires("task.handle")
def bulk_hand_on() -> ResponseReturnValue:
    """Ask once to whom and why, then hand on all tasks that were selected."""
    chosen, search = _selected(), request.form.get("q", "").strip()
    if not chosen:
        return _nothing_selected()
    holder, account = acts.chosen(request.form.get("holder", ""))
    reason = request.form.get("reason", "").strip()
    sent = "send" in request.form
    errors = {} if holder else {"holder": _("请选择转给谁。")}
    errors |= {} if reason else {"reason": _("请填写转办原因。")}
    if not sent or errors:
        with engine().read(current_actor()) as tx:
            choices = people.receivers(tx, current_actor().unit_id, search)
        page = render_template(
            "inbox/bulk_hand_on.html",
            tasks=chosen,
            back=_back(),
            choices=choices,
            chosen=request.form.getlist("holder"),
            typed={"q": search, "reason": reason},
            errors=errors if sent else {},
        )
        return Response(page, 422 if sent else 200)

    def give(task_id: UUID) -> None:
        with engine().begin(current_actor()) as tx:
            tasks.reassign(tx, task_id, holder, reason, account)

    return _done_with_each(Act(N_("批量转办"), N_("已转办"), give), chosen)


def _selected() -> list[UUID]:
    return list(dict.fromkeys(filter(None, map(_id, request.form.getlist("task")))))[:PAGE_SIZE]


def _back() -> str:
    return local_path(request.form.get("back")) or url_for("inbox.tasks")


def _nothing_selected() -> ResponseReturnValue:
    flash(_("请先勾选任务。"), "error")
    return redirect(_back())


def _done_with_each(act: Act, chosen: list[UUID]) -> ResponseReturnValue:
    outcomes = [_outcome(act, task_id) for task_id in chosen]
    done = sum(not each.refusal for each in outcomes)
    return render_template("inbox/bulk.html", act=act, outcomes=outcomes, done=done, back=_back())


def _outcome(act: Act, task_id: UUID) -> Outcome:
    title, step = "", ""
    try:
        with engine().read(current_actor()) as tx:
            title, step = inbox.names_of(tx, task_id)
        act.do(task_id)
    except EngineError as error:
        return Outcome(task_id, title, step, translate_error(error))
    return Outcome(task_id, title, step)


def _claim(task_id: UUID) -> None:
    with engine().begin(current_actor()) as tx:
        tasks.claim(tx, task_id)


def _release(task_id: UUID) -> None:
    with engine().begin(current_actor()) as tx:
        tasks.release(tx, task_id)


def _complete(task_id: UUID) -> None:
    """Complete a task as its page would when it is opened and sent at once. Refused where something must be filled."""
    with engine().read(current_actor()) as tx:
        work = inbox.work(tx, task_id)
        values = {}
        if work.form is not None and work.is_open:
            if any(item.required for item in work.form.inputs):
                raise InvalidState(N_("这一环节有必须填写的内容，请打开办理。"))
            draft = work.draft.raw if work.draft else None
            kept = forms_view.restore_files(tx, work.form, draft, work.context) if draft else None
            shown = work.form.initial(work.context, work.env, draft, kept)
            bound = work.form.bind(shown.raw, shown.files, work.context, work.env)
            if bound.errors:
                raise InvalidState(N_("这一环节的内容还要改正，请打开办理。"))
            values = bound.values
    with engine().begin(current_actor()) as tx:
        tasks.complete(tx, task_id, values)


ACTS = {
    "claim": Act(N_("批量领取"), N_("已领取"), _claim),
    "release": Act(N_("批量放回"), N_("已放回"), _release),
    "complete": Act(N_("批量办结"), N_("已办结"), _complete),
}


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

"""A later deadline: asking for it on the page of a task, and the list and page on which the level above decides."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import extensions, workdays
from engine.clock import local_day
from engine.errors import AlreadyDone, Conflict, InvalidState, InvalidVariables
from engine.model.extension import Extension
from engine.queries import extensions as requests
from engine.queries import inbox
from webapp.auth import current_actor, requires
from webapp.casefile import case_file
from webapp.errors import status_of
from webapp.i18n import _, sentences, translate_error
from webapp.inbox.views import blueprint
from webapp.platform import engine
from webapp.sent import as_day, page_number

_DECISIONS = {"grant": True, "refuse": False}


@blueprint.get("/tasks/<uuid:task_id>/extend")
@requires("task.handle")
def ask_to_extend(task_id: UUID) -> ResponseReturnValue:
    """The page on which a later deadline is asked for; where nothing can be asked for, back with the reason."""
    try:
        return _asking_page(task_id, {})
    except (Conflict, InvalidState) as error:
        flash(translate_error(error), "info")
        return redirect(url_for("inbox.task", task_id=task_id))


@blueprint.post("/tasks/<uuid:task_id>/extend")
@requires("task.handle")
def extend(task_id: UUID) -> ResponseReturnValue:
    """Ask for it; when something is missing the page says so and keeps what was typed."""
    try:
        with engine().begin(current_actor()) as tx:
            row = extensions.ask(tx, task_id, as_day(request.form.get("until", "")), request.form.get("reason", ""))
    except InvalidVariables as error:
        return Response(_asking_page(task_id, sentences(error)), 422)
    except (Conflict, InvalidState) as error:  # nothing can be asked for any more
        flash(translate_error(error), "error")
        return redirect(url_for("inbox.task", task_id=task_id))
    flash(_("已提交延期申请，由{who}决定。", who=row.holder_name), "success")
    return redirect(url_for("inbox.task", task_id=task_id))


@blueprint.post("/extensions/<uuid:extension_id>/withdraw")
@requires("task.handle")
def withdraw_extension(extension_id: UUID) -> ResponseReturnValue:
    """Take a request back."""
    with engine().begin(current_actor()) as tx:
        row: Extension = extensions.withdraw(tx, extension_id)
    flash(_("已撤回延期申请。"), "success")
    return redirect(url_for("inbox.task", task_id=row.task_id))


@blueprint.get("/extensions", endpoint="extensions")
@requires("task.handle")
def list_extensions() -> ResponseReturnValue:
    """What waits for a decision; or what was decided."""
    done = request.args.get("tab") == "done"
    with engine().read(current_actor()) as tx:
        found = requests.waiting(tx, not done, page_number(digits=6))
        waiting = requests.count_waiting(tx)
    return render_template("inbox/extensions.html", page=found, done=done, waiting=waiting)


@blueprint.get("/extensions/<uuid:extension_id>")
@requires("task.handle")
def extension(extension_id: UUID) -> ResponseReturnValue:
    """One request with its case, and the form for the decision."""
    return _deciding_page(extension_id, {})


@blueprint.post("/extensions/<uuid:extension_id>")
@requires("task.handle")
def decide_extension(extension_id: UUID) -> ResponseReturnValue:
    """Grant or refuse it."""
    grant = _DECISIONS.get(request.form.get("decision", ""))
    try:
        with engine().begin(current_actor()) as tx:
            extensions.decide(tx, extension_id, grant, request.form.get("note", ""))
    except InvalidVariables as error:
        return Response(_deciding_page(extension_id, sentences(error)), 422)
    except AlreadyDone as error:  # somebody was faster: the page says who and what
        flash(translate_error(error), "error")
        return redirect(url_for("inbox.extension", extension_id=extension_id))
    except InvalidState as error:
        return Response(_deciding_page(extension_id, {"decision": translate_error(error)}), status_of(error))
    flash(_("已同意延期，期限已经后移。") if grant else _("已答复，期限不变。"), "success")
    return redirect(url_for("inbox.extensions"))


def _asking_page(task_id: UUID, errors: dict[str, str]) -> str:
    with engine().read(current_actor()) as tx:
        work = inbox.work(tx, task_id)
        offer = requests.offer(tx, work)
    typed = {name: request.form.get(name, "") for name in ("until", "reason")}
    return render_template("inbox/extend.html", work=work, offer=offer, typed=typed, errors=errors)


def _deciding_page(extension_id: UUID, errors: dict[str, str]) -> str:
    with engine().read(current_actor()) as tx:
        asked = requests.one(tx, extension_id)
        days = workdays.calendar(tx).between(local_day(asked.row.before), local_day(asked.row.until))
        file = case_file(tx, asked.instance)
    typed = {name: request.form.get(name, "") for name in ("decision", "note")}
    return render_template("inbox/extension.html", asked=asked, days=days, file=file, typed=typed, errors=errors)

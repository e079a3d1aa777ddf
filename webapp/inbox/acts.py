"""Handing a task on, and asking other posts for opinions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import consultations, people, tasks
from engine.database import Transaction
from engine.errors import Conflict, InvalidVariables
from engine.model.consultation import ConsultationKind
from engine.people import Receiver
from engine.queries import inbox, opinions
from engine.queries.inbox import Work
from webapp.auth import current_actor, requires
from webapp.i18n import _, sentences, translate_error
from webapp.inbox.views import blueprint
from webapp.platform import engine

#: Asks for other posts instead of sending the form.
_SEARCH = "search"


@blueprint.get("/tasks/<uuid:task_id>/hand-on")
@requires("task.handle")
def ask_to_hand_on(task_id: UUID) -> ResponseReturnValue:
    """The page on which a task is handed on."""
    return _hand_on_page(task_id, {})


@blueprint.post("/tasks/<uuid:task_id>/hand-on")
@requires("task.handle")
def hand_on(task_id: UUID) -> ResponseReturnValue:
    """Hand the task on; a search only shows other posts."""
    if request.form.get("_do") == _SEARCH:
        return _hand_on_page(task_id, {})
    holder, account = chosen(request.form.get("holder", ""))
    try:
        with engine().begin(current_actor()) as tx:
            task = tasks.reassign(tx, task_id, holder, request.form.get("reason", ""), account)
    except InvalidVariables as error:
        return Response(_hand_on_page(task_id, sentences(error)), 422)
    flash(_("已转办“{task}”。", task=task.name), "success")
    return redirect(url_for("inbox.tasks"))


@blueprint.get("/tasks/<uuid:task_id>/consult")
@requires("task.handle")
def ask_to_consult(task_id: UUID) -> ResponseReturnValue:
    """The page on which other posts are asked."""
    return _consult_page(task_id, {})


@blueprint.post("/tasks/<uuid:task_id>/consult")
@requires("task.handle")
def consult(task_id: UUID) -> ResponseReturnValue:
    """Ask all chosen posts, or none of them; a search only shows other posts."""
    if request.form.get("_do") == _SEARCH:
        return _consult_page(task_id, {})
    holders = list(dict.fromkeys(request.form.getlist("holder")))
    countersign = request.form.get("kind") != ConsultationKind.ADVICE
    kind = ConsultationKind.COUNTERSIGN if countersign else ConsultationKind.ADVICE
    try:
        with engine().begin(current_actor()) as tx:
            consultations.ask(tx, task_id, kind, holders, request.form.get("question", ""))
    except InvalidVariables as error:
        return Response(_consult_page(task_id, sentences(error)), 422)
    except Conflict as error:
        return Response(_consult_page(task_id, {"holder": translate_error(error)}), 409)
    text = _("已请 {n} 个岗位会签。", n=len(holders)) if countersign else _("已向 {n} 个岗位征求意见。", n=len(holders))
    flash(text, "success")
    return redirect(url_for("inbox.task", task_id=task_id))


@blueprint.post("/opinions/<uuid:consultation_id>/withdraw")
@requires("task.handle")
def withdraw_question(consultation_id: UUID) -> ResponseReturnValue:
    """Take a question back."""
    try:
        with engine().begin(current_actor()) as tx:
            row = consultations.withdraw(tx, consultation_id, request.form.get("reason", ""))
    except InvalidVariables as error:
        with engine().read(current_actor()) as tx:
            row = opinions.one(tx, consultation_id).row
        flash(translate_error(error), "error")
    else:
        flash(_("已撤回请{who}发表的意见。", who=row.holder_name), "success")
    return redirect(url_for("inbox.task", task_id=row.task_id))


def _hand_on_page(task_id: UUID, errors: dict[str, str]) -> str:
    with engine().read(current_actor()) as tx:
        work = inbox.work(tx, task_id)
        choices = _choices(tx, work)
    return _page("inbox/hand_on.html", work, choices, errors)


def _consult_page(task_id: UUID, errors: dict[str, str]) -> str:
    with engine().read(current_actor()) as tx:
        work = inbox.work(tx, task_id)
        choices = [each for each in _choices(tx, work) if each.account_id is None]
    own = current_actor().holders
    return _page("inbox/consult.html", work, [each for each in choices if each.holder not in own], errors)


def _page(template: str, work: Work, choices: list[Receiver], errors: dict[str, str]) -> str:
    form = request.form
    chosen = form.getlist("holder")
    typed: dict[str, Any] = {name: form.get(name, "") for name in ("q", "reason", "question", "kind")}
    return render_template(template, work=work, choices=choices, chosen=chosen, typed=typed, errors=errors)


def _choices(tx: Transaction, work: Work) -> list[Receiver]:
    """Posts to choose from; those chosen before stay among them."""
    found = people.receivers(tx, work.instance.unit_id, request.form.get("q", "").strip(), work.task.barred)
    known = {_value(each) for each in found}
    missing = [value for value in request.form.getlist("holder") if value and value not in known]
    near = people.receivers(tx, work.instance.unit_id, "", work.task.barred) if missing else []
    return [each for each in near if _value(each) in missing] + found


def _value(receiver: Receiver) -> str:
    return f"{receiver.holder} {receiver.account_id or ''}".strip()


def chosen(value: str) -> tuple[str, UUID | None]:
    """The post, and the one of those who hold it, of an option."""
    holder, _space, account = value.partition(" ")
    try:
        return holder, UUID(account) if account else None
    except ValueError:
        return "", None

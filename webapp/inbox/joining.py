"""Joining cases and separating them: choosing, looking at them side by side, saying why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import joining, people
from engine.database import Transaction
from engine.errors import EngineError, InvalidState, InvalidVariables, NotFound
from engine.lifecycle import InstanceState
from engine.model.process import ProcessInstance
from engine.people import Right
from engine.queries import cases, inbox, joined
from engine.queries.inbox import Work
from webapp import forms_view
from webapp.auth import current_actor, requires
from webapp.errors import status_of
from webapp.expired import local_path
from webapp.i18n import _, fill, translate_error
from webapp.inbox.views import blueprint
from webapp.platform import engine

_BETWEEN = re.compile(r"[\s,;，、；]+")  # zh: what people type between numbers


@dataclass(frozen=True)
class Side:
    """One of the cases that are looked at side by side; ``obstacle`` says why it can't join."""

    case: ProcessInstance
    unit: str
    facts: list[forms_view.Fact]
    waiting: list[cases.OpenTask]
    obstacle: str = ""


@blueprint.get("/tasks/<uuid:task_id>/join")
@requires("task.handle")
def choose_to_join(task_id: UUID) -> ResponseReturnValue:
    """Choose which cases join that of the task: from those that are alike, or by their numbers."""
    return _choose_page(task_id, _ids(request.args.getlist("case")))


@blueprint.get("/tasks/<uuid:task_id>/join/compare")
@requires("task.handle")
def compare(task_id: UUID) -> ResponseReturnValue:
    """The chosen cases side by side, and the reason."""
    numbers = [each for each in _BETWEEN.split(request.args.get("numbers", "")) if each]
    chosen = _ids(request.args.getlist("case"))
    with engine().read(current_actor()) as tx:
        found = joined.by_numbers(tx, numbers)
    unknown = sorted({number.upper() for number in numbers} - {each.business_key for each in found})
    ids = list(dict.fromkeys([*chosen, *(each.id for each in found)]))
    if unknown:
        problem = _("没有找到编号 {numbers}，请核对。", numbers=_("、").join(unknown))
        return Response(_choose_page(task_id, ids, {"numbers": problem}), 422)
    if not 0 < len(ids) <= joining.MOST_AT_ONCE:
        problem = _("请选择要并入的事项，一次最多 {most} 件。", most=joining.MOST_AT_ONCE)
        return Response(_choose_page(task_id, ids, {"case": problem}), 422)
    return _compare_page(task_id, ids)


@blueprint.post("/tasks/<uuid:task_id>/join")
@requires("task.handle")
def join(task_id: UUID) -> ResponseReturnValue:
    """Let the chosen cases join; when something is missing or in the way, the page says so."""
    ids = _ids(request.form.getlist("case"))
    try:
        with engine().begin(current_actor()) as tx:
            lead = joining.join(tx, task_id, ids, request.form.get("reason", ""))
    except InvalidVariables as error:
        return Response(_compare_page(task_id, ids, dict.fromkeys(error.errors, translate_error(error))), 422)
    except InvalidState as error:
        return Response(_compare_page(task_id, ids, {"case": translate_error(error)}), status_of(error))
    flash(_("已把 {n} 件事项并入 {number}，一并办理。", n=len(ids), number=lead.business_key), "success")
    return redirect(url_for("inbox.task", task_id=task_id))


@blueprint.post("/cases/<uuid:instance_id>/separate")
@requires("task.handle")
def separate(instance_id: UUID) -> ResponseReturnValue:
    """Let a joined case go on alone."""
    back = local_path(request.form.get("next")) or url_for("inbox.case", instance_id=instance_id)
    try:
        with engine().begin(current_actor()) as tx:
            case = joining.separate(tx, instance_id, request.form.get("reason", ""))
    except InvalidVariables as error:
        flash(translate_error(error), "error")
    else:
        flash(_("已拆分，{number} 从原来的环节继续办理。", number=case.business_key), "success")
    return redirect(back)


@dataclass(frozen=True)
class Together:
    """What a page says of cases that are handled together: the lead of this one, or those that it leads."""

    lead: ProcessInstance | None
    reads_lead: bool
    led: list[ProcessInstance]
    may_separate: bool


@blueprint.context_processor
def _offers() -> dict[str, Any]:
    return {"can_lead": _can_lead, "handled_together": _together, "InstanceState": InstanceState}


def _can_lead(work: Work) -> bool:
    """Whether others may join the case; whether the actor may do the task, the page knows already."""
    try:
        with engine().read(current_actor()) as tx:
            joining.ensure_may_lead(tx, work.instance, people.receipt_holder(work.instance.id) in work.candidates)
    except InvalidState:
        return False
    return True


def _together(instance: ProcessInstance) -> Together | None:
    """None for whoever does not read the case from inside, and where there is nothing to say."""
    with engine().read(current_actor()) as tx:
        if not people.reads_inside(tx.actor, instance) or not (instance.has_led or instance.joined_to):
            return None
        lead = joined.lead_of(tx, instance)
        may = joining.may_separate(tx, lead or instance)
        return Together(lead, lead is not None and joined.may_read(tx, lead), joined.led_by(tx, instance), may)


def _choose_page(task_id: UUID, chosen: list[UUID] | None = None, errors: dict[str, str] | None = None) -> str:
    with engine().read(current_actor()) as tx:
        work, right = _work(tx, task_id)
        found = joined.suggestions(tx, work.instance, joining.scope_of(tx, right))
        known = {each.case.id for each in found}
        others = joined.by_ids(tx, [id for id in chosen or [] if id not in known])
        lines = [*(joined.Candidate(each, ()) for each in others), *found]
        sides = [(each, _side(tx, each.case)) for each in lines]
    numbers = request.args.get("numbers", "")
    return render_template(
        "inbox/join.html", work=work, sides=sides, chosen=chosen or [], numbers=numbers, errors=errors or {}
    )


def _compare_page(task_id: UUID, ids: list[UUID], errors: dict[str, str] | None = None) -> str:
    with engine().read(current_actor()) as tx:
        work, right = _work(tx, task_id)
        found = joined.by_ids(tx, ids)
        if len(found) != len(ids):
            raise NotFound(joining.NOT_THERE)
        sides = [_side(tx, each, _obstacle(tx, work, each, right)) for each in found]
        lead = _side(tx, work.instance)
    reason = request.form.get("reason", "")
    return render_template(
        "inbox/join_compare.html", work=work, lead=lead, sides=sides, reason=reason, errors=errors or {}
    )


def _work(tx: Transaction, task_id: UUID) -> tuple[Work, Right]:
    """The task, if the actor may do it now and others may join its case."""
    work = inbox.work(tx, task_id)
    right = people.ensure_may(tx.actor, work.task, work.instance.process_key, work.candidates)
    joining.ensure_may_lead(tx, work.instance, people.receipt_holder(work.instance.id) in work.candidates)
    return work, right


def _obstacle(tx: Transaction, work: Work, case: ProcessInstance, right: Right) -> str:
    try:
        found = joining.obstacle_to(tx, work.instance, case, right)
    except EngineError as error:
        return translate_error(error)
    return fill(found.template, found.params) if found else ""


def _side(tx: Transaction, case: ProcessInstance, obstacle: str = "") -> Side:
    form = cases.release_of(tx, case).start_form()
    masked = not tx.actor.may("personal_data.unmask")
    facts = forms_view.facts(form, cases.variables(case), masked=masked) if form else []
    unit = people.org_tree(tx).unit(case.unit_id).name if case.unit_id else ""
    return Side(case, unit, facts, cases.open_tasks(tx, case), obstacle)


def _ids(texts: list[str]) -> list[UUID]:
    found: dict[UUID, None] = {}
    for text in texts:
        try:
            found[UUID(text)] = None
        except ValueError:
            continue
    return list(found)

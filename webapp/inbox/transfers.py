"""Handing a whole case to another unit: choosing the unit, and saying why."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import people, transfers
from engine.errors import InvalidState, InvalidVariables
from engine.model.base import as_id
from engine.model.process import ProcessInstance
from engine.queries import cases
from webapp.auth import current_actor, requires
from webapp.errors import status_of
from webapp.i18n import _, sentences, translate_error
from webapp.inbox.views import blueprint
from webapp.platform import engine

#: Asks for other units instead of sending the form.
_SEARCH = "search"


@blueprint.get("/cases/<uuid:instance_id>/transfer")
@requires("task.handle")
def ask_to_transfer(instance_id: UUID) -> ResponseReturnValue:
    """The page on which a unit is chosen."""
    return _page(instance_id, {})


@blueprint.post("/cases/<uuid:instance_id>/transfer")
@requires("task.handle")
def transfer(instance_id: UUID) -> ResponseReturnValue:
    """Hand the case over; a search only shows other units, and what stands against it is said beside what was typed."""
    if request.form.get("_do") == _SEARCH:
        return _page(instance_id, {})
    unit_id = as_id(request.form.get("unit", ""))
    try:
        with engine().begin(current_actor()) as tx:
            transfers.transfer(tx, instance_id, unit_id, request.form.get("reason", ""))
    except InvalidVariables as error:
        return Response(_page(instance_id, sentences(error)), 422)
    except InvalidState as error:
        return Response(_page(instance_id, {"unit": translate_error(error)}), status_of(error))
    with engine().read(current_actor()) as tx:
        unit = people.org_tree(tx).unit(unit_id) if unit_id else None
    flash(_("已移交到{unit}，那里的岗位和申请人已收到通知。", unit=unit.name if unit else ""), "success")
    return redirect(url_for("inbox.tasks"))


@blueprint.context_processor
def _offers() -> dict[str, object]:
    return {"may_transfer": _may_transfer}


def _may_transfer(instance: ProcessInstance) -> bool:
    """Whether the actor may hand the case to another unit."""
    with engine().read(current_actor()) as tx:
        return transfers.may_transfer(tx, instance)


def _page(instance_id: UUID, errors: dict[str, str]) -> str:
    form = request.form
    chosen = form.get("unit", "")
    with engine().read(current_actor()) as tx:
        instance = cases.case_inside(tx, instance_id)
        choices = transfers.units_to_choose(tx, instance, form.get("q", "").strip())
        unit = people.org_tree(tx).unit(instance.unit_id).name if instance.unit_id else ""
        if chosen and chosen not in {str(each.id) for each in choices}:
            near = transfers.units_to_choose(tx, instance)
            choices = [each for each in near if str(each.id) == chosen] + choices
    typed = {name: form.get(name, "") for name in ("q", "reason")}
    return render_template(
        "inbox/transfer.html",
        instance=instance, unit=unit, choices=choices, chosen=chosen, typed=typed, errors=errors,
    )  # fmt: skip

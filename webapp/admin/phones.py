"""The telephones that residents call: one for each unit that has one."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import people
from engine.errors import InvalidVariables
from engine.people import LEVEL_NAMES
from engine.people.commands import set_phone
from webapp.admin.blueprint import blueprint, tabs
from webapp.auth import current_actor, requires
from webapp.i18n import _, translate_error
from webapp.platform import engine


@blueprint.get("/admin/phones", endpoint="phones")
@requires("people.manage")
def phones_page() -> ResponseReturnValue:
    """All units with their telephones, from the top down."""
    search = request.args.get("q", "").strip()
    with engine().read(current_actor()) as tx:
        units = [unit for unit in people.org_tree(tx) if unit.active and search in unit.name]
    return render_template("admin/phones.html", tabs=tabs(), search=search, units=units, levels=LEVEL_NAMES)


@blueprint.get("/admin/phones/<uuid:unit_id>")
@requires("people.manage")
def phone(unit_id: UUID) -> ResponseReturnValue:
    """The telephone of one unit."""
    return _page(unit_id)


@blueprint.post("/admin/phones/<uuid:unit_id>")
@requires("people.manage")
def save_phone(unit_id: UUID) -> ResponseReturnValue:
    """Set it; what is no number is shown again with what is wrong."""
    number = request.form.get("phone", "")
    try:
        with engine().begin(current_actor()) as tx:
            unit = set_phone(tx, unit_id, number)
    except InvalidVariables as error:
        return Response(_page(unit_id, number, {"phone": translate_error(error)}), 422)
    flash(_("已保存“{unit}”的电话。", unit=unit.name), "success")
    return redirect(url_for("admin.phones"), 303)


def _page(unit_id: UUID, typed: str | None = None, errors: dict[str, str] | None = None) -> str:
    with engine().read(current_actor()) as tx:
        tree = people.org_tree(tx)
        unit, fallback = tree.unit(unit_id), tree.phone_of(unit_id)
    return render_template(
        "admin/phone.html",
        unit=unit,
        fallback=fallback if fallback and fallback[0].id != unit_id else None,
        phone=unit.phone if typed is None else typed,
        errors=errors or {},
    )

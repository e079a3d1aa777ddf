"""Starts by the clock: the list, one of them with its past, and its switch."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import people, schedules
from engine.errors import EngineError, InvalidState, InvalidVariables
from engine.queries import schedules as shown
from engine.queries.schedules import Schedule, Wish
from webapp.admin.blueprint import blueprint, tabs
from webapp.auth import current_actor, requires
from webapp.i18n import _, fill, in_language, translate_error
from webapp.platform import engine
from webapp.rhythm import describe
from webapp.sent import page_number

_OFF = "off"


@blueprint.get("/admin/schedules", endpoint="schedules")
@requires("settings.manage")
def schedules_page() -> ResponseReturnValue:
    """Everything that starts by itself, by process and unit."""
    wish = _wish()
    with engine().read(current_actor()) as tx:
        page = shown.schedules(tx, wish)
        names = in_language(shown.process_names(tx))
        units = [(str(unit.id), unit.name) for unit in people.org_tree(tx)]
        return render_template(
            "admin/schedules.html", tabs=tabs(), wish=wish, page=page, names=names, units=units, rhythm=rhythm
        )


def _wish() -> Wish:
    asked = request.args
    return Wish(
        search=asked.get("q", "").strip(),
        process_key=asked.get("process", ""),
        unit_id=asked.get("unit", type=UUID),
        off_only=asked.get("state") == _OFF,
        page=page_number(),
    )


def rhythm(each: Schedule) -> str:
    """How often, in words; or why it can't be said."""
    if each.trouble is not None:
        error = each.trouble
        reason = translate_error(error) if isinstance(error, EngineError) else fill(error.message, error.params)
        return _("算不出时间：{reason}", reason=reason)
    return describe(each.start.timer.kind, each.value)


@blueprint.get("/admin/schedules/<key>/<element>/<uuid:unit_id>")
@requires("settings.manage")
def schedule(key: str, element: str, unit_id: UUID) -> ResponseReturnValue:
    """One start of one unit: when, what came of it, and its switch."""
    return _page(key, element, unit_id)


@blueprint.post("/admin/schedules/<key>/<element>/<uuid:unit_id>/off")
@requires("settings.manage")
def switch_off(key: str, element: str, unit_id: UUID) -> ResponseReturnValue:
    """Switch it off for this unit; without a reason the page says so and keeps what was typed."""
    reason = request.form.get("reason", "")
    try:
        with engine().begin(current_actor()) as tx:
            schedules.switch_off(tx, key, element, unit_id, reason)
    except InvalidVariables as error:
        return Response(_page(key, element, unit_id, reason=reason, reason_error=translate_error(error)), 422)
    except InvalidState as error:
        flash(translate_error(error), "warning")
    else:
        flash(_("已停用。到时不再启动，直到重新启用。"), "success")
    return redirect(url_for("admin.schedule", key=key, element=element, unit_id=unit_id))


@blueprint.post("/admin/schedules/<key>/<element>/<uuid:unit_id>/on")
@requires("settings.manage")
def switch_on(key: str, element: str, unit_id: UUID) -> ResponseReturnValue:
    """Switch it on again, from its next time on."""
    try:
        with engine().begin(current_actor()) as tx:
            schedules.switch_on(tx, key, element, unit_id)
    except InvalidState as error:
        flash(translate_error(error), "warning")
    else:
        flash(_("已启用。停用期间错过的不补。"), "success")
    return redirect(url_for("admin.schedule", key=key, element=element, unit_id=unit_id))


def _page(key: str, element: str, unit_id: UUID, **context: Any) -> str:
    with engine().read(current_actor()) as tx:
        found = shown.schedule(tx, key, element, unit_id)
        past = shown.recent(tx, found[0].start)
        return render_template("admin/schedule.html", schedules=found, past=past, rhythm=rhythm, **context)

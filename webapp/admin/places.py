"""Names of places by which residents find their unit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import people, places
from engine.errors import InvalidVariables
from engine.model.people import Level
from engine.model.place import KIND_NAMES, PlaceKind
from engine.queries import places as shown
from engine.queries.paging import cut
from webapp.admin.blueprint import blueprint, tabs
from webapp.auth import current_actor, requires
from webapp.i18n import _, sentences, translate_error
from webapp.platform import engine
from webapp.sent import page_number

_MANAGE = "people.manage"
_PAGE = 50
_LEVELS = frozenset({Level.COMMUNITY, Level.GROUP})


@blueprint.get("/admin/places", endpoint="places")
@requires(_MANAGE)
def places_page() -> ResponseReturnValue:
    """The units with the number of their places."""
    return _list()


@blueprint.post("/admin/places/import")
@requires(_MANAGE)
def import_places() -> ResponseReturnValue:
    """Add the places of a CSV file, all of them or none."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return Response(_list({"file": _("请选择 CSV 文件。")}), 422)
    content = sent.stream.read()
    try:
        with engine().begin(current_actor()) as tx:
            count = places.import_places(tx, content)
    except InvalidVariables as error:
        return Response(_list({"file": translate_error(error)}), 422)
    flash(_("已导入 {n} 个地名，原来就有的没有重复。", n=count), "success")
    return redirect(url_for("admin.places"), 303)


@blueprint.get("/admin/places/<uuid:unit_id>", endpoint="unit_places")
@requires(_MANAGE)
def unit_page(unit_id: UUID) -> ResponseReturnValue:
    """The places of one unit."""
    return _unit(unit_id)


@blueprint.post("/admin/places/<uuid:unit_id>")
@requires(_MANAGE)
def save_places(unit_id: UUID) -> ResponseReturnValue:
    """Keep what is typed, one name on a line; with a fault the page says so and keeps it too."""
    typed = {kind: request.form.get(kind, "") for kind in PlaceKind}
    try:
        with engine().begin(current_actor()) as tx:
            places.set_places(tx, unit_id, {kind: text.splitlines() for kind, text in typed.items()})
    except InvalidVariables as error:
        errors = sentences(error)
        return Response(_unit(unit_id, errors, typed), 422)
    flash(_("已保存。居民现在就能按这些名称查找。"), "success")
    return redirect(url_for("admin.places"), 303)


def _list(errors: dict[str, str] | None = None) -> str:
    search, number = request.args.get("q", "").strip(), page_number()
    with engine().read(current_actor()) as tx:
        tree, counts = people.org_tree(tx), shown.counts(tx)
        units = [unit for unit in tree if unit.active and unit.level in _LEVELS and search in unit.name]
        lines = [(unit, " / ".join(shown.found_of(tree, unit).path), counts.get(unit.id, 0)) for unit in units]
    page = cut(lines, number, _PAGE)
    return render_template("admin/places.html", tabs=tabs(), page=page, search=search, errors=errors or {})


def _unit(unit_id: UUID, errors: dict[str, str] | None = None, typed: dict[Any, str] | None = None) -> str:
    with engine().read(current_actor()) as tx:
        unit = people.org_tree(tx).unit(unit_id)
        now = {kind: "\n".join(names) for kind, names in shown.places_of(tx, unit_id).items()}
    return render_template(
        "admin/unit_places.html",
        unit=unit,
        kinds=KIND_NAMES,
        values=typed or now,
        errors=errors or {},
    )

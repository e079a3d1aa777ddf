"""The pages on which an official starts a case, and the official's view of a case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import instances, people
from engine.errors import N_
from engine.model.people import Level
from engine.queries import cases, portal, starting
from engine.release import Release
from webapp import forms_view
from webapp.auth import current_actor, requires, signed_in
from webapp.casefile import case_file
from webapp.forms_view import FormView
from webapp.i18n import _
from webapp.inbox import assisted
from webapp.inbox.views import blueprint
from webapp.platform import engine
from webapp.security import drawing

#: Cases that were filed for residents; the others are found by their numbers.
_MOST_HELPED = 10
#: What to choose, by the level of the units that cases of the process belong to.
_BELONGS_TO = {
    Level.DISTRICT: N_("所属区"),
    Level.SUBDISTRICT: N_("所属街道"),
    Level.COMMUNITY: N_("所属社区"),
    Level.GROUP: N_("所属居民小组"),
    Level.DEPARTMENT: N_("承办部门"),
    Level.PARTY: N_("所属单位"),
}


@blueprint.get("/processes")
@requires("case.start")
def start_list() -> ResponseReturnValue:
    """The processes that the acting post may start."""
    with engine().read(current_actor()) as tx:
        releases = starting.startable(tx)
        public = {release.key for release in releases if starting.is_public(tx, release.key)}
        return render_template(
            "inbox/start_list.html",
            for_residents=[release for release in releases if release.key in public],
            releases=[release for release in releases if release.key not in public],
            helped=starting.helped(tx, _MOST_HELPED),
        )


@blueprint.get("/processes/<key>/start")
@requires("case.start")
def start(key: str) -> ResponseReturnValue:
    """The start form of a process."""
    with engine().read(current_actor()) as tx:
        release = starting.startable_one(tx, key)
        if starting.is_public(tx, key):
            return assisted.begin(tx, release)
        form, env = release.start_form(), starting.start_environment(tx)
        view = forms_view.show(form, form.initial({}, env)) if form else None
        units = starting.units_to_start_for(tx, release)
    return _page(release, view, units, request.args.get("unit", ""))


@blueprint.post("/processes/<key>/start")
@requires("case.start")
def submit_start(key: str) -> ResponseReturnValue:
    """Start the case, or show the form again with what is wrong."""
    with engine().read(current_actor()) as tx:
        release = starting.startable_one(tx, key)
        env, units = starting.start_environment(tx), starting.units_to_start_for(tx, release)
        helps = starting.is_public(tx, key)
    if helps:
        return assisted.submit(release)
    unit = _chosen_unit(units)
    form = release.start_form()
    if form is None:
        missing = unit is None
        return Response(_page(release, None, units, "", missing), 422) if missing else _started(key, {}, unit)
    posted = forms_view.read(form, request.form, request.files)
    kept = forms_view.keep_uploads(engine(), current_actor(), posted, {})
    bound = posted.bind(kept, {}, env)
    is_sent = posted.action != forms_view.REFRESH
    view = forms_view.show(form, bound)
    if not is_sent or view.errors or unit is None:
        page = _page(release, view, units, request.form.get("unit", ""), is_sent and unit is None)
        return Response(page, 422 if is_sent else 200)
    return _started(key, bound.values, unit)


@blueprint.get("/cases/<uuid:instance_id>")
@drawing
@signed_in
def case(instance_id: UUID) -> ResponseReturnValue:
    """A case as those see it who handle it; applicants have a page of their own."""
    with engine().read(current_actor()) as tx:
        found = cases.case(tx, instance_id)
        inside = people.reads_inside(tx.actor, found)
        if not inside and portal.is_own_case(tx, instance_id):
            return redirect(url_for("portal.case", instance_id=instance_id))
        name = cases.release_of(tx, found).bundle.name
        return render_template(
            "inbox/case.html",
            instance=found,
            process=name,
            file=case_file(tx, found),
            inside=inside,
        )


def _started(key: str, values: dict[str, Any], unit: UUID | None) -> ResponseReturnValue:
    with engine().begin(current_actor()) as tx:
        started = instances.start(tx, key, values, unit)
    flash(_("已发起，编号 {number}。", number=started.instance.business_key), "success")
    return redirect(url_for("inbox.case", instance_id=started.instance.id))


def _chosen_unit(units: list[starting.UnitChoice]) -> UUID | None:
    """The unit that was chosen, if it is one of those on offer; the only one needs no choice."""
    if len(units) == 1:
        return units[0].id
    return next((unit.id for unit in units if str(unit.id) == request.form.get("unit")), None)


def _page(
    release: Release, view: FormView | None, units: list[starting.UnitChoice], unit: str, unit_missing: bool = False
) -> str:
    belongs = _(_BELONGS_TO[starting.level_of_cases(release)])
    return render_template(
        "inbox/start.html",
        release=release,
        view=view,
        units=units,
        unit=unit,
        unit_missing=unit_missing,
        belongs=belongs,
    )

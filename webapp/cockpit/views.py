"""The admin's pages: all cases, one case with its machinery, open incidents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import accumulate
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import incidents, instances, people
from engine.errors import EngineError, InvalidState, InvalidVariables
from engine.lifecycle import IncidentState, InstanceState, state_name
from engine.people import Unit
from engine.queries import cases, cockpit, inbox
from engine.queries.cockpit import Wish
from webapp.auth import current_actor, requires
from webapp.casefile import case_file
from webapp.cockpit import shown
from webapp.errors import status_of
from webapp.i18n import _, in_language, translate_error
from webapp.platform import engine
from webapp.security import drawing
from webapp.sent import page_number

blueprint = Blueprint("cockpit", __name__, template_folder="templates")
#: A list of more units than these nobody looks through.
_MOST_UNITS = 300
_OVERDUE, _FAILED = "overdue", "failed"


@blueprint.get("/cockpit/cases", endpoint="cases")
@requires("case.view_all")
def cases_page() -> ResponseReturnValue:
    """All cases, narrowed by conditions, with the figures of what goes on."""
    wish = _wish()
    with engine().read(current_actor()) as tx:
        context = {
            "listing": cockpit.lines(tx, wish),
            "figures": cockpit.figures(tx),
            "names": in_language(inbox.process_names(tx)),
            "units": offered(people.org_tree(tx), wish.unit_id),
        }
    chosen = {"wish": wish, "standings": _standings(), "standing": _standing(wish), "sorted_url": _sorted_url}
    return render_template("cockpit/cases.html", **chosen, **context)


def offered(units: Iterable[Unit], chosen: UUID | None) -> list[tuple[str, str]]:
    """The units to choose from, of a large district without the lowest levels; and the one that is chosen."""
    units = list(units)
    levels = Counter(unit.path.count("/") for unit in units)
    sizes = dict(zip(sorted(levels), accumulate(levels[depth] for depth in sorted(levels)), strict=True))
    shown = (unit for unit in units if sizes[unit.path.count("/")] <= _MOST_UNITS or unit.id == chosen)
    return [(str(unit.id), unit.name) for unit in shown]


def _sorted_url(order: str) -> str:
    """The address of the first page of the same list in another order."""
    return url_for("cockpit.cases", **{**request.args.to_dict(), "sort": order or None, "page": None})


def _standings() -> list[tuple[str, str]]:
    """What can be chosen of a case's state: the states themselves, and what of them calls for an admin."""
    states = [(state.value, _(state_name(state))) for state in InstanceState]
    return [("", _("全部状态")), *states, (_OVERDUE, _("已逾期")), (_FAILED, _("有异常"))]


def _standing(wish: Wish) -> str:
    if wish.state is not None:
        return wish.state.value
    return _OVERDUE if wish.overdue else (_FAILED if wish.failed else "")


def _wish() -> Wish:
    asked = request.args
    state = asked.get("state", "")
    return Wish(
        search=asked.get("q", "").strip(),
        process_key=asked.get("process", ""),
        state=InstanceState(state) if state in set(InstanceState) else None,
        unit_id=asked.get("unit", type=UUID),
        overdue=state == _OVERDUE,
        failed=state == _FAILED,
        since=asked.get("since", type=date.fromisoformat),
        until=asked.get("until", type=date.fromisoformat),
        oldest_first=asked.get("sort") == "oldest",
        page=page_number(),
    )


@blueprint.get("/cockpit/cases/<uuid:instance_id>")
@drawing
@requires("case.view_all")
def case(instance_id: UUID) -> ResponseReturnValue:
    """One case: facts, drawing, what waits, variables, jobs, incidents, the full history."""
    return _case_page(instance_id)


@blueprint.post("/cockpit/cases/<uuid:instance_id>/cancel")
@drawing
@requires("case.cancel")
def cancel(instance_id: UUID) -> ResponseReturnValue:
    """End a case before its end; without a reason, or when it has ended, the page says so and keeps what was typed."""
    reason = request.form.get("reason", "")
    try:
        with engine().begin(current_actor()) as tx:
            instance = instances.cancel(tx, instance_id, reason)
    except InvalidVariables as error:
        return Response(_case_page(instance_id, reason_error=translate_error(error), reason=reason), 422)
    except InvalidState as error:
        flash(translate_error(error), "warning")
        return redirect(url_for("cockpit.case", instance_id=instance_id))
    flash(_("事项 {number} 已终止。", number=instance.business_key), "success")
    return redirect(url_for("cockpit.case", instance_id=instance_id))


def _case_page(instance_id: UUID, **context: Any) -> str:
    with engine().read(current_actor()) as tx:
        instance = cases.case_inside(tx, instance_id)
        release = cases.release_of(tx, instance)
        return render_template(
            "cockpit/case.html",
            instance=instance,
            process=_("{process}（第 {version} 版）", process=release.bundle.name, version=release.version),
            unit=cockpit.unit_name(tx, instance),
            file=case_file(tx, instance),
            variables=[shown.variable(each, tx.actor) for each in cockpit.variables_of(tx, instance)],
            jobs=[shown.job(each) for each in cockpit.jobs_of(tx, instance)],
            failures=[shown.failure(each) for each in cockpit.incidents_of(tx, instance)],
            history=cockpit.history(tx, instance, page_number()),
            told=shown.told,
            active=instance.state is InstanceState.ACTIVE,
            **context,
        )


@blueprint.get("/cockpit/incidents", endpoint="incidents")
@requires("case.view_all")
def incidents_page() -> ResponseReturnValue:
    """What went wrong and waits for somebody to look."""
    with engine().read(current_actor()) as tx:
        page = cockpit.open_incidents(tx, page_number())
    return render_template("cockpit/incidents.html", page=page, failures=[shown.failure(each) for each in page.items])


@blueprint.post("/cockpit/incidents/<uuid:incident_id>/retry")
@requires("incident.retry")
def retry(incident_id: UUID) -> ResponseReturnValue:
    """Try the failed step again and say what came of it."""
    try:
        with engine().begin(current_actor()) as tx:
            incident = incidents.retry(tx, incident_id)
        with engine().read(current_actor()) as tx:
            instance = cases.case(tx, incident.instance_id)
            again = next(
                (f for f in cockpit.incidents_of(tx, instance) if f.incident.token_id == incident.token_id), None
            )
    except (InvalidState, EngineError) as error:
        if status_of(error) != 409:
            raise
        flash(translate_error(error), "warning")
        return redirect(_back())
    if again is not None and again.incident.state is IncidentState.OPEN:
        flash(_("重试没有成功，“{element}”又出现异常。", element=again.element), "warning")
    else:
        flash(_("已重试，事项 {number} 继续办理。", number=instance.business_key), "success")
    return redirect(_back())


def _back() -> str:
    """The page of ours that the button stood on."""
    back = urlsplit(request.form.get("back", ""))
    ours = not back.netloc and back.path.startswith("/cockpit/")
    return back.path if ours else url_for("cockpit.incidents")

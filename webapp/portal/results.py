"""Published results (办理结果公开): what came of settled cases, for everybody; admins take one back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import results
from engine.clock import local_day
from engine.errors import AlreadyDone, InvalidVariables
from engine.queries import notices
from engine.queries import results as shown
from engine.queries.results import Line, Wish
from webapp.auth import current_actor, public, requires
from webapp.i18n import _, translate_error
from webapp.platform import engine
from webapp.portal.blueprint import drop_the_receipt_code
from webapp.sent import page_number

blueprint = Blueprint("results", __name__, template_folder="templates")
blueprint.before_request(drop_the_receipt_code)


@blueprint.get("/results", endpoint="results")
@public
def results_page() -> ResponseReturnValue:
    """The results, the newest first; narrowed by words and by unit."""
    return _page()


@blueprint.post("/results/<uuid:result_id>/withdraw")
@requires("settings.manage")
def withdraw(result_id: UUID) -> ResponseReturnValue:
    """Take one back; without a reason the page says so and keeps what was typed."""
    reason = request.form.get("reason", "")
    try:
        with engine().begin(current_actor()) as tx:
            results.withdraw(tx, result_id, reason)
    except InvalidVariables as error:
        return Response(_page(result_id, reason, translate_error(error)), 422)
    except AlreadyDone as error:
        flash(translate_error(error), "warning")
    else:
        flash(_("已撤下，不再公开。"), "success")
    return redirect(url_for("results.results"), 303)


def days_taken(line: Line) -> str:
    """How long it took, in words."""
    return _("用时 {n} 天", n=line.row.days) if line.row.days else _("当天办结")


def month(line: Line) -> str:
    """The month in which it was settled: a day would say too much about whose case it was."""
    day = local_day(line.row.settled_at)
    return _("{year}年{month}月", year=day.year, month=day.month)


def _page(result_id: UUID | None = None, reason: str = "", reason_error: str = "") -> str:
    asked = request.args
    wish = Wish(asked.get("q", "").strip(), asked.get("unit", ""), page_number())
    with engine().read(current_actor()) as tx:
        found, units = shown.published(tx, wish), notices.places(tx)
    return render_template(
        "results/results.html",
        wish=wish,
        page=found,
        units=units,
        days_taken=days_taken,
        month=month,
        may_withdraw=current_actor().may("settings.manage"),
        wrong=result_id,
        reason=reason,
        reason_error=reason_error,
    )

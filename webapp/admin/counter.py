"""The limits of the residents' counter."""

from __future__ import annotations

from dataclasses import asdict

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import counter_limits
from engine.counter_limits import SETTINGS
from engine.errors import InvalidVariables
from webapp.admin.blueprint import blueprint, tabs
from webapp.auth import current_actor, requires
from webapp.i18n import _
from webapp.platform import engine

_MANAGE = "settings.manage"


@blueprint.get("/admin/counter", endpoint="counter")
@requires(_MANAGE)
def counter_page() -> ResponseReturnValue:
    """How much the counter takes from whom, and how long it keeps what was not sent."""
    with engine().read(current_actor()) as tx:
        values = {name: str(value) for name, value in asdict(counter_limits.limits(tx)).items()}
    return _page(values, {})


@blueprint.post("/admin/counter")
@requires(_MANAGE)
def save_counter() -> ResponseReturnValue:
    """Set all of it; what is no number in bounds is named and everything typed stays."""
    typed = {name: request.form.get(name, "") for name in SETTINGS}
    try:
        with engine().begin(current_actor()) as tx:
            counter_limits.set_limits(tx, typed)
    except InvalidVariables as error:
        return Response(_page(typed, dict.fromkeys(error.errors, "")), 422)
    flash(_("已保存，马上生效。"), "success")
    return redirect(url_for("admin.counter"), 303)


def _page(values: dict[str, str], wrong: dict[str, str]) -> str:
    errors = {name: _("请填写 {low} 至 {high} 的整数。", low=each.low, high=each.high)
              for name, each in SETTINGS.items() if name in wrong}  # fmt: skip
    return render_template("admin/counter.html", tabs=tabs(), settings=SETTINGS, values=values, errors=errors)

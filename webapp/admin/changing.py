"""Another value of a setting for a unit, and back: where asked for, first what it would move, then the change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import overrides, people
from engine.errors import InvalidVariables, NotFound
from engine.policy import Change, Setting
from engine.queries import policies
from engine.queries.effects import effect
from webapp import policy_words
from webapp.admin.blueprint import blueprint
from webapp.admin.policies import detail_page
from webapp.auth import current_actor, requires
from webapp.i18n import _, translate_error
from webapp.platform import engine

_MANAGE = "settings.manage"
_FIELDS = ("unit", "value", "source", "move")


@blueprint.post("/policies/<key>/<name>/override")
@requires(_MANAGE)
def override(key: str, name: str) -> ResponseReturnValue:
    """Give a unit another value. Asked to move deadlines, it first shows what that would do."""
    typed = {field: request.form.get(field, "") for field in _FIELDS}
    with engine().read(current_actor()) as tx:
        setting = policies.detail(tx, key, name).setting
    errors = _faults(setting, typed)
    if errors:
        return Response(detail_page(key, name, values=typed, errors=errors), 422)
    unit_id, raw, move = UUID(typed["unit"]), policy_words.read(setting, typed["value"]), bool(typed["move"])
    try:
        if move and not request.form.get("confirmed"):
            return _confirm(key, Change(name, unit_id, raw), typed)
        with engine().begin(current_actor()) as tx:
            overrides.override(tx, key, name, unit_id, raw, typed["source"], move_deadlines=move)
    except InvalidVariables as error:
        field = next((each for each in error.errors if each in _FIELDS), "value")
        return Response(detail_page(key, name, values=typed, errors={field: translate_error(error)}), 422)
    return _done(key, name, move)


def _faults(setting: Setting, typed: dict[str, str]) -> dict[str, str]:
    """What is missing or does not fit, by field."""
    errors = {}
    try:
        UUID(typed["unit"])
    except ValueError:
        errors["unit"] = _("请选择单位。")
    try:
        setting.read(policy_words.read(setting, typed["value"]))
    except InvalidVariables as error:
        errors["value"] = translate_error(error)
    if not typed["value"].strip():
        errors["value"] = _("请填写取值。")
    if not typed["source"].strip():
        errors["source"] = _("请填写这个取值的依据。")
    return errors


@blueprint.get("/policies/<key>/<name>/withdraw/<uuid:unit_id>")
@requires(_MANAGE)
def ask_to_withdraw(key: str, name: str, unit_id: UUID) -> ResponseReturnValue:
    """What taking the unit's own value back would do."""
    return _confirm(key, Change(name, unit_id, None), {})


@blueprint.post("/policies/<key>/<name>/withdraw/<uuid:unit_id>")
@requires(_MANAGE)
def withdraw(key: str, name: str, unit_id: UUID) -> ResponseReturnValue:
    """Let the unit have again what is set above it."""
    move = bool(request.form.get("move"))
    try:
        with engine().begin(current_actor()) as tx:
            overrides.withdraw(tx, key, name, unit_id, move_deadlines=move)
    except NotFound as error:
        flash(translate_error(error), "warning")
        return redirect(url_for("admin.policy", key=key, name=name))
    return _done(key, name, move)


def _confirm(key: str, change: Change, typed: dict[str, str]) -> ResponseReturnValue:
    """The page that says what would move."""
    with engine().read(current_actor()) as tx:
        detail = policies.detail(tx, key, change.name)
        unit = people.org_tree(tx).unit(change.unit_id)
        now, _unit = policies.value_at(tx, detail.release, detail.setting, unit.id)
        above = policies.value_at(tx, detail.release, detail.setting, unit.parent_id)[0]
        context: dict[str, Any] = {
            "detail": detail,
            "unit": unit,
            "typed": typed,
            "effect": effect(tx, key, change),
            "old": policy_words.said(detail.setting, now),
            "new": policy_words.said(detail.setting, above if change.raw is None else change.raw),
        }
        return render_template("admin/confirm_policy.html", **context)


def _done(key: str, name: str, move: bool) -> ResponseReturnValue:
    text = _("参数已保存，正在重算有关事项的期限。") if move else _("参数已保存。正在办理的期限没有变动。")
    flash(text, "success")
    return redirect(url_for("admin.policy", key=key, name=name))

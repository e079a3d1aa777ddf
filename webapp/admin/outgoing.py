"""Messages that leave the platform: whether they can, the robots of group chats, and what was given up."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import deliveries, people
from engine.deliveries import BRANDS, groups, robots
from engine.errors import EngineError, InvalidState, InvalidVariables, StepFailed
from engine.handlers.mail import sender, server_name
from engine.handlers.secrets import PREFIX, Secrets
from engine.model.delivery import Robot
from engine.notifications import KINDS
from engine.queries import deliveries as shown
from webapp.admin.blueprint import blueprint, tabs
from webapp.admin.policies import unit_choices
from webapp.auth import current_actor, requires
from webapp.i18n import LOCALES, _, translate_error
from webapp.messages import letters
from webapp.platform import engine
from webapp.sent import page_number

_MANAGE = "settings.manage"
_FIELDS = ("name", "brand", "secret", "unit", "position", "locale")
_log = logging.getLogger(__name__)


@blueprint.get("/admin/outgoing")
@requires(_MANAGE)
def outgoing() -> ResponseReturnValue:
    """Mail server, robots and failures."""
    return _page()


@blueprint.post("/admin/outgoing/robots")
@requires(_MANAGE)
def add_robot() -> ResponseReturnValue:
    """Add a robot; with a fault the page says so and keeps what was typed."""
    typed: dict[str, Any] = {field: request.form.get(field, "").strip() for field in _FIELDS}
    typed["kinds"] = request.form.getlist("kinds")
    try:
        unit_id = UUID(typed["unit"])
    except ValueError:
        return _again({"unit": _("请选择单位。")}, typed)
    locale = typed["locale"] if typed["locale"] in LOCALES else next(iter(LOCALES))
    about = (typed["name"], typed["brand"], typed["secret"], unit_id, typed["position"] or None)
    try:
        with engine().begin(current_actor()) as tx:
            groups.add_robot(tx, *about, typed["kinds"], locale)
    except InvalidVariables as error:
        return _again({next(iter(error.errors)): translate_error(error)}, typed)
    flash(_("已添加机器人“{name}”。请发一条测试消息。", name=typed["name"]), "success")
    return _back()


@blueprint.post("/admin/outgoing/robots/<uuid:robot_id>/remove")
@requires(_MANAGE)
def remove_robot(robot_id: UUID) -> ResponseReturnValue:
    """Take a robot away, with a reason."""
    try:
        with engine().begin(current_actor()) as tx:
            removed = groups.remove_robot(tx, robot_id, request.form.get("reason", ""))
    except InvalidVariables as error:
        return _again({f"remove-{robot_id}-reason": translate_error(error)}, {})
    except InvalidState as error:
        flash(translate_error(error), "warning")
    else:
        flash(_("已移除机器人“{name}”。", name=removed.name), "success")
    return _back()


@blueprint.post("/admin/outgoing/robots/<uuid:robot_id>/test")
@requires(_MANAGE)
def test_robot(robot_id: UUID) -> ResponseReturnValue:
    """Say something in the group, to see whether it arrives."""
    with engine().read(current_actor()) as tx:
        robot = tx.get(Robot, robot_id)
    try:
        robots.post(robot.brand, Secrets().get(robot.secret), _("五级双向社区治理：测试消息"))
    except EngineError as error:
        _log.warning("robot %s: %s", robot_id, error)
        flash(_("测试消息没有发出：{reason}", reason=translate_error(error)), "error")
    else:
        flash(_("测试消息已发到“{name}”。", name=robot.name), "success")
    return _back()


@blueprint.post("/admin/outgoing/deliveries/<uuid:delivery_id>/retry")
@requires(_MANAGE)
def retry_delivery(delivery_id: UUID) -> ResponseReturnValue:
    """Send what was given up once more."""
    try:
        with engine().begin(current_actor()) as tx:
            deliveries.retry(tx, delivery_id)
    except InvalidState as error:
        flash(translate_error(error), "warning")
    else:
        flash(_("已重新排队，稍后发送。"), "success")
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("admin.outgoing"))


def _again(errors: dict[str, str], typed: dict[str, Any]) -> ResponseReturnValue:
    return Response(_page(errors, typed), 422)


def _page(errors: dict[str, str] | None = None, typed: dict[str, Any] | None = None) -> str:
    with engine().read(current_actor()) as tx:
        positions = [(key, kind.name) for key, kind in people.org_tree(tx).positions.items()]
        return render_template(
            "admin/outgoing.html",
            tabs=tabs(),
            server=_mail_server(),
            address=letters.address(),
            robots=shown.robots(tx),
            counts=shown.counts(tx),
            page=shown.failures(tx, page_number()),
            units=unit_choices(tx),
            positions=positions,
            brands=BRANDS,
            kinds=KINDS,
            prefix=PREFIX,
            errors=errors or {},
            values=typed or {},
        )


def _mail_server() -> tuple[str, str] | None:
    """Host and sender; None when mails can't be sent. Never a password."""
    try:
        return server_name(), sender()
    except StepFailed:
        return None

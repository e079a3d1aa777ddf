"""A person's wishes: of what to be reminded, what goes to the own mailbox and when; and the proof of the mailbox."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import muting
from engine.deliveries import Letter, send_mail, wishes
from engine.errors import EngineError, InvalidState, InvalidVariables
from engine.model.base import new_id
from engine.notifications import KINDS, MUTABLE, Outside
from engine.queries import bell
from webapp import i18n
from webapp.auth import current_actor, signed_in
from webapp.i18n import LOCALES, _, translate_error
from webapp.messages import letters
from webapp.messages.blueprint import blueprint
from webapp.platform import engine


@blueprint.get("/messages/settings")
@signed_in
def settings() -> ResponseReturnValue:
    """The wishes of the account, whatever the acting post."""
    return _page()


@blueprint.post("/messages/settings")
@signed_in
def save() -> ResponseReturnValue:
    """Keep the wishes; with a fault the page says so and keeps what was chosen."""
    typed = request.form
    quiet = (_hour("quiet_from"), _hour("quiet_until")) if typed.get("quiet") else None
    choices = {kind: Outside(typed[f"mail.{kind}"]) for kind in KINDS if typed.get(f"mail.{kind}") in set(Outside)}
    language = typed.get("locale", "") if typed.get("locale") in LOCALES else current_actor().locale
    try:
        with engine().begin(current_actor()) as tx:
            muting.mute_kinds(tx, set(MUTABLE) - set(typed.getlist("remind")))
            wishes.choose(tx, choices, _hour("digest_hour"), bool(typed.get("workdays_only")), quiet, language)
    except InvalidVariables as error:
        shown = {
            "muted": set(MUTABLE) - set(typed.getlist("remind")),
            "choices": choices,
            "digest_hour": _hour("digest_hour"),
            "workdays_only": bool(typed.get("workdays_only")),
            "quiet": quiet,
            "language": language,
        }
        return Response(_page({next(iter(error.errors)): translate_error(error)}, shown), 422)
    flash(_("消息设置已保存。"), "success")
    return redirect(url_for("messages.settings"))


def _hour(name: str) -> int:
    """A chosen hour; -1, which is none, for anything else."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else -1


@blueprint.post("/messages/settings/address")
@signed_in
def ask_for_proof() -> ResponseReturnValue:
    """Mail a code to an address that somebody wishes to use."""
    typed = request.form.get("address", "")
    try:
        with engine().begin(current_actor()) as tx:
            code = wishes.ask_for_proof(tx, typed)
    except (InvalidVariables, InvalidState) as error:
        return Response(_page({"address": translate_error(error)}, address=typed), 422)
    if _mail(typed.strip(), letters.code_letter(code, i18n.locale())):
        flash(_("验证码已发到 {address}，30 分钟内有效。", address=typed.strip()), "success")
    return redirect(url_for("messages.settings", _anchor="address-title"))


@blueprint.post("/messages/settings/code")
@signed_in
def prove() -> ResponseReturnValue:
    """Use the address when the code is right."""
    try:
        with engine().begin(current_actor()) as tx:
            is_right = wishes.prove(tx, request.form.get("code", ""))
    except InvalidState as error:
        return Response(_page({"code": translate_error(error)}), 422)
    if not is_right:
        return Response(_page({"code": _("验证码不对，请核对邮件后重新填写。")}), 422)
    flash(_("邮箱已验证，以后的消息会发到这里。"), "success")
    return redirect(url_for("messages.settings"))


@blueprint.post("/messages/settings/address/forget")
@signed_in
def forget_address() -> ResponseReturnValue:
    """Send no mails any more."""
    with engine().begin(current_actor()) as tx:
        wishes.forget_address(tx)
    flash(_("已停用邮箱，不再发送邮件。"), "success")
    return redirect(url_for("messages.settings"))


@blueprint.post("/messages/settings/test")
@signed_in
def test() -> ResponseReturnValue:
    """Mail something to the own address, to see whether it arrives."""
    try:
        with engine().begin(current_actor()) as tx:
            address = wishes.count_test(tx)
    except InvalidState as error:
        flash(translate_error(error), "warning")
        return redirect(url_for("messages.settings"))
    if _mail(address, letters.trial_letter(i18n.locale())):
        flash(_("测试邮件已发到 {address}。", address=address), "success")
    return redirect(url_for("messages.settings"))


def _mail(address: str, letter: Letter) -> bool:
    """Send at once, so that whoever waits for it hears whether it went."""
    try:
        send_mail(new_id(), address, letter, engine().clock())
    except EngineError as error:
        current_app.logger.warning("mail: %s", error)
        flash(_("邮件没有发出。请稍后再试，或者联系系统管理员。"), "error")
        return False
    return True


def _page(errors: dict[str, str] | None = None, shown: dict[str, Any] | None = None, address: str = "") -> str:
    with engine().read(current_actor()) as tx:
        row = wishes.settings_of(tx)
        muted, cases = bell.muted_kinds(tx), bell.muted_cases(tx)
    quiet = None if row.quiet_from is None or row.quiet_until is None else (row.quiet_from, row.quiet_until)
    context = {
        "muted": muted,
        "muted_cases": cases,
        "choices": row.choices,
        "digest_hour": row.digest_hour,
        "workdays_only": row.workdays_only,
        "quiet": quiet,
        "language": current_actor().locale,
        **(shown or {}),
    }
    outside = [(Outside.NOW, _("立即")), (Outside.DIGEST, _("每天汇总")), (Outside.OFF, _("不发"))]
    context |= {"row": row, "kinds": KINDS, "mutable": MUTABLE, "outside": outside}
    return render_template("messages/settings.html", errors=errors or {}, typed=address, **context)

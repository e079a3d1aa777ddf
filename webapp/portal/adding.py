"""What a resident sends to the own running case unasked: more material, or a complaint that it takes too long."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import additions, files
from engine.additions import BETWEEN_COMPLAINTS, LONGEST_TEXT
from engine.errors import EngineError, InvalidVariables
from engine.people import Actor
from engine.queries import cases
from webapp.auth import public
from webapp.errors import status_of
from webapp.files import upload_session
from webapp.forms_view import FormView, said
from webapp.i18n import _, translate_error
from webapp.platform import engine
from webapp.portal import uploads
from webapp.portal.blueprint import blueprint
from webapp.portal.case import opened
from webapp.widgets import Widget

_ACCEPT = ".jpg,.jpeg,.png,.webp,.pdf"


@blueprint.get("/follow/case/<uuid:instance_id>/add")
@public
@opened
def add(actor: Actor, instance_id: UUID) -> ResponseReturnValue:
    """The empty form for more material."""
    return _material_page(actor, instance_id, "", [], {})


@blueprint.post("/follow/case/<uuid:instance_id>/add")
@public
@opened
def send_material(actor: Actor, instance_id: UUID) -> ResponseReturnValue:
    """Add it, or show the form again with what was typed, the files that were taken, and what is wrong."""
    text = request.form.get("text", "")
    kept, refused = _uploads(actor)
    if refused:
        return Response(_material_page(actor, instance_id, text, kept, {"files": refused}), 422)
    try:
        with engine().begin(actor) as tx:
            additions.add_material(tx, instance_id, text, kept, upload_session(actor))
    except InvalidVariables as error:
        return Response(_material_page(actor, instance_id, text, kept, _errors(error)), status_of(error))
    except EngineError as error:
        page = _material_page(actor, instance_id, text, kept, {}, translate_error(error))
        return Response(page, status_of(error))
    flash(_("已补充，办理的人已经收到提醒。"), "success")
    return redirect(url_for("portal.case", instance_id=instance_id), 303)


@blueprint.get("/follow/case/<uuid:instance_id>/complain")
@public
@opened
def complain(actor: Actor, instance_id: UUID) -> ResponseReturnValue:
    """The empty form for a complaint."""
    return _complaint_page(actor, instance_id, "", {})


@blueprint.post("/follow/case/<uuid:instance_id>/complain")
@public
@opened
def send_complaint(actor: Actor, instance_id: UUID) -> ResponseReturnValue:
    """Hand it to the level above, or show the form again."""
    text = request.form.get("text", "")
    try:
        with engine().begin(actor) as tx:
            additions.complain(tx, instance_id, text)
    except InvalidVariables as error:
        return Response(_complaint_page(actor, instance_id, text, _errors(error)), status_of(error))
    except EngineError as error:
        return Response(_complaint_page(actor, instance_id, text, {}, translate_error(error)), status_of(error))
    flash(_("已转给上一级，请上一级督促办理。"), "success")
    return redirect(url_for("portal.case", instance_id=instance_id), 303)


def _uploads(actor: Actor) -> tuple[list[dict[str, Any]], list[str]]:
    """The files that came now and before, and a sentence for each that was not taken."""
    sent, refused = _inspected()
    before = request.form.getlist("files")
    if not sent and not before:
        return [], refused
    session = upload_session(actor)
    with engine().read(actor) as tx:
        kept = files.own_uploads(tx, before, session)
        room = uploads.Room(tx, kept)
    faults = [(upload, room.refusal(upload)) for upload in sent]
    refused += [said(fault) for _upload, fault in faults if fault is not None]
    taken = [upload for upload, fault in faults if fault is None]
    if taken:
        with engine().begin(actor) as tx:
            kept += [files.store(tx, upload, session) for upload in taken]
        uploads.count(taken)
    return kept, refused


def _inspected() -> tuple[list[files.Upload], list[str]]:
    """The files that are what they say they are, and what is wrong with the others."""
    sent, refused = [], []
    for each in request.files.getlist("files"):
        if not each.filename:
            continue
        try:
            sent.append(files.inspect(each.filename, each.stream.read(files.LARGEST + 1)))
        except files.UnsuitableFile as error:
            refused.append(translate_error(error))
    return sent, refused


def _errors(error: InvalidVariables) -> dict[str, list[str]]:
    return {field: [translate_error(error)] for field in error.errors}


def _material_page(
    actor: Actor,
    instance_id: UUID,
    text: str,
    kept: list[dict[str, Any]],
    errors: dict[str, list[str]],
    refusal: str = "",
) -> str:
    photos = Widget(
        kind="files",
        id="f-files",
        name="files",
        label=_("照片或材料"),
        hint=_("可以选择多个，也可以直接拍照。"),
        limit=_("每个文件不超过 {limit} MB。", limit=files.LARGEST // 1024 // 1024),
        errors=tuple(errors.get("files", ())),
        files=tuple(kept),
        accept=_ACCEPT,
        multiple=True,
        optional=True,
    )
    note = _text(_("补充说明"), _("写明新的情况，或者之前没有写到的。"), text, errors)
    return _page(actor, instance_id, (note, photos), _("补充材料"), _("补充以后，办理的人会收到提醒。"), refusal)


def _complaint_page(actor: Actor, instance_id: UUID, text: str, errors: dict[str, list[str]], refusal: str = "") -> str:
    note = _text(_("投诉内容"), _("写明哪一步拖延了，希望怎样解决。"), text, errors)
    meta = _("投诉转给上一级，由上一级督促办理。{days} 天内只能投诉一次。", days=BETWEEN_COMPLAINTS.days)
    return _page(actor, instance_id, (note,), _("投诉办理缓慢"), meta, refusal)


def _text(label: str, hint: str, text: str, errors: dict[str, list[str]]) -> Widget:
    return Widget(
        kind="textarea",
        id="f-text",
        name="text",
        label=label,
        hint=hint,
        limit=_("最多 {most} 个字。", most=LONGEST_TEXT),
        value=text,
        errors=tuple(errors.get("text", ())),
    )


def _page(actor: Actor, instance_id: UUID, widgets: tuple[Widget, ...], title: str, meta: str, refusal: str) -> str:
    with engine().read(actor) as tx:
        instance = cases.case(tx, instance_id)
    wrong = tuple((f"#{widget.id}", sentence) for widget in widgets for sentence in widget.errors)
    view = FormView(widgets, wrong, is_dynamic=False, has_files=len(widgets) > 1)
    return render_template("portal/add.html", case=instance, view=view, title=title, meta=meta, refusal=refusal)

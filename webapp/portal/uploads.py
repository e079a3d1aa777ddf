"""Files that come to the counter: no more than a filing may have and an address may send in a day."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from engine import counter_limits, files
from engine.errors import N_, NotFound
from engine.forms import FileInput, Sentence
from engine.people import ANONYMOUS
from engine.queries import portal
from webapp import forms_view
from webapp.auth import current_actor, public
from webapp.files import upload_session
from webapp.forms_view import Posted
from webapp.platform import engine
from webapp.portal.blueprint import blueprint

_MEGABYTE = 1024 * 1024


def keep(posted: Posted) -> tuple[Posted, dict[str, list[dict[str, Any]]]]:
    """Store what may be stored of a form's new files; the others are refused by name. Gives all files by path."""
    actor = current_actor()
    session = upload_session(actor) if posted.form.has_files else None
    posted = _within_limits(posted, session) if posted.uploads else posted
    kept = forms_view.keep_uploads(engine(), actor, posted, {}, session)
    size = sum(len(upload.content) for uploads in posted.uploads.values() for upload in uploads)
    if size:
        with engine().begin(ANONYMOUS) as tx:
            counter_limits.count_bytes(tx, request.remote_addr or "", size)
    return posted, kept


def known(posted: Posted) -> dict[str, list[dict[str, Any]]]:
    """The files of a form of which nothing was sent just now, by path."""
    actor = current_actor()
    return forms_view.keep_uploads(
        engine(), actor, posted, {}, upload_session(actor) if posted.form.has_files else None
    )


def _within_limits(posted: Posted, session: str | None) -> Posted:
    sent = [id for texts in posted.raw.values() for id in texts if files.as_id(id)]
    with engine().read(current_actor()) as tx:
        limits, left = counter_limits.limits(tx), counter_limits.bytes_left(tx, request.remote_addr or "")
        before = files.own_uploads(tx, sent, session)
    count, size, new = len(before), sum(each["size"] for each in before), 0
    taken: dict[str, list[files.Upload]] = {}
    refused = {path: list(sentences) for path, sentences in posted.refused.items()}
    for path, upload in [(path, upload) for path, uploads in posted.uploads.items() for upload in uploads]:
        length = len(upload.content)
        if count >= limits.files:
            fault = Sentence(
                N_("一件事项最多上传 {most} 个文件，“{name}”没有上传。"), most=limits.files, name=upload.name
            )
        elif size + length > limits.megabytes * _MEGABYTE:
            fault = Sentence(_TOO_LARGE, most=limits.megabytes, name=upload.name)
        elif new + length > left:
            fault = Sentence(_TOO_MUCH_TODAY, name=upload.name)
        else:
            count, size, new = count + 1, size + length, new + length
            taken.setdefault(path, []).append(upload)
            continue
        refused.setdefault(path, []).append(fault)
    return replace(posted, uploads=taken, refused=refused)


_TOO_MANY = N_("一件事项最多上传 {most} 个文件，“{name}”没有上传。")
_TOO_LARGE = N_("一件事项的文件合计不能超过 {most} MB，“{name}”没有上传。其余的可以到社区窗口提交。")
_TOO_MUCH_TODAY = N_("这个网络地址今天上传得太多，“{name}”没有上传。请明天再传，或者到社区窗口提交。")


@blueprint.post("/file/<key>/uploads/<path:field>")
@public
def upload(key: str, field: str) -> ResponseReturnValue:
    """Take one file while the form is still being filled in: gives its ticked box, or 422 with what is wrong."""
    with engine().read(current_actor()) as tx:
        _release, form = portal.offered_start(tx, key)
    item = form.written.get(field)
    if not isinstance(item, FileInput) or item.signature:
        raise NotFound(N_("没有找到这一项。"))
    posted, kept = keep(forms_view.read(form, request.form, request.files))
    faults = [forms_view.said(sentence) for sentences in posted.refused.values() for sentence in sentences]
    if faults:
        return Response(" ".join(faults), 422, mimetype="text/plain")
    if not posted.uploads.get(field):
        return Response("", 400, mimetype="text/plain")
    return render_template("portal/_upload.html", field=field, file=kept[field][-1])

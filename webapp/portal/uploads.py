"""Files that come to the counter: no more than fit into one sending, and than an address may send in a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from engine import counter_limits, files
from engine.database import Transaction
from engine.errors import N_, NotFound
from engine.forms import FileInput, Sentence
from engine.people import ANONYMOUS, Actor
from engine.queries import portal
from webapp import forms_view
from webapp.auth import current_actor, public
from webapp.files import upload_session
from webapp.forms_view import Posted
from webapp.platform import engine
from webapp.portal.blueprint import blueprint

_MEGABYTE = 1024 * 1024


class Room:
    """What still fits: so many files and bytes that are sent at once, so many bytes of this address today."""

    def __init__(self, tx: Transaction, before: Iterable[Mapping[str, Any]]) -> None:
        sizes = [each["size"] for each in before]
        self._limits = counter_limits.limits(tx)
        self._left = counter_limits.bytes_left(tx, request.remote_addr or "")
        self._count, self._size = len(sizes), sum(sizes)

    def refusal(self, upload: files.Upload) -> Sentence | None:
        """Why it does not fit; None when it does, and there is less room then."""
        length = len(upload.content)
        if self._count >= self._limits.files:
            return Sentence(_TOO_MANY, most=self._limits.files, name=upload.name)
        if self._size + length > self._limits.megabytes * _MEGABYTE:
            return Sentence(_TOO_LARGE, most=self._limits.megabytes, name=upload.name)
        if length > self._left:
            return Sentence(_TOO_MUCH_TODAY, name=upload.name)
        self._count, self._size, self._left = self._count + 1, self._size + length, self._left - length
        return None


_TOO_MANY = N_("一次最多上传 {most} 个文件，“{name}”没有上传。")
_TOO_LARGE = N_("一次上传的文件合计不能超过 {most} MB，“{name}”没有上传。其余的可以到社区窗口提交。")
_TOO_MUCH_TODAY = N_("这个网络地址今天上传得太多，“{name}”没有上传。请明天再传，或者到社区窗口提交。")


def keep(
    posted: Posted, actor: Actor | None = None, context: Mapping[str, Any] | None = None
) -> tuple[Posted, dict[str, list[dict[str, Any]]]]:
    """Store what may be stored of a form's new files; the others are refused by name. Gives all files by path.

    ``context`` holds the files that the case has already; the actor is whoever is asking unless another one is given.
    """
    actor = actor or current_actor()
    session = upload_session(actor) if posted.form.has_files else None
    posted = _within_limits(posted, actor, session) if posted.uploads else posted
    kept = forms_view.keep_uploads(engine(), actor, posted, context or {}, session)
    count(upload for uploads in posted.uploads.values() for upload in uploads)
    return posted, kept


def count(uploads: Iterable[files.Upload]) -> None:
    """Count what was taken for the address that sent it."""
    size = sum(len(upload.content) for upload in uploads)
    if size:
        with engine().begin(ANONYMOUS) as tx:
            counter_limits.count_bytes(tx, request.remote_addr or "", size)


def known(posted: Posted) -> dict[str, list[dict[str, Any]]]:
    """The files of a form of which nothing was sent just now, by path."""
    actor = current_actor()
    return forms_view.keep_uploads(
        engine(), actor, posted, {}, upload_session(actor) if posted.form.has_files else None
    )


def _within_limits(posted: Posted, actor: Actor, session: str | None) -> Posted:
    sent = chain.from_iterable(posted.raw.values())
    with engine().read(actor) as tx:
        room = Room(tx, files.own_uploads(tx, sent, session))
    taken: dict[str, list[files.Upload]] = {}
    refused = {path: list(sentences) for path, sentences in posted.refused.items()}
    for path, upload in [(path, upload) for path, uploads in posted.uploads.items() for upload in uploads]:
        fault = room.refusal(upload)
        if fault is None:
            taken.setdefault(path, []).append(upload)
        else:
            refused.setdefault(path, []).append(fault)
    return replace(posted, uploads=taken, refused=refused)


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

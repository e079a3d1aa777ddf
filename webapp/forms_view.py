"""Forms on a page: what a browser sent → what the engine binds, and a bound form → what the macros render.

A view that takes a form reads it (``read``), keeps its uploads (``keep_uploads``), binds it (``Posted.bind``), and
shows it again (``show``) or hands ``bound.values`` to a command. The templates are in ``templates/macros/form.html``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from engine import feel, files, forms
from engine.database import Engine, Transaction
from engine.errors import N_
from engine.forms import Bound, FileInput, Form, Input, Sentence, walk
from engine.people import Actor
from webapp.facts import Fact as Fact
from webapp.facts import facts as facts
from webapp.facts import readable as readable
from webapp.form_rows import ADD, REMOVE, change_rows, row_title
from webapp.i18n import _, fill
from webapp.pasting import AT, PASTE
from webapp.phrases import label_of
from webapp.signing import Unconfirmed, signatures, typed_signature
from webapp.widgets import Widget, widgets_of

#: The name of the buttons, and what they ask for besides submitting.
ACTION = "_do"
DRAFT, REFRESH = "draft", "refresh"
#: Sent along once the form was found wrong: from then on, its errors are shown while it is corrected.
CHECKED = "_checked"


@dataclass(frozen=True)
class Posted:
    """What a browser sent: the action (submit, draft, refresh), all texts by path, new uploads and refused ones.

    ``change`` adds rows to a list or takes one away; the form is shown again then. ``pasted`` is the text of new rows,
    and the name of the cell that it begins at.
    """

    form: Form
    action: str
    checked: bool
    raw: dict[str, list[str]]
    uploads: dict[str, list[files.Upload]] = field(default_factory=dict)
    refused: dict[str, list[Sentence]] = field(default_factory=dict)
    change: str = ""
    pasted: tuple[str, str] = ("", "")

    def bind(
        self, kept: Mapping[str, list[dict[str, Any]]], context: Mapping[str, Any], env: feel.Environment
    ) -> Bound:
        """Bind it with the files that ``keep_uploads`` gave. Refused and lost files count as errors of their field."""
        changed = change_rows(self.form, {**self.raw, **_ids(kept)}, self.change, context, env, self.pasted)
        bound = replace(self.form.bind(changed.raw, kept, context, env), focus=changed.focus)
        if self.action == REFRESH and not self.checked:
            bound = bound.without_errors()
        return bound.with_errors(self._lost(kept)).with_errors(self.refused).with_errors(changed.problems)

    def _lost(self, kept: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[Sentence]]:
        """Files that were on the page and are no longer there, because the session they were uploaded in has ended."""
        counts = {
            path: len({*self.raw.get(path, ())} - {one["id"] for one in found})
            for path, found in kept.items()
            if path not in self.uploads or not self._is_signature(path)
        }
        sentence = N_("之前上传的 {count} 个文件已经失效，请重新选择。")
        return {path: [Sentence(sentence, count=count)] for path, count in counts.items() if count}

    def _is_signature(self, path: str) -> bool:
        item = self.form.written.get(forms.template_path(path))
        return isinstance(item, FileInput) and item.signature

    def draft(self, kept: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
        """What to store as a draft: everything as it was typed, files by their ids."""
        return {**self.raw, **_ids(kept)}


def read(form: Form, fields: MultiDict[str, str], uploads: MultiDict[str, FileStorage]) -> Posted:
    """Read what a browser sent for this form. Uploads are checked here, outside of any transaction."""
    raw = {item.path: fields.getlist(item.path) for item in form.inputs}
    raw |= {name: fields.getlist(name) for name in fields if forms.template_path(name) in form.written}
    accepted: dict[str, list[files.Upload]] = {}
    refused: dict[str, list[Sentence]] = {}
    for path, sent in uploads.items(multi=True):
        if sent.filename and isinstance(form.written.get(forms.template_path(path)), FileInput):
            try:
                # One byte more than allowed tells a file that is too large from one that just fits.
                upload = files.inspect(sent.filename, sent.stream.read(files.LARGEST + 1))
                accepted.setdefault(path, []).append(upload)
            except files.UnsuitableFile as error:
                refused.setdefault(path, []).append(Sentence(error.template, **error.params))
    action, change = fields.get(ACTION, ""), ""
    if action.startswith((ADD, REMOVE, PASTE)):
        action, change = REFRESH, action
    action = action if action in (DRAFT, REFRESH) else "submit"
    if action == "submit" and (left := _left_to_paste(fields)):
        action, change = REFRESH, left
    path = change.removeprefix(PASTE)
    pasted = (fields.get(PASTE + path, ""), fields.get(AT + path, ""))
    _read_signatures(form, fields, action == "submit", raw, accepted, refused)
    return Posted(form, action, CHECKED in fields, raw, accepted, refused, change, pasted)


def _left_to_paste(fields: MultiDict[str, str]) -> str:
    """Rows that somebody pasted but never put in: they are put in and shown, rather than lost."""
    return next((name for name, text in fields.items(multi=True) if name.startswith(PASTE) and text.strip()), "")


def _read_signatures(
    form: Form,
    fields: MultiDict[str, str],
    is_submitted: bool,
    raw: dict[str, list[str]],
    accepted: dict[str, list[files.Upload]],
    refused: dict[str, list[Sentence]],
) -> None:
    """Names typed instead of signatures: kept as typed, and turned into files once the form is submitted."""
    for item in signatures(form):
        raw |= {name: fields.getlist(name) for name in (item.typed_name, item.typed_sure) if name in fields}
        try:
            upload = typed_signature(item, raw) if is_submitted and item.path not in accepted else None
        except Unconfirmed as error:
            refused[item.path] = [error.sentence]
            continue
        if upload is not None:
            accepted[item.path] = [upload]
            del raw[item.typed_name], raw[item.typed_sure]


def keep_uploads(
    engine: Engine, actor: Actor, posted: Posted, context: Mapping[str, Any], session: str | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Store the new uploads and give all files of the form by path: the case's, those sent before, the new ones.

    Of the ids that came along, only the actor's own (or the ``session``'s) uploads and those of the case count.
    Begins a transaction only when the form has files, and one that writes only when there are new ones.
    """
    if not posted.form.has_files:
        return {}
    with engine.begin(actor) if posted.uploads else engine.read(actor) as tx:
        kept = restore_files(tx, posted.form, posted.raw, context, session)
        for path, uploads in posted.uploads.items():
            if path in kept:
                # A new signature takes the place of the one before.
                before = [] if posted._is_signature(path) else kept[path]
                kept[path] = [*before, *(files.store(tx, upload, session) for upload in uploads)]
    return kept


def restore_files(
    tx: Transaction, form: Form, raw: Mapping[str, list[str]], context: Mapping[str, Any], session: str | None = None
) -> dict[str, list[dict[str, Any]]]:
    """The files whose ids stand in ``raw`` (a draft, or what a browser sent), by path."""
    if not form.has_files:
        return {}
    inputs = [item for item in form.lay_out(raw, context).inputs if isinstance(item, FileInput)]
    sent = {item.path: list(dict.fromkeys(raw.get(item.path, ()))) for item in inputs}
    known = {one["id"]: one for item in inputs for one in files.references_in(forms.look_up(context, item.path))}
    asked = [id for ids in sent.values() for id in ids if id not in known]
    own = {one["id"]: one for one in files.own_uploads(tx, asked, session)} if any(sent.values()) else {}
    found = {**own, **known}
    return {path: [found[id] for id in ids if id in found] for path, ids in sent.items()}


@dataclass(frozen=True)
class FormView:
    """A bound form for the macros: widgets in their order, errors as (address of the field, sentence)."""

    widgets: tuple[Widget, ...]
    errors: tuple[tuple[str, str], ...]
    is_dynamic: bool
    has_files: bool
    has_rows: bool = False


def show(form: Form, bound: Bound) -> FormView:
    """Make a bound form ready for rendering. Fields that are hidden carry what was typed into them along."""
    said_by_path = {path: tuple(map(said, found)) for path, found in bound.errors.items()}
    return FormView(
        widgets=widgets_of(bound, said_by_path),
        errors=_summary(bound, said_by_path),
        is_dynamic=form.is_dynamic,
        has_files=form.has_files,
        has_rows=any(item.may_change for item in bound.layout.lists),
    )


def labels(bound: Bound) -> dict[str, str]:
    """How fields and lists are called, by path; in a list, with the row they stand in."""
    rows = _row_titles(bound)
    inputs = [item for item in walk(bound.layout.fields) if isinstance(item, Input)]
    return {item.path: rows.get(item.at, "") + label_of(bound, item) for item in inputs}


def _row_titles(bound: Bound) -> dict[str, str]:
    rows: dict[str, str] = {}
    for item in bound.layout.lists:
        above = rows.get(item.at, "")
        rows |= {row.path: above + row_title(item, row) + _("：") for row in item.rows}
    return rows


def _summary(bound: Bound, sentences: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, str], ...]:
    """The errors in the order of the fields; in a list, with the row they are about."""
    rows = _row_titles(bound)
    inputs = [item for item in walk(bound.layout.fields) if isinstance(item, Input)]
    return tuple(
        (f"#f-{item.path}", rows.get(item.at, "") + line) for item in inputs for line in sentences.get(item.path, ())
    )


def said(sentence: Sentence) -> str:
    """The sentence in the reader's language."""
    return fill(sentence.template, sentence.params)


def _ids(kept: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    return {path: [one["id"] for one in found] for path, found in kept.items()}

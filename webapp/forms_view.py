"""Forms on a page: what a browser sent → what the engine binds, and a bound form → what the macros render.

A view that takes a form reads it (``read``), keeps its uploads (``keep_uploads``), binds it (``Posted.bind``), and
shows it again (``show``) or hands ``bound.values`` to a command. The templates are in ``templates/macros/form.html``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from flask import url_for
from markupsafe import Markup
from werkzeug.datastructures import FileStorage, MultiDict

from engine import feel, files, forms
from engine.database import Engine, Transaction
from engine.errors import N_
from engine.forms import Block, Bound, Choice, Field, FileInput, Form, Group, Input, NumberInput, Sentence
from engine.masking import mask
from engine.people import Actor
from webapp import markdown
from webapp.i18n import _, fill
from webapp.widgets import Widget, widget_of

#: The name of the buttons, and what they ask for besides submitting.
ACTION = "_do"
DRAFT, REFRESH = "draft", "refresh"
#: Sent along once the form was found wrong: from then on, its errors are shown while it is corrected.
CHECKED = "_checked"


@dataclass(frozen=True)
class Posted:
    """What a browser sent: the action (submit, draft, refresh), all texts by path, new uploads and refused ones."""

    form: Form
    action: str
    checked: bool
    raw: dict[str, list[str]]
    uploads: dict[str, list[files.Upload]] = field(default_factory=dict)
    refused: dict[str, list[Sentence]] = field(default_factory=dict)

    def bind(
        self, kept: Mapping[str, list[dict[str, Any]]], context: Mapping[str, Any], env: feel.Environment
    ) -> Bound:
        """Bind it with the files that ``keep_uploads`` gave. Refused and lost files count as errors of their field."""
        bound = self.form.bind({**self.raw, **_ids(kept)}, kept, context, env)
        if self.action == REFRESH and not self.checked:
            bound = bound.without_errors()
        return bound.with_errors(self._lost(kept)).with_errors(self.refused)

    def _lost(self, kept: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[Sentence]]:
        """Files that were on the page and are no longer there, because the session they were uploaded in has ended."""
        counts = {path: len({*self.raw[path]} - {one["id"] for one in found}) for path, found in kept.items()}
        sentence = N_("之前上传的 {count} 个文件已经失效，请重新选择。")
        return {path: [Sentence(sentence, count=count)] for path, count in counts.items() if count}

    def draft(self, kept: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
        """What to store as a draft: everything as it was typed, files by their ids."""
        return {**self.raw, **_ids(kept)}


def read(form: Form, fields: MultiDict[str, str], uploads: MultiDict[str, FileStorage]) -> Posted:
    """Read what a browser sent for this form. Uploads are checked here, outside of any transaction."""
    raw = {item.path: fields.getlist(item.path) for item in form.inputs}
    accepted: dict[str, list[files.Upload]] = {}
    refused: dict[str, list[Sentence]] = {}
    for item in form.inputs:
        for sent in uploads.getlist(item.path) if isinstance(item, FileInput) else ():
            if not sent.filename:
                continue
            try:
                # One byte more than allowed tells a file that is too large from one that just fits.
                upload = files.inspect(sent.filename, sent.stream.read(files.LARGEST + 1))
                accepted.setdefault(item.path, []).append(upload)
            except files.UnsuitableFile as error:
                refused.setdefault(item.path, []).append(Sentence(error.template, **error.params))
    action = fields.get(ACTION, "")
    action = action if action in (DRAFT, REFRESH) else "submit"
    return Posted(form, action, CHECKED in fields, raw, accepted, refused)


def keep_uploads(
    engine: Engine, actor: Actor, posted: Posted, context: Mapping[str, Any], session: str | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Store the new uploads and give all files of the form by path: the case's, those sent before, the new ones.

    Of the ids that came along, only the actor's own (or the ``session``'s) uploads and those of the case count.
    Begins a transaction only when the form has files, and one that writes only when there are new ones.
    """
    if not any(isinstance(item, FileInput) for item in posted.form.inputs):
        return {}
    with engine.begin(actor) if posted.uploads else engine.read(actor) as tx:
        kept = restore_files(tx, posted.form, posted.raw, context, session)
        for path, uploads in posted.uploads.items():
            kept[path] = [*kept[path], *(files.store(tx, upload, session) for upload in uploads)]
    return kept


def restore_files(
    tx: Transaction, form: Form, raw: Mapping[str, list[str]], context: Mapping[str, Any], session: str | None = None
) -> dict[str, list[dict[str, Any]]]:
    """The files whose ids stand in ``raw`` (a draft, or what a browser sent), by path."""
    kept: dict[str, list[dict[str, Any]]] = {}
    for item in form.inputs:
        if isinstance(item, FileInput):
            ids = list(raw.get(item.path, ()))
            known = {one["id"]: one for one in files.references_in(forms.look_up(context, item.path))}
            own = files.own_uploads(tx, [id for id in ids if id not in known], session) if ids else []
            found = {**known, **{one["id"]: one for one in own}}
            kept[item.path] = [found[id] for id in dict.fromkeys(ids) if id in found]
    return kept


@dataclass(frozen=True)
class FormView:
    """A bound form for the macros: widgets in their order, errors as (address of the field, sentence)."""

    widgets: tuple[Widget, ...]
    errors: tuple[tuple[str, str], ...]
    is_dynamic: bool
    has_files: bool


def show(form: Form, bound: Bound) -> FormView:
    """Make a bound form ready for rendering. Fields that are hidden carry what was typed into them along."""
    widgets = tuple(_widgets(form.fields, bound, hidden=False))
    errors = [(item, sentence) for item in form.inputs for sentence in bound.errors.get(item.path, ())]
    return FormView(
        widgets=widgets,
        errors=tuple((f"#f-{item.path}", said(sentence)) for item, sentence in errors),
        is_dynamic=form.is_dynamic,
        has_files=any(isinstance(item, FileInput) for item in form.inputs),
    )


def said(sentence: Sentence) -> str:
    """The sentence in the reader's language."""
    return fill(sentence.template, sentence.params)


@dataclass(frozen=True)
class Fact:
    """One filled-in field to read: its label, and its value as text or as files (name, address)."""

    label: str
    text: str
    files: tuple[tuple[str, str], ...] = ()


def facts(
    form: Form, values: Mapping[str, Any], env: feel.Environment = feel.DEFAULT, masked: bool = False
) -> list[Fact]:
    """The fields that have a value in these variables, to be read; ``masked`` covers personal data."""
    bound = form.initial(values, env)
    found = []
    for item in form.inputs:
        # As it was accepted: an option may have left the list since.
        value = bound.settled.given.typed[item.path]
        known = forms.look_up(values, item.path)
        if item.id in bound.visible and known is not None and value not in (None, [], ""):
            found.append(_fact(item, bound, value, masked and item.personal))
    return found


def _fact(item: Input, bound: Bound, value: Any, masked: bool) -> Fact:
    if isinstance(item, FileInput):
        links = [] if masked else [(one["name"], url_for("files.show", file_id=one["id"])) for one in value]
        return Fact(bound.label(item), _("{count} 个文件", count=len(value)), tuple(links))
    if masked:
        value = mask(value)
    elif isinstance(item, Choice):
        labels = {option.key: option.label for option in bound.options(item)}
        chosen = value if isinstance(value, list) else [value]
        value = [labels.get(forms.option_key(one), one) for one in chosen]
    elif isinstance(item, NumberInput) and value is not None:
        units = item.prefix.render(bound.scope), item.suffix.render(bound.scope)
        return Fact(bound.label(item), f"{units[0]} {readable(value)} {units[1]}".strip())
    return Fact(bound.label(item), readable(value))


def readable(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return f"{readable(value.date())} {value:%H:%M}"
    if isinstance(value, date):
        return _("{year}年{month}月{day}日", year=value.year, month=value.month, day=value.day)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return _("、").join(map(readable, value)) if isinstance(value, list) else forms.show(value)


def _widgets(fields: tuple[Field, ...], bound: Bound, hidden: bool) -> Iterator[Widget]:
    for item in fields:
        gone = hidden or item.id not in bound.visible
        if isinstance(item, Group):
            children = tuple(_widgets(item.children, bound, gone))
            if gone:
                yield from children
            else:
                yield Widget(kind="group", id=f"g-{item.id}", label=bound.label(item), children=children)
        elif isinstance(item, Input):
            yield from _input(item, bound, gone)
        elif isinstance(item, Block) and not gone:
            yield _block(item, bound)


def _input(item: Input, bound: Bound, gone: bool) -> Iterator[Widget]:
    if bound.is_locked(item):
        if not gone:
            facts = _fact(item, bound, bound.value(item), False)
            yield Widget(kind="shown", id=f"f-{item.path}", label=facts.label, value=facts.text, links=facts.files)
    elif gone:
        for text in bound.raw.get(item.path, ()):
            yield Widget(kind="carried", id="", name=item.path, value=text)
    else:
        yield widget_of(item, bound, tuple(map(said, bound.errors.get(item.path, ()))))


def _block(item: Block, bound: Bound) -> Widget:
    text: Markup = markdown.render(item.label.pieces(bound.scope))
    return Widget(kind=str(item.type), id=f"g-{item.id}", label=text if item.type == "text" else "")


def _ids(kept: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    return {path: [one["id"] for one in found] for path, found in kept.items()}

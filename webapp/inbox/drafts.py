"""Drafts on the page of a task: saved while somebody types, restored elsewhere, never overwritten unasked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from engine import drafts, forms
from engine.forms import Bound, Choice, FileInput, Form, Input, ListInput
from engine.model.draft import TaskDraft
from engine.queries.inbox import Work
from webapp import forms_view
from webapp.i18n import _

#: The field that carries the version of the draft that a page began with.
KNOWN = "_draft"


def known() -> int | None:
    """The version of the draft that the page knows, 0 for none; None when it does not say."""
    return request.form.get(KNOWN, type=int)


def is_autosave() -> bool:
    """Whether the page asks by itself, and so wants a line instead of a page."""
    return "HX-Request" in request.headers


def line(saved: TaskDraft | None = None, conflict: TaskDraft | None = None) -> ResponseReturnValue:
    """What is shown beside the buttons: when it was saved, or that another window has saved something else."""
    return render_template("inbox/_draft.html", draft=saved, conflict=conflict, known=known() or 0, just=True)


def left_out(work: Work, raw: Mapping[str, Any]) -> TaskDraft | None:
    """What was saved in another window, when what is being submitted says something else and knows nothing of it."""
    version, stored = known(), work.draft
    return stored if stored is not None and version is not None and drafts.differs(stored, raw, version) else None


@dataclass(frozen=True)
class Difference:
    """A field of which there are two versions."""

    label: str
    here: str
    stored: str


def choice(
    work: Work, form: Form, bound: Bound, raw: Mapping[str, list[str]], stored: TaskDraft
) -> ResponseReturnValue:
    """Both versions side by side, field by field, and two buttons; nothing is changed before one is pressed."""
    page = render_template(
        "inbox/draft_choice.html",
        work=work,
        stored=stored,
        differences=list(_differences(form, bound, raw, stored.raw)),
        raw=[(path, text) for path, texts in raw.items() for text in texts],
    )
    return Response(page, 409)


def left_over(work: Work) -> list[tuple[str, str]]:
    """What a draft says about fields that the form no longer has, so that nothing typed is lost."""
    if work.draft is None or work.form is None:
        return []
    roots = {item.path.partition(".")[0] for item in work.form.inputs}
    kept = drafts.said(work.draft.raw)
    return [(path, _("、").join(texts)) for path, texts in kept.items() if path.partition(".")[0] not in roots]


def _differences(
    form: Form, bound: Bound, here: Mapping[str, list[str]], stored: Mapping[str, list[str]]
) -> Iterator[Difference]:
    known_fields: dict[str, Input] = {item.path: item for item in [*form.inputs, *bound.layout.inputs]}
    labels = forms_view.labels(bound)
    mine, theirs = drafts.said(here), drafts.said(stored)
    for path in dict.fromkeys([*known_fields, *mine, *theirs]):
        if mine.get(path) != theirs.get(path):
            item = known_fields.get(path) or form.written.get(forms.template_path(path))
            label = labels.get(path) or (bound.label(item) if item is not None else path)
            yield Difference(label, *(_told(item, bound, texts.get(path, [])) for texts in (mine, theirs)))


def _told(item: Input | None, bound: Bound, texts: list[str]) -> str:
    """What was typed, as people read it."""
    if isinstance(item, ListInput):
        return _("{count} 项", count=len(texts))
    if isinstance(item, FileInput):
        return _("{count} 个文件", count=len(texts)) if texts else ""
    if isinstance(item, Choice):
        labels = {forms.option_key(option.key): option.label for option in bound.options(item)}
        return _("、").join(labels.get(text, text) for text in texts)
    return forms_view.readable(texts)

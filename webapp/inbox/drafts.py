"""Drafts on the page of a task: saved while somebody types, restored elsewhere, never overwritten unasked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import drafts, forms
from engine.database import Transaction
from engine.errors import EngineError
from engine.forms import Bound, Form
from engine.model.draft import TaskDraft
from engine.model.work import UserTask
from engine.queries.inbox import Work
from engine.release import form_of_digest
from webapp import forms_view
from webapp.i18n import translate_error
from webapp.phrases import label_of
from webapp.restoring import NOTHING, Ground, Restored, Words, fields_of, in_words, restore, told

#: The field that carries the version of the draft that a page began with.
KNOWN = "_draft"


def known() -> int | None:
    """The version of the draft that the page knows, 0 for none; None when it does not say."""
    return request.form.get(KNOWN, type=int)


def is_saved() -> bool:
    """Whether a draft is to be saved, by the page or by a button."""
    return request.form.get(forms_view.ACTION) == forms_view.DRAFT


def is_autosave() -> bool:
    """Whether the page asks by itself, and so wants a line instead of a page."""
    return is_saved() and "HX-Request" in request.headers


def saved_line(work: Work, saved: TaskDraft) -> ResponseReturnValue:
    """What is shown beside the buttons once it is saved; with the first one comes the way to discard it."""
    is_first = work.draft is None or not work.draft.has_content
    return render_template("inbox/_draft.html", draft=saved, just=True, known=0, work=work if is_first else None)


def unsaved_line(conflict: TaskDraft | None = None, error: EngineError | None = None) -> ResponseReturnValue:
    """Why it is not saved: another window has said something else, or the actor may not do the task any more."""
    refused = translate_error(error) if error is not None else None
    return render_template("inbox/_draft.html", conflict=conflict, refused=refused, known=known() or 0)


def left_out(work: Work, raw: Mapping[str, Any]) -> TaskDraft | None:
    """What was saved in another window, when what is being submitted says something else and knows nothing of it."""
    version, stored = known(), work.draft
    return stored if stored is not None and version is not None and drafts.differs(stored, raw, version) else None


def restored(tx: Transaction, work: Work) -> Restored:
    """The draft of the task for its form as it is now."""
    draft, form = work.draft, work.form
    if draft is None or form is None or not draft.has_content:
        return NOTHING
    return restore(form, _typed_into(tx, work, draft), draft.raw, _left_over(draft), _ground(work))


@dataclass(frozen=True)
class Told:
    """A draft to read: what it says, when it was saved, and when the task came for which it was written."""

    draft: TaskDraft
    came_at: datetime
    words: Words


def earlier(tx: Transaction, work: Work) -> Told | None:
    """What the actor typed when the case was at this step the time before, and has not sent."""
    if not work.is_open or work.right is None or work.form is None:
        return None
    draft = drafts.earlier(tx, work.release.repeated, work.task)
    return _told_of(tx, work, draft, tx.get(UserTask, draft.task_id).created_at) if draft is not None else None


def out_of_reach(tx: Transaction, work: Work) -> Told | None:
    """The actor's draft for a task that the actor can't do now: to be read, and to be discarded."""
    draft = work.draft
    if draft is None or not draft.has_content or (work.is_open and work.right is not None):
        return None
    found = _told_of(tx, work, draft, work.task.created_at)
    return found if found.words else None


def _told_of(tx: Transaction, work: Work, draft: TaskDraft, came_at: datetime) -> Told:
    form = _typed_into(tx, work, draft) or work.form
    words = in_words(form, draft.raw, draft.raw, _ground(work)) if form is not None else []
    return Told(draft, came_at, [*words, *_left_over(draft)])


def _typed_into(tx: Transaction, work: Work, draft: TaskDraft) -> Form | None:
    """The version of the form that a draft was typed into; None when it is not known."""
    return work.form if draft.form_digest == work.form_digest else form_of_digest(tx, draft.form_digest)


def _left_over(draft: TaskDraft) -> Words:
    return [(label, text) for label, text in draft.left_over]


def _ground(work: Work) -> Ground:
    return Ground(work.context, work.env)


@dataclass(frozen=True)
class Difference:
    """A field of which there are two versions."""

    label: str
    here: str
    stored: str


def choice(
    work: Work, form: Form, raw: Mapping[str, list[str]], stored: TaskDraft, earlier: TaskDraft | None = None
) -> ResponseReturnValue:
    """Both versions side by side, field by field, and two buttons; nothing is changed before one is pressed.

    ``raw`` is what was typed in this page, or what the ``earlier`` draft says.
    """
    page = render_template(
        "inbox/draft_choice.html",
        work=work,
        stored=stored,
        earlier=earlier,
        differences=list(_differences(form, form.bind(raw, {}, work.context, work.env), raw, stored.raw)),
        raw=[(path, text) for path, texts in raw.items() for text in texts],
    )
    return Response(page, 409)


def choice_of_earlier(tx: Transaction, work: Work, stored: TaskDraft) -> ResponseReturnValue:
    """The same for the draft of the time before, when something else has been typed since."""
    found = drafts.earlier(tx, work.release.repeated, work.task)
    if found is None or work.form is None:
        return redirect(url_for("inbox.task", task_id=work.task.id))
    return choice(work, work.form, found.raw, stored, found)


def _differences(
    form: Form, bound: Bound, here: Mapping[str, list[str]], stored: Mapping[str, list[str]]
) -> Iterator[Difference]:
    places, labels = fields_of(form, bound), forms_view.labels(bound)
    mine, theirs = drafts.said(here), drafts.said(stored)
    for path in dict.fromkeys([*places, *mine, *theirs]):
        if mine.get(path) != theirs.get(path):
            item = places.get(path) or form.written.get(forms.template_path(path))
            label = labels.get(path) or (label_of(bound, item) if item is not None else path)
            yield Difference(label, *(told(item, bound, texts.get(path, [])) for texts in (mine, theirs)))

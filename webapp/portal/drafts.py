"""What this visitor has begun to file and not sent: found again on the first page, continued or thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from engine import feel, filing_drafts
from engine.database import Transaction
from engine.forms import Form, TextInput
from engine.model.counter import FilingDraft
from engine.release import form_of_digest
from webapp import browser
from webapp.auth import current_actor, public
from webapp.i18n import _, format_moment
from webapp.platform import engine
from webapp.portal.blueprint import blueprint
from webapp.restoring import Ground, Restored, restore

#: So many characters of what was written tell one draft from another.
_LONGEST_NOTE = 20


@dataclass(frozen=True)
class Begun:
    """A draft on a page: what it is, its first words, when it was saved, until when it is kept."""

    id: UUID
    key: str
    title: str
    words: str
    when: str
    until: str


def owners() -> tuple[str, ...]:
    """Whose drafts this visitor opens."""
    return filing_drafts.owners(current_actor(), browser.token())


def owner_to_keep() -> str:
    """For whom a new draft is kept: the account, else this browser, which gets a cookie for it."""
    actor = current_actor()
    return filing_drafts.owners(actor, None if actor.account_id else browser.token_to_keep())[0]


def restored(tx: Transaction, form: Form, env: feel.Environment, draft: FilingDraft) -> Restored:
    """The answers of a draft for the form as it is now."""
    old = form_of_digest(tx, draft.form_digest)
    before = [(label, text) for label, text in draft.left_over]
    return restore(form, old, draft.raw, before, Ground({}, env))


def begun(tx: Transaction, forms: Mapping[str, Form]) -> list[Begun]:
    """The drafts of this visitor for these forms (by process), the one saved last first."""
    return [
        _begun(forms[each.process_key], each) for each in filing_drafts.of(tx, owners()) if each.process_key in forms
    ]


@blueprint.post("/drafts/<uuid:draft_id>/discard")
@public
def discard(draft_id: UUID) -> ResponseReturnValue:
    """Throw it away, with its files."""
    with engine().begin(current_actor()) as tx:
        is_gone = filing_drafts.discard(tx, draft_id, owners())
    flash(_("已删除没有提交的内容。") if is_gone else gone(), "success" if is_gone else "info")
    return redirect(url_for("portal.home"), 303)


def gone() -> str:
    """Why a draft does not open."""
    return _("这份内容已经提交、删除或者过期。")


def forget_all() -> None:
    """Throw away all that this browser keeps, and let it be known no more."""
    token = browser.token()
    if token is None:
        return
    mine = filing_drafts.owners(current_actor(), token)[-1:]
    with engine().begin(current_actor()) as tx:
        for draft in filing_drafts.of(tx, mine):
            filing_drafts.discard(tx, draft.id, mine)
    browser.forget()


def _begun(form: Form, draft: FilingDraft) -> Begun:
    lines = [item for item in form.inputs if isinstance(item, TextInput) and item.type != "textarea"]
    typed = [text for item in lines if not item.personal for text in draft.raw.get(item.path, ())]
    words = " ".join(max(typed, key=len, default="").split())
    words = words if len(words) <= _LONGEST_NOTE else words[:_LONGEST_NOTE] + "…"
    when, until = format_moment(draft.saved_at), format_moment(draft.expires_at)
    return Begun(draft.id, draft.process_key, form.title, words, when, until)

"""What filing needs whichever way the form is filled in: the form, the group, sending it, the receipt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import request, session

from engine import feel, filing, people
from engine.counter_limits import TooMuch
from engine.database import Transaction
from engine.errors import EngineError
from engine.filing import Sender
from engine.forms import Form
from engine.instances import Started
from engine.model.people import Level
from engine.people import Unit
from engine.queries import portal, starting
from webapp import forms_view, receipts
from webapp.auth import current_actor
from webapp.errors import status_of
from webapp.files import upload_session
from webapp.forms_view import FormView, Posted
from webapp.i18n import _, translate_error
from webapp.platform import engine
from webapp.portal import drafts
from webapp.portal.blueprint import RECEIPT
from webapp.portal.place_choice import GROUP, SEARCH, UNDER, PlaceChoice, choice_of


@dataclass(frozen=True)
class Counter:
    """The form, what its expressions may use, the level of its cases, the group, and how it is chosen."""

    key: str
    form: Form
    form_digest: str
    env: feel.Environment
    level: Level
    choice: PlaceChoice

    @property
    def chosen(self) -> Unit | None:
        """The group that the case goes to."""
        return self.choice.chosen


def counter_of(tx: Transaction, key: str, group_code: str, own: bool = False) -> Counter:
    """What is needed to file a process that is offered; NotFound for any other.

    The group is the one with this code, else the only one that the text in the search field names; ``own``: else the
    actor's own one.
    """
    release, form = portal.offered_start(tx, key)
    chosen = portal.group(tx, group_code) or (portal.own_group(tx) if own else None)
    choice = choice_of(tx, chosen, request.form.get(SEARCH, ""), request.form.get(UNDER))
    level = starting.level_of_cases(release)
    return Counter(key, form, release.bundle.forms[form.id], starting.start_environment(tx), level, choice)


def as_asked(posted: Posted) -> Posted:
    """Looking for the group shows the form again, like every change of a condition."""
    looks = UNDER in request.form or request.form.get(forms_view.ACTION) == "find"
    return replace(posted, action=forms_view.REFRESH) if looks else posted


@dataclass(frozen=True)
class Asking:
    """How to ask for the group, and what to say when none was chosen."""

    label: str
    hint: str
    missing: str


def _asking_for_own() -> Asking:
    hint = _("填写小区、街巷、村或者社区的名称，例如：金星社区。先由您所在的居民小组或者社区受理。")
    return Asking(_("您住在哪里"), hint, _("请选择您所在的居民小组。"))


def with_group(counter: Counter, view: FormView, is_sent: bool, asking: Asking | None = None) -> FormView:
    """The form with the choice of the group in front, which no form has to bring along.

    ``asking``: how to ask for it when it is not the group of whoever fills it in.
    """
    asking = asking or _asking_for_own()
    is_missing = counter.chosen is None and is_sent
    widget = replace(
        counter.choice.widget(),
        label=asking.label,
        hint=asking.hint,
        errors=(asking.missing,) if is_missing else (),
    )
    errors = ((f"#f-{GROUP}", asking.missing),) if is_missing else ()
    return replace(view, widgets=(widget, *view.widgets), errors=(*errors, *view.errors), has_rows=True)


def send(counter: Counter, group: Unit, values: dict[str, Any], draft: UUID | None = None) -> Started:
    """File it for whoever is asking."""
    actor = current_actor()
    sender = Sender(request.remote_addr or "", upload_session(actor), draft, drafts.owners() if draft else ())
    return filing.file(engine(), actor, counter.key, values, group, counter.level, sender)


def refusal(counter: Counter, error: EngineError) -> tuple[str, int]:
    """What to say when it was not taken, whom to call where that helps, and the status of the answer."""
    sentence = translate_error(error)
    if not isinstance(error, TooMuch):
        return sentence, status_of(error)
    return sentence + call(counter.chosen), 429


def call(group: Unit | None) -> str:
    """The sentence that names the telephone of the nearest unit that has one; else the window of the community."""
    with engine().read(current_actor()) as tx:
        found = people.org_tree(tx).phone_of(group.id) if group else None
    if found is None:
        return _("着急的，请到所在社区的窗口提交。")
    return _("着急的，请打电话联系{unit}：{phone}。", unit=found[0].name, phone=found[1])


def keep_receipt(started: Started) -> None:
    """Let the next page show number and code, and this browser follow the case."""
    case = started.instance
    session[RECEIPT] = {
        "id": str(case.id),
        "number": case.business_key,
        "title": case.title,
        "code": started.receipt_code,
    }
    if case.started_by is None:
        receipts.remember(case.id)

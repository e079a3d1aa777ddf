"""Filing step by step: a few questions a page, back without loss, all answers to be checked before they are sent.

What was answered is kept on the server as a draft of this visitor, under the address of each page from the second on:
the browser's own way back works, a closed browser loses nothing, and two windows are two drafts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine import filing_drafts
from engine.errors import N_, AlreadyDone, EngineError
from engine.forms import Bound, Form, template_path
from engine.model.counter import FilingDraft
from webapp import forms_view
from webapp.auth import current_actor, public
from webapp.forms_view import Fact, FormView, Posted
from webapp.i18n import _
from webapp.platform import engine
from webapp.portal import counter, drafts, honesty, uploads
from webapp.portal.blueprint import RECEIPT, blueprint
from webapp.portal.counter import Counter, counter_of
from webapp.portal.form_steps import Step, all_of, asks, steps_of
from webapp.portal.place_choice import GROUP
from webapp.restoring import NOTHING, Restored
from webapp.signing import signatures
from webapp.widgets import Widget

#: The number of the step that is asked for instead of the next.
_TO = "_to"


@dataclass(frozen=True)
class Sheet:
    """What one page works on: the counter, the draft behind it (None before the first answer), the step's number.

    ``answers`` is the draft as far as it fits the form of now.
    """

    counter: Counter
    draft: FilingDraft | None
    at: int
    answers: Restored = NOTHING

    @property
    def steps(self) -> list[Step]:
        """The steps of the form; the page to check the answers comes after them."""
        return steps_of(self.counter.form)

    def address(self, at: int | None) -> str:
        """Where a step of this draft stands; without a number, where it goes on."""
        if self.draft is None:
            return url_for("portal.go", key=self.counter.key)
        return url_for("portal.step", key=self.counter.key, draft_id=self.draft.id, at=at)


@blueprint.get("/file/<key>")
@public
def begin(key: str) -> ResponseReturnValue:
    """The first step. The group may stand in the address, as on the page with the whole form."""
    with engine().read(current_actor()) as tx:
        found = counter_of(tx, key, request.args.get("group", ""), own=True)
        begun = drafts.begun(tx, {key: found.form})
        days = filing_drafts.days(tx)
    sheet = Sheet(found, None, 0)
    return _page(sheet, found.form.initial({}, found.env), begun=begun, days=days)


@blueprint.get("/file/<key>/<uuid:draft_id>", defaults={"at": None})
@blueprint.get("/file/<key>/<uuid:draft_id>/<int:at>")
@public
def step(key: str, draft_id: UUID, at: int | None) -> ResponseReturnValue:
    """A step with what was answered; without a number the first one that is not complete."""
    sheet = _open(key, draft_id, at)
    if sheet is None:
        return _gone()
    bound = _bound(sheet)
    if at is None:
        number = _first_wrong(sheet.counter, bound, range(len(sheet.steps)))
        return redirect(sheet.address(len(sheet.steps) if number is None else number))
    return _page(sheet, bound.without_errors())


@blueprint.post("/file/<key>", defaults={"draft_id": None, "at": 0})
@blueprint.post("/file/<key>/<uuid:draft_id>/<int:at>")
@public
def go(key: str, draft_id: UUID | None, at: int) -> ResponseReturnValue:
    """Keep the answers; go on if they have no errors, or to the step that was asked for; file after the last page."""
    sheet = _open(key, draft_id, at)
    if sheet is None:
        return _gone()
    posted, kept = uploads.keep(_merged(sheet))
    bound = posted.bind(kept, {}, sheet.counter.env)
    if posted.action == forms_view.REFRESH:
        return _page(sheet, bound)
    try:
        sheet = replace(sheet, draft=_keep(sheet, posted.draft(kept)))
    except AlreadyDone:
        return _gone()
    last = len(sheet.steps)
    if _TO in request.form:
        return redirect(sheet.address(_number(request.form[_TO], last)), 303)
    wrong = _first_wrong(sheet.counter, bound, range(sheet.at, sheet.at + 1) if sheet.at < last else range(last))
    if wrong is not None:
        return Response(_page(replace(sheet, at=wrong), bound, is_sent=True), 422)
    if sheet.at < last:
        return redirect(sheet.address(_next(sheet.counter, bound, sheet.at)), 303)
    return _file(sheet, bound)


def _open(key: str, draft_id: UUID | None, at: int | None) -> Sheet | None:
    """The page that is asked for; None when its draft is gone."""
    with engine().read(current_actor()) as tx:
        draft = filing_drafts.opened(tx, draft_id, drafts.owners()) if draft_id else None
        if draft_id and (draft is None or draft.process_key != key):
            return None
        known = draft.unit_code if draft else ""
        found = counter_of(tx, key, request.form.get(GROUP, known) if at == 0 else known, own=not draft)
        answers = drafts.restored(tx, found.form, found.env, draft) if draft else NOTHING
    return Sheet(found, draft, min(at or 0, len(steps_of(found.form))), answers)


def _gone() -> ResponseReturnValue:
    """The draft was sent, from here or from another window, or is over."""
    if RECEIPT in session:
        return redirect(url_for("portal.receipt"), 303)
    flash(drafts.gone(), "info")
    return redirect(url_for("portal.home"), 303)


def _bound(sheet: Sheet) -> Bound:
    """The answers of a draft."""
    posted = Posted(sheet.counter.form, forms_view.REFRESH, True, sheet.answers.raw or {})
    return posted.bind(uploads.known(posted), {}, sheet.counter.env)


def _merged(sheet: Sheet) -> Posted:
    """What was answered before, with the answers of this page in their place."""
    form = sheet.counter.form
    part = _part(sheet)
    posted = counter.as_asked(forms_view.read(part, request.form, request.files))
    before = sheet.answers.raw if sheet.answers.raw is not None else form.initial({}, sheet.counter.env).raw
    kept = {name: texts for name, texts in before.items() if not _belongs(part, name)}
    return replace(posted, form=form, raw={**kept, **posted.raw})


def _part(sheet: Sheet) -> Form:
    """What the page asks, as a form of its own."""
    fields = sheet.steps[sheet.at].fields if sheet.at < len(sheet.steps) else ()
    return Form(sheet.counter.form.id, sheet.counter.form.title, fields)


def _belongs(part: Form, name: str) -> bool:
    """Whether a name that a page sends is that of a field of this part, or of a name typed instead of a signature."""
    typed = {each for item in signatures(part) for each in (item.typed_name, item.typed_sure)}
    return template_path(name) in part.written or name in typed


def _keep(sheet: Sheet, raw: dict[str, list[str]]) -> FilingDraft:
    """Raises AlreadyDone when the draft was sent or thrown away meanwhile."""
    found = sheet.counter
    code = found.chosen.code if found.chosen else ""
    filled = filing_drafts.Filled(raw, found.form_digest, code, sheet.answers.left_over)
    owner = drafts.owner_to_keep()
    with engine().begin(current_actor()) as tx:
        if sheet.draft is None:
            return filing_drafts.begin(tx, owner, found.key, filled)
        draft = filing_drafts.opened(tx, sheet.draft.id, drafts.owners(), to_change=True)
        if draft is None:
            raise AlreadyDone(N_("这份内容已经提交或者删除了。"))
        filing_drafts.save(tx, draft, filled, sheet.draft.raw)
        return draft


def _file(sheet: Sheet, bound: Bound) -> ResponseReturnValue:
    last = replace(sheet, at=len(sheet.steps))
    draft, group = sheet.draft, sheet.counter.chosen
    if draft is None or group is None:  # the first step asks for it, so that this is never filed
        return Response(_page(replace(sheet, at=0), bound, is_sent=True), 422)
    with engine().read(current_actor()) as tx:
        doubt = honesty.doubt(tx, draft.begun_at)
    if doubt:
        return Response(_page(last, bound, refusal=doubt), 422)
    try:
        started = counter.send(sheet.counter, group, bound.values, draft.id)
    except AlreadyDone:
        return _gone()
    except EngineError as error:
        sentence, status = counter.refusal(sheet.counter, error)
        return Response(_page(last, bound, refusal=sentence), status)
    counter.keep_receipt(started)
    return redirect(url_for("portal.receipt"), 303)


def _number(text: str | None, most: int) -> int:
    return min(int(text), most) if text and text.isascii() and text.isdigit() and len(text) < 4 else 0


def _first_wrong(found: Counter, bound: Bound, among: Iterable[int]) -> int | None:
    view = counter.with_group(found, forms_view.show(found.form, bound), is_sent=True)
    return next((number for number in among if _errors(view, steps_of(found.form)[number].widgets(view))), None)


def _next(found: Counter, bound: Bound, at: int) -> int:
    """The next step in which anything is asked under the answers so far; else the page to check them."""
    view = forms_view.show(found.form, bound)
    last = len(steps_of(found.form))
    asked = (number for number in range(at + 1, last) if asks(steps_of(found.form)[number].widgets(view)))
    return next(asked, last)


def _page(sheet: Sheet, bound: Bound, is_sent: bool = False, refusal: str = "", **more: Any) -> str:
    found, at, steps = sheet.counter, sheet.at, sheet.steps
    whole = counter.with_group(found, forms_view.show(found.form, bound), is_sent)
    asked = [number for number in range(len(steps)) if asks(steps[number].widgets(whole))]
    shown = steps[at].widgets(whole) if at < len(steps) else ()
    before = next((number for number in reversed(asked) if number < at), None)
    return render_template(
        "portal/step.html",
        form=found.form,
        key=found.key,
        view=replace(whole, widgets=(*shown, *_carried(sheet, bound, shown)), errors=_errors(whole, shown)),
        here=sheet.address(at),
        # Another size of print has other steps.
        stay=sheet.address(None),
        title=_heading(steps[at], bound, shown) if at < len(steps) else _("请核对"),
        place=sum(number < at for number in asked) + 1,
        total=len(asked) + 1,
        before=before,
        answers=_answers(found, bound, asked) if at == len(steps) else [],
        refusal=refusal,
        left_over=sheet.answers.left_over,
        trap=honesty.TRAP,
        **more,
    )


def _heading(step: Step, bound: Bound, shown: Iterable[Widget]) -> str:
    """The title of a page; it says that an answer may be left out where it stands for the label."""
    is_optional = any(each.is_title and each.optional for each in shown)
    title = step.title(bound)
    return _("{title}（选填）", title=title) if is_optional else title


def _errors(view: FormView, widgets: Iterable[Widget]) -> tuple[tuple[str, str], ...]:
    ids = {f"#{each.id}" for each in all_of(widgets)}
    return tuple(each for each in view.errors if each[0] in ids)


def _carried(sheet: Sheet, bound: Bound, shown: Iterable[Widget]) -> Iterator[Widget]:
    """What this step's fields hold that are not shown under the answers so far."""
    part = _part(sheet)
    names = {name for each in all_of(shown) for name in (each.name, each.add, each.remove)}
    for name, texts in bound.raw.items():
        if name not in names and _belongs(part, name):
            yield from (Widget(kind="carried", id="", name=name, value=text) for text in texts)


def _answers(found: Counter, bound: Bound, asked: Iterable[int]) -> list[tuple[int, str, list[Fact]]]:
    """Number, title and answers of each step in which something was asked."""
    answers, steps = [], steps_of(found.form)
    for number in asked:
        part = Form(found.form.id, found.form.title, steps[number].fields)
        given = forms_view.facts(part, bound.values, found.env)
        if number == 0 and found.chosen is not None:
            given = [Fact(_("居民小组"), found.chosen.name), *given]
        answers.append((number, steps[number].title(bound), given))
    return answers

"""Filing step by step: a few questions a page, back without loss, all answers to be checked before they are sent.

Nothing is kept between the pages: each sends along what the others asked, so that it works without JavaScript and in
two windows at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import EngineError
from engine.forms import Bound, Form, Group, Input
from engine.people import Unit
from webapp import forms_view
from webapp.auth import current_actor, public
from webapp.files import upload_session
from webapp.forms_view import Fact, FormView
from webapp.i18n import _, translate_error
from webapp.platform import engine
from webapp.portal.blueprint import blueprint
from webapp.portal.filing import GROUP, Counter, counter_of, keep_receipt, refusal_status, start_case, with_group
from webapp.portal.form_steps import Step, steps_of
from webapp.widgets import Widget

#: The number of the step that was on the page, and of the one that is asked for instead of the next.
_AT, _TO = "_at", "_to"


@blueprint.get("/file/<key>")
@public
def step(key: str) -> ResponseReturnValue:
    """The first step. The group may stand in the address, as on the page with the whole form."""
    counter = counter_of(key, request.args.get("group", ""))
    return _page(counter, counter.form.initial({}, counter.env), 0)


@blueprint.post("/file/<key>")
@public
def go(key: str) -> ResponseReturnValue:
    """Go on if the step has no errors, or to the step that was asked for; file the case after the last page."""
    counter = counter_of(key, request.form.get(GROUP, ""))
    posted = forms_view.read(counter.form, request.form, request.files)
    actor = current_actor()
    kept = forms_view.keep_uploads(engine(), actor, posted, {}, upload_session(actor))
    bound = posted.bind(kept, {}, counter.env)
    last = len(steps_of(counter.form))
    at = _number(request.form.get(_AT), last)
    if posted.action == forms_view.REFRESH:
        return _page(counter, bound, at)
    if _TO in request.form:
        return _page(counter, bound.without_errors(), _number(request.form[_TO], last))
    wrong = _first_wrong(counter, bound, range(at, at + 1) if at < last else range(last))
    if wrong is not None:
        return Response(_page(counter, bound, wrong, is_sent=True), 422)
    if at < last:
        return _page(counter, bound.without_errors(), _next(counter, bound, at))
    return _file(counter, counter.chosen, bound) if counter.chosen else _page(counter, bound, 0)


def _file(counter: Counter, group: Unit, bound: Bound) -> ResponseReturnValue:
    try:
        started = start_case(counter, group, bound.values)
    except EngineError as error:
        last = len(steps_of(counter.form))
        return Response(_page(counter, bound, last, refusal=translate_error(error)), refusal_status(error))
    keep_receipt(started)
    return redirect(url_for("portal.receipt"), 303)


def _number(text: str | None, most: int) -> int:
    return min(int(text), most) if text and text.isascii() and text.isdigit() and len(text) < 4 else 0


def _first_wrong(counter: Counter, bound: Bound, among: Iterable[int]) -> int | None:
    view = with_group(counter, forms_view.show(counter.form, bound), is_sent=True)
    return next((number for number in among if _errors(view, _widgets(counter, view, number))), None)


def _next(counter: Counter, bound: Bound, at: int) -> int:
    """The next step in which anything is asked under the answers so far; else the page to check them."""
    view = forms_view.show(counter.form, bound)
    last = len(steps_of(counter.form))
    asked = (number for number in range(at + 1, last) if _asks(_widgets(counter, view, number)))
    return next(asked, last)


def _page(counter: Counter, bound: Bound, at: int, is_sent: bool = False, refusal: str = "") -> str:
    steps = steps_of(counter.form)
    whole = with_group(counter, forms_view.show(counter.form, bound), is_sent)
    asked = [number for number in range(len(steps)) if _asks(_widgets(counter, whole, number))]
    shown = _widgets(counter, whole, at) if at < len(steps) else ()
    carried = tuple(_carried(counter, bound, {each.name for each in _all(shown)}))
    view = replace(whole, widgets=(*shown, *carried), errors=_errors(whole, shown))
    return render_template(
        "portal/step.html",
        form=counter.form,
        key=counter.key,
        view=view,
        at=at,
        title=_title(steps[at], bound) if at < len(steps) else _("请核对"),
        place=sum(number < at for number in asked) + 1,
        total=len(asked) + 1,
        before=next((number for number in reversed(asked) if number < at), None),
        answers=_answers(counter, bound) if at == len(steps) else [],
        refusal=refusal,
    )


def _title(step: Step, bound: Bound) -> str:
    [first, *_others] = step.fields
    label = bound.label(first) if isinstance(first, Group) else ""
    return label or _("请填写")


def _widgets(counter: Counter, view: FormView, number: int) -> tuple[Widget, ...]:
    """What one step shows, without the frame of its group, whose name is the title of the page."""
    step = steps_of(counter.form)[number]
    ids = {f"g-{each.id}" for each in step.fields} | {
        f"f-{each.path}" for each in step.fields if isinstance(each, Input)
    }
    found = [each for each in view.widgets if each.id in ids or (number == 0 and each.name == GROUP)]
    return tuple(inner for each in found for inner in (each.children if each.kind == "group" else (each,)))


def _asks(widgets: Iterable[Widget]) -> bool:
    return any(each.name and each.kind != "carried" for each in _all(widgets))


def _all(widgets: Iterable[Widget]) -> Iterator[Widget]:
    for each in widgets:
        yield each
        yield from _all(each.children)


def _errors(view: FormView, widgets: Iterable[Widget]) -> tuple[tuple[str, str], ...]:
    ids = {f"#{each.id}" for each in _all(widgets)}
    return tuple(each for each in view.errors if each[0] in ids)


def _carried(counter: Counter, bound: Bound, shown: set[str]) -> Iterator[Widget]:
    """What the other steps asked, exactly as it was typed."""
    answers: Mapping[str, Iterable[str]] = bound.raw
    if counter.chosen is not None:
        answers = {GROUP: [counter.chosen.code], **answers}
    for name, texts in answers.items():
        if name not in shown:
            yield from (Widget(kind="carried", id="", name=name, value=text) for text in texts)


def _answers(counter: Counter, bound: Bound) -> list[tuple[int, str, list[Fact]]]:
    """Number, title and answers of each step in which something was asked."""
    found = []
    for number, each in enumerate(steps_of(counter.form)):
        part = Form(counter.form.id, counter.form.title, each.fields)
        given = forms_view.facts(part, bound.values, counter.env)
        if number == 0 and counter.chosen is not None:
            given = [Fact(_("您所在的居民小组"), counter.chosen.name), *given]
        found.append((number, _title(each, bound), given))
    return found

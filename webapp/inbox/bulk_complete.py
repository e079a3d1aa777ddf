"""Many tasks of one step, completed with one filled form, where the diagram allows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from engine import tasks
from engine.database import Transaction
from engine.errors import N_, EngineError, InvalidState
from engine.queries import inbox
from engine.queries.inbox import Work
from webapp import forms_view
from webapp.auth import current_actor, requires
from webapp.forms_view import FormView
from webapp.i18n import translate_error
from webapp.inbox.bulk import Act, Outcome, back_to, done_with_each, nothing_selected, selected
from webapp.inbox.views import blueprint
from webapp.platform import engine
from webapp.widgets import Widget

#: What a page for many leaves out: it would tell of one case only, or belong to one.
_OF_ONE_CASE = frozenset({"text", "shown", "table", "files", "signature", "carried"})


@dataclass(frozen=True)
class _Chosen:
    """The tasks that can be completed together, and of the others why not."""

    together: list[Work]
    others: list[Outcome]


@blueprint.post("/tasks/bulk/complete")
@requires("task.handle")
def bulk_complete() -> ResponseReturnValue:
    """Show the form of the step once, then complete each of the selected tasks with what was filled in."""
    ids = selected()
    if not ids:
        return nothing_selected()
    with engine().read(current_actor()) as tx:
        chosen = _sorted(tx, ids)
    if not chosen.together:
        return done_with_each(_ACT, [], chosen.others)
    first, is_shown = chosen.together[0], "send" in request.form
    is_sent = is_shown and not request.form.get(forms_view.ACTION)
    if first.form is None:
        return _complete(chosen) if is_sent else _page(chosen, None)
    if not is_shown:
        return _page(chosen, forms_view.show(first.form, first.form.initial({}, first.env)))
    posted = forms_view.read(first.form, request.form, MultiDict())
    bound = posted.bind({}, first.context, first.env)
    if is_sent and not bound.errors:
        return _complete(chosen)
    return _page(chosen, forms_view.show(first.form, bound), 422 if is_sent else 200)


def _sorted(tx: Transaction, ids: list[UUID]) -> _Chosen:
    """Those of the same step as the first one that may be completed with others, and the rest."""
    found = _Chosen([], [])
    for task_id in ids:
        try:
            work = inbox.work(tx, task_id)
        except EngineError as error:
            found.others.append(Outcome(task_id, "", "", translate_error(error)))
            continue
        try:
            _ensure_fits(work, found.together)
        except EngineError as error:
            title = work.instance.title
            found.others.append(Outcome(task_id, title, work.task.name, translate_error(error)))
            continue
        found.together.append(work)
    return found


def _ensure_fits(work: Work, others: list[Work]) -> None:
    work.task.ensure_open()
    if not work.is_for_many:
        raise InvalidState(N_("这一环节不能批量办结，请打开逐项办理。"))
    if work.right is None:
        raise InvalidState(N_("当前岗位现在不能办理这一环节。"))
    if others and _step(work) != _step(others[0]):
        raise InvalidState(N_("和本次办结的不是同一环节，请另外办理。"))


def _step(work: Work) -> tuple[str, str, str]:
    return work.instance.process_key, work.task.element_id, work.form_digest


def _page(chosen: _Chosen, view: FormView | None, status: int = 200) -> ResponseReturnValue:
    if view is not None:
        view = replace(view, widgets=_for_many(view.widgets), has_files=False)
    page = render_template(
        "inbox/bulk_complete.html",
        step=chosen.together[0].task.name,
        together=chosen.together,
        others=chosen.others,
        view=view,
        back=back_to(),
    )
    return Response(page, status)


def _for_many(widgets: tuple[Widget, ...]) -> tuple[Widget, ...]:
    kept = (each for each in widgets if each.kind not in _OF_ONE_CASE)
    return tuple(replace(each, children=_for_many(each.children)) for each in kept)


def _complete(chosen: _Chosen) -> ResponseReturnValue:
    return done_with_each(_ACT, [work.task.id for work in chosen.together], chosen.others)


def _complete_one(task_id: UUID) -> None:
    """Complete one of them: what was filled in must fit its own case."""
    with engine().read(current_actor()) as tx:
        work = inbox.work(tx, task_id)
    values = {}
    if work.form is not None:
        bound = forms_view.read(work.form, request.form, MultiDict()).bind({}, work.context, work.env)
        if bound.errors:
            raise InvalidState(N_("填写的内容不适合这件事项，请打开逐项办理。"))
        values = bound.values
    with engine().begin(current_actor()) as tx:
        tasks.complete(tx, task_id, values)


_ACT = Act(N_("批量办结"), N_("已办结"), _complete_one)

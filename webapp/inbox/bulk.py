"""One act on many tasks: each in a transaction of its own, and a line for each that says what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import people, tasks
from engine.errors import N_, EngineError
from engine.model.base import as_id
from engine.queries import inbox
from engine.queries.worklist_wish import PAGE_SIZE
from webapp.auth import current_actor, requires
from webapp.expired import local_path
from webapp.i18n import _, translate_error
from webapp.inbox import acts
from webapp.inbox.views import blueprint
from webapp.platform import engine


@dataclass(frozen=True)
class Outcome:
    """What came of one task; ``refusal`` is empty when it was done."""

    task_id: UUID
    title: str
    step: str
    refusal: str = ""


@dataclass(frozen=True)
class Act:
    """What can be done with many tasks at once, and how the page says that it was done."""

    title: str
    done: str
    do: Callable[[UUID], None]


@blueprint.post("/tasks/bulk")
@requires("task.handle")
def bulk() -> ResponseReturnValue:
    """Do one thing with all tasks that were selected, and say of each what came of it."""
    act = ACTS.get(request.form.get("act", ""))
    chosen = selected()
    if act is None or not chosen:
        return nothing_selected()
    return done_with_each(act, chosen)


@blueprint.post("/tasks/bulk/hand-on")
@requires("task.handle")
def bulk_hand_on() -> ResponseReturnValue:
    """Ask once to whom and why, then hand on all tasks that were selected."""
    chosen, search = selected(), request.form.get("q", "").strip()
    if not chosen:
        return nothing_selected()
    holder, account = acts.chosen(request.form.get("holder", ""))
    reason = request.form.get("reason", "").strip()
    sent = "send" in request.form
    errors = {} if holder else {"holder": _("请选择转给谁。")}
    errors |= {} if reason else {"reason": _("请填写转办原因。")}
    if not sent or errors:
        with engine().read(current_actor()) as tx:
            choices = people.receivers(tx, current_actor().unit_id, search)
        page = render_template(
            "inbox/bulk_hand_on.html",
            tasks=chosen,
            back=back_to(),
            choices=choices,
            chosen=request.form.getlist("holder"),
            typed={"q": search, "reason": reason},
            errors=errors if sent else {},
        )
        return Response(page, 422 if sent else 200)

    def give(task_id: UUID) -> None:
        with engine().begin(current_actor()) as tx:
            tasks.reassign(tx, task_id, holder, reason, account)

    return done_with_each(Act(N_("批量转办"), N_("已转办"), give), chosen)


def selected() -> list[UUID]:
    """The tasks that were ticked, no more than a page of them."""
    return list(dict.fromkeys(filter(None, map(as_id, request.form.getlist("task")))))[:PAGE_SIZE]


def back_to() -> str:
    """The list that they were ticked in."""
    return local_path(request.form.get("back")) or url_for("inbox.tasks")


def nothing_selected() -> ResponseReturnValue:
    """Say so, on the list."""
    flash(_("请先勾选任务。"), "error")
    return redirect(back_to())


def done_with_each(act: Act, chosen: list[UUID], others: Sequence[Outcome] = ()) -> ResponseReturnValue:
    """Do it with one after the other, and say what came of each; ``others`` were refused before."""
    outcomes = [*(_outcome(act, task_id) for task_id in chosen), *others]
    done = sum(not each.refusal for each in outcomes)
    return render_template("inbox/bulk.html", act=act, outcomes=outcomes, done=done, back=back_to())


def _outcome(act: Act, task_id: UUID) -> Outcome:
    title, step = "", ""
    try:
        with engine().read(current_actor()) as tx:
            title, step = inbox.names_of(tx, task_id)
        act.do(task_id)
    except EngineError as error:
        return Outcome(task_id, title, step, translate_error(error))
    return Outcome(task_id, title, step)


def _claim(task_id: UUID) -> None:
    with engine().begin(current_actor()) as tx:
        tasks.claim(tx, task_id)


def _release(task_id: UUID) -> None:
    with engine().begin(current_actor()) as tx:
        tasks.release(tx, task_id)


ACTS = {
    "claim": Act(N_("批量领取"), N_("已领取"), _claim),
    "release": Act(N_("批量放回"), N_("已放回"), _release),
}

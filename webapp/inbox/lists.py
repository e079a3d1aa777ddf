"""The lists of tasks: tabs, conditions, pages, and how an account likes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import list_settings, people
from engine.database import Transaction
from engine.errors import N_
from engine.model.base import as_id
from engine.model.people import Level
from engine.people import Post
from engine.queries import extensions, inbox, opinions, worklist
from engine.queries import list_settings as settings
from engine.queries.worklist import Acting, Due, Sort, Tab, Wish
from webapp.auth import current_actor, current_visitor, requires
from webapp.i18n import _, in_language
from webapp.inbox.views import blueprint
from webapp.platform import engine

#: What an address can narrow a list to, and what a saved view keeps.
CONDITIONS = ("tab", "q", "process", "level", "unit", "due", "important", "acting", "sort")
TABS = {
    Tab.MINE: N_("待我办理"),
    Tab.OPEN: N_("可领取"),
    Tab.DONE: N_("我已办结"),
    Tab.STARTED: N_("我发起的"),
    Tab.WATCHED: N_("我关注的"),
}
#: Lists of cases, not of tasks: their lines have neither one deadline nor a priority to narrow them by.
_OF_CASES = (Tab.STARTED, Tab.WATCHED)
DUES = {Due.OVERDUE: N_("已逾期"), Due.TODAY: N_("今日到期"), Due.WEEK: N_("本周到期"), Due.NONE: N_("无期限")}
SORTS = {Sort.URGENT: N_("最急的在前"), Sort.NEWEST: N_("最新的在前"), Sort.OLDEST: N_("最早的在前")}
ACTING = {Acting.OWN: N_("本岗位的"), Acting.FOR_OTHERS: N_("代办的")}
COLUMNS = {
    "step": N_("环节"),
    "applicant": N_("申请人"),
    "unit": N_("所属单位"),
    "arrived": N_("时间"),
    "priority": N_("优先级"),
}
_MOST_UNITS = 80
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Choices:
    """What the conditions of the list offer: pairs of value and label."""

    processes: list[tuple[str, str]]
    levels: list[tuple[str, str]]
    units: list[tuple[str, str]]
    dues: list[tuple[str, str]]
    acting: list[tuple[str, str]]
    sorts: list[tuple[str, str]]


@blueprint.get("/tasks", endpoint="tasks")
@requires("task.handle")
def tasks_page() -> ResponseReturnValue:
    """One of the lists. Without a choice: what is claimed, or else what can be."""
    with engine().read(current_actor()) as tx:
        counts = worklist.counts(tx)
        wish = wish_of(request.args, Tab.MINE if counts.mine or not counts.open else Tab.OPEN)
        names = in_language(inbox.process_names(tx))
        context = {
            "listing": worklist.lines(tx, wish),
            "opinions": opinions.count_waiting(tx),
            "extensions": _extensions(tx),
            "elsewhere": _elsewhere(tx),
            "liking": settings.liking(tx),
            "views": settings.views(tx),
            "choices": _choices(tx, names),
            "units": people.org_tree(tx),
            "since": tx.now.astimezone(UTC).isoformat(),
        }
    return render_template(
        "inbox/tasks.html",
        wish=wish,
        counts=counts,
        names=names,
        tabs={tab: _(label) for tab, label in TABS.items()},
        columns={name: _(label) for name, label in COLUMNS.items()},
        narrowed=_asks_for(*CONDITIONS[1:-1]),
        folded=_asks_for(*CONDITIONS[2:]),
        conditions=_conditions(request.args),
        may_start=current_actor().may("case.start"),
        Tab=Tab,
        of_cases=wish.tab in _OF_CASES,
        **context,
    )


def _extensions(tx: Transaction) -> int | None:
    """How many requests for later deadlines wait; None for posts that decide none."""
    number = extensions.count_waiting(tx)
    return number if number or tx.actor.may("task.assign") else None


def _elsewhere(tx: Transaction) -> list[tuple[Post, int]]:
    """The other posts of the account in which something waits, and how much."""
    visitor = current_visitor()
    posts = {people.post_holder(each.position, each.unit_id): each for each in (visitor.posts if visitor else ())}
    others = [holder for holder in posts if holder not in tx.actor.holders]
    return [(posts[holder], number) for holder, number in worklist.waiting_for(tx, others).items() if number]


@blueprint.get("/tasks/news")
@requires("task.handle")
def news() -> ResponseReturnValue:
    """How many tasks have come since the page was shown: a line to put on it, or nothing."""
    try:
        since = datetime.fromisoformat(request.args.get("since", ""))
    except ValueError:
        return "", 204
    if since.tzinfo is None:
        return "", 204
    with engine().read(current_actor()) as tx:
        number = worklist.arrived_since(tx, since)
    return render_template("inbox/_news.html", number=number)


@blueprint.post("/tasks/views")
@requires("task.handle")
def save_view() -> ResponseReturnValue:
    """Save the conditions of the list under a name."""
    kept = _conditions(request.form)
    with engine().begin(current_actor()) as tx:
        view = list_settings.save_view(tx, request.form.get("name", ""), kept, "shared" in request.form)
    flash(_("已保存视图“{name}”。", name=view.name), "success")
    return redirect(url_for("inbox.tasks", **kept))


@blueprint.post("/tasks/views/<uuid:view_id>/delete")
@requires("task.handle")
def delete_view(view_id: UUID) -> ResponseReturnValue:
    """Forget a saved view."""
    with engine().begin(current_actor()) as tx:
        view = list_settings.delete_view(tx, view_id)
    flash(_("已删除视图“{name}”。", name=view.name), "success")
    return redirect(url_for("inbox.tasks", **_conditions(request.form)))


@blueprint.post("/tasks/look")
@requires("task.handle")
def choose_look() -> ResponseReturnValue:
    """Choose columns, and whether single keys are shortcuts."""
    with engine().begin(current_actor()) as tx:
        list_settings.choose(tx, request.form.getlist("column"), "shortcuts" in request.form)
    flash(_("列表设置已保存。"), "success")
    return redirect(url_for("inbox.tasks", **_conditions(request.form)))


def wish_of(given: Mapping[str, str], tab: Tab) -> Wish:
    """What the fields of an address ask for; what makes no sense asks for nothing."""
    return Wish(
        tab=_one_of(Tab, given.get("tab")) or tab,
        search=given.get("q", "").strip(),
        process_key=given.get("process", ""),
        level=_one_of(Level, given.get("level")),
        unit_id=as_id(given.get("unit", "")),
        due=_one_of(Due, given.get("due")),
        important=given.get("important") == "1",
        acting=_one_of(Acting, given.get("acting")),
        sort=_one_of(Sort, given.get("sort")),
        after=given.get("after", ""),
        before=given.get("before", ""),
    )


def _one_of(kind: type[Choice], text: str | None) -> Choice | None:
    return kind(text) if text in set(kind) else None


def _conditions(given: Mapping[str, str]) -> dict[str, Any]:
    return {name: given[name] for name in CONDITIONS if given.get(name)}


def _asks_for(*names: str) -> bool:
    return any(request.args.get(name) for name in names)


def _choices(tx: Transaction, names: Mapping[str, str]) -> Choices:
    tree, own = people.org_tree(tx), tx.actor.unit_id
    below = () if own is None else tree.below(own)
    if own is not None and len(below) >= _MOST_UNITS:
        below = tree.children(own)
    units = [] if own is None else [tree.unit(own), *below]
    return Choices(
        [("", _("全部流程")), *names.items()],
        [("", _("全部层级")), *((level.value, _(name)) for level, name in people.LEVEL_NAMES.items())],
        [("", _("全部单位")), *((str(unit.id), _(unit.name)) for unit in units[:_MOST_UNITS])],
        [("", _("全部期限")), *((due.value, _(name)) for due, name in DUES.items())],
        [("", _("全部岗位")), *((acting.value, _(name)) for acting, name in ACTING.items())],
        [("", _("默认排序")), *((sort.value, _(name)) for sort, name in SORTS.items())],
    )

"""The main menu: what the acting post may open, in the order of its daily use."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Flask, current_app, request, url_for

from engine import lifecycle
from engine.errors import N_
from engine.lifecycle import AgendaState, InstanceState, VoteState
from engine.model.vote import Vote
from engine.people import Actor
from engine.queries import bell, votes
from engine.queries.paging import MOST_COUNTED
from engine.voting import Result
from webapp import i18n
from webapp.auth import current_actor
from webapp.i18n import _
from webapp.platform import engine
from webapp.preferences import display_mode


class Entry(NamedTuple):
    """A menu entry: its blueprint, endpoint, label and the permissions any of which shows it; None shows it to all."""

    blueprint: str
    endpoint: str
    label: str
    permissions: tuple[str, ...] | None


ENTRIES = (
    Entry("inbox", "inbox.tasks", N_("我的任务"), ("task.handle",)),
    Entry("work", "work.mine", N_("我的工作"), ("task.handle",)),
    Entry("meetings", "meetings.agendas", N_("会议议程"), ("task.handle",)),
    Entry("ledger", "ledger.ledgers", N_("台账"), ("task.handle", "case.view_all")),
    Entry("cockpit", "cockpit.cases", N_("事项跟踪"), ("case.view_all",)),
    Entry("studio", "studio.processes", N_("流程设计"), ("definition.edit",)),
    Entry("audit", "audit.search", N_("留痕审计"), ("history.read",)),
    Entry("notices", "notices.board", N_("公示栏"), None),
    Entry("standard", "standard.clauses", N_("标准条款"), ("task.handle", "definition.edit", "case.view_all")),
    Entry("admin", "admin.schedules", N_("管理"), ("settings.manage",)),
)


def init_app(app: Flask) -> None:
    """Give the templates ``display_mode`` and ``locale``, and the header what it shows."""
    app.context_processor(_context)
    app.jinja_env.globals.update(header=header, page_url=page_url, state_name=state_name, many=many)
    app.jinja_env.globals.update(agenda_word=agenda_word, vote_word=vote_word, vote_look=vote_look)


def page_url(number: int) -> str:
    """The address of another page of the list that is being shown, with the same conditions."""
    arguments = {**(request.view_args or {}), **request.args.to_dict(), "page": number}
    return url_for(request.endpoint or "portal.home", **arguments)


def agenda_word(state: str) -> str:
    """The state of an item on an agenda in words."""
    return _(lifecycle.state_name(AgendaState(state)))


def vote_word(state: str) -> str:
    """The state of a vote in words."""
    return _(lifecycle.state_name(VoteState(state)))


def vote_look(vote: Vote) -> str:
    """Which look a vote's state or outcome has, for the tag macro."""
    if vote.state is VoteState.OPEN:
        return "active"
    return "done" if vote.tally and vote.tally["outcome"] == Result.PASSED else "neutral"


def state_name(state: str) -> str:
    """The state of a case in words."""
    return _(lifecycle.state_name(InstanceState(state)))


def _context() -> dict[str, Any]:
    return {"display_mode": display_mode(), "locale": i18n.locale()}


class Header(NamedTuple):
    """What the header shows: the menu's entries, and the number at the bell."""

    nav: list[dict[str, Any]]
    bell: int


def header() -> Header:
    """The header of this visitor. Only whole pages ask for it: what a page fetches later has none."""
    actor = current_actor()
    if actor.account_id is None:
        return Header(_entries(actor), 0)
    with engine().read(actor) as tx:
        every, waiting = votes.invitations(tx)
        unread = bell.count_unread(tx)
    entries = _entries(actor)
    return Header([*entries[:1], *_voting(every, waiting), *entries[1:]], unread)


def _entries(actor: Actor) -> list[dict[str, Any]]:
    shown = [entry for entry in ENTRIES if _is_shown(entry, actor)]
    return [_item(entry.endpoint, _(entry.label), request.blueprint == entry.blueprint) for entry in shown]


def _item(endpoint: str, label: str, is_here: bool, count: int = 0) -> dict[str, Any]:
    return {"url": url_for(endpoint), "label": label, "active": is_here, "count": count}


def _is_shown(entry: Entry, actor: Actor) -> bool:
    allowed = entry.permissions is None or any(map(actor.may, entry.permissions))
    return allowed and entry.endpoint in current_app.view_functions


def _voting(every: int, waiting: int) -> list[dict[str, Any]]:
    """For whoever was ever asked to vote, with the number of ballots to cast."""
    if not every:
        return []
    return [_item("votes.votes", _("投票"), request.blueprint == "votes", waiting)]


def many(number: int) -> str:
    """A number as people read it; beyond 999 nobody counts."""
    return str(number) if number < MOST_COUNTED else "999+"

"""The case so far, in plain words: one entry for each thing that a person would tell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from engine import people
from engine.database import Transaction
from engine.errors import N_
from engine.model.history import HistoryEvent
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.people import OrgTree
from engine.queries.cases import release_of
from engine.queries.reading import own_steps
from engine.queries.story_notes import notes_for_applicant, notes_of
from engine.queries.story_words import (
    ADVICE,
    BY_NO_RULE,
    FOR_RESIDENTS,
    FOR_SOMEBODY,
    NAMED,
    OPINIONS,
    SENTENCES,
    SEVERAL_COMMENTS,
    SEVERAL_OBJECTIONS,
    WITH_NOTES_FOR_RESIDENTS,
)
from engine.queries.wording import element_name, rules_of
from engine.release import Release


@dataclass(frozen=True)
class Entry:
    """One thing that happened. ``template`` and ``params`` are for translation.

    ``notes`` are labels with what stands after them: a text, a date or a moment.
    """

    type: str
    template: str
    params: Mapping[str, Any]
    who: str
    at: datetime
    element_id: str | None
    notes: tuple[tuple[str, Any], ...] = ()


def story(tx: Transaction, instance: ProcessInstance) -> list[Entry]:
    """Everything that officials are told, in the order in which it happened. Personal values are left out."""
    return _entries(tx, instance, SENTENCES)


def story_for_resident(tx: Transaction, instance: ProcessInstance) -> list[Entry]:
    """What residents and other parties are told: who did which step and when, what was decided, and what they
    answered themselves. No internal opinions."""
    own = select(UserTask.id).where(UserTask.instance_id == instance.id, own_steps(tx.actor, instance))
    return _entries(tx, instance, FOR_RESIDENTS, set(map(str, tx.session.scalars(own))))


def _entries(
    tx: Transaction, instance: ProcessInstance, sentences: Mapping[str, str], only_of: set[str] | None = None
) -> list[Entry]:
    """``only_of``: the tasks whose answers are read in full; None for everything."""
    release, tree = release_of(tx, instance), people.org_tree(tx)
    query = select(HistoryEvent).where(HistoryEvent.chain_id == instance.id, HistoryEvent.type.in_(sentences))
    told: list[Entry] = []
    for event in tx.session.scalars(query.order_by(HistoryEvent.seq)):
        _tell(told, _entry(release, tree, event, sentences[event.type], only_of))
    return told


def _tell(told: list[Entry], entry: Entry) -> None:
    """Add an entry; objections that come one after the other are one, and so is a time that many waited for."""
    last = told[-1] if told else None
    if last is not None and last.type == entry.type == "objection_filed":
        params = {**entry.params, "first": last.params.get("first") or last.params["objection"]}
        entry = replace(entry, template=SEVERAL_OBJECTIONS, params=params)
        told.pop()
    elif last is not None and last.type == entry.type == "comment_added":
        params = {**entry.params, "count": (last.params.get("count") or 1) + 1}
        who = (
            entry.who
            if entry.who == last.who
            else f"{last.who}、{entry.who}"
            if entry.who not in last.who
            else last.who
        )
        entry = replace(entry, template=SEVERAL_COMMENTS, params=params, who=who)
        told.pop()
    elif last is not None and last.type == "timer_fired" and _is_the_same(last, entry):
        return
    told.append(entry)


def _is_the_same(last: Entry, entry: Entry) -> bool:
    return (last.type, last.params) == (entry.type, entry.params) and entry.at - last.at < timedelta(minutes=1)


def _entry(release: Release, tree: OrgTree, event: HistoryEvent, template: str, only_of: set[str] | None) -> Entry:
    data = json.loads(event.payload)["data"]
    node = release.nodes.get(event.element_id or "")
    params = {
        "element": (node.name or node.id) if node else "",
        "back_to": element_name(release, data.get("back_to")),
        "taken": len(data.get("items", [])),
        "outcome": data.get("tally", {}).get("outcome"),
        "opinion": OPINIONS.get(data.get("opinion", ""), ""),
        **{name: data.get(name) for name in NAMED},
    }
    if data.get("for_resident"):
        template = FOR_SOMEBODY
    if data.get("kind") == "advice" or data.get("opinion") == "none":
        template = ADVICE.get(event.type, template)
    if event.type == "decision_evaluated":
        rules = rules_of(data)
        template = template if rules else BY_NO_RULE
        params |= {"decision": data["decision"], "rules": N_("、").join(rules)}
    is_read = only_of is None or event.type in WITH_NOTES_FOR_RESIDENTS or data.get("task") in only_of
    notes = notes_of(release, tree, event, data) if is_read else notes_for_applicant(release, event, data)
    is_by = event.type in ("deadline_changed", "instance_transferred")  # the platform does it for somebody
    who = data["by"] if is_by else _signed(event.actor, data)
    return Entry(event.type, template, params, who, event.at, event.element_id, tuple(notes))


def _signed(actor: str, data: Mapping[str, Any]) -> str:
    """Who did it; a substitute signs with both names."""
    principal = data.get("on_behalf_of")
    return f"{principal}（由{actor}代办）" if principal else actor

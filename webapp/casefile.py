"""A case for the pages of officials, admins and auditors: facts, story, what waits, where it stands in the diagram."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from markupsafe import Markup, escape

from engine import people
from engine.bpmn.diagram import Diagram
from engine.bpmn.layout import outline
from engine.bpmn.model import Kind
from engine.clock import TIMEZONE
from engine.database import Transaction
from engine.model.counter import Addition, AdditionKind
from engine.model.process import ProcessInstance
from engine.model.vote import Vote
from engine.people import OFFICIAL
from engine.policy import Setting
from engine.queries import cases, comments, meetings, neighbours, notices, policies, portal, story, votes
from engine.release import Release
from webapp import forms_view
from webapp.i18n import _, deadline, fill, format_moment
from webapp.policy_words import said
from webapp.posting import Posting, posting


@dataclass(frozen=True)
class Comments:
    """The comments on a case, and the posts that may be mentioned by choosing them."""

    lines: list[comments.Line]
    posts: list[str]


#: Whose posts comment on cases.
_COMMENTING = ("task.handle", "case.view_all")


@dataclass(frozen=True)
class CaseFile:
    """What the templates show of a case; all texts are translated, all moments formatted."""

    definition_id: UUID
    facts: list[forms_view.Fact]
    timeline: list[dict[str, Any]]
    waiting: list[dict[str, Any]]
    marks: dict[str, list[str]]
    steps: list[dict[str, str]]
    related: list[cases.Related]
    neighbours: list[neighbours.Neighbour]
    files: list[neighbours.AttachedFile]
    #: None for whoever does not read them.
    comments: Comments | None
    notices: list[Posting]
    reads_objections: bool
    agenda: list[meetings.Line]
    votes: list[Vote]
    additions: list[dict[str, Any]]


def case_file(tx: Transaction, instance: ProcessInstance) -> CaseFile:
    """Gather it. Personal data is masked unless the acting post may see it.

    Whoever does not read the case from inside gets what the applicant is told, and no more.
    """
    release = cases.release_of(tx, instance)
    inside = people.reads_inside(tx.actor, instance)
    told = story.story(tx, instance) if inside else story.story_for_resident(tx, instance)
    form = release.start_form()
    masked = not tx.actor.may("personal_data.unmask")
    values = cases.variables(instance)
    waiting = _waiting(tx, instance)
    marks = cases.marks(tx, instance)
    return CaseFile(
        definition_id=instance.definition_id,
        facts=forms_view.facts(form, values, masked=masked) if form else [],
        timeline=[*map(timeline_entry, told), *map(_as_entry, waiting)],
        waiting=waiting,
        marks=marks,
        steps=_steps(release, marks),
        related=cases.related(tx, instance) if inside else [],
        neighbours=neighbours.neighbours(tx, instance) if inside else [],
        files=neighbours.files_of(tx, instance),
        comments=_comments(tx, instance) if inside and any(map(tx.actor.may, _COMMENTING)) else None,
        notices=[posting(each) for each in notices.of_case(tx, instance)],
        reads_objections=notices.reads_objections(tx.actor),
        agenda=meetings.of_case(tx, instance) if inside else [],
        votes=votes.of_case(tx, instance) if inside else [],
        additions=[added(each, masked) for each in portal.additions(tx, instance)] if inside else [],
    )


def added(row: Addition, masked: bool = False) -> dict[str, Any]:
    """What an applicant sent unasked, to be read; ``masked``: by somebody who may not see personal data."""
    hidden = _("内容可能有个人信息，当前岗位不能查看。")
    return {
        "kind": _("投诉办理缓慢") if row.kind is AdditionKind.COMPLAINT else _("补充材料"),
        "text": hidden if masked else row.text,
        "files": [] if masked else [(each["name"], url_for("files.show", file_id=each["id"])) for each in row.files],
        "when": format_moment(row.added_at),
        "iso": row.added_at.astimezone(TIMEZONE).isoformat(timespec="minutes"),
    }


def _comments(tx: Transaction, instance: ProcessInstance) -> Comments:
    return Comments(comments.of_case(tx, instance), [] if instance.confidential else comments.posts_near(tx, instance))


def timeline_entry(entry: story.Entry) -> dict[str, Any]:
    """An entry of the story for the timeline macro."""
    failed = entry.type == "incident_opened"
    return {
        "title": fill(entry.template, entry.params),
        "state": "failed" if failed else "done",
        "word": None,
        "who": _(entry.who),
        "when": format_moment(entry.at),
        "iso": entry.at.astimezone(TIMEZONE).isoformat(timespec="minutes"),
        # What was filed stands in full beside the story.
        "notes": []
        if entry.type == "instance_started"
        else [(_(label), forms_view.readable(told)) for label, told in entry.notes],
    }


def _waiting(tx: Transaction, instance: ProcessInstance) -> list[dict[str, Any]]:
    found = cases.open_tasks(tx, instance)
    with_deadline = {each.task.element_id for each in found if each.task.due_at}
    reads_policy = any(map(tx.actor.may, OFFICIAL))
    behind = policies.behind_deadlines(tx, instance, with_deadline) if reads_policy and with_deadline else {}
    return [_one_waiting(instance, each, behind.get(each.task.element_id, [])) for each in found]


def _one_waiting(instance: ProcessInstance, each: cases.OpenTask, behind: list[tuple[Setting, Any]]) -> dict[str, Any]:
    return {
        "id": each.task.id,
        "name": _(each.task.name),
        "who": _("、").join(each.who),
        "due": deadline(each.task.due_at),
        "settings": escape(_("、")).join(setting_link(instance.process_key, *found) for found in behind)
        if each.task.due_at
        else "",
    }


def setting_link(process_key: str, setting: Setting, raw: Any) -> Markup:
    """A setting that a deadline comes from, with its value; it leads to its page."""
    url = url_for("admin.policy", key=process_key, name=setting.name)
    text = _("{name}（{value}）", name=setting.name, value=said(setting, raw))
    return Markup('<a href="{url}">{text}</a>').format(url=url, text=text)


def _as_entry(waiting: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": waiting["name"],
        "state": "active",
        "word": None,
        "who": waiting["who"],
        "when": None,
        "due": waiting["due"],
        "notes": [(_("期限依据"), waiting["settings"])] if waiting["settings"] else [],
    }


#: What people call a step; gateways, timers and notices are only in the drawing.
_TOLD = frozenset({Kind.START_EVENT, Kind.USER_TASK, Kind.CALL_ACTIVITY, Kind.END_EVENT})


def _steps(release: Release, marks: dict[str, list[str]]) -> list[dict[str, str]]:
    """The diagram as a text list: level, step, and where the case stands."""
    words = {"active": _("正在办理"), "failed": _("异常"), "done": _("已经过")}
    state = {element: kind for kind in ("done", "active", "failed") for element in marks[kind]}
    return [
        {
            "lane": release.lanes[item.id].name if item.id in release.lanes else "",
            "name": item.name,
            "state": state.get(item.id, ""),
            "word": words.get(state.get(item.id, ""), ""),
        }
        for item in outline(Diagram((release.process,)))
        if item.kind in _TOLD and item.name
    ]

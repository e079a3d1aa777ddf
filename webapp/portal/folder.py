"""What the page of a case shows to the resident: all texts translated, all moments formatted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engine import additions, messages
from engine.clock import TIMEZONE
from engine.database import Transaction
from engine.forms import Form
from engine.lifecycle import InstanceState
from engine.model.counter import AdditionKind
from engine.model.process import ProcessInstance
from engine.people import ANONYMOUS
from engine.queries import cases, joined, notices, portal, story
from engine.queries.portal import Waiting
from webapp import forms_view
from webapp.casefile import added, timeline_entry
from webapp.i18n import Deadline, _, deadline, format_moment, said
from webapp.posting import Posting, posting


@dataclass(frozen=True)
class Standing:
    """Where the case stands, in one glance. ``kind`` chooses the look of the word, ``who`` are the posts it is with."""

    kind: str
    word: str
    sentence: str
    due: Deadline | None = None
    who: str = ""


@dataclass(frozen=True)
class Folder:
    """A case as its resident sees it. ``turns`` are the steps that wait for the resident."""

    standing: Standing
    turns: list[Waiting]
    messages: list[dict[str, Any]]
    timeline: list[dict[str, Any]]
    filed: list[forms_view.Fact]
    may_withdraw: bool
    notices: list[Posting]
    additions: list[dict[str, Any]]
    may_add: bool
    may_complain: bool
    #: What is said of complaints while none can be made; empty when they are beside the point.
    about_complaints: str
    reads_only: bool
    #: The unit to call about it, with its telephone.
    call: tuple[str, str] | None


def folder(tx: Transaction, instance: ProcessInstance) -> Folder:
    """Gather it for whoever filed the case. Own data is masked for somebody who showed telephone digits only."""
    reads_only = not tx.actor.permissions
    goes_on = instance.state in (InstanceState.ACTIVE, InstanceState.JOINED) and not reads_only
    waiting = portal.waiting(tx, instance) if instance.state is InstanceState.ACTIVE else []
    told = story.story_for_resident(tx, instance)
    is_withdrawn = any(each.params["name"] == messages.WITHDRAWAL for each in told if each.type == "message_received")
    entries = [_entry(instance, entry) for entry in told]
    may_complain = goes_on and additions.may_complain(tx, instance)
    return Folder(
        standing=_standing(tx, instance, waiting, is_withdrawn),
        turns=[each for each in waiting if each.is_mine and not reads_only],
        messages=[_message(each) for each in portal.messages(tx, instance)],
        timeline=[*entries, *map(_ahead, waiting)],
        filed=_filed(portal.filed_forms(tx, instance), cases.variables(instance), reads_only),
        may_withdraw=goes_on and portal.may_withdraw(tx, instance),
        notices=[posting(each) for each in notices.of_case(tx, instance)],
        additions=[] if reads_only else [*map(added, portal.additions(tx, instance))],
        may_add=goes_on,
        may_complain=may_complain,
        about_complaints="" if may_complain or not goes_on else _about_complaints(tx, instance, waiting),
        reads_only=reads_only,
        call=portal.phone(tx, instance, waiting),
    )


def _about_complaints(tx: Transaction, instance: ProcessInstance, waiting: list[Waiting]) -> str:
    if not any(not each.is_mine for each in waiting):
        return ""
    sent = [row.added_at for row in portal.additions(tx, instance) if row.kind is AdditionKind.COMPLAINT]
    again = max(sent) + additions.BETWEEN_COMPLAINTS if sent else tx.now
    if again > tx.now:
        return _("已经转给上一级督促。没有进展的，{when}起可以再次投诉。", when=format_moment(again))
    return _("临近或者超过期限还没有办的，可以在这里向上一级投诉。")


def _standing(tx: Transaction, instance: ProcessInstance, waiting: list[Waiting], is_withdrawn: bool) -> Standing:
    if instance.state is InstanceState.COMPLETED:
        outcome, when = portal.outcome(tx, instance), _ended(instance)
        is_plain = outcome in ("", "办结")  # zh: as diagrams name an end of which there is no more to say
        sentence = _("{when}办结。", when=when) if is_plain else _("{when}，{outcome}。", when=when, outcome=outcome)
        return Standing("done", _("已办结"), sentence)
    if instance.state is InstanceState.CANCELED:
        return Standing("neutral", _("已终止"), _("{when}终止。如有疑问，请联系居民小组组长。", when=_ended(instance)))
    if instance.state is InstanceState.JOINED:
        return _with_lead(tx, instance)
    if not waiting:
        return Standing("active", _("办理中"), _("已经撤回，正在停止办理。") if is_withdrawn else _beside(tx, instance))
    first = waiting[0]
    due = deadline(first.task.due_at)
    if first.is_mine:
        return Standing("today", _("等您处理"), _("请您完成“{step}”。", step=first.task.name), due)
    places = _("、").join(dict.fromkeys(place for each in waiting for place in each.places))
    who = _("、").join(dict.fromkeys(name for each in waiting for name in each.who))
    return Standing("active", _("办理中"), _("正在{places}办理。", places=places), due, who)


def _with_lead(tx: Transaction, instance: ProcessInstance) -> Standing:
    """How far the case is that is led for this one: with which posts, until when. Nothing of who filed it."""
    lead = joined.lead_of(tx, instance) or instance
    offices = [each for each in portal.waiting(tx, lead) if each.places]
    sentence = _("与编号 {number} 的事项反映的是同一件事，一并办理。", number=lead.business_key)
    if not offices:
        return Standing("active", _("一并办理中"), sentence)
    places = _("、").join(dict.fromkeys(place for each in offices for place in each.places))
    who = _("、").join(dict.fromkeys(name for each in offices for name in each.who))
    due = deadline(offices[0].task.due_at)
    return Standing("active", _("一并办理中"), sentence + _("正在{places}办理。", places=places), due, who)


def _beside(tx: Transaction, instance: ProcessInstance) -> str:
    """What goes on while no step of the case itself waits for anybody."""
    found = portal.elsewhere(tx, instance)
    if found is None:
        return _("平台正在处理，请稍后再看。")
    template = (
        _("已列入{unit}“{process}”的议程，等待会议决定。") if found.is_meeting else _("正在{unit}办理“{process}”。")
    )
    return template.format(unit=found.unit, process=_(found.process))


def _ended(instance: ProcessInstance) -> str:
    return format_moment(instance.ended_at) if instance.ended_at else ""


def _entry(instance: ProcessInstance, entry: story.Entry) -> dict[str, Any]:
    shown = timeline_entry(entry)
    if entry.type == "message_received" and entry.params.get("name") == messages.WITHDRAWAL:
        return {**shown, "title": _("撤回"), "who": _("您")}
    if entry.type == "instance_completed":  # the case ends by itself, behind whoever did the last step
        return {**shown, "who": ""}
    is_resident = entry.who in (instance.started_by_name, ANONYMOUS.name, "申请人")  # zh: as people.receipt_actor says
    return {**shown, "who": _("您") if is_resident else shown["who"]}


def _ahead(each: Waiting) -> dict[str, Any]:
    return {
        "title": _(each.task.name),
        "state": "active",
        "word": _("等您处理") if each.is_mine else None,
        "who": _("您") if each.is_mine else _("、").join(each.who),
    }


def _message(each: Any) -> dict[str, Any]:
    return {
        "text": said(each.text, each.params),
        "is_new": each.is_new,
        "when": format_moment(each.at),
        "iso": each.at.astimezone(TIMEZONE).isoformat(timespec="minutes"),
    }


def _filed(forms: Iterable[Form], values: dict[str, Any], masked: bool) -> list[forms_view.Fact]:
    """What was filled in; files open for nobody who may only read."""
    found = [fact for form in forms for fact in forms_view.facts(form, values, masked=masked)]
    return [fact for fact in found if not (masked and fact.files)]

"""The case so far, in plain words: one entry for each thing that a person would tell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from engine import people
from engine.agendas import DECISION
from engine.database import Transaction
from engine.errors import N_
from engine.forms import Choice, Computed, FileInput, Form, Input, ListInput, NumberInput, look_up, walk
from engine.forms.terms import Phrase, show, tell
from engine.model.history import HistoryEvent
from engine.model.process import ProcessInstance
from engine.people import OrgTree
from engine.queries.cases import release_of
from engine.queries.wording import changed_deadlines, element_name, rules_of
from engine.release import Release
from engine.values import decode
from engine.voting import CHOICES

#: Sentences for the events that people are told about; others are only in the full history.
_SENTENCES: dict[str, str] = {
    "instance_started": N_("提出事项"),
    "user_task_completed": N_("{element}"),
    "user_task_reassigned": N_("“{element}”由{from}转给{to}"),
    "user_task_passed_up": N_("“{element}”的办理人是申请人本人，按回避要求由{to}办理"),
    "user_task_urged": N_("催办“{element}”"),
    "user_task_returned": N_("从“{element}”退回“{back_to}”"),
    "user_task_recalled": N_("撤回“{back_to}”"),
    "consultation_asked": N_("就“{element}”请{of}会签"),
    "consultation_answered": N_("答复“{element}”的会签：{opinion}"),
    "consultation_withdrawn": N_("撤回请{of}对“{element}”发表的意见"),
    "decision_evaluated": N_("{element}：按决策“{decision}”第 {rules} 条规则"),
    "message_received": N_("收到“{name}”"),
    "timer_fired": N_("到时：{element}"),
    "child_started": N_("转入“{number}”"),
    "child_ended": N_("“{element}”有了结果"),
    "notice_published": N_("发布公示 {number}"),
    "objection_filed": N_("收到异议 {objection}"),
    "objections_collected": N_("公示 {number} 期满，收到异议 {count} 条"),
    "notice_concluded": N_("公布公示 {number} 的结果"),
    "notice_withdrawn": N_("撤销公示 {number}"),
    "agenda_item_added": N_("列入{unit_name}的会议议程"),
    "agenda_item_left": N_("退出会议议程"),
    "agenda_items_taken": N_("议题上会，共 {taken} 件"),
    "agenda_item_decided": N_("议定议题 {item}"),
    "agenda_item_postponed": N_("议题 {item} 留到下次会议"),
    "vote_opened": N_("发起表决，投票人 {electors} 人"),
    "vote_counted": N_("表决计票：{outcome}"),
    "vote_canceled": N_("取消表决"),
    "deadline_changed": N_("参数“{setting}”有调整，重算期限"),
    "material_added": N_("申请人补充材料"),
    "delay_complained": N_("申请人投诉办理缓慢"),
    "comment_added": N_("发表评论"),
    "incident_opened": N_("出现异常：{element}"),
    "incident_resolved": N_("异常已处理：{element}"),
    "instance_completed": N_("办结"),
    "instance_canceled": N_("终止"),
}
#: A decision that is no table, or a table in which no rule matched.
_BY_NO_RULE = N_("{element}：按决策“{decision}”")
_ADVICE: Mapping[str, str] = {
    "consultation_asked": N_("就“{element}”征求{of}的意见"),
    "consultation_answered": N_("答复“{element}”的征求意见"),
}
_OPINIONS = {"agree": N_("同意"), "disagree": N_("不同意"), "none": ""}
#: What was said stands with the comments; the story only counts.
_SEVERAL_COMMENTS = N_("发表评论 {count} 条")
_SEVERAL_OBJECTIONS = N_("收到异议 {first} 至 {objection}")
#: What residents are told: not the machine's part of the story.
_FOR_RESIDENTS = frozenset(
    {"instance_started", "user_task_completed", "message_received", "instance_completed", "instance_canceled"}
    | {"material_added", "delay_complained"}
    | {"notice_published", "objections_collected", "notice_concluded", "notice_withdrawn"}
    | {"agenda_item_added", "agenda_item_left", "vote_opened", "vote_counted", "vote_canceled"}
)
#: What a sentence may name of an event's data.
_NAMED = ("name", "number", "objection", "count", "item", "unit_name", "electors", "setting", "from", "to", "of")
#: The note of an event: its label, and where it stands in the event's data.
_NOTE: Mapping[str, tuple[str, str]] = {
    "instance_canceled": (N_("原因"), "reason"),
    "user_task_reassigned": (N_("原因"), "reason"),
    "user_task_returned": (N_("原因"), "reason"),
    "user_task_urged": (N_("附言"), "note"),
    "consultation_asked": (N_("问题"), "question"),
    "consultation_answered": (N_("意见"), "answer"),
    "consultation_withdrawn": (N_("原因"), "reason"),
    "incident_opened": (N_("说明"), "message"),
    "notice_published": (N_("标题"), "title"),
    "notice_concluded": (N_("结果"), "outcome"),
    "notice_withdrawn": (N_("原因"), "reason"),
    "agenda_item_left": (N_("原因"), "reason"),
    "agenda_item_postponed": (N_("原因"), "reason"),
    "vote_canceled": (N_("原因"), "reason"),
}
#: What a meeting decided, as the case and the meeting itself record it.
_DECIDED = {"会议结果": N_("会议结果"), "会议意见": N_("会议意见")}


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
    return _entries(tx, instance, frozenset(_SENTENCES), with_notes=True)


def story_for_resident(tx: Transaction, instance: ProcessInstance) -> list[Entry]:
    """What residents are told: who did which step and when, without internal opinions."""
    return _entries(tx, instance, _FOR_RESIDENTS, with_notes=False)


def _entries(tx: Transaction, instance: ProcessInstance, types: frozenset[str], with_notes: bool) -> list[Entry]:
    release, tree = release_of(tx, instance), people.org_tree(tx)
    query = select(HistoryEvent).where(HistoryEvent.chain_id == instance.id, HistoryEvent.type.in_(types))
    told: list[Entry] = []
    for event in tx.session.scalars(query.order_by(HistoryEvent.seq)):
        _tell(told, _entry(release, tree, event, with_notes))
    return told


def _tell(told: list[Entry], entry: Entry) -> None:
    """Add an entry; objections that come one after the other are one, and so is a time that many waited for."""
    last = told[-1] if told else None
    if last is not None and last.type == entry.type == "objection_filed":
        params = {**entry.params, "first": last.params.get("first") or last.params["objection"]}
        entry = replace(entry, template=_SEVERAL_OBJECTIONS, params=params)
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
        entry = replace(entry, template=_SEVERAL_COMMENTS, params=params, who=who)
        told.pop()
    elif last is not None and last.type == "timer_fired" and _is_the_same(last, entry):
        return
    told.append(entry)


def _is_the_same(last: Entry, entry: Entry) -> bool:
    return (last.type, last.params) == (entry.type, entry.params) and entry.at - last.at < timedelta(minutes=1)


def _entry(release: Release, tree: OrgTree, event: HistoryEvent, with_notes: bool) -> Entry:
    data = json.loads(event.payload)["data"]
    node = release.nodes.get(event.element_id or "")
    params = {
        "element": (node.name or node.id) if node else "",
        "back_to": element_name(release, data.get("back_to")),
        "taken": len(data.get("items", [])),
        "outcome": data.get("tally", {}).get("outcome"),
        "opinion": _OPINIONS.get(data.get("opinion", ""), ""),
        **{name: data.get(name) for name in _NAMED},
    }
    template = _SENTENCES[event.type]
    if data.get("kind") == "advice" or data.get("opinion") == "none":
        template = _ADVICE.get(event.type, template)
    if event.type == "decision_evaluated":
        rules = rules_of(data)
        template = template if rules else _BY_NO_RULE
        params |= {"decision": data["decision"], "rules": N_("、").join(rules)}
    notes = tuple(_notes(release, tree, event, data)) if with_notes else ()
    who = data["by"] if event.type == "deadline_changed" else _signed(event.actor, data)
    return Entry(event.type, template, params, who, event.at, event.element_id, notes)


def _signed(actor: str, data: Mapping[str, Any]) -> str:
    """Who did it; a substitute signs with both names."""
    principal = data.get("on_behalf_of")
    return f"{principal}（由{actor}代办）" if principal else actor


def _notes(release: Release, tree: OrgTree, event: HistoryEvent, data: dict[str, Any]) -> list[tuple[str, Any]]:
    if event.type in _NOTE:
        label, place = _NOTE[event.type]
        return [(label, data[place])] if data.get(place) else []
    if event.type == "decision_evaluated":
        return _conclusions(tree, data["variables"])
    if event.type == "agenda_item_decided" or (event.type, data.get("name")) == ("message_received", DECISION):
        return _decided(data["variables"])
    if event.type == "vote_counted":
        return [(N_("票数"), _counts(data["tally"]["counts"]))]
    if event.type == "deadline_changed":
        return [(N_("期限"), text) for text in changed_deadlines(data, release, "task")]
    form = _form_of(release, event)
    return _answers(form, data.get("variables", {})) if form else []


def _conclusions(tree: OrgTree, recorded: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What a decision came to, entry by entry where it has several outputs; nothing personal."""
    (value,) = (None if _is_commitment(each) else decode(each) for each in recorded.values())
    named = value if isinstance(value, dict) else {N_("结论"): value}
    return [(name, text) for name, each in named.items() if (text := _read(tree, each))]


def _counts(counts: Mapping[str, int]) -> str:
    """For, against, abstained in this order; other options by their votes."""
    places = {choice: place for place, choice in enumerate(CHOICES)}
    ordered = sorted(counts.items(), key=lambda each: (places.get(each[0], len(places)), -each[1], each[0]))
    return N_("，").join(f"{choice} {count}" for choice, count in ordered)


def _decided(recorded: Mapping[str, Any]) -> list[tuple[str, Any]]:
    values = {name: decode(value) for name, value in recorded.items() if not _is_commitment(value)}
    return [(label, str(values[name])) for name, label in _DECIDED.items() if values.get(name)]


def _read(tree: OrgTree, value: Any) -> str:
    """A conclusion as people read it; decisions name units by their codes."""
    if isinstance(value, dict):
        return "，".join(f"{name} {_read(tree, each)}" for name, each in value.items() if each is not None)
    if isinstance(value, list):
        mark = "；" if any(isinstance(each, dict) for each in value) else "、"
        return mark.join(text for each in value if (text := _read(tree, each)))
    unit = tree.by_code(value) if isinstance(value, str) else None
    return unit.name if unit else show(value)


def _form_of(release: Release, event: HistoryEvent) -> Form | None:
    if event.type == "instance_started":
        return release.start_form()
    is_task = event.type == "user_task_completed" and event.element_id in release.nodes
    return release.form_of(event.element_id or "") if is_task else None


def _answers(form: Form, recorded: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Label and answer of every field that was filled in and is not personal."""
    values = {name: decode(value) for name, value in recorded.items() if not _is_commitment(value)}
    found = []
    for item in form.inputs:
        text = _answer(item, values.get(item.variable)) if not item.personal and "." not in item.path else ""
        if text:
            found.append((_fixed(item.label) or item.variable, text))
    return found


def _fixed(phrase: Phrase) -> str:
    """A text as far as it is fixed."""
    return "".join(part for part in phrase.parts if isinstance(part, str))


def _answer(item: Input, value: Any) -> Any:
    """A value as people read it: the option's label, the files' names, a number with its unit, a date, the text."""
    if value is None or value == [] or value == "":
        return ""
    if isinstance(item, FileInput):
        return "、".join(str(file.get("name", "")) for file in value)
    if isinstance(item, ListInput):
        return "；".join(_row(item, row) for row in value)
    if isinstance(item, Computed):
        return f"{show(value)} {item.suffix}".strip()
    if isinstance(item, Choice):
        labels = {option.key: option.label for option in item.options.static}
        chosen = value if isinstance(value, list) else [value]
        return "、".join(labels.get(show(one), show(one)) for one in chosen)
    if isinstance(item, NumberInput):
        return f"{_fixed(item.prefix)} {show(value)} {_fixed(item.suffix)}".strip()
    return value if isinstance(value, date) else show(value)


def _row(item: ListInput, row: Mapping[str, Any]) -> str:
    """One row of a list: what stands in it, in the order of its fields."""
    inside = [each for each in walk(item.children) if isinstance(each, Input)]
    answers = ((each, _answer(each, look_up(row, each.path.removeprefix(f"{item.path}[].")))) for each in inside)
    told = [
        f"{_fixed(each.label)} {tell(answer)}" if each.label else tell(answer) for each, answer in answers if answer
    ]
    return "，".join(told)


def _is_commitment(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"commitment"}

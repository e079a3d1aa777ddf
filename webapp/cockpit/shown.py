"""Rows of the machine as the admin's and the auditor's pages show them: translated texts, formatted moments."""

from __future__ import annotations

import json
from typing import Any

from engine.clock import TIMEZONE
from engine.errors import N_
from engine.lifecycle import IncidentState, JobState, state_name
from engine.masking import mask
from engine.people import Actor
from engine.queries.cockpit import Failure, Told, Variable, Work
from engine.values import encode
from webapp import forms_view
from webapp.i18n import _, fill, format_moment

_KINDS = {
    "timer": N_("定时"),
    "service_task": N_("自动任务"),
    "start_child": N_("转入下级事项"),
    "child_ended": N_("下级事项结束"),
    "cancel_child": N_("终止下级事项"),
    "escalation": N_("报来升级"),
    "signal": N_("收到信号"),
    "start_timer": N_("定时发起"),
    "start_by_signal": N_("由信号发起"),
    "publish": N_("发送消息"),
    "match": N_("递送消息"),
    "move_deadlines": N_("重算期限"),
    "next_start": N_("递送下一条消息"),
}
_TYPES = {"bool": N_("是或否"), "str": N_("文本"), "int": N_("数字"), "Decimal": N_("数字"), "float": N_("数字")} | {
    "date": N_("日期"),
    "datetime": N_("日期和时间"),
    "time": N_("时间"),
    "timedelta": N_("时长"),
    "YearsMonths": N_("时长"),
    "list": N_("列表"),
    "dict": N_("组合"),
    "NoneType": N_("空"),
}


def variable(each: Variable, actor: Actor) -> dict[str, Any]:
    """A variable: name, type in words, text; personal data is masked unless the acting post may see it."""
    hidden = each.personal and each.value not in (None, "", []) and not actor.may("personal_data.unmask")
    value = mask(each.value) if hidden else each.value
    return {
        "name": each.name,
        "type": _(_TYPES[type(each.value).__name__]),
        "text": _text(value),
        "hidden": hidden,
    }


def _text(value: Any) -> str:
    if value in (None, "", []):
        return "—"
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict | list) for item in value)):
        return json.dumps(encode(value), ensure_ascii=False, indent=1)
    return forms_view.readable(value)


def job(each: Work) -> dict[str, Any]:
    """A job: what it is, where, its state, when, how often it was tried, what it died of."""
    row = each.job
    looks = {JobState.FAILED: "failed", JobState.DONE: "done", JobState.RUNNING: "active"}
    return {
        "kind": _(_KINDS.get(row.kind, row.kind)) + (f" {row.type}" if row.type and row.kind == "service_task" else ""),
        "element": each.element,
        "look": looks.get(row.state, "neutral"),
        "state": _(state_name(row.state)),
        "due": format_moment(row.due_at),
        "attempts": _("{n}/{most}", n=row.attempt, most=row.max_attempts),
        "error": row.error or "",
    }


def failure(each: Failure) -> dict[str, Any]:
    """An incident: the sentence in the reader's language, the case, since when, who dealt with it."""
    row = each.incident
    return {
        "id": row.id,
        "sentence": fill(row.template, row.params),
        "element": each.element,
        "case": each.case,
        "since": format_moment(row.opened_at),
        "iso": row.opened_at.astimezone(TIMEZONE).isoformat(timespec="minutes"),
        "open": row.state is IncidentState.OPEN,
        "by": _(row.resolved_by) if row.resolved_by else "",
        "resolved": format_moment(row.resolved_at) if row.resolved_at else "",
    }


def told(each: Told) -> dict[str, Any]:
    """An event: number, moment to the second, actor, sentence, element, and the payload as indented JSON."""
    event = each.event
    return {
        "seq": event.seq,
        "at": f"{event.at.astimezone(TIMEZONE):%Y-%m-%d %H:%M:%S}",
        "actor": _(event.actor),
        "sentence": fill(each.template, each.params),
        "element": event.element_id or "",
        "type": event.type,
        "raw": json.dumps(json.loads(event.payload)["data"], ensure_ascii=False, indent=1),
        "hash": event.hash.hex(),
    }

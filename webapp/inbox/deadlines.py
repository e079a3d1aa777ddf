"""How the deadline of a task came about, in sentences with the numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from engine import workdays
from engine.clock import local_day
from engine.database import Transaction
from engine.model.extension import Extension
from engine.model.work import UserTask
from engine.policy import Setting
from engine.queries import extensions, policies
from engine.queries.inbox import Work
from webapp import policy_words
from webapp.casefile import setting_link
from webapp.i18n import _, format_moment


def explained(tx: Transaction, work: Work) -> list[str]:
    """Sentences for people; none when the task has no deadline."""
    task = work.task
    if task.due_at is None:
        return []
    behind = policies.behind_deadlines(tx, work.instance, {task.element_id}).get(task.element_id, [])
    granted = extensions.granted(tx, task)
    first = next((each.before for each in granted if each.task_id == task.id), task.due_at)
    return [_span(tx, task, first), *(_from(work, *found) for found in behind), *map(_extended, granted)]


def _span(tx: Transaction, task: UserTask, due: datetime) -> str:
    days = workdays.calendar(tx).between(local_day(task.created_at), local_day(due))
    return _(
        "自{begin}分派时起算，到{end}为止，其间有 {n} 个工作日（当日不计，周末和法定节假日除外）。",
        begin=format_moment(task.created_at),
        end=format_moment(due),
        n=days,
    )


def _extended(row: Extension) -> str:
    return _(
        "{who}于{when}同意延期，从{before}延到{until}。原因：{reason}",
        who=row.decided_by_name or "",
        when=format_moment(row.decided_at or row.asked_at),
        before=format_moment(row.before),
        until=format_moment(row.until),
        reason=row.reason,
    )


def _from(work: Work, setting: Setting, raw: Any) -> Markup:
    link = setting_link(work.instance.process_key, setting, raw)
    source = policy_words.source(setting)
    if setting.clause:
        text = _(
            "期限取自制度参数{setting}，来源：{source}，依据 {clause}。",
            setting="\0",
            source=source,
            clause=setting.clause,
        )
    else:
        text = _("期限取自制度参数{setting}，来源：{source}。", setting="\0", source=source)
    before, _mark, after = text.partition("\0")
    return escape(before) + link + escape(after)

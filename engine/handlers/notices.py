"""Service tasks of public notices: publish one, collect the objections, tell the outcome, take it back.

Inputs, only from the task's own input mappings. ``publish_notice``: ``title``, ``text``, ``until`` (a date-time;
without it the notice stays on the board), ``kind`` (公示, 公告 or 公开), ``objections`` (may anybody object?) and
``to`` (posts that are reminded of each objection, as for ``notify``). It writes ``notice``: its number, ``until`` and
``published_at``. The others take that number as ``notice``: ``collect_objections`` writes ``objections`` and
``objection_count``, ``conclude_notice`` takes ``outcome`` and perhaps ``upheld``, ``withdraw_notice`` takes ``reason``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from engine import notices, people
from engine.clock import TIMEZONE
from engine.database import Engine, Transaction
from engine.errors import N_, StepFailed
from engine.handlers.notify import receivers
from engine.jobs import Ticket
from engine.model.process import ProcessInstance


def publish_notice(engine: Engine, ticket: Ticket) -> Mapping[str, Any]:
    """Put a notice on the board, once for each job. Raises StepFailed for inputs that are missing or do not fit."""
    with engine.begin(people.SYSTEM) as tx:
        announcement = _announcement(tx, ticket)
        notice = notices.publish(tx, ticket.instance_id, ticket.element_id, ticket.job_id, announcement)
        return {"notice": {"number": notice.number, "until": notice.until, "published_at": notice.published_at}}


def collect_objections(engine: Engine, ticket: Ticket) -> Mapping[str, Any]:
    """End the period and give what was objected, without names and telephones, which stay on the notice's page."""
    with engine.begin(people.SYSTEM) as tx:
        notice, found = notices.collect(tx, _number(ticket))
        objections = [
            {"number": notice.objection_number(each.seq), "filed_at": each.filed_at, "text": each.text}
            for each in found
        ]
    return {"objections": objections, "objection_count": len(objections)}


def conclude_notice(engine: Engine, ticket: Ticket) -> Mapping[str, Any]:
    """Put the outcome on the board, as the reply to the objectors, too."""
    with engine.begin(people.SYSTEM) as tx:
        notices.conclude(tx, _number(ticket), _required(ticket, "outcome"), _yes_or_no(ticket, "upheld"))
    return {}


def withdraw_notice(engine: Engine, ticket: Ticket) -> Mapping[str, Any]:
    """Take the notice back, with the reason."""
    with engine.begin(people.SYSTEM) as tx:
        notices.withdraw(tx, _number(ticket), _required(ticket, "reason"))
    return {}


def _announcement(tx: Transaction, ticket: Ticket) -> notices.Announcement:
    instance = tx.get(ProcessInstance, ticket.instance_id, N_("事项"))
    unit = ticket.variables.get("unit")  # the scope's own unit, else that of the case
    return notices.Announcement(
        title=_required(ticket, "title"),
        text=_required(ticket, "text"),
        kind=_kind(ticket),
        until=_until(ticket),
        takes_objections=bool(_yes_or_no(ticket, "objections")),
        unit_id=UUID(unit) if unit else None,
        told=receivers(tx, instance, ticket) if ticket.inputs.get("to") else (),
    )


def _required(ticket: Ticket, name: str) -> str:
    value = ticket.inputs.get(name)
    if value is None or not str(value).strip():
        raise StepFailed(
            N_("{type} 任务缺少 {name}，或者它是空的。请检查流程图里的输入映射。"), type=ticket.type, name=name
        )
    return str(value).strip()


def _number(ticket: Ticket) -> str:
    """The number of a notice; who hands on the whole result of ``publish_notice`` means the number in it."""
    value = ticket.inputs.get("notice")
    if isinstance(value, Mapping) and value.get("number"):
        return str(value["number"])
    return _required(ticket, "notice")


def _kind(ticket: Ticket) -> str:
    kind = str(ticket.inputs.get("kind") or notices.KINDS[0])
    if kind not in notices.KINDS:
        raise StepFailed(N_("公示的 kind“{kind}”不对，可以是 {known}。"), kind=kind, known="、".join(notices.KINDS))
    return kind


def _until(ticket: Ticket) -> datetime | None:
    value = ticket.inputs.get("until")
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise StepFailed(N_("公示的 until 应当是日期和时间，现在是“{value}”。"), value=value)
    return value if value.tzinfo else value.replace(tzinfo=TIMEZONE)


def _yes_or_no(ticket: Ticket, name: str) -> bool | None:
    value = ticket.inputs.get(name)
    if value is not None and not isinstance(value, bool):
        raise StepFailed(N_("{name} 应当是 =true 或 =false，现在是“{value}”。"), name=name, value=value)
    return value

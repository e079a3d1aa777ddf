"""Agendas of meetings: a case puts itself on one and waits; a meeting takes what waits, decides or postpones it.

A transaction locks one case at most. So what a meeting decides reaches the case as a message, and each event stands in
the history of the case or meeting that acted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from engine import people
from engine.database import Transaction
from engine.errors import N_, InvalidState, NotFound, StepFailed
from engine.execution import awaits, is_wanted, leave_message, lock_active, lock_instance
from engine.history import record
from engine.lifecycle import AgendaState, DefinitionState
from engine.model.agenda import IN_ORDER, AgendaItem
from engine.model.base import new_id
from engine.model.people import Level
from engine.model.process import ProcessDefinition, ProcessInstance
from engine.numbering import next_number
from engine.people import LEVEL_NAMES
from engine.values import encode

#: The message that brings a case what the meeting decided; its key is the number of the item.
DECISION = "会议决定"
#: How long it is kept for a case that does not wait yet, such as one with an incident before that.
_KEPT = "P30D"
_PREFIX = "YC"


@dataclass(frozen=True)
class Taken:
    """An item on the table of a meeting, with the case that it is about and the unit that it comes from."""

    item: AgendaItem
    case: str
    case_title: str
    from_unit: str


def put_on(
    tx: Transaction, instance_id: UUID, job_id: UUID, meeting: str, level: str, title: str, *,
    text: str = "", unit_id: UUID | None = None, element_id: str | None = None,
) -> AgendaItem:  # fmt: skip
    """Let a case wait for a kind of meeting: the one that the unit above ``unit_id`` at ``level`` holds.

    ``unit_id`` is the unit for which the case acts, by default its own. The same job does so once. Raises StepFailed
    when there is no such meeting or level.
    """
    instance = lock_instance(tx, instance_id)
    instance.ensure_active()
    known = tx.session.scalar(select(AgendaItem).where(AgendaItem.job_id == job_id))
    if known is not None:
        return known
    if not is_wanted(tx, job_id):
        raise InvalidState(N_("事项已经不再需要上会。"))
    _ensure_meeting(tx, meeting)
    from_unit = unit_id or instance.unit_id
    holder = _holder(tx, from_unit, level)
    item = AgendaItem(
        id=new_id(),
        number=next_number(tx, _PREFIX),
        instance_id=instance.id,
        job_id=job_id,
        meeting_key=meeting,
        unit_id=holder.id,
        from_unit_id=from_unit,
        title=title,
        text=text,
        state=AgendaState.WAITING,
        added_at=tx.now,
    )
    added = {"item": item.number, "meeting": meeting, "unit": str(holder.id), "unit_name": holder.name}
    record(tx, instance, "agenda_item_added", element_id, added)
    return tx.add(item)


def leave(tx: Transaction, instance_id: UUID, number: str, reason: str = "", element_id: str | None = None) -> None:
    """Let a case wait for the meeting no longer. What has been decided, or has left already, stays as it is."""
    instance = lock_instance(tx, instance_id)
    instance.ensure_active()
    item = _locked(tx, number)
    if item.instance_id != instance.id:
        raise InvalidState(N_("议题 {item} 不是事项 {number} 的。"), item=number, number=instance.business_key)
    if item.state not in (AgendaState.WAITING, AgendaState.TAKEN):
        return
    item.move(AgendaState.WITHDRAWN)
    record(tx, instance, "agenda_item_left", element_id, {"item": number, "reason": reason or None})


def take(
    tx: Transaction, meeting_id: UUID, kind: str | None = None, *,
    unit_id: UUID | None = None, element_id: str | None = None,
) -> list[Taken]:  # fmt: skip
    """Put what waits for this kind of meeting at this unit on the table of the meeting, the oldest first.

    The result is all that lies there undecided, so that doing it twice is the same as once. Cases that no longer wait
    for a decision leave the agenda.
    """
    meeting = lock_instance(tx, meeting_id)
    meeting.ensure_active()
    waiting = _waiting(tx, kind or meeting.process_key, unit_id or meeting.unit_id)
    wanted = [item for item in waiting if awaits(tx, item.instance_id, DECISION, item.number, item.job_id)]
    for item in waiting:
        item.move(AgendaState.TAKEN if item in wanted else AgendaState.WITHDRAWN)
    for item in wanted:
        item.meeting_id, item.taken_at = meeting.id, tx.now
    left = [item.number for item in waiting if item not in wanted]
    record(
        tx, meeting, "agenda_items_taken", element_id, {"items": [each.number for each in wanted], "withdrawn": left}
    )
    tx.session.flush()  # so that the table is read with what has just come to it
    return _on_the_table(tx, meeting.id)


def decide(
    tx: Transaction, meeting_id: UUID, number: str, result: str, opinion: str = "",
    values: Mapping[str, Any] | None = None, element_id: str | None = None,
) -> AgendaItem:  # fmt: skip
    """Note what the meeting decided on an item, and send it to the case with all ``values``.

    Deciding the same again changes nothing. If the case has left in the meantime, history says what was decided, and
    nobody is sent anything. Raises InvalidState for an item that is not on this table.
    """
    loaded = lock_active(tx, meeting_id)
    item = _locked(tx, number)
    told = {"会议结果": result, "会议意见": opinion, "会议编号": loaded.instance.business_key}
    decision = {**(values or {}), **told}
    if item.state is AgendaState.DECIDED and item.meeting_id == meeting_id and item.decision == encode(decision):
        return item
    is_wanted = item.state is not AgendaState.WITHDRAWN
    if is_wanted:
        _ensure_on_the_table(item, loaded.instance)
    loaded.record("agenda_item_decided", element_id, item=number, wanted=is_wanted, variables=decision)
    if is_wanted:
        item.move(AgendaState.DECIDED)
        item.decided_at, item.result, item.decision = tx.now, result, encode(decision)
        leave_message(tx, DECISION, number, decision, item.unit_id, _KEPT)
    return item


def postpone(tx: Transaction, meeting_id: UUID, number: str, reason: str, element_id: str | None = None) -> AgendaItem:
    """Let an item wait for the next meeting. One that already does, or whose case has left, stays as it is.

    Raises InvalidState for an item that another meeting has, or that is decided.
    """
    meeting = lock_instance(tx, meeting_id)
    meeting.ensure_active()
    item = _locked(tx, number)
    if item.state in (AgendaState.WAITING, AgendaState.WITHDRAWN):
        return item
    _ensure_on_the_table(item, meeting)
    item.give_back()
    record(tx, meeting, "agenda_item_postponed", element_id, {"item": number, "reason": reason})
    return item


def _ensure_meeting(tx: Transaction, key: str) -> None:
    """A misspelt meeting would let the case wait for ever."""
    published = exists().where(ProcessDefinition.key == key, ProcessDefinition.state == DefinitionState.PUBLISHED)
    if not tx.session.scalar(select(published)):
        raise StepFailed(N_("没有已发布的会议流程“{meeting}”，事项不能列入它的议程。请检查 meeting。"), meeting=key)


def _holder(tx: Transaction, unit_id: UUID | None, level: str) -> people.Unit:
    if level not in set(Level):
        known = "、".join(each.value for each in Level)
        raise StepFailed(N_("level“{level}”不是层级，可以是 {known}。"), level=level, known=known)
    tree = people.org_tree(tx)
    holder = tree.ancestor(unit_id, Level(level)) if unit_id else None
    if holder is None:
        unit = tree.unit(unit_id).name if unit_id else "–"
        template = N_("单位“{unit}”的上级中没有“{level}”这一级，找不到开会的单位。")
        raise StepFailed(template, unit=unit, level=LEVEL_NAMES[Level(level)])
    return holder


def _locked(tx: Transaction, number: str) -> AgendaItem:
    query = select(AgendaItem).where(AgendaItem.number == number).with_for_update()
    item = tx.session.scalar(query.execution_options(populate_existing=True))
    if item is None:
        raise NotFound(N_("没有编号为“{number}”的议题。"), number=number)
    return item


def _waiting(tx: Transaction, kind: str, unit_id: UUID | None) -> list[AgendaItem]:
    query = select(AgendaItem).where(
        AgendaItem.meeting_key == kind, AgendaItem.unit_id == unit_id, AgendaItem.state == AgendaState.WAITING
    )
    # Two meetings at once take turns; the second one then finds nothing left.
    return list(tx.session.scalars(query.order_by(*IN_ORDER).with_for_update()))


def _on_the_table(tx: Transaction, meeting_id: UUID) -> list[Taken]:
    query = (
        select(AgendaItem, ProcessInstance.business_key, ProcessInstance.title)
        .join(ProcessInstance, AgendaItem.instance_id == ProcessInstance.id)
        .where(AgendaItem.meeting_id == meeting_id, AgendaItem.state == AgendaState.TAKEN)
        .order_by(*IN_ORDER)
    )
    tree = people.org_tree(tx)
    rows: Iterable[Any] = tx.session.execute(query)
    return [
        Taken(item, case, title, tree.unit(item.from_unit_id).name if item.from_unit_id else "")
        for item, case, title in rows
    ]


def _ensure_on_the_table(item: AgendaItem, meeting: ProcessInstance) -> None:
    if item.state is AgendaState.TAKEN and item.meeting_id == meeting.id:
        return
    template = N_("议题 {item} 不在会议 {meeting} 的议程上，不能议定，也不能留到下次会议。")
    raise InvalidState(template, item=item.number, meeting=meeting.business_key)

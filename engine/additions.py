"""Commands of applicants on a running case, unasked: add material, complain that it takes too long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from engine import files, notifications, people
from engine.database import Transaction
from engine.errors import N_, InvalidState, InvalidVariables, NotAuthorized
from engine.execution import lock_instance
from engine.history import record
from engine.lifecycle import InstanceState, UserTaskState
from engine.model.counter import Addition, AdditionKind
from engine.model.process import ProcessInstance
from engine.model.work import TaskCandidate, UserTask
from engine.people import OrgTree

LONGEST_TEXT = 1_000
#: So many times an applicant may add something to one case within a day.
MOST_A_DAY = 10
#: A complaint is heard from this long before a deadline on.
NEAR = timedelta(days=1)
#: After a complaint those above have so long to look into it before the next one.
BETWEEN_COMPLAINTS = timedelta(days=3)
#: How history calls what applicants write; it is personal.
_TEXT = "说明"


def add_material(
    tx: Transaction,
    instance_id: UUID,
    text: str,
    references: Sequence[Mapping[str, Any]],
    upload_session: str | None = None,
) -> Addition:
    """Add a text, files or both to the own running case; whoever has it now is told.

    Raises NotAuthorized for anybody but the applicant, InvalidState when the case has ended or got too much today,
    InvalidVariables (``text``) when there is nothing to add or the text is too long.
    """
    instance = _lock_own(tx, instance_id)
    if not text.strip() and not references:
        raise InvalidVariables.at("text", N_("请填写补充说明，或者上传照片、材料。"))
    if _count_since(tx, instance, AdditionKind.MATERIAL, tx.now - timedelta(days=1)) >= MOST_A_DAY:
        raise InvalidState(N_("今天补充的次数已经够多，请明天再补充，或者打电话联系办理单位。"))
    files.link(tx, instance.id, references, upload_session)
    added = _add(tx, instance, AdditionKind.MATERIAL, text, references)
    data = {"files": len(references), "variables": {_TEXT: added.text}}
    record(tx, instance, "material_added", None, data, {_TEXT})
    holders = [holder for holders in _responsible(tx, instance) for holder in holders]
    notifications.tell(tx, "process", holders, instance, N_("申请人补充了材料，请查看。"))
    return added


def complain(tx: Transaction, instance_id: UUID, text: str) -> Addition:
    """Complain that the own case takes too long; the level above those who have it is told.

    Raises NotAuthorized for anybody but the applicant, InvalidState when nothing is near its deadline or the last
    complaint is too recent, InvalidVariables (``text``) when the text is missing or too long.
    """
    instance = _lock_own(tx, instance_id)
    if not text.strip():
        raise InvalidVariables.at("text", N_("请填写投诉内容。"))
    if not may_complain(tx, instance):
        raise InvalidState(N_("现在还不能投诉办理缓慢：期限还没有到，或者 {days} 天内已经投诉过。"),
                           days=BETWEEN_COMPLAINTS.days)  # fmt: skip
    added = _add(tx, instance, AdditionKind.COMPLAINT, text, ())
    record(tx, instance, "delay_complained", None, {"variables": {_TEXT: added.text}}, {_TEXT})
    told = {post for holders in _responsible(tx, instance, late_only=True) for post in _above(tx, holders)}
    notifications.tell(tx, "complained", told, instance, N_("申请人投诉办理缓慢，请督促办理。"))
    return added


def may_complain(tx: Transaction, instance: ProcessInstance) -> bool:
    """Whether a step of officials is over its deadline or near it, and the last complaint is long enough ago."""
    recent = _count_since(tx, instance, AdditionKind.COMPLAINT, tx.now - BETWEEN_COMPLAINTS)
    return not recent and bool(_responsible(tx, instance, late_only=True))


def _lock_own(tx: Transaction, instance_id: UUID) -> ProcessInstance:
    instance = lock_instance(tx, instance_id)
    if tx.actor.holders.isdisjoint(people.holders_of_applicant(instance)) or not tx.actor.permissions:
        raise NotAuthorized(N_("只有提出这个事项的人可以补充或者投诉。请先填写查询码。"))
    if instance.state is not InstanceState.JOINED:  # whoever leads it hears of it
        instance.ensure_active()
    return instance


def _add(
    tx: Transaction, instance: ProcessInstance, kind: AdditionKind, text: str, references: Sequence[Mapping[str, Any]]
) -> Addition:
    text = text.strip()
    if len(text) > LONGEST_TEXT:
        raise InvalidVariables.at("text", N_("最多 {most} 个字，现在有 {n} 个字。"), most=LONGEST_TEXT, n=len(text))
    row = Addition(instance_id=instance.id, kind=kind, text=text, files=[*map(dict, references)], added_at=tx.now)
    return tx.add(row)


def _count_since(tx: Transaction, instance: ProcessInstance, kind: AdditionKind, since: datetime) -> int:
    query = select(func.count()).where(
        Addition.instance_id == instance.id, Addition.kind == kind, Addition.added_at > since
    )
    return tx.session.scalar(query) or 0


def _responsible(tx: Transaction, instance: ProcessInstance, late_only: bool = False) -> list[set[str]]:
    """The posts of each step that waits, here or in a called case; ``late_only``: of those late or nearly so.

    While the case rests, those of the one that is led for it.
    """
    led = instance.joined_to if instance.state is InstanceState.JOINED and instance.joined_to else instance.id
    called = select(ProcessInstance.id).where(ProcessInstance.parent_id == led)
    here = or_(UserTask.instance_id == led, UserTask.instance_id.in_(called))
    query = select(UserTask.id, TaskCandidate.holder).join(TaskCandidate, TaskCandidate.task_id == UserTask.id)
    query = query.where(here, UserTask.state == UserTaskState.CREATED)
    if late_only:
        query = query.where(UserTask.due_at.is_not(None), UserTask.due_at <= tx.now + NEAR)
    found: dict[UUID, set[str]] = {}
    for task_id, holder in tx.session.execute(query):
        if "@" in holder:
            found.setdefault(task_id, set()).add(holder)
    return list(found.values())


def _above(tx: Transaction, holders: set[str]) -> set[str]:
    """The posts one level above that may look into a case; at the top, those of the same unit."""
    tree = people.org_tree(tx)
    return {post for holder in holders for post in _supervisors(tree, UUID(holder.partition("@")[2]))}


def _supervisors(tree: OrgTree, unit_id: UUID) -> set[str]:
    unit = tree.unit(unit_id)
    above = tree.unit(unit.parent_id) if unit.parent_id is not None else unit
    may_look = {"task.handle", "case.view_below"}
    return {
        people.post_holder(kind.key, above.id)
        for kind in tree.positions.values()
        if kind.level is above.level and may_look <= kind.permissions
    }

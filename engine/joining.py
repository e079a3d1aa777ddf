"""Commands that join cases (并案): one is led, the others rest and are answered with it; and that separate them again.

Several cases are locked here, and nowhere else, in the order of their ids, so that two such commands never wait for
each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from engine import people
from engine.database import Transaction
from engine.errors import N_, InvalidState, InvalidVariables, NotAuthorized, NotFound
from engine.execution import (
    MAY_JOIN,
    WITHDRAWAL,
    Letter,
    Loaded,
    deliver,
    go_on_alone,
    joined_cases,
    leave_by_withdrawal,
    lock_instance,
    lock_task,
    put_to_rest,
    right_to,
)
from engine.history import record
from engine.lifecycle import AgendaState, InstanceState, NoticeState, UserTaskState, VoteState
from engine.model.agenda import AgendaItem
from engine.model.notice import Notice
from engine.model.process import ProcessInstance
from engine.model.vote import Vote
from engine.model.work import TaskCandidate, UserTask
from engine.notifications import tell
from engine.people import Right
from engine.reasons import written
from engine.release import load_release

#: So many cases may join another at once, and so many in all.
MOST_AT_ONCE, MOST_IN_ALL = 20, 200
_JOINED = N_("{who}把“{case}”并入编号 {lead} 的事项一并办理，“{task}”不用办了。")
_SEPARATED = N_("“{case}”不再与编号 {lead} 的事项一并办理，请继续办理“{task}”。")
_TO_APPLICANT = N_("您的事项“{case}”与编号 {lead} 的事项反映的是同一件事，已并入一并办理，进展和答复会同时告知您。")
NOT_THERE = N_("没有找到这个事项，或者当前岗位不能查看它。")


@dataclass(frozen=True)
class Obstacle:
    """Why a case can't join another: a sentence, and what stands in it."""

    template: str
    params: Mapping[str, Any]


def join(tx: Transaction, task_id: UUID, cases: Collection[UUID], reason: str) -> ProcessInstance:
    """Let cases join the one of a task, which whoever does that task leads from now on; the lead.

    Raises AlreadyDone and NotAuthorized like every act on a task, InvalidVariables (``reason``, ``case``) without a
    reason or cases, InvalidState when one of them can't join, NotFound when the actor may not see one.
    """
    task = tx.get(UserTask, task_id, N_("环节"))
    found = {id: lock_instance(tx, id) for id in sorted({task.instance_id, *cases})}
    locked = lock_task(tx, task_id)
    lead, right = locked.instance, right_to(tx, locked)
    ensure_may_lead(tx, lead, locked.is_of_applicant)
    if not cases:
        raise InvalidVariables.at("case", N_("请选择要并入的事项。"))
    if len(found) > MOST_AT_ONCE + 1 or len(joined_cases(tx, lead.id)) + len(found) > MOST_IN_ALL + 1:
        template = N_("一次最多并入 {most} 件，一件事项最多并入 {all} 件。")
        raise InvalidVariables.at("case", template, most=MOST_AT_ONCE, all=MOST_IN_ALL)
    why = written(reason, "reason", N_("请填写并案原因。"))
    for id in sorted(cases):
        if obstacle := obstacle_to(tx, lead, found[id], right):
            raise InvalidState(obstacle.template, **obstacle.params)
        _join_one(tx, lead, found[id], why, right)
    return lead


def separate(tx: Transaction, instance_id: UUID, reason: str) -> ProcessInstance:
    """Let a joined case go on alone, from where it stood, with its old deadlines.

    Whoever may do an open task of the lead may do this, and posts above it that see the case. Raises NotFound,
    NotAuthorized, InvalidVariables (``reason``), InvalidState when it is joined to none.
    """
    seen = tx.get(ProcessInstance, instance_id, N_("事项"))
    if seen.joined_to is None or seen.state is not InstanceState.JOINED:
        raise InvalidState(N_("事项 {number} 没有并入其他事项，不需要拆分。"), number=seen.business_key)
    found = {id: lock_instance(tx, id) for id in sorted({instance_id, seen.joined_to})}
    instance = found[instance_id]
    if instance.joined_to not in found:
        raise InvalidState(N_("事项 {number} 刚刚有变动，请刷新页面。"), number=instance.business_key)
    lead = found[instance.joined_to]
    if not may_separate(tx, lead):
        raise NotAuthorized(N_("编号 {number} 的事项不由本岗位办理，不能拆分。"), number=lead.business_key)
    why = written(reason, "reason", N_("请填写拆分原因。"))
    go_on_alone(Loaded.load(tx, instance), lead, why)
    data = {"case": str(instance.id), "number": instance.business_key, "reason": why}
    record(tx, lead, "joined_case_left", None, data)
    _tell_holders(tx, instance, _SEPARATED, lead=lead.business_key)
    return instance


def withdraw(tx: Transaction, instance_id: UUID, payload: Mapping[str, Any]) -> None:
    """Take a joined case back for its applicant: it leaves the lead and ends by its own diagram.

    Raises InvalidState when its diagram takes nothing back any more.
    """
    instance = lock_instance(tx, instance_id)
    if instance.state is InstanceState.JOINED:
        leave_by_withdrawal(Loaded.load(tx, instance))
    if deliver(tx, Letter(WITHDRAWAL, instance.business_key, payload)) is None:
        raise InvalidState(N_("现在没有事项在等待“{name}”，可能已经办结。"), name=WITHDRAWAL)


def ensure_may_lead(tx: Transaction, lead: ProcessInstance, is_of_applicant: bool = False) -> None:
    """Raise InvalidState unless others may join this case now."""
    lead.ensure_active()
    process = load_release(tx, lead.definition_id).process
    if process.property(MAY_JOIN) == "false" or lead.parent_id is not None:
        raise InvalidState(N_("这类事项不能并案。"))
    if is_of_applicant:
        raise InvalidState(N_("正在等待申请人，现在不能并案。"))


def obstacle_to(tx: Transaction, lead: ProcessInstance, case: ProcessInstance, right: Right) -> Obstacle | None:
    """What stands against a case joining the lead; None when nothing does. Raises NotFound for one not to be seen."""
    visible = people.visible_to(tx.actor, [case.id])
    if tx.session.scalar(select(ProcessInstance.id).where(ProcessInstance.id == case.id, visible)) is None:
        raise NotFound(NOT_THERE)
    template = _by_itself(lead, case) or _by_place(tx, lead, case, right) or _by_rows(tx, case)
    return Obstacle(template, {"number": case.business_key}) if template else None


def _by_itself(lead: ProcessInstance, case: ProcessInstance) -> str | None:
    if case.id == lead.id:
        return N_("{number} 就是本事项。")
    if case.state is InstanceState.JOINED:
        return N_("{number} 已并入其他事项。")
    if case.state is not InstanceState.ACTIVE:
        return N_("{number} 已经结束。")
    if case.process_key != lead.process_key:
        return N_("{number} 与本事项不是同一类事项。")
    if case.parent_id is not None or case.correlation_key is not None:
        return N_("{number} 由其他事项或者外部消息发起，不能并案。")
    if case.applicant_id is not None:
        return N_("{number} 是工作人员本人的事项，要回避，不能并案。")
    return None


def _by_place(tx: Transaction, lead: ProcessInstance, case: ProcessInstance, right: Right) -> str | None:
    scope = scope_of(tx, right)
    inside = bool(scope) and lead.unit_path.startswith(scope) and case.unit_path.startswith(scope)
    return None if inside or case.unit_id == lead.unit_id else N_("{number} 不属于本单位和下级单位，不能并入。")


def scope_of(tx: Transaction, right: Right) -> str:
    """The path of the unit below which somebody may join cases by this right."""
    if right.for_whom is None:
        return tx.actor.unit_path
    _, _, unit = right.for_whom.holder.partition("@")
    return people.org_tree(tx).unit(UUID(unit)).path if unit else ""


def _by_rows(tx: Transaction, case: ProcessInstance) -> str | None:
    """What is under way outside the case itself can't be put to rest with it."""
    running = exists().where(ProcessInstance.parent_id == case.id, ProcessInstance.state == InstanceState.ACTIVE)
    pending = AgendaItem.state.in_((AgendaState.WAITING, AgendaState.TAKEN))
    posted = Notice.state.in_((NoticeState.OPEN, NoticeState.CLOSED))
    leads = exists().where(ProcessInstance.joined_to == case.id, ProcessInstance.state == InstanceState.JOINED)
    checks = {
        N_("{number} 已转到其他事项办理，不能并入。可以反过来，把本事项并入它。"): running,
        N_("{number} 已列入会议议程，不能并入。可以反过来，把本事项并入它。"): exists().where(
            AgendaItem.instance_id == case.id, pending
        ),
        N_("{number} 正在公示，不能并入。可以反过来，把本事项并入它。"): exists().where(
            Notice.instance_id == case.id, posted
        ),
        N_("{number} 正在投票，不能并入。可以反过来，把本事项并入它。"): exists().where(
            Vote.instance_id == case.id, Vote.state == VoteState.OPEN
        ),
        N_("已有事项并入 {number}，要先拆分，或者反过来把本事项并入它。"): leads,
    }
    row = tx.session.execute(select(*checks.values())).one()
    return next((template for template, found in zip(checks, row, strict=True) if found), None)


def may_separate(tx: Transaction, lead: ProcessInstance) -> bool:
    """Whether the actor may do an open task of the lead, or looks after it from above."""
    actor = tx.actor
    looks_after = people.reads_inside(actor, lead) and actor.may("case.view_below") and not lead.confidential
    if looks_after and actor.unit_path and lead.unit_path.startswith(actor.unit_path):
        return True
    return any(people.rights_to(tx.actor, task, lead.process_key, holders) for task, holders in _open(tx, lead))


def _open(tx: Transaction, instance: ProcessInstance) -> Iterable[tuple[UserTask, set[str]]]:
    query = select(UserTask, TaskCandidate.holder).join(TaskCandidate, TaskCandidate.task_id == UserTask.id)
    query = query.where(UserTask.instance_id == instance.id, UserTask.state == UserTaskState.CREATED)
    found: dict[UUID, tuple[UserTask, set[str]]] = {}
    for task, holder in tx.session.execute(query):
        found.setdefault(task.id, (task, set()))[1].add(holder)
    return found.values()


def _join_one(tx: Transaction, lead: ProcessInstance, case: ProcessInstance, reason: str, right: Right) -> None:
    _tell_holders(tx, case, _JOINED, who=right.signed(tx.actor), lead=lead.business_key)
    loaded = Loaded.load(tx, case)
    case.join(lead)
    put_to_rest(loaded)
    loaded.record("case_joined", lead=str(lead.id), number=lead.business_key, reason=reason, **right.facts)
    data = {"case": str(case.id), "number": case.business_key, "reason": reason, **right.facts}
    record(tx, lead, "case_taken_in", None, data)
    facts = {"case": case.title, "lead": lead.business_key}
    tell(tx, "process", people.holders_of_applicant(case), case, _TO_APPLICANT, facts)


def _tell_holders(tx: Transaction, case: ProcessInstance, template: str, **facts: str) -> None:
    """Tell those who have the open tasks of a case, but its applicant, what becomes of these."""
    for task, holders in _open(tx, case):
        told = {people.account_holder(task.assignee)} if task.assignee else holders
        inside = told - people.holders_of_applicant(case)
        tell(tx, "joined", inside, case, template, {"case": case.title, "task": task.name, **facts}, task.element_id)

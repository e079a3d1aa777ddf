"""Carrying a move to another unit out: what stands against it, history, messages, and called cases by jobs.

A called case of the old unit comes along: whether it can is seen beforehand, without its lock; then it moves in a
transaction of its own, for commands lock one case at a time. What has come in between fails its job, which opens an
incident there after some attempts.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import or_, select

from engine import people
from engine.database import Transaction
from engine.errors import N_, InvalidState
from engine.execution.advance import advance
from engine.execution.leading import schedule_in
from engine.execution.loaded import Loaded
from engine.execution.moving import MovedTask, holders_of_open_tasks, move_case, move_tasks
from engine.execution.watchers import tell_watchers
from engine.lifecycle import AgendaState, NoticeState, VoteState
from engine.model.agenda import AgendaItem
from engine.model.notice import Notice
from engine.model.process import ProcessInstance
from engine.model.vote import Vote
from engine.model.work import Job
from engine.notifications import tell
from engine.people import Unit
from engine.release import load_release

#: The kind of the job that lets a called case follow, and the property by which an analyst forbids moves of a process.
FOLLOW, MAY_TRANSFER = "follow_caller", "mayTransfer"
_COMES = N_("{who}把“{case}”从{source}移交到{target}，请办理“{task}”。原因：{reason}")
_GOES = N_("{who}把“{case}”（{number}）从{source}移交到{target}，原来的岗位不再办理。原因：{reason}")
_WATCHED = N_("关注的“{case}”从{source}移交到{target}。原因：{reason}")
_FOR_APPLICANT = N_("事项转由{target}办理。原因：{reason}")


def resettle(
    tx: Transaction,
    instance: ProcessInstance,
    target: Unit,
    reason: str,
    who: str,
    facts: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Move a case, whose lock the transaction has, to another unit, with the called cases that belong there, too.

    ``who`` hands it over, ``facts`` are what history adds about that. Raises InvalidState for what stands against it.
    """
    open_tasks = holders_of_open_tasks(tx, instance)
    source = people.org_tree(tx).unit(instance.unit_id) if instance.unit_id else target
    _ensure_nothing_waits_for_it(tx, instance, target)
    moved = move_case(Loaded.load(tx, instance), target, open_tasks)
    for called, unit in moved.calls:
        _ensure_can_follow(tx, called, unit)
        schedule_in(tx, called.id, FOLLOW, unit=str(unit.id), reason=reason, by=who)
    tasks, loaded = move_tasks(moved, open_tasks), moved.loaded
    data = {"from": source.name, "to": target.name, "from_unit": str(source.id), "to_unit": str(target.id), "by": who}
    now = [{"task": str(each.task.id), "candidates": sorted(each.after)} for each in tasks]
    followed = {"variables": moved.variables} if moved.variables else {}
    loaded.record("instance_transferred", None, **data, reason=reason, tasks=now, **followed, **facts)
    loaded.recorded_changes = len(loaded.scopes.changes)
    advance(loaded)
    _tell(tx, instance, tasks, {"source": source.name, "target": target.name, "reason": reason, "who": who})


def follow_caller(tx: Transaction, instance: ProcessInstance, job: Job) -> None:
    """Move a called case to where its caller has come."""
    target = people.org_tree(tx).unit(UUID(job.payload["unit"]))
    if instance.unit_id != target.id:
        resettle(tx, instance, target, job.payload["reason"], job.payload["by"])


def _ensure_can_follow(tx: Transaction, called: ProcessInstance, target: Unit) -> None:
    """Work out what would move and forget it again. Raises InvalidState when the called case can't."""
    here = called.unit_id, called.unit_path
    try:
        _ensure_nothing_waits_for_it(tx, called, target)
        open_tasks = holders_of_open_tasks(tx, called)
        with tx.session.no_autoflush:  # the row must not be written meanwhile: it is not locked
            found = move_case(Loaded.load(tx, called), target, open_tasks)
            for further, unit in found.calls:
                _ensure_can_follow(tx, further, unit)
        if load_release(tx, called.definition_id).process.property(MAY_TRANSFER) == "false":
            raise InvalidState(N_("这个流程的事项不能移交"))
    except InvalidState as error:
        template = N_("转入的事项 {number} 还在原单位办理，不能随着移交（{why}），办完以后才能移交。")
        raise InvalidState(template, number=called.business_key, why=error) from error
    finally:
        called.unit_id, called.unit_path = here


def _ensure_nothing_waits_for_it(tx: Transaction, instance: ProcessInstance, target: Unit) -> None:
    """Agendas, votes and public notices of the old unit go on there."""
    tree, id = people.org_tree(tx), instance.id
    items = select(AgendaItem).where(or_(AgendaItem.instance_id == id, AgendaItem.meeting_id == id))
    for item in tx.session.scalars(items.where(AgendaItem.state.in_((AgendaState.WAITING, AgendaState.TAKEN)))):
        if item.meeting_id == id or not target.path.startswith(tree.unit(item.unit_id).path):
            raise InvalidState(N_("议题 {number} 还没有议定，议定以后才能移交。"), number=item.number)
    votes = select(Vote.number).where(Vote.instance_id == id, Vote.state == VoteState.OPEN)
    if number := tx.session.scalar(votes.limit(1)):
        raise InvalidState(N_("表决 {number} 还没有计票，计票以后才能移交。"), number=number)
    notices = select(Notice.number).where(
        Notice.instance_id == id, Notice.state.in_((NoticeState.OPEN, NoticeState.CLOSED))
    )
    if number := tx.session.scalar(notices.limit(1)):
        raise InvalidState(N_("公示 {number} 还没有公布结果，公布以后才能移交。"), number=number)


def _tell(tx: Transaction, instance: ProcessInstance, moved: list[MovedTask], facts: Mapping[str, str]) -> None:
    said = {**facts, "case": instance.title, "number": instance.business_key}
    for each in moved:
        about = {**said, "task": each.task.name}
        tell(tx, "transferred", each.after, instance, _COMES, about, each.task.element_id, each.task.id)
    new = {holder for each in moved for holder in each.after}
    old = {holder for each in moved for holder in each.before}
    had = {people.account_holder(each.assignee) for each in moved if each.assignee is not None}
    # About no case: most of them may not open it any more.
    tell(tx, "transferred", (old | had) - new, None, _GOES, said)
    applicant = people.holders_of_applicant(instance) - new if instance.parent_id is None else set()
    tell(tx, "transferred", applicant, instance, _FOR_APPLICANT, facts)
    tell_watchers(tx, instance, _WATCHED, {*new, *old, *had, *applicant}, **facts)

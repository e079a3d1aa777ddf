"""Commands that move a case back: whoever has a task sends it back, whoever completed one takes it back."""

from __future__ import annotations

import json
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from engine.bpmn.jumps import may_send_back
from engine.clock import TIMEZONE
from engine.database import Transaction
from engine.errors import N_, AlreadyDone, InvalidState, InvalidVariables, NotAuthorized
from engine.execution import (
    Loaded,
    Step,
    go_back,
    holders_of,
    lock_task,
    person_behind,
    right_to,
    steps_back,
    tell_watchers,
)
from engine.lifecycle import UserTaskState
from engine.model.history import HistoryEvent
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.notifications import tell
from engine.people import Actor, Right, account_holder, right_in_any_post
from engine.reasons import Faults, written
from engine.release import Release, load_release

_RETURNED = N_("{who}退回“{case}”的“{task}”，请重新办理。原因：{reason}")
_RECALLED = N_("{who}撤回了“{case}”的“{task}”，后面的“{next}”不用办了。")
_RETURNED_WATCHED = N_("{who}把关注的“{case}”退回到“{task}”。")
_RECALLED_WATCHED = N_("{who}撤回了关注的“{case}”的“{task}”，正在重新办理。")
#: What the platform does by itself, or what changes nothing for whoever takes a task back.
_NOBODYS = frozenset(
    {"advanced", "user_task_created", "user_task_canceled", "user_task_passed_up", "decision_evaluated"}
    | {"timer_fired", "job_completed", "job_failed", "deadline_changed", "user_task_urged"}
    | {"comment_added", "comment_changed", "comment_withdrawn"}
)
_WITHDRAWN = frozenset({"consultation_withdrawn", "extension_withdrawn"})


def return_to(tx: Transaction, task_id: UUID, element_id: str, reason: str) -> UUID:
    """Send the case back from a task to one that was done before; the id of the task there.

    It goes to whoever did it, falling back to its posts, with the values that it was completed with. The reason is
    recorded, shown in the story of the case and told to that person.

    Raises AlreadyDone and NotAuthorized like every act on a task, InvalidVariables without a reason, InvalidState when
    the diagram allows no such step, or when something in between can't be undone.
    """
    locked = lock_task(tx, task_id)
    instance, task, _ = locked
    right = right_to(tx, locked)
    instance.ensure_active()
    loaded = Loaded.load(tx, instance)
    faults = Faults()
    with faults:
        step = _step_to(tx, loaded.release, task, element_id)
    with faults:
        why = written(reason, "reason", N_("请填写退回原因。"))
    faults.settle()
    person = person_behind(tx, step.earlier)
    told = [account_holder(person)] if person else holders_of(tx, step.earlier)
    back = go_back(loaded, task, step, "user_task_returned", {"reason": why, **right.facts})
    facts = {"who": right.signed(tx.actor), "task": step.earlier.name, "case": instance.title, "reason": why}
    tell(tx, "returned", told, instance, _RETURNED, facts, element_id, back)
    tell_watchers(tx, instance, _RETURNED_WATCHED, told, who=facts["who"], task=step.earlier.name)
    return back


def _step_to(tx: Transaction, release: Release, task: UserTask, element_id: str) -> Step:
    if not element_id:
        raise InvalidVariables.at("to", N_("请选择退回到哪个环节。"))
    steps = {step.earlier.element_id: step for step in steps_to_return(tx, release, task)}
    if element_id not in steps:
        template = N_("“{task}”不能退回到所选的环节：流程图不允许，或者那个环节还没有办过。请重新选择。")
        raise InvalidState(template, task=task.name)
    steps[element_id].ensure_open()
    return steps[element_id]


def steps_to_return(tx: Transaction, release: Release, task: UserTask) -> list[Step]:
    """The steps by which a task may be sent back, those included that something stands against; the nearest first."""
    if not may_send_back(release.process, release.nodes[task.element_id]):
        return []
    return [step.as_return() for step in steps_back(tx, release, task)]


def recall(tx: Transaction, task_id: UUID) -> UUID:
    """Take a completed task back, while nobody has acted since; the id of the task that is open again.

    Raises NotAuthorized unless the actor completed it and could still do it, AlreadyDone, naming who acted and when, or
    InvalidState when the case has gone on in a way that can't be undone.
    """
    locked = lock_task(tx, task_id)
    instance, task, candidates = locked
    right = _right_to_recall(tx.actor, task, instance.process_key, candidates)
    instance.ensure_active()
    loaded = Loaded.load(tx, instance)
    following, step = _step_of_recall(tx, loaded.release, task)
    step.ensure_open()
    told = holders_of(tx, following)
    back = go_back(loaded, following, step, "user_task_recalled", right.facts, right)
    facts = {"who": right.signed(tx.actor), "task": task.name, "case": instance.title, "next": following.name}
    tell(tx, "returned", told, instance, _RECALLED, facts, following.element_id)
    tell_watchers(tx, instance, _RECALLED_WATCHED, told, who=tx.actor.name, task=task.name)
    return back


def _right_to_recall(actor: Actor, task: UserTask, process_key: str, candidates: Collection[str]) -> Right:
    """Why the actor may do again what the actor did. Raises NotAuthorized, also once the post has been left."""
    if task.completed_by is None or task.completed_by != actor.account_id:
        raise NotAuthorized(N_("“{task}”不是本人办理的，不能撤回。"), task=task.name)
    right = right_in_any_post(actor, task, process_key, candidates)
    if right is None:
        raise NotAuthorized(N_("办理“{task}”的岗位现在不由本人担任，不能撤回。"), task=task.name)
    return right


def task_to_recall(tx: Transaction, instance: ProcessInstance) -> UserTask | None:
    """The task of the case that the actor completed last, if it could be taken back now."""
    if tx.actor.account_id is None:
        return None
    query = select(UserTask).where(UserTask.instance_id == instance.id, UserTask.completed_by == tx.actor.account_id)
    task = tx.session.scalars(query.order_by(UserTask.completed_at.desc()).limit(1)).one_or_none()
    if task is None:
        return None
    try:
        instance.ensure_active()
        _right_to_recall(tx.actor, task, instance.process_key, holders_of(tx, task))
        _step_of_recall(tx, load_release(tx, instance.definition_id), task)[1].ensure_open()
    except (AlreadyDone, InvalidState, NotAuthorized):
        return None
    return task


def _step_of_recall(tx: Transaction, release: Release, task: UserTask) -> tuple[UserTask, Step]:
    """The task that waits since this one was completed, and the step back from it."""
    following = _following(tx, task)
    steps = steps_back(tx, release, following)
    step = next((each for each in steps if each.earlier.id == task.id), None)
    if step is None:
        template = N_("“{task}”已转到“{next}”，从那里不能直接撤回。需要改动的，请联系那里退回。")
        raise InvalidState(template, task=task.name, next=following.name)
    return following, step


def _following(tx: Transaction, task: UserTask) -> UserTask:
    created: list[UUID] = []
    for event in _since(tx, task):
        if event.type not in _NOBODYS and not _ends_with(event, task):
            when = f"{event.at.astimezone(TIMEZONE):%Y-%m-%d %H:%M}"
            template = N_("“{task}”不能撤回了：{who}已于 {when} 办理后面的环节。")
            raise AlreadyDone(template, task=task.name, who=event.actor, when=when)
        if event.type == "user_task_created":
            created.append(UUID(json.loads(event.payload)["data"]["task"]))
    waiting = select(UserTask).where(UserTask.id.in_(created), UserTask.state == UserTaskState.CREATED)
    rows = list(tx.session.scalars(waiting))
    if len(rows) != 1:
        template = N_("“{task}”不能撤回：事项后面没有等待办理的环节，或者已经分成几路。")
        raise InvalidState(template, task=task.name)
    return rows[0]


def _ends_with(event: HistoryEvent, task: UserTask) -> bool:
    """Whether it withdraws what was asked about the task: that ended with it, in the same commit."""
    return event.type in _WITHDRAWN and json.loads(event.payload)["data"]["task"] == str(task.id)


def _since(tx: Transaction, task: UserTask) -> list[HistoryEvent]:
    """What has happened to the case since the task was completed, in order."""
    query = select(HistoryEvent).where(HistoryEvent.chain_id == task.instance_id, HistoryEvent.at >= task.completed_at)
    events = list(tx.session.scalars(query.order_by(HistoryEvent.seq)))
    own = next(n for n, each in enumerate(events) if _completes(each, task))
    return events[own + 1 :]


def _completes(event: HistoryEvent, task: UserTask) -> bool:
    return event.type == "user_task_completed" and json.loads(event.payload)["data"]["task"] == str(task.id)

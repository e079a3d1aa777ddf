"""How a case can go back from a user task that waits to one that was done: which way, and what stands against it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine import people
from engine.bpmn import effects
from engine.bpmn.jumps import WayBack
from engine.database import Transaction
from engine.errors import N_, InvalidState
from engine.execution.advance import advance
from engine.execution.consulting import withdraw_requests
from engine.execution.loaded import TO_ITS_POSTS, Loaded
from engine.lifecycle import UserTaskState
from engine.model.history import HistoryEvent
from engine.model.work import TaskCandidate, UserTask
from engine.people import Right
from engine.release import Release

_PASSED = ("user_task_completed", "advanced", "child_started", "message_received", "job_completed")


@dataclass(frozen=True)
class Step:
    """A step back to ``earlier``, the last time that the task was done; ``told`` and ``final`` were passed since then.

    What is in ``final`` can't be undone, so then there is no going back. Both hold the names of elements. ``is_deed``
    says that the task itself is final: nobody sends it back, but whoever did it may take it back at once.
    """

    earlier: UserTask
    told: tuple[str, ...]
    final: tuple[str, ...]
    is_deed: bool = False

    def as_return(self) -> Step:
        """The step when somebody else sends it back."""
        return replace(self, final=(self.earlier.name,)) if self.is_deed else self

    def ensure_open(self) -> None:
        """Raise InvalidState, naming what can't be undone, when something stands against it."""
        if self.final:
            template = N_("不能回到“{task}”：“{final}”已经生效，不能撤销。")
            raise InvalidState(template, task=self.earlier.name, final=N_("、").join(self.final))


def steps_back(tx: Transaction, release: Release, task: UserTask) -> list[Step]:
    """The steps back from a task that waits, to tasks of its scope that were done before; the nearest first."""
    ways = {way.target: way for way in release.ways_back.get(task.element_id, ())}
    done = _done(tx, task, ways)
    if not done:
        return []
    passed = _passed_since(tx, task.instance_id, list(done.values()))
    return [_step(release, way, done[id], passed[done[id].id]) for id, way in ways.items() if id in done]


def _done(tx: Transaction, task: UserTask, ways: Mapping[str, WayBack]) -> dict[str, UserTask]:
    """The last completed task of each of the elements, in the same run of the scope."""
    query = select(UserTask).where(
        UserTask.instance_id == task.instance_id,
        UserTask.state == UserTaskState.COMPLETED,
        UserTask.element_id.in_(list(ways)),
    )
    found: dict[str, UserTask] = {}
    for each in tx.session.scalars(query.order_by(UserTask.completed_at, UserTask.created_at)):
        if _is_of_same_run(each, task, ways[each.element_id]):
            found[each.element_id] = each
    return found


def _is_of_same_run(one: UserTask, other: UserTask, way: WayBack) -> bool:
    """A task with variables of its own does not tell the scope around it: then only if there is but one run."""
    if one.scope == one.id.hex or other.scope == other.id.hex:
        return not way.is_repeated
    return one.scope == other.scope


def _step(release: Release, way: WayBack, earlier: UserTask, passed: frozenset[str]) -> Step:
    def names(ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(release.nodes[id].name or id for id in ids if id in passed))

    is_deed = effects.is_final(release.nodes[way.target])
    return Step(earlier, names(way.told), names(way.final), is_deed)


def _passed_since(tx: Transaction, instance_id: UUID, tasks: list[UserTask]) -> dict[UUID, frozenset[str]]:
    """The elements that the case has passed since each of the tasks was completed."""
    first = min(task.completed_at for task in tasks if task.completed_at is not None)
    query = select(HistoryEvent).where(
        HistoryEvent.chain_id == instance_id, HistoryEvent.at >= first, HistoryEvent.type.in_(_PASSED)
    )
    found: dict[UUID, set[str]] = {}
    wanted = {str(task.id): task.id for task in tasks}
    for event in tx.session.scalars(query.order_by(HistoryEvent.seq)):
        data = json.loads(event.payload)["data"]
        if event.type == "user_task_completed" and data["task"] in wanted:
            found[wanted[data["task"]]] = set()
            continue
        for seen in found.values():
            seen.update(_elements(event, data))
    return {task.id: frozenset(found.get(task.id, ())) for task in tasks}


def _elements(event: HistoryEvent, data: dict[str, Any]) -> Iterator[str]:
    if event.element_id:
        yield event.element_id
    yield from (step["element"] for step in data.get("steps", ()) if step["what"] == "completed")


def go_back(
    loaded: Loaded, task: UserTask, step: Step, what: str, data: Mapping[str, Any], right: Right | None = None
) -> UUID:
    """Take the task away and open the earlier one again; the id of the task there.

    It goes to whoever did it, as long as that person still has the post, and to the posts that it had come to by then;
    else to the posts that the diagram names. ``right`` is that of a substitute who takes back what he or she did, and
    gets it. ``what`` is the type of the event, ``data`` what it says beside the way.
    """
    tx, earlier = loaded.tx, step.earlier
    back = loaded.run.jump(task.id, earlier.element_id)
    told = {"told": list(step.told)} if step.told else {}
    loaded.record(what, task.element_id, task=str(task.id), back_to=earlier.element_id, **told, **data)
    task.cancel()
    withdraw_requests(loaded, [task.id])
    given = {**TO_ITS_POSTS, "submitted": earlier.submitted}
    for_whom = right.for_whom.principal if right is not None and right.for_whom is not None else None
    if for_whom is not None or person_behind(tx, earlier) is not None:
        given |= {"assignee": earlier.completed_by, "holder_name": earlier.holder_name, "claimed_at": tx.now}
        given["claimed_for"] = for_whom
        loaded.candidates[back] = tuple(holders_of(tx, earlier))
    loaded.given[back] = given
    advance(loaded, done=[task.id])
    return back


def person_behind(tx: Transaction, task: UserTask) -> UUID | None:
    """Whoever completed the task, if that person still has the post for it, and the case is still at that unit."""
    if task.completed_by is None or _has_moved_since(tx, task):
        return None
    return task.completed_by if task.completed_by in people.accounts_behind(tx, holders_of(tx, task)) else None


def _has_moved_since(tx: Transaction, task: UserTask) -> bool:
    """Whether the case was handed to another unit after the task was completed."""
    query = select(HistoryEvent.seq).where(
        HistoryEvent.chain_id == task.instance_id,
        HistoryEvent.type == "instance_transferred",
        HistoryEvent.at >= task.completed_at,
    )
    return tx.session.scalar(query.limit(1)) is not None


def holders_of(tx: Transaction, task: UserTask) -> list[str]:
    """The candidates of a task."""
    query = select(TaskCandidate.holder).where(TaskCandidate.task_id == task.id).order_by(TaskCandidate.holder)
    return list(tx.session.scalars(query))

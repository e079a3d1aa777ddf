"""Deadlines of a case that goes on, worked out again because a policy setting has another value.

Open tasks keep their due dates and armed timers their moments, whatever happens to the policy: that is what people were
told. Only when an administrator asks are they worked out again, as if the setting had had its value when the task was
created, the timer armed, or the sub-process entered whose input mapping they read. Nothing becomes overdue by that:
what would be due in the past is due now.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from engine.clock import TIMEZONE
from engine.database import Transaction
from engine.execution.advance import advance
from engine.execution.environment import feel_environment
from engine.execution.loaded import Loaded, is_over, lock_instance
from engine.execution.waits import as_due
from engine.lifecycle import InstanceState, JobState, UserTaskState
from engine.model.history import HistoryEvent
from engine.model.process import ProcessInstance
from engine.model.work import Job, UserTask
from engine.policy import units_it_holds_for
from engine.release import Release, load_release
from engine.tokens import Timer, Wait
from engine.tokens.expressions import Value
from engine.variables import ScopeId

MOVE_DEADLINES = "move_deadlines"


@dataclass(frozen=True)
class MovedDeadline:
    """What comes to another moment: the deadline of a task or timer (``row``), or a variable that dates read."""

    element_id: str
    old: Any
    new: Any
    row: UserTask | Job | None = None
    name: str | None = None

    @property
    def told(self) -> dict[str, str | None]:
        """What history says of it."""
        what = "variable" if self.row is None else ("task" if isinstance(self.row, UserTask) else "timer")
        return {"element": self.element_id, "what": what, "old": _written(self.old), "new": _written(self.new)}


class Recount:
    """Works out the deadlines of one loaded case that hang on a setting; ``policy`` is what expressions see of it.

    Variables of sub-processes are changed in memory, rows and tokens are not: nothing is lost when it is thrown away.
    """

    def __init__(self, loaded: Loaded, setting: str, policy: Mapping[str, Any] | None = None) -> None:
        self.loaded = loaded
        self.setting = setting
        self.dates = loaded.release.dates
        self.see = {**loaded.env.globals, **({} if policy is None else {"policy": policy})}
        self._tasks = {task.id: task for task in _open_tasks(loaded)}
        self._timers = {job.token: job for job in armed_timers(loaded)}

    def moved(self) -> list[MovedDeadline]:
        """All that comes to another moment: variables first, since tasks and timers may read them.

        Raises FeelError or EngineError when a date can't be worked out.
        """
        return [*self._variables(), *self._due_dates(), *self._moments()]

    def _variables(self) -> Iterator[MovedDeadline]:
        names = self.dates.mappings_of(self.setting)
        for scope in self.loaded.scopes.locals() if names else ():
            node, run = self.loaded.run.owner_of(scope)
            if node.id in names:
                yield from self._variables_of(scope, node.id, run, names[node.id])

    def _variables_of(
        self, scope: ScopeId, element: str, run: int | None, names: frozenset[str]
    ) -> Iterator[MovedDeadline]:
        env = feel_environment(self.loaded.tx, self._began(scope, element, run))
        before = self.loaded.scopes.local(scope)
        for name, value in self.loaded.run.map_again(scope, names, self.see, env).items():
            new = self._settled(before.get(name), value)
            if new != before.get(name):
                self.loaded.scopes.set_local(scope, name, new)
                yield MovedDeadline(element, before.get(name), new, name=name)

    def _began(self, scope: ScopeId, element: str, run: int | None) -> datetime:
        """When the mappings of a scope were worked out: its task was created, or its activity entered."""
        token = UUID(hex=scope)
        row = self._tasks.get(token) or self._timers.get(token)
        return row.created_at if row is not None else _entered(self.loaded, element, run)

    def _due_dates(self) -> Iterator[MovedDeadline]:
        for token, task in self._tasks.items():
            basis, wait = self.dates.due.get(task.element_id), self.loaded.before.get(token)
            if basis is None or wait is None or wait.element.due is None or not basis.rests_on(self.setting):
                continue
            env = feel_environment(self.loaded.tx, task.created_at)
            value = Value(wait.element.due, task.element_id).under(self._view(wait), env)
            new = self._settled(task.due_at, as_due(value))
            if new != task.due_at:
                yield MovedDeadline(task.element_id, task.due_at, new, task)

    def _moments(self) -> Iterator[MovedDeadline]:
        for token, job in self._timers.items():
            wait = self.loaded.before.get(token)
            definition = wait.event.timer if wait is not None and wait.event is not None else None
            if wait is None or definition is None or job.due_at <= self.loaded.tx.now:
                continue
            basis = self.dates.timers.get(wait.element.id, {}).get(definition.text)
            if basis is None or not basis.rests_on(self.setting):
                continue
            env = feel_environment(self.loaded.tx, job.created_at)
            previous = _fired_before(self.loaded, job) if wait.occurrence else None
            due = Timer(definition, wait.element.id).due_under(self._view(wait), env, wait.occurrence, previous)
            new = self._settled(job.due_at, due)
            if new is not None and new != job.due_at:
                yield MovedDeadline(wait.element.id, job.due_at, new, job)

    def _view(self, wait: Wait) -> Mapping[str, Any]:
        return self.loaded.scopes.view(wait.scope, self.see)

    def _settled(self, old: Any, new: Any) -> Any:
        """What lies in the past by now is due now; what was overdue already stays so."""
        now = self.loaded.tx.now
        if not isinstance(new, datetime) or _aware(new) > now:
            return new
        was_over = isinstance(old, datetime) and _aware(old) <= now
        return old if was_over else now.astimezone(TIMEZONE)


def cases_concerned(tx: Transaction, process_key: str, name: str, unit_id: UUID) -> Select[Any]:
    """The running cases that have a unit's value of a setting, if dates of their version hang on it, oldest first."""
    running = select(ProcessInstance).where(
        ProcessInstance.process_key == process_key,
        ProcessInstance.state == InstanceState.ACTIVE,
        ProcessInstance.unit_id.in_(units_it_holds_for(tx, process_key, name, unit_id)),
    )
    versions = tx.session.scalars(running.with_only_columns(ProcessInstance.definition_id).distinct())
    hanging = [id for id in versions if _hangs(load_release(tx, id), name)]
    return running.where(ProcessInstance.definition_id.in_(hanging)).order_by(ProcessInstance.business_key)


def _hangs(release: Release, name: str) -> bool:
    return name in release.settings and release.dates.hang_on(name)


def recount(tx: Transaction, job: Job) -> None:
    """Work the deadlines of one case out again, as an administrator wishes."""
    instance = lock_instance(tx, UUID(job.payload["case"]))
    if is_over(instance):
        return
    loaded = Loaded.load(tx, instance)
    setting = job.payload["setting"]
    moved = Recount(loaded, setting).moved() if setting in loaded.release.settings else []
    if not moved:
        return
    for each in moved:
        if each.row is not None:
            each.row.due_at = each.new
        if isinstance(each.row, Job):
            loaded.run.move_timer(each.row.token, each.new)
    _record(loaded, job, moved)
    advance(loaded)
    tx.after_commit(tx.engine.wake)


def _record(loaded: Loaded, job: Job, moved: list[MovedDeadline]) -> None:
    setting = job.payload["setting"]
    data: dict[str, Any] = {"setting": setting, "by": job.payload["by"], "changes": [each.told for each in moved]}
    data["value"] = str(loaded.env.globals["policy"].get(setting))
    if variables := {each.name: each.new for each in moved if each.name is not None}:
        data["variables"] = variables
    loaded.record("deadline_changed", None, **data)
    loaded.recorded_changes = len(loaded.scopes.changes)


def _written(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, date) else (None if value is None else str(value))


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=TIMEZONE)


def _open_tasks(loaded: Loaded) -> list[UserTask]:
    query = select(UserTask).where(UserTask.instance_id == loaded.instance.id, UserTask.state == UserTaskState.CREATED)
    return list(loaded.tx.session.scalars(query.order_by(UserTask.created_at, UserTask.id)))


def armed_timers(loaded: Loaded) -> list[Job]:
    """The timers of the case that wait, by their moments."""
    query = select(Job).where(Job.instance_id == loaded.instance.id, Job.kind == "timer", Job.state == JobState.DUE)
    return list(loaded.tx.session.scalars(query.order_by(Job.due_at, Job.id)))


def _fired_before(loaded: Loaded, job: Job) -> datetime:
    """When the occurrence before this one of a cycle was due."""
    query = select(func.max(Job.due_at)).where(
        Job.instance_id == job.instance_id,
        Job.element_id == job.element_id,
        Job.kind == "timer",
        Job.state == JobState.DONE,
        Job.due_at <= job.created_at,
    )
    return loaded.tx.session.scalar(query) or job.created_at


def _entered(loaded: Loaded, element: str, run: int | None) -> datetime:
    """When a token last entered an element (this run of it, if it is repeated), as history tells."""
    query = select(HistoryEvent).where(HistoryEvent.chain_id == loaded.instance.id, HistoryEvent.type == "advanced")
    for event in loaded.tx.session.scalars(query.order_by(HistoryEvent.seq.desc())):
        for step in json.loads(event.payload)["data"].get("steps", []):
            if (step["element"], step["what"], step.get("run")) == (element, "entered", run):
                return event.at
    return loaded.instance.started_at

"""Processes that start by the clock: a job for every timer of a start event of the newest version.

With the process property ``startUnits`` (a level) each active unit of that level has jobs of its own; without it there
is one, for the unit of ``startUnit``. The jobs follow units and policy: whoever changes them brings the jobs in line.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine import people, policy
from engine.bpmn.model import EventType, Kind, Node
from engine.database import Transaction, follows_settings
from engine.errors import N_, EngineError, InvalidDefinition
from engine.execution.environment import feel_environment
from engine.execution.starting import Origin, create_instance, latest_release, starting_unit
from engine.feel import Environment, FeelError
from engine.lifecycle import JobState
from engine.model.message import StartSubscription
from engine.model.settings import StartSwitch
from engine.model.work import Job
from engine.release import Release
from engine.tokens import Timer

START_TIMER = "start_timer"
#: What a start is known by within its process: element, number of the trigger, unit (None: the process has one start).
Key = tuple[str, int, str | None]


@dataclass(frozen=True)
class TimerStart:
    """One timer of a start event, whose cases belong to ``unit_id``; ``by_unit``: each unit of a level has its own."""

    release: Release
    node: Node
    trigger: int
    unit_id: UUID | None
    by_unit: bool

    @property
    def key(self) -> Key:
        """What its jobs are known by."""
        return self.node.id, self.trigger, str(self.unit_id) if self.by_unit else None

    @property
    def timer(self) -> Timer:
        """The timer itself."""
        definition = self.node.definitions[self.trigger].timer
        if definition is None:
            raise ValueError(f"{self.node.id} has no timer {self.trigger}")
        return Timer(definition, self.node.id)

    def context(self, tx: Transaction) -> dict[str, Any]:
        """What its expression sees: the policy of its unit, and the unit."""
        unit = people.org_tree(tx).unit(self.unit_id) if self.unit_id else None
        settings = policy.values(tx, self.release.key, self.release.settings, self.unit_id)
        return {
            "policy": settings,
            "unit": str(unit.id) if unit else None,
            "单位": unit.name if unit else None,
        }

    def surroundings(self, tx: Transaction, at: datetime | None = None) -> tuple[dict[str, Any], Environment]:
        """What its expression sees, and the clock, now or at another moment."""
        return self.context(tx), feel_environment(tx, at)

    def value(self, tx: Transaction, at: datetime | None = None) -> Any:
        """What its date, duration or cycle comes to, now or at another moment. Raises EngineError or FeelError."""
        return self.timer.value_under(*self.surroundings(tx, at))


def starts(tx: Transaction, release: Release) -> list[TimerStart]:
    """All starts of a release as units are now."""
    found = list(_timers(release))
    if not found:
        return []
    by_unit, units = _units(tx, release)
    return [TimerStart(release, node, trigger, unit, by_unit) for node, trigger in found for unit in units]


def key_of(job: Job) -> Key:
    """What the start that a job stands for is known by."""
    return job.element_id or "", int(job.payload.get("trigger", 0)), job.payload.get("unit")


def armed(tx: Transaction, process_key: str) -> list[Job]:
    """The jobs of the next starts of a process, locked, so that none of these is under way any more.

    Looked for twice: one that was, and had to be waited for, has left another job in the meantime.
    """
    query = select(Job).where(Job.kind == START_TIMER, Job.type == process_key, Job.state == JobState.DUE)
    query = query.order_by(Job.id).with_for_update()
    tx.session.execute(query.with_only_columns(Job.id)).all()
    return list(tx.session.scalars(query.execution_options(populate_existing=True)))


def is_on(tx: Transaction, start: TimerStart) -> bool:
    """Whether nobody has switched it off."""
    key = (start.release.key, start.node.id, start.unit_id)
    switch = tx.session.get(StartSwitch, key) if start.unit_id is not None else None
    return switch is None or switch.active


def arm(tx: Transaction, release: Release) -> None:
    """Replace the start timers of earlier versions of this process by those of ``release``.

    Raises InvalidDefinition for one whose time can't be worked out.
    """
    for job in armed(tx, release.key):
        job.move(JobState.CANCELED)
    for start in starts(tx, release):
        try:
            _schedule(tx, start, 0, None)
        except (EngineError, FeelError) as error:
            text = N_("定时开始事件“{name}”算不出时间：{reason}")
            raise InvalidDefinition(text, name=start.node.name or start.node.id, reason=str(error)) from error


def fire(tx: Transaction, job: Job) -> None:
    """Start a case of the newest version unless that is switched off, and schedule the next occurrence of a cycle."""
    start = _start_of(tx, job)
    if start is None:
        return
    if is_on(tx, start):
        loaded = create_instance(tx, start.release, {}, Origin(start.unit_id, start_event=start.node.id))
        job.payload = {**job.payload, "case": str(loaded.instance.id)}
    _schedule_after(tx, start, job)


def schedule_next(tx: Transaction, job: Job) -> None:
    """Let a cycle go on after this occurrence, also when that came to nothing; it ends where no time can be found."""
    with suppress(EngineError, FeelError):
        start = _start_of(tx, job)
        if start is not None:
            _schedule_after(tx, start, job)


@follows_settings
def follow(tx: Transaction) -> None:
    """Bring all start timers in line with units and policy: add, cancel, arm anew what comes to another time.

    One whose time can't be worked out any more stays as it is: the change at hand may be about something else.
    """
    tx.session.flush()
    for key in sorted(processes(tx)):
        try:
            _follow_process(tx, latest_release(tx, key))
        except (EngineError, FeelError):
            continue


def _follow_process(tx: Transaction, release: Release) -> None:
    jobs = {key_of(job): job for job in armed(tx, release.key)}
    wanted = {start.key: start for start in starts(tx, release)}
    for key, job in jobs.items():
        if key not in wanted:
            job.move(JobState.CANCELED)
    for key, start in wanted.items():
        try:
            _follow(tx, start, jobs.get(key))
        except (EngineError, FeelError):
            continue


def _follow(tx: Transaction, start: TimerStart, job: Job | None) -> None:
    if job is None:
        if not _is_spent(tx, start):
            _schedule(tx, start, 0, None)
    elif "value" in job.payload and str(start.value(tx, job.created_at)) != job.payload["value"]:
        _schedule(tx, start, int(job.payload["occurrence"]), None)
        job.move(JobState.CANCELED)


def _is_spent(tx: Transaction, start: TimerStart) -> bool:
    """Whether it has had its time in this version: a date that is over, or a cycle that has run out, begins no more."""
    element, _, unit = start.key
    query = select(Job).where(Job.kind == START_TIMER, Job.type == start.release.key, Job.element_id == element)
    if unit is not None:
        query = query.where(Job.payload["unit"].as_string() == unit)
    for job in tx.session.scalars(query.order_by(Job.created_at.desc(), Job.due_at.desc())):
        if key_of(job) == start.key and job.payload.get("version", start.release.version) == start.release.version:
            return job.state is not JobState.CANCELED
    return False


def processes(tx: Transaction) -> set[str]:
    """The keys of the processes that start by the clock."""
    waiting = select(StartSubscription.process_key).where(StartSubscription.kind == EventType.TIMER)
    armed = select(Job.type).where(Job.kind == START_TIMER, Job.state == JobState.DUE)
    return {*tx.session.scalars(waiting.distinct()), *tx.session.scalars(armed.distinct())}


def _timers(release: Release) -> Iterator[tuple[Node, int]]:
    for node in release.process.scope.nodes.values():
        if node.kind is Kind.START_EVENT:
            yield from ((node, number) for number, each in enumerate(node.definitions) if each.timer is not None)


def _units(tx: Transaction, release: Release) -> tuple[bool, list[UUID | None]]:
    level = release.process.property("startUnits")
    if level is None:
        return False, [starting_unit(tx, release)]
    return True, [unit.id for unit in people.org_tree(tx) if unit.active and unit.level == level]


def _start_of(tx: Transaction, job: Job) -> TimerStart | None:
    """What a job stands for in the newest version; None when that has no such start any more."""
    release = latest_release(tx, job.type)
    return next((start for start in starts(tx, release) if start.key == key_of(job)), None)


def _schedule_after(tx: Transaction, start: TimerStart, job: Job) -> None:
    if start.timer.kind == "cycle":
        _schedule(tx, start, int(job.payload["occurrence"]) + 1, job.due_at)


def _schedule(tx: Transaction, start: TimerStart, occurrence: int, previous: datetime | None) -> None:
    due = _due(tx, start, occurrence, previous)
    if due is None:
        return
    element, trigger, unit = start.key
    payload: dict[str, Any] = {
        "occurrence": occurrence,
        "trigger": trigger,
        "value": str(start.value(tx)),
        "version": start.release.version,
        **({"unit": unit} if unit else {}),
    }
    tx.add(
        Job(
            kind=START_TIMER,
            type=start.release.key,
            element_id=element,
            due_at=due,
            payload=payload,
            created_at=tx.now,
        )
    )
    tx.after_commit(tx.engine.wake)


def _due(tx: Transaction, start: TimerStart, occurrence: int, previous: datetime | None) -> datetime | None:
    """When it comes; what is over already when it is armed never comes in arrears."""
    around = start.surroundings(tx)
    due = start.timer.due_under(*around, occurrence, previous)
    if due is None or previous is not None or due >= tx.now:
        return due
    return start.timer.due_under(*around, occurrence, due) if start.timer.kind == "cycle" else None

"""What a scenario plays on: the database, the clock, the worker, and the case that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select, update

from engine.database import Engine, Transaction
from engine.errors import N_, EngineError
from engine.execution import START_TIMER, arm, latest_release
from engine.lifecycle import IncidentState, InstanceState, JobState
from engine.model.process import ProcessDefinition, ProcessInstance
from engine.model.work import Incident, Job
from engine.people import ANONYMOUS, SYSTEM, Actor
from engine.scenarios.actors import unit_at
from engine.scenarios.clock import SettableClock
from engine.scenarios.failure import ScenarioFailed
from engine.scenarios.script import Script, Step
from engine.worker import Worker


class Stage:
    """One scenario while it plays. ``instance_id`` is its own case, once that has started; ``starter`` who filed it."""

    def __init__(self, engine: Engine, clock: SettableClock, script: Script) -> None:
        self.engine = engine
        self.clock = clock
        self.script = script
        self.worker = Worker(engine)
        self.instance_id: UUID | None = None
        self.unit_id: UUID | None = None
        self.starter: Actor = ANONYMOUS

    def case(self, tx: Transaction, step: Step) -> ProcessInstance:
        """The case that a step is about: the scenario's own, or with ``in`` the newest active one of that process."""
        if "in" in step:
            return self._newest(tx, str(step["in"]))
        if self.instance_id is None:
            raise ScenarioFailed(N_("这个场景还没有自己的事项。"))
        return tx.get(ProcessInstance, self.instance_id, N_("事项"))

    def cases(self, tx: Transaction) -> Iterator[ProcessInstance]:
        """All cases so far, the newest first."""
        return iter(tx.session.scalars(_newest_first()))

    def settle(self) -> None:
        """Let the machine do what is due now. Raises ScenarioFailed when something went wrong in it."""
        while self.worker.drain():
            pass
        with self.engine.read(SYSTEM) as tx:
            if tx.session.scalar(_TROUBLE):
                raise _trouble(tx)

    def pass_to(self, target: datetime) -> None:
        """Let time pass: what falls due on the way, in whatever case, is done at its own moment, in order."""
        while (due := self._next_due()) is not None and due <= target:
            if due <= self.clock.now:
                raise ScenarioFailed(N_("有到期的后台任务办不了。"))
            self.clock.move_to(due)
            self.settle()
        self.clock.move_to(max(target, self.clock.now))

    def wind_up(self) -> None:
        """Let the start timers count from now, as if their processes had been published at this moment.

        Those of processes that the scenario does not speak of stay silent: what they start would only take time.
        """
        with self.engine.begin(SYSTEM) as tx:
            waiting = update(Job).where(Job.kind == START_TIMER, Job.state == JobState.DUE)
            tx.session.execute(waiting.values(state=JobState.CANCELED))
            known = select(ProcessDefinition.key).where(ProcessDefinition.key.in_(self.script.processes)).distinct()
            for key in sorted(tx.session.scalars(known)):
                arm(tx, latest_release(tx, key))

    def start_due(self, tx: Transaction, event: str | None) -> datetime:
        """When the start timer of the process is due, for the unit of the scenario if it counts by units."""
        query = select(Job).where(Job.kind == START_TIMER, Job.state == JobState.DUE, Job.type == self.script.key)
        jobs = [job for job in tx.session.scalars(query) if event in (None, job.element_id)]
        own = [job for job in jobs if not self.unit_id or job.payload.get("unit") in (None, str(self.unit_id))]
        if not own:
            raise ScenarioFailed(
                N_("流程“{key}”没有在等待的定时开始事件“{event}”。"), key=self.script.key, event=event or ""
            )
        return min(job.due_at for job in own)

    def started(self, tx: Transaction, key: str) -> ProcessInstance:
        """The newest case of a process, if there is one of the scenario's unit the newest of those."""
        found = list(tx.session.scalars(_newest_first().where(ProcessInstance.process_key == key)))
        if not found:
            raise ScenarioFailed(N_("没有流程“{key}”的事项。"), key=key)
        return next((case for case in found if case.unit_id == self.unit_id), found[0])

    def _newest(self, tx: Transaction, place: str) -> ProcessInstance:
        key, _, unit = place.partition("@")
        query = _newest_first().where(ProcessInstance.process_key == key)
        if unit:
            query = query.where(ProcessInstance.unit_id == unit_at(tx, unit))
        found = list(tx.session.scalars(query))
        if not found:
            raise ScenarioFailed(N_("没有流程“{key}”的事项。"), key=place)
        return next((case for case in found if case.state is InstanceState.ACTIVE), found[0])

    def _next_due(self) -> datetime | None:
        with self.engine.read(SYSTEM) as tx:
            return tx.session.scalar(_NEXT_DUE)


# Made once: building a statement costs more than running it, and these run after every step.
_INCIDENT = select(Incident).where(Incident.state == IncidentState.OPEN).limit(1)
_FAILING = select(Job).where(Job.state.in_((JobState.DUE, JobState.FAILED)), Job.error.is_not(None)).limit(1)
_TROUBLE = select(or_(_INCIDENT.exists(), _FAILING.exists()))
_NEXT_DUE = select(Job.due_at).where(Job.state == JobState.DUE).order_by(Job.due_at).limit(1)


def _trouble(tx: Transaction) -> ScenarioFailed:
    """What went wrong in the machine."""
    incident = tx.session.scalar(_INCIDENT)
    if incident is not None:
        reason = EngineError(incident.template, **incident.params)
        return ScenarioFailed(N_("“{element}”出了异常：{reason}"), element=incident.element_id, reason=reason)
    job = tx.session.scalars(_FAILING).one()
    where = job.element_id or job.type or job.kind
    return ScenarioFailed(N_("“{element}”的后台任务失败：{reason}"), element=where, reason=job.error or "")


def _newest_first() -> Select[ProcessInstance]:
    """On a clock that stands still many start at the same moment; numbers tell them apart."""
    return select(ProcessInstance).order_by(ProcessInstance.started_at.desc(), ProcessInstance.business_key.desc())

"""Runs scenario files (docs/scenarios.md) on a virtual clock; everything is saved and loaded anew after every step."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import select

from engine import feel, instances, messages, people, policy, tasks
from engine.database import Engine, Transaction
from engine.execution import latest_release
from engine.lifecycle import IncidentState, JobState, UserTaskState
from engine.model.history import HistoryEvent
from engine.model.notification import Notification
from engine.model.people import Appointment, Level
from engine.model.process import ProcessInstance
from engine.model.work import Incident, Job, UserTask
from engine.people import ANONYMOUS, SYSTEM, Actor
from engine.queries.cases import variables
from engine.workdays import calendar
from engine.worker import Worker
from tests.clock import FrozenClock

_WORKDAYS = re.compile(r"(\d+)\s*工作日")


class ScenarioFailed(AssertionError):
    """The case did not go where the scenario says."""


class Scenario:
    """One scenario file, run against an engine with the demo organisation and the deployed processes."""

    def __init__(self, engine: Engine, clock: FrozenClock, path: Path) -> None:
        self.engine = engine
        self.clock = clock
        self.key = path.parent.parent.name
        self.script: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
        self.worker = Worker(engine)
        self.instance_id = UUID(int=0)
        self.starter = ANONYMOUS

    def run(self) -> None:
        """Do all steps. Raises ScenarioFailed, or whatever error a command raises."""
        self._start(self.script["given"])
        for number, step in enumerate(self.script["steps"], 1):
            try:
                self._step(step)
            except Exception as error:  # whatever it is, say at which step
                error.add_note(f"step {number}: {step}, open: {self._open()}")
                raise
            self._settle()

    def _start(self, given: dict[str, Any]) -> None:
        self.clock.move_to(datetime.fromisoformat(given["at"]))
        with self.engine.begin(SYSTEM) as tx:
            unit = _unit(tx, given["unit"])
            self.starter = _starter(tx, given["starter"], unit)
            for name, value in given.get("policy", {}).items():
                setting = latest_release(tx, self.key).settings[name]
                policy.override(tx, self.key, setting, unit, value, "scenario")
        with self.engine.begin(self.starter) as tx:
            self.instance_id = instances.start(tx, self.key, given["start"], unit).instance.id
        self._settle()

    def _step(self, step: dict[str, Any]) -> None:
        for name in ("complete", "advance", "message", "expect"):
            if name in step:
                getattr(self, f"_{name}")(step)

    def _complete(self, step: dict[str, Any]) -> None:
        with self.engine.read(SYSTEM) as tx:
            actor = self._actor(tx, step["by"])
            task = tx.session.scalars(
                _open_tasks(self.instance_id).where(UserTask.element_id == step["complete"])
            ).one()
        with self.engine.begin(actor) as tx:
            tasks.complete(tx, task.id, step.get("values", {}))

    def _advance(self, step: dict[str, Any]) -> None:
        target = self._target(str(step["advance"]))
        for due in self._dues(target):
            self.clock.move_to(due)
            self._settle()
        self.clock.move_to(target)

    def _message(self, step: dict[str, Any]) -> None:
        with self.engine.begin(self.starter) as tx:
            number = tx.get(ProcessInstance, self.instance_id).business_key
            messages.correlate(tx, step["message"], number, step.get("values", {}))

    def _expect(self, step: dict[str, Any]) -> None:
        for name, wanted in step["expect"].items():
            found = _CHECKS[name](self, wanted)
            if found is not None:
                raise ScenarioFailed(f"{name}: expected {wanted}, found {found}")

    def _settle(self) -> None:
        """Let the machine do what is due now, and forget everything in memory."""
        while self.worker.drain():
            pass
        self.engine.cache.clear()
        with self.engine.read(SYSTEM) as tx:
            query = select(Incident).where(Incident.state == IncidentState.OPEN)
            for incident in tx.session.scalars(query):
                raise ScenarioFailed(incident.template.format(**incident.params))

    def _target(self, text: str) -> datetime:
        days = _WORKDAYS.fullmatch(text)
        with self.engine.read(SYSTEM) as tx:
            if days:
                return calendar(tx).due_after(self.clock.now, int(days[1]))
        return self.clock.now + feel.compile(f'duration("{text}")').evaluate({})

    def _dues(self, target: datetime) -> Iterator[datetime]:
        """The moments up to the target at which a job of this case is due, as they arise."""
        while True:
            with self.engine.read(SYSTEM) as tx:
                query = select(Job.due_at).where(Job.instance_id == self.instance_id, Job.state == JobState.DUE)
                due = tx.session.scalar(query.order_by(Job.due_at).limit(1))
            if due is None or due > target:
                return
            yield due

    def _actor(self, tx: Transaction, by: str) -> Actor:
        if by == "applicant":
            return self.starter if self.starter.account_id else people.receipt_actor(self.instance_id)
        if "@" not in by:
            account = people.account_by_login(tx, by)
            assert account is not None, by
            return people.load_actor(tx, account.id)
        instance = tx.get(ProcessInstance, self.instance_id)
        (holder,) = people.resolve_holders(people.org_tree(tx), [by], instance.unit_id)
        return _holder_of(tx, holder)

    def _open(self) -> list[str]:
        with self.engine.read(SYSTEM) as tx:
            return sorted(task.element_id for task in tx.session.scalars(_open_tasks(self.instance_id)))

    def check_open(self, wanted: list[str]) -> Any:
        """The open user tasks, when they are not exactly these."""
        found = self._open()
        return None if found == sorted(wanted) else found

    def check_state(self, wanted: str) -> Any:
        """The state, when it is not this one."""
        with self.engine.read(SYSTEM) as tx:
            found = str(tx.get(ProcessInstance, self.instance_id).state)
        return None if found == wanted else found

    def check_variables(self, wanted: dict[str, Any]) -> Any:
        """Those variables that have other values."""
        with self.engine.read(SYSTEM) as tx:
            values = variables(tx.get(ProcessInstance, self.instance_id))
        wrong = {name: values.get(name) for name, value in wanted.items() if values.get(name) != value}
        return wrong or None

    def check_path(self, wanted: list[str]) -> Any:
        """The way taken, when these elements are not on it in this order."""
        way = iter(self._way())
        return None if all(element in way for element in wanted) else self._way()

    def check_not_path(self, wanted: list[str]) -> Any:
        """Those elements that were passed."""
        return sorted(set(wanted) & set(self._way())) or None

    def check_notified(self, wanted: list[dict[str, str]]) -> Any:
        """The notifications that were sent, when one of these is missing."""
        with self.engine.read(SYSTEM) as tx:
            instance = tx.get(ProcessInstance, self.instance_id)
            applicant = (f"receipt:{instance.id}", f"account:{instance.started_by}")
            sent = list(tx.session.scalars(select(Notification).where(Notification.instance_id == instance.id)))
            for one in wanted:
                holders = people.resolve_holders(people.org_tree(tx), [one["to"]], instance.unit_id, applicant)
                if not any(each.holder in holders and one["text"] in each.text for each in sent):
                    return [(each.holder, each.text) for each in sent]
        return None

    def _way(self) -> list[str]:
        with self.engine.read(SYSTEM) as tx:
            query = select(HistoryEvent).where(HistoryEvent.chain_id == self.instance_id).order_by(HistoryEvent.seq)
            events = [(each.type, json.loads(each.payload)) for each in tx.session.scalars(query)]
        return [
            step["element"]
            for type, event in events
            if type == "advanced"
            for step in event["data"]["steps"]
            if step["what"] == "completed"
        ]


_CHECKS: dict[str, Callable[[Scenario, Any], Any]] = {
    "open": Scenario.check_open,
    "state": Scenario.check_state,
    "variables": Scenario.check_variables,
    "path": Scenario.check_path,
    "not_path": Scenario.check_not_path,
    "notified": Scenario.check_notified,
}


def _open_tasks(instance_id: UUID) -> Any:
    return select(UserTask).where(UserTask.instance_id == instance_id, UserTask.state == UserTaskState.CREATED)


def _unit(tx: Transaction, place: str) -> UUID:
    tree = people.org_tree(tx)
    if place in set(Level):
        return next(unit.id for unit in tree if unit.level == place)
    unit = tree.by_code(place)
    assert unit is not None, place
    return unit.id


def _starter(tx: Transaction, who: str, unit: UUID) -> Actor:
    if who == "anonymous":
        return ANONYMOUS
    account = people.account_by_login(tx, who)
    if account is not None:
        return people.load_actor(tx, account.id)
    query = select(Appointment).where(Appointment.position_key == who)
    posts = list(tx.session.scalars(query.order_by(Appointment.id)))
    post = next((each for each in posts if each.unit_id == unit), posts[0])
    return people.load_actor(tx, post.account_id, post.id)


def _holder_of(tx: Transaction, holder: str) -> Actor:
    """Whoever holds a post today."""
    position, _, unit = holder.partition("@")
    query = select(Appointment).where(Appointment.position_key == position, Appointment.unit_id == UUID(unit))
    post = tx.session.scalars(query).first()
    assert post is not None, f"nobody holds {holder}"
    return people.load_actor(tx, post.account_id, post.id)

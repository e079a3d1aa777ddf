"""A desk in the demo organisation: small processes, and every act with an empty cache, as after a restart."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine import definitions, incidents, instances, messages, people, tasks
from engine.database import Engine, Transaction
from engine.errors import InvalidDefinition
from engine.handlers import Handler
from engine.history.events import link
from engine.lifecycle import IncidentState, UserTaskState
from engine.model.history import SYSTEM_CHAIN, HistoryEvent
from engine.model.notification import Notification
from engine.model.process import ProcessInstance, SearchVariable
from engine.model.work import Incident, Job, MessageSubscription, TaskCandidate, UserTask
from engine.people import SYSTEM, Actor
from engine.queries.cases import variables
from engine.worker import Worker
from tests import bpmn_xml
from tests.bpmn_xml import extension, properties, zeebe
from tests.clock import FrozenClock
from tests.engine.forms.form_builder import choice, number, source, text

CLAUSE = "DB3716/T69 5.2.2 a"
CLERK = "jinxing-clerk"
#: An opinion that is required, a number that is not, a telephone number that is personal.
FORM = source(
    text("意见", required=True),
    number("数量"),
    choice("radio", "结果", "同意", "不同意"),
    text("电话", properties={"personal": "true"}),
    id="f",
)
#: Nothing that is required.
SMALL_FORM = source(number("乙"), text("丙"), id="g")
GIVEN = {"意见": "可行"}


class Drawing(bpmn_xml.Drawing):
    """A pen whose user tasks fit the demo organisation."""

    def user_task(self, node_id: str = "a", **more: Any) -> Drawing:
        super().user_task(node_id, **({"groups": "community_clerk@community", "clause": CLAUSE} | more))
        return self


def process(key: str = "p", *, start_form: bool = False, **facts: str) -> Drawing:
    """A process with extension properties and its start event drawn."""
    if start_form:
        facts["startForm"] = "f"
    drawing = Drawing(key, process_inner=extension(properties(**facts)) if facts else "")
    return drawing.start()


def io(*, inputs: Mapping[str, str] | None = None, outputs: Mapping[str, str] | None = None) -> str:
    """An io mapping; targets are the keys."""
    parts = [zeebe("input", source=source, target=target) for target, source in (inputs or {}).items()]
    parts += [zeebe("output", source=source, target=target) for target, source in (outputs or {}).items()]
    return zeebe("ioMapping", "".join(parts))


class House:
    """Acts on one engine; every act begins with an empty cache, so that everything is loaded anew."""

    def __init__(self, engine: Engine, clock: FrozenClock, handlers: Mapping[str, Handler] | None = None) -> None:
        self.engine = engine
        self.clock = clock
        self.worker = Worker(engine, handlers)
        with engine.begin(SYSTEM) as tx:
            for form in (FORM, SMALL_FORM):
                definitions.add_form(tx, json.dumps(form, ensure_ascii=False))

    @contextmanager
    def at(self, by: Actor | str = SYSTEM) -> Iterator[Transaction]:
        """A write transaction of this actor, with nothing in memory."""
        actor = self.actor(by) if isinstance(by, str) else by
        self.engine.cache.clear()
        with self.engine.begin(actor) as tx:
            yield tx
        self.engine.cache.clear()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A read transaction of the platform itself."""
        with self.engine.read(SYSTEM) as tx:
            yield tx

    def actor(self, login: str) -> Actor:
        """Whoever has this login, in the first post."""
        with self.reading() as tx:
            account = people.account_by_login(tx, login)
            assert account is not None, login
            return people.load_actor(tx, account.id)

    def unit(self, code: str) -> UUID:
        """The id of the unit with this code."""
        with self.reading() as tx:
            unit = people.org_tree(tx).by_code(code)
        assert unit is not None, code
        return unit.id

    def deploy(self, drawing: bpmn_xml.Drawing, policy: str = "", decisions: Mapping[str, str] | None = None) -> str:
        """Deploy a file, with DMN files by name; its outcome. What the checker finds is noted on the error."""
        with self.at() as tx:
            try:
                return definitions.deploy_file(tx, drawing.key, drawing.xml().decode(), policy, decisions or {})[0]
            except InvalidDefinition as error:
                error.add_note("\n".join(f"{each.element} {each.rule} {each.message}" for each in error.findings))
                raise

    def start(
        self, key: str = "p", values: Mapping[str, Any] | None = None, unit: str | None = "jinxing-1",
        by: Actor | str = SYSTEM, own_matter: bool = False,
    ) -> UUID:  # fmt: skip
        """Start a case of a unit; its id."""
        unit_id = self.unit(unit) if unit else None
        with self.at(by) as tx:
            return instances.start(tx, key, values or {}, unit_id, own_matter=own_matter).instance.id

    def complete(
        self, case: UUID, element: str = "a", values: Mapping[str, Any] | None = None, by: Actor | str = CLERK
    ) -> None:
        """Complete the open task of this element, the first of several."""
        task = next(each for each in self.tasks(case) if each.element_id == element)
        with self.at(by) as tx:
            tasks.complete(tx, task.id, GIVEN if values is None else values)

    def retry(self, case: UUID, by: Actor | str = "admin") -> None:
        """Retry the one open incident."""
        (incident,) = self.incidents(case)
        with self.at(by) as tx:
            incidents.retry(tx, incident.id)

    def cancel(self, case: UUID, by: Actor | str = "admin") -> None:
        """Cancel a case."""
        with self.at(by) as tx:
            instances.cancel(tx, case, "重复")

    def correlate(self, name: str, key: str, payload: Mapping[str, Any] | None = None) -> None:
        """Deliver a message."""
        with self.at() as tx:
            messages.correlate(tx, name, key, payload)

    def drain(self) -> int:
        """Let the worker do all that is due now; how many jobs took effect."""
        done = 0
        while count := self._drain_once():
            done += count
        return done

    def _drain_once(self) -> int:
        self.engine.cache.clear()
        return self.worker.drain()

    def case(self, case: UUID) -> ProcessInstance:
        """The row of a case."""
        with self.reading() as tx:
            return tx.get(ProcessInstance, case)

    def children(self, case: UUID) -> list[ProcessInstance]:
        """The cases that this one called, oldest first."""
        with self.reading() as tx:
            query = select(ProcessInstance).where(ProcessInstance.parent_id == case)
            return list(tx.session.scalars(query.order_by(ProcessInstance.business_key)))

    def variables(self, case: UUID) -> dict[str, Any]:
        """The variables of the case itself."""
        return variables(self.case(case))

    def tasks(self, case: UUID, state: UserTaskState = UserTaskState.CREATED) -> list[UserTask]:
        """The tasks of a case in this state."""
        with self.reading() as tx:
            query = select(UserTask).where(UserTask.instance_id == case, UserTask.state == state)
            return list(tx.session.scalars(query.order_by(UserTask.element_id, UserTask.id)))

    def open(self, case: UUID) -> list[str]:
        """The elements of the open tasks."""
        return [task.element_id for task in self.tasks(case)]

    def candidates(self, task: UUID) -> set[str]:
        """The holders who may do a task."""
        with self.reading() as tx:
            return set(tx.session.scalars(select(TaskCandidate.holder).where(TaskCandidate.task_id == task)))

    def incidents(self, case: UUID, state: IncidentState = IncidentState.OPEN) -> list[Incident]:
        """The incidents of a case in this state; the case must count the open ones rightly."""
        with self.reading() as tx:
            rows = list(tx.session.scalars(select(Incident).where(Incident.instance_id == case)))
        assert self.case(case).incidents == sum(row.state is IncidentState.OPEN for row in rows)
        return [row for row in rows if row.state is state]

    def jobs(self, case: UUID) -> list[Job]:
        """All jobs of a case, in the order of their making."""
        with self.reading() as tx:
            query = select(Job).where(Job.instance_id == case).order_by(Job.created_at, Job.due_at)
            return list(tx.session.scalars(query))

    def subscriptions(self, case: UUID) -> list[tuple[str, str]]:
        """Names and keys of what a case waits for."""
        with self.reading() as tx:
            rows = tx.session.scalars(select(MessageSubscription).where(MessageSubscription.instance_id == case))
            return sorted((row.name, row.key) for row in rows)

    def told(self, case: UUID) -> set[str]:
        """The holders who were notified."""
        with self.reading() as tx:
            return set(tx.session.scalars(select(Notification.holder).where(Notification.instance_id == case)))

    def search(self, case: UUID) -> dict[str, str]:
        """The mirrored search variables."""
        with self.reading() as tx:
            rows = tx.session.scalars(select(SearchVariable).where(SearchVariable.instance_id == case))
            return {row.name: row.value for row in rows}

    def history(self, chain: UUID = SYSTEM_CHAIN) -> list[tuple[HistoryEvent, dict[str, Any]]]:
        """The events of a chain with their data, once it is sure that each links to the one before."""
        with self.reading() as tx:
            query = select(HistoryEvent).where(HistoryEvent.chain_id == chain).order_by(HistoryEvent.seq)
            rows = list(tx.session.scalars(query))
        head = b""
        for seq, row in enumerate(rows, 1):
            assert row.seq == seq
            head = link(head, row.payload)
            assert row.hash == head, f"{row.seq} {row.type}"
        return [(row, json.loads(row.payload)["data"]) for row in rows]

    def events(self, chain: UUID = SYSTEM_CHAIN) -> list[str]:
        """The types of the events of a chain."""
        return [row.type for row, _ in self.history(chain)]

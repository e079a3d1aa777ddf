"""Our command on one database: start, complete, count statements and commits, add ballast."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import event, insert, select

from bench import databases
from bench.models import VALUES
from engine import instances, tasks
from engine.database import Engine
from engine.lifecycle import UserTaskState
from engine.model.base import new_id
from engine.model.history import HistoryEvent
from engine.model.process import ProcessInstance
from engine.model.work import Job, TaskCandidate, UserTask
from engine.people import SYSTEM, account_by_login, load_actor, org_tree
from engine.worker import Worker

_BATCH = 2_000
_BALLAST = (ProcessInstance, UserTask, TaskCandidate, HistoryEvent)


@dataclass
class Count:
    """What went to the database: SQL statements as the driver got them (BEGIN of SQLite included), and commits."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0


class Ours:
    """The platform on one database, acting as the leader of one group."""

    def __init__(self, url: str) -> None:
        self.engine = Engine(url)
        with self.engine.read(SYSTEM) as tx:
            account = account_by_login(tx, databases.LOGIN)
            unit = org_tree(tx).by_code(databases.UNIT)
            assert account is not None
            assert unit is not None
            self.actor = load_actor(tx, account.id)
            self.unit_id = unit.id

    def start(self, key: str = "bench-step") -> tuple[UUID, UUID]:
        """Start an instance; its id, and the id of its first user task."""
        with self.engine.begin(self.actor) as tx:
            started = instances.start(tx, key, {}, self.unit_id)
        return started.instance.id, self.open_task(started.instance.id)

    def open_task(self, instance_id: UUID) -> UUID:
        """The user task that waits."""
        query = select(UserTask.id).where(UserTask.instance_id == instance_id, UserTask.state == UserTaskState.CREATED)
        with self.engine.read(SYSTEM) as tx:
            return tx.session.scalars(query).one()

    def complete(self, task_id: UUID) -> None:
        """The measured command, in the transaction that commits it."""
        with self.engine.begin(self.actor) as tx:
            tasks.complete(tx, task_id, VALUES)

    def complete_next(self, instance_id: UUID, times: int = 1) -> None:
        """Complete whatever waits, as often as said."""
        for _ in range(times):
            self.complete(self.open_task(instance_id))

    @contextmanager
    def counted(self) -> Iterator[Count]:
        """Count what the block sends to the database."""
        count = Count()

        def statement(_c: Any, _cursor: Any, text: str, _p: Any, _context: Any, _many: bool) -> None:
            count.statements.append(text)

        def commit(_connection: Any) -> None:
            count.commits += 1

        event.listen(self.engine.sql, "before_cursor_execute", statement)
        event.listen(self.engine.sql, "commit", commit)
        try:
            yield count
        finally:
            event.remove(self.engine.sql, "before_cursor_execute", statement)
            event.remove(self.engine.sql, "commit", commit)

    def token_bytes(self, instance_id: UUID) -> int:
        """The size of the instance's saved tokens."""
        with self.engine.read(SYSTEM) as tx:
            return len(tx.get(ProcessInstance, instance_id).token_state)

    def add_ballast(self, wanted: int) -> None:
        """Copy one waiting instance with all its rows and a timer far ahead, so many times."""
        instance_id, task_id = self.start()
        samples = self._rows_of(instance_id, task_id)
        for first in range(0, wanted, _BATCH):
            numbers = range(first, min(first + _BATCH, wanted))
            self._insert(samples, [(number, new_id(), new_id()) for number in numbers])
        with self.engine.sql.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")

    def _rows_of(self, instance_id: UUID, task_id: UUID) -> dict[type[Any], list[dict[str, Any]]]:
        keys = {ProcessInstance: "id", UserTask: "id", TaskCandidate: "task_id", HistoryEvent: "chain_id"}
        found: dict[type[Any], list[dict[str, Any]]] = {}
        with self.engine.sql.connect() as connection:
            for model in _BALLAST:
                column = model.__table__.c[keys[model]]
                wanted = task_id if model in (UserTask, TaskCandidate) else instance_id
                rows = connection.execute(select(model.__table__).where(column == wanted))
                found[model] = [dict(row._mapping) for row in rows]
        return found

    def _insert(self, samples: dict[type[Any], list[dict[str, Any]]], copies: list[tuple[int, UUID, UUID]]) -> None:
        with self.engine.sql.begin() as connection:
            for model, rows in samples.items():
                many = [_copied(model, row, *copy) for copy in copies for row in rows]
                connection.execute(insert(model.__table__), many)
            now = self.engine.clock()
            timers = [
                {"kind": "timer", "instance_id": instance_id, "token_id": task_id, "due_at": now + timedelta(days=9999)}
                for _number, instance_id, task_id in copies
            ]
            connection.execute(insert(Job).values(created_at=now), timers)

    def drain_idle(self) -> Count:
        """What a worker sends to the database when nothing is due; its daily housekeeping is done before."""
        worker = Worker(self.engine)
        worker.drain()
        with self.counted() as count:
            worker.drain()
        return count


def _copied(model: type[Any], row: dict[str, Any], number: int, instance_id: UUID, task_id: UUID) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    if model is ProcessInstance:
        changed = {"id": instance_id, "business_key": f"BALLAST-{number:06d}"}
    elif model is UserTask:
        changed = {"id": task_id, "instance_id": instance_id}
    elif model is TaskCandidate:
        changed = {"task_id": task_id}
    elif model is HistoryEvent:
        changed = {"chain_id": instance_id}
    return {**row, **changed}

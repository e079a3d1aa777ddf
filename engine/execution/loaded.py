"""One instance, loaded for the length of a command: its release, variables, tokens and rows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select
from sqlalchemy.orm import aliased

from engine.database import Transaction
from engine.errors import N_, NotFound
from engine.execution.environment import environment
from engine.execution.personal import personal_names
from engine.history import HIDING, record
from engine.lifecycle import InstanceState
from engine.model.process import ProcessInstance
from engine.model.settings import SettingsStamp
from engine.model.work import TaskCandidate, UserTask
from engine.release import Release, load_release
from engine.tokens import Env, Run
from engine.variables import ScopeId, Scopes

#: The columns of a new user task that nobody is given by name.
TO_ITS_POSTS: Mapping[str, Any] = MappingProxyType(
    {"assignee": None, "holder_name": None, "claimed_at": None, "claimed_for": None, "submitted": None}
)


class Loaded:
    """An instance in memory. Everything that changes it goes through one of these, under the instance's lock."""

    def __init__(
        self, tx: Transaction, instance: ProcessInstance, release: Release, scopes: Scopes, env: Env, run: Run
    ) -> None:
        self.tx = tx
        self.instance = instance
        self.release = release
        self.scopes = scopes
        self.env = env
        self.run = run
        #: The waits whose rows exist.
        self.before = run.waits()
        #: The tokens that had failed when the command began.
        self.failed_before = run.failed
        #: What rows of new user tasks are given beside what the diagram says, by token.
        self.given: dict[UUID, Mapping[str, Any]] = {}
        #: The candidates of new user tasks that do not get those of the diagram, by token.
        self.candidates: dict[UUID, tuple[str, ...]] = {}
        #: How many of the variable changes history has already.
        self.recorded_changes = len(scopes.changes)

    @classmethod
    def load(cls, tx: Transaction, instance: ProcessInstance) -> Loaded:
        """Bring an instance that the transaction has locked into memory."""
        release = load_release(tx, instance.definition_id)
        scopes = Scopes.load(instance.variables)
        env = environment(tx, release, instance, partial(is_caught_above, tx, instance))
        return cls(tx, instance, release, scopes, env, Run.load(release.spec, instance.token_state, scopes, env))

    def own_variables(self, token: UUID) -> dict[str, Any]:
        """The variables of the token's own scope: what its input mappings and its multi-instance gave it."""
        own = ScopeId(token.hex)
        return self.scopes.local(own) if own in self.scopes else {}

    def record(self, type: str, element_id: str | None = None, **data: Any) -> None:
        """Append an event to the instance's history; personal variables go in as commitments."""
        has_values = not data.keys().isdisjoint(HIDING)
        record(self.tx, self.instance, type, element_id, data, self.personal if has_values else ())

    @cached_property
    def personal(self) -> frozenset[str]:
        """Names of variables that history hides."""
        return personal_names(self.tx, self.instance, self.release)

    def save(self) -> None:
        """Write tokens and variables back to the row."""
        self.instance.token_state = self.run.dump()
        if self.scopes.is_changed:
            self.instance.variables = self.scopes.dump()


def is_caught_above(tx: Transaction, instance: ProcessInstance, code: str | None) -> bool:
    """Whether the call of this instance, or one further up, has a handler for an error.

    Only read, without locks. When the handler is gone before the error arrives, its call is gone, too.
    """
    if instance.parent_id is None or instance.parent_token is None:
        return False
    parent = tx.session.get_one(ProcessInstance, instance.parent_id)
    if is_over(parent):
        return False
    loaded = Loaded.load(tx, parent)
    if instance.parent_token not in loaded.before:
        return False
    return loaded.run.catches(instance.parent_token, code) or is_caught_above(tx, parent, code)


def lock_instance(tx: Transaction, instance_id: UUID) -> ProcessInstance:
    """The row of an instance, locked until the end of the transaction, whatever its state."""
    row = tx.session.execute(_INSTANCE, {"id": instance_id}).one_or_none()
    if row is None:
        raise NotFound(N_("没有找到这个事项，可能已被删除，或者地址有误。"))
    instance, stamp = row
    tx.know_stamp(stamp)
    return instance  # type: ignore[no-any-return] # a row of a select with a subquery has no static type


def lock_active(tx: Transaction, instance_id: UUID) -> Loaded:
    """Lock and load an instance on which work goes on; InvalidState when it has ended."""
    instance = lock_instance(tx, instance_id)
    instance.ensure_active()
    return Loaded.load(tx, instance)


class LockedTask(NamedTuple):
    """A user task with its instance, both locked, and the holders who are its candidates."""

    instance: ProcessInstance
    task: UserTask
    candidates: frozenset[str]

    @property
    def is_of_applicant(self) -> bool:
        """Whether it waits for whoever filed the case."""
        return f"receipt:{self.instance.id}" in self.candidates


def lock_task(tx: Transaction, task_id: UUID) -> LockedTask:
    """A user task with its instance, both locked, and its candidates. Raises NotFound."""
    for _ in range(2):
        row = tx.session.execute(_TASK, {"id": task_id}).one_or_none()
        if row is None:
            raise NotFound(N_("没有找到这个环节，可能已被删除，或者地址有误。"))
        instance, task, holders, handed_on, stamp = row
        if handed_on == task.handed_on:
            break
        # Somebody handed it on while this command waited for the lock: now it has the lock, and reads anew.
    tx.know_stamp(stamp)
    return LockedTask(instance, task, frozenset((holders or "").split()))


# Made once: building a statement costs more than running it. The settings stamp comes along, which saves another one.
# SQLite ignores the locks: there, one writer has the whole database. PostgreSQL locks in the order that ``of`` names,
# the instance first as everywhere; whoever had to wait then sees the newest version of each row that it locked, but
# an old one of any other. That is why the task is locked, too.
_STAMP = select(SettingsStamp.value).where(SettingsStamp.id == 1).scalar_subquery()
_INSTANCE = (
    select(ProcessInstance, _STAMP)
    .where(ProcessInstance.id == bindparam("id", type_=Uuid()))
    .with_for_update(of=ProcessInstance)
    .execution_options(populate_existing=True)
)
_HOLDERS = (
    select(func.aggregate_strings(TaskCandidate.holder, " "))
    .where(TaskCandidate.task_id == UserTask.id)
    .scalar_subquery()
)
_seen = aliased(UserTask)
_HANDED_ON = select(_seen.handed_on).where(_seen.id == UserTask.id).scalar_subquery()
_TASK = (
    select(ProcessInstance, UserTask, _HOLDERS, _HANDED_ON, _STAMP)
    .join(UserTask, UserTask.instance_id == ProcessInstance.id)
    .where(UserTask.id == bindparam("id", type_=Uuid()))
    .with_for_update(of=(ProcessInstance, UserTask))
    .execution_options(populate_existing=True)
)


def is_over(instance: ProcessInstance) -> bool:
    """Whether nothing can happen to the instance: it has ended, or it rests."""
    return instance.state is not InstanceState.ACTIVE

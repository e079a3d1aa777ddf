"""The heart: run the automatic steps, bring the index rows in line with the tokens, open incidents, save."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update

from engine.errors import N_
from engine.execution.consulting import withdraw_requests
from engine.execution.deciding import record_decisions
from engine.execution.incidents import open_incident, resolve_vanished
from engine.execution.leading import tell_joined
from engine.execution.leaving import leave_meetings_and_votes
from engine.execution.loaded import Loaded
from engine.execution.publishing import publish_result
from engine.execution.scheduling import schedule, schedule_alone
from engine.execution.throwing import send
from engine.execution.waits import open_wait
from engine.execution.watchers import tell_watchers
from engine.execution.watching import tell_watcher
from engine.lifecycle import InstanceState, JobState, UserTaskState
from engine.model.process import SearchVariable
from engine.model.work import Job, MessageSubscription, UserTask
from engine.search import text_of
from engine.tokens import Step, Wait, WaitKind
from engine.variables import ROOT

_OPEN_JOB = (JobState.DUE, JobState.RUNNING, JobState.FAILED)
_MAX_SEARCH_TEXT = 400


def advance(loaded: Loaded, done: Iterable[UUID] = ()) -> None:
    """Run to rest and save. ``done`` are tokens whose rows the command itself has already closed.

    Automatic steps have no side effects, so an instance whose commit fails can simply run again from its last state.
    """
    loaded.run.advance()
    record_decisions(loaded)
    tell_watcher(loaded)
    _record_steps(loaded)
    _sync(loaded, set(done))
    send(loaded)
    for failure in loaded.run.failures:
        open_incident(loaded, failure.token_id, failure.element_id, failure.template, failure.params)
    mirror_search_variables(loaded)
    if loaded.run.completed:
        _finish(loaded)
    loaded.save()


def _sync(loaded: Loaded, done: set[UUID]) -> None:
    """Write rows for new waits, close those of vanished ones. Known waits cost no statement."""
    after = loaded.run.waits()
    gone = {token: wait for token, wait in loaded.before.items() if token not in after}
    _close(loaded, {token: wait for token, wait in gone.items() if token not in done})
    if loaded.instance.incidents:
        resolve_vanished(loaded, set(loaded.before) | loaded.failed_before, set(after) | loaded.run.failed)
    for wait in sorted(_new(after, loaded.before), key=_in_locking_order):
        open_wait(loaded, wait)
    loaded.before = after


def _new(after: dict[UUID, Wait], before: dict[UUID, Wait]) -> Iterator[Wait]:
    for token, wait in after.items():
        known = before.get(token)
        if known is None or known.occurrence != wait.occurrence:  # a cycle keeps its token
            yield wait


def _in_locking_order(wait: Wait) -> tuple[str, str]:
    """Opening a subscription holds its name and key; in one order, two instances never wait for each other."""
    return (wait.name or "", wait.key or "") if wait.kind is WaitKind.MESSAGE else ("", "")


def _close(loaded: Loaded, gone: dict[UUID, Wait]) -> None:
    by_kind: dict[WaitKind, list[UUID]] = {}
    for token, wait in gone.items():
        by_kind.setdefault(wait.kind, []).append(token)
    _cancel_user_tasks(loaded, gone, by_kind.get(WaitKind.USER_TASK, []))
    _cancel_jobs(loaded, [*by_kind.get(WaitKind.JOB, []), *by_kind.get(WaitKind.TIMER, [])])
    _unsubscribe(loaded, [*by_kind.get(WaitKind.MESSAGE, []), *by_kind.get(WaitKind.SIGNAL, [])])
    for token in by_kind.get(WaitKind.CALL, []):
        _cancel_child(loaded, gone[token])


def _cancel_user_tasks(loaded: Loaded, gone: dict[UUID, Wait], tokens: list[UUID]) -> None:
    if not tokens:
        return
    statement = update(UserTask).where(UserTask.id.in_(tokens), UserTask.state == UserTaskState.CREATED)
    loaded.tx.session.execute(statement.values(state=UserTaskState.CANCELED))
    for token in tokens:
        loaded.record("user_task_canceled", gone[token].element.id, task=str(token))
    withdraw_requests(loaded, tokens)


def _cancel_jobs(loaded: Loaded, tokens: list[UUID]) -> None:
    if tokens:
        statement = update(Job).where(Job.token_id.in_(tokens), Job.state.in_(_OPEN_JOB))
        loaded.tx.session.execute(statement.values(state=JobState.CANCELED))


def _unsubscribe(loaded: Loaded, tokens: list[UUID]) -> None:
    if tokens:
        loaded.tx.session.execute(delete(MessageSubscription).where(MessageSubscription.token_id.in_(tokens)))


def _cancel_child(loaded: Loaded, wait: Wait) -> None:
    """The called instance is cancelled by a job, so that locks are taken one instance at a time."""
    _cancel_jobs(loaded, [wait.token_id])
    schedule(loaded, "cancel_child", wait.token_id, wait.element.id)


def _record_steps(loaded: Loaded) -> None:
    """One event for all automatic steps of this command, with what they wrote."""
    steps = [_step(step) for step in loaded.run.steps]
    written = {change.name: change.value for change in loaded.scopes.changes[loaded.recorded_changes :]}
    loaded.recorded_changes = len(loaded.scopes.changes)
    if written:
        loaded.record("advanced", steps=steps, variables=written)
    elif steps:
        loaded.record("advanced", steps=steps)
    loaded.run.steps.clear()


def _step(step: Step) -> dict[str, Any]:
    data = {"element": step.element_id, "kind": str(step.kind), "what": step.what}
    return data if step.run is None else data | {"run": step.run}


def mirror_search_variables(loaded: Loaded) -> None:
    """Bring the rows that people search by in line with what this command has written."""
    release, session, instance = loaded.release, loaded.tx.session, loaded.instance
    declared = set(release.search_variables)
    written = {change.name: change.value for change in loaded.scopes.changes if change.scope == ROOT}
    if not declared.union(release.search_people).isdisjoint(written) or not instance.search_text:
        values, people = _present(loaded, release.search_variables), _present(loaded, release.search_people)
        instance.search_text = text_of(instance, (str(value)[:_MAX_SEARCH_TEXT] for value in values), people)
    changed = {name: value for name, value in written.items() if name in declared}
    if not changed:
        return
    query = delete(SearchVariable).where(SearchVariable.instance_id == instance.id)
    session.execute(query.where(SearchVariable.name.in_(changed)))
    for name, value in changed.items():
        if value is not None:
            session.add(SearchVariable(instance_id=instance.id, name=name, value=str(value)[:_MAX_SEARCH_TEXT]))


def _present(loaded: Loaded, names: tuple[str, ...]) -> list[Any]:
    values = loaded.scopes.local(ROOT)
    return [values[name] for name in names if values.get(name) is not None]


def _finish(loaded: Loaded) -> None:
    instance, tx = loaded.instance, loaded.tx
    error = loaded.run.end_error
    leave_meetings_and_votes(loaded)
    instance.end(InstanceState.COMPLETED, tx.now, error)
    loaded.record("instance_completed", error=error)
    tell_watchers(tx, instance, N_("关注的“{case}”已办结。"))
    publish_result(loaded)
    tell_parent(loaded, error)
    tell_joined(loaded)
    let_next_start(loaded)


def let_next_start(loaded: Loaded) -> None:
    """A message had started the case: the next message with the same key may now start another."""
    instance = loaded.instance
    if instance.correlation_key is not None:
        schedule_alone(loaded.tx, "next_start", instance.process_key, key=instance.correlation_key)


def tell_parent(loaded: Loaded, error: str | None) -> None:
    """Leave a job for the calling instance, in this commit."""
    instance, tx = loaded.instance, loaded.tx
    if instance.parent_id is None:
        return
    tx.after_commit(tx.engine.wake)
    tx.add(
        Job(
            kind="child_ended",
            instance_id=instance.parent_id,
            token_id=instance.parent_token,
            due_at=tx.now,
            payload={"child": str(instance.id), "error": error},
            created_at=tx.now,
        )
    )

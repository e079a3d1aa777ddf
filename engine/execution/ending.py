"""Ending an instance before its end."""

from __future__ import annotations

from sqlalchemy import delete, func, literal, update

from engine.errors import N_
from engine.execution.advance import let_next_start
from engine.execution.consulting import withdraw_requests
from engine.execution.leading import tell_joined
from engine.execution.leaving import leave_meetings_and_votes
from engine.execution.loaded import Loaded
from engine.execution.scheduling import schedule
from engine.execution.watchers import tell_watchers
from engine.lifecycle import IncidentState, InstanceState, JobState, NoticeState, UserTaskState
from engine.model.base import Moment
from engine.model.notice import Notice
from engine.model.work import Incident, Job, MessageSubscription, UserTask
from engine.tokens import WaitKind

_OPEN_TASK = (UserTaskState.CREATED, UserTaskState.SUSPENDED)
_OPEN_JOB = (JobState.DUE, JobState.SUSPENDED, JobState.RUNNING, JobState.FAILED)


def cancel_loaded(loaded: Loaded, reason: str) -> None:
    """Close everything that waits, and the case with it; called cases follow by jobs."""
    tx, instance = loaded.tx, loaded.instance
    close_rows(loaded)
    for wait in loaded.run.waits().values():
        if wait.kind is WaitKind.CALL:
            schedule(loaded, "cancel_child", wait.token_id, wait.element.id)
    leave_meetings_and_votes(loaded)
    instance.end(InstanceState.CANCELED, tx.now, reason)
    instance.incidents = 0
    loaded.record("instance_canceled", reason=reason)
    tell_watchers(tx, instance, N_("关注的“{case}”已终止，原因：{reason}"), reason=reason)
    withdraw_notices(loaded, N_("事项已终止"))
    tell_joined(loaded)
    let_next_start(loaded)


def withdraw_notices(loaded: Loaded, reason: str) -> None:
    """Take back the public notices that still wait for an outcome, which nobody will bring any more."""
    tx = loaded.tx
    waiting = Notice.state.in_([NoticeState.OPEN, NoticeState.CLOSED])
    closed_at = func.coalesce(Notice.closed_at, literal(tx.now, Moment))
    statement = update(Notice).where(Notice.instance_id == loaded.instance.id, waiting)
    values = {"state": NoticeState.WITHDRAWN, "closed_at": closed_at, "settled_at": tx.now, "outcome": reason}
    statement = statement.values(values)
    for number in sorted(tx.session.scalars(statement.returning(Notice.number))):
        loaded.record("notice_withdrawn", number=number, reason=reason)


def close_rows(loaded: Loaded) -> None:
    """Close tasks, questions, jobs, subscriptions and incidents of a case, at rest or not."""
    session, id = loaded.tx.session, loaded.instance.id
    tasks = update(UserTask).where(UserTask.instance_id == id, UserTask.state.in_(_OPEN_TASK))
    closed_tasks = tasks.values(state=UserTaskState.CANCELED).returning(UserTask.id)
    withdraw_requests(loaded, list(session.scalars(closed_tasks)))
    jobs = update(Job).where(Job.instance_id == id, Job.state.in_(_OPEN_JOB))
    session.execute(jobs.values(state=JobState.CANCELED))
    session.execute(delete(MessageSubscription).where(MessageSubscription.instance_id == id))
    incidents = update(Incident).where(Incident.instance_id == id, Incident.state == IncidentState.OPEN)
    closed = {"state": IncidentState.RESOLVED, "resolved_by": loaded.tx.actor.name, "resolved_at": loaded.tx.now}
    session.execute(incidents.values(closed))

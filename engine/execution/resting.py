"""A case rests while another one is led for it (并案): nobody finds its tasks, no job runs, no message reaches it.

Its tokens stay as they are, and so do the moments of its deadlines and timers. When it goes on, what has passed
meanwhile is due at once.
"""

from __future__ import annotations

from sqlalchemy import delete, exists, select, update

from engine.errors import N_, InvalidState
from engine.execution.loaded import Loaded
from engine.execution.waits import open_wait
from engine.lifecycle import JobState, UserTaskState
from engine.model.work import Job, MessageSubscription, UserTask
from engine.tokens import Wait, WaitKind

_LISTENING = (WaitKind.MESSAGE, WaitKind.SIGNAL)


def put_to_rest(loaded: Loaded) -> None:
    """Put all that waits to rest. Raises InvalidState while a worker has one of its jobs."""
    session, id = loaded.tx.session, loaded.instance.id
    tasks = update(UserTask).where(UserTask.instance_id == id, UserTask.state == UserTaskState.CREATED)
    session.execute(tasks.values(state=UserTaskState.SUSPENDED))
    jobs = update(Job).where(Job.instance_id == id, Job.state == JobState.DUE)
    session.execute(jobs.values(state=JobState.SUSPENDED))
    # After the update: a worker that came first holds its job by now, one that comes later finds none that is due.
    if session.scalar(select(exists().where(Job.instance_id == id, Job.state == JobState.RUNNING))):
        number = loaded.instance.business_key
        raise InvalidState(N_("事项 {number} 正在执行自动环节，请过一分钟再试。"), number=number)
    session.execute(delete(MessageSubscription).where(MessageSubscription.instance_id == id))


def wake(loaded: Loaded) -> None:
    """Let it go on from where it stood."""
    tx, id = loaded.tx, loaded.instance.id
    tasks = update(UserTask).where(UserTask.instance_id == id, UserTask.state == UserTaskState.SUSPENDED)
    tx.session.execute(tasks.values(state=UserTaskState.CREATED))
    jobs = update(Job).where(Job.instance_id == id, Job.state == JobState.SUSPENDED)
    tx.session.execute(jobs.values(state=JobState.DUE))
    listening = [wait for wait in loaded.run.waits().values() if wait.kind in _LISTENING]
    for wait in sorted(listening, key=_in_locking_order):
        open_wait(loaded, wait)
    tx.after_commit(tx.engine.wake)


def _in_locking_order(wait: Wait) -> tuple[str, str]:
    """Opening a subscription holds its name and key; in one order, two cases never wait for each other."""
    return wait.name or "", wait.key or ""

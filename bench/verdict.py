"""What must hold after the kills: nothing acknowledged is lost, nothing is done twice, nothing is stuck."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from engine.clock import system_clock
from engine.database import Engine, Transaction
from engine.execution import START_TIMER
from engine.history.verify import verify_all
from engine.lifecycle import IncidentState, InstanceState, JobState, UserTaskState
from engine.model.history import HistoryEvent
from engine.model.notification import Notification
from engine.model.process import ProcessInstance
from engine.model.work import Incident, Job, UserTask
from engine.people import SYSTEM
from engine.worker import Worker

TASKS_PER_CASE = 2
NOTICES_PER_CASE = 1
#: Longer than the lease that a killed worker leaves behind.
_AHEAD = timedelta(minutes=5)
_MOST_DRAINS = 200


@dataclass(frozen=True)
class Check:
    """One thing that was counted and must be zero."""

    what: str
    found: int


def drain(url: str) -> int:
    """Do what the killed workers left, with a clock that is past their leases; the number of jobs done."""

    def later() -> datetime:
        return system_clock() + _AHEAD

    with Engine(url, clock=later) as engine:
        worker = Worker(engine)
        total = 0
        for _ in range(_MOST_DRAINS):
            done = worker.drain()
            total += done
            if not done:
                break
        return total


def checks(url: str, cases: Collection[UUID], acknowledged: Iterable[UUID]) -> list[Check]:
    """Count every violation."""
    with Engine(url) as engine, engine.read(SYSTEM) as tx:
        completions, jobs = _events(tx, "user_task_completed", "task"), _events(tx, "job_completed", "job")
        return [
            Check(
                "acknowledged, not in history 确认后丢失", sum(str(task) not in completions for task in acknowledged)
            ),
            Check("acknowledged, task still open 确认后仍待办", _still_open(tx, acknowledged)),
            Check("tasks completed twice 重复办结", _more_than_once(completions)),
            Check("cases without both tasks 缺少环节", abs(len(completions) - TASKS_PER_CASE * len(cases))),
            Check("jobs completed twice 重复执行", _more_than_once(jobs)),
            Check("notices not sent exactly once 通知不是一次", _wrong_notices(tx, cases)),
            Check("cases not at their end 没有办结", _count_cases(tx, cases)),
            Check("jobs left over 遗留后台任务", _left_jobs(tx)),
            Check("incidents 异常", _incidents(tx)),
            Check("faults in the history chains 留痕链断裂", verify_all(tx).fault_count),
        ]


def _events(tx: Transaction, type_: str, name: str) -> Counter[str]:
    payloads = tx.session.scalars(select(HistoryEvent.payload).where(HistoryEvent.type == type_))
    return Counter(json.loads(payload)["data"][name] for payload in payloads)


def _more_than_once(counted: Counter[str]) -> int:
    return sum(1 for count in counted.values() if count > 1)


def _still_open(tx: Transaction, acknowledged: Iterable[UUID]) -> int:
    query = select(UserTask.id).where(UserTask.state != UserTaskState.COMPLETED)
    return len(set(tx.session.scalars(query)) & set(acknowledged))


def _wrong_notices(tx: Transaction, cases: Collection[UUID]) -> int:
    query = select(Notification.instance_id, func.count()).group_by(Notification.instance_id)
    sent = {row[0]: row[1] for row in tx.session.execute(query)}
    return sum(sent.get(case) != NOTICES_PER_CASE for case in cases)


def _count_cases(tx: Transaction, cases: Collection[UUID]) -> int:
    ended = select(ProcessInstance.id).where(ProcessInstance.state == InstanceState.COMPLETED)
    return len(set(cases) - set(tx.session.scalars(ended)))


def _left_jobs(tx: Transaction) -> int:
    """Periodic starts are no work left over: they wait for their next day for as long as the process is deployed."""
    left = Job.state.in_([JobState.DUE, JobState.RUNNING, JobState.FAILED])
    query = select(func.count()).select_from(Job).where(left, Job.kind != START_TIMER)
    return tx.session.scalar(query) or 0


def _incidents(tx: Transaction) -> int:
    open_ = Incident.state == IncidentState.OPEN
    return tx.session.scalar(select(func.count()).select_from(Incident).where(open_)) or 0
